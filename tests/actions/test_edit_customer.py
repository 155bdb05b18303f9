"""Editing the customer of a placed order: old values stay in the journal, under a key that can be thrown away."""

from __future__ import annotations

import json

import pytest

from orderwright.actions.contact_remarks import address_remarks
from orderwright.actions.edit_customer import CustomerUnchanged
from orderwright.core.errors import Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.orders.customer_keys import ERASED, HIDDEN, erase_keys, seal_keys_anew
from orderwright.orders.customer_model import CustomerKey
from orderwright.orders.errors import OrderChanged
from orderwright.orders.models import Order
from orderwright.reads.order_list import ListQuery, read_list
from orderwright.reads.rows import Address
from orderwright.reads.timeline import read_timeline
from tests.support.drivers import hire
from tests.support.told import told

BERLIN = {"name": "Bob Norman", "line1": "Unter den Linden 1", "city": "Berlin", "postcode": "10117", "country": "DE"}


def key_of(order):
    return Order.objects.get(pk=order.id).customer_key_id


def test_what_is_named_changes_and_the_rest_stays(order, clerk):
    after = clerk.edit_customer(order, name="Robert Norman", email="robert@mail.example.com")

    assert (after.customer_name, after.customer_email) == ("Robert Norman", "robert@mail.example.com")
    assert (after.customer_phone, after.shipping_address) == (order.customer_phone, order.shipping_address)
    assert clerk.result.fields == ("name", "email")
    assert after.version == order.version + 1


def test_the_journal_keeps_what_was_and_what_is_and_shows_neither_without_the_key(order, clerk):
    clerk.edit_customer(order, name="Robert Norman", shipping_address=BERLIN)

    entry = Entry.objects.latest("id")
    row = told(entry)
    assert (entry.kind, row.before["customer_name"], row.after["customer_name"]) == (
        "order.customer_edited",
        "Bob Norman",
        "Robert Norman",
    )
    assert row.before["shipping_address"]["city"] == "Ottawa"
    assert row.after["shipping_address"]["city"] == "Berlin"
    stored = json.dumps([entry.before, entry.after])
    assert not [word for word in ("Bob", "Robert", "Ottawa", "Berlin", "Linden") if word in stored]


def test_who_may_not_see_customers_sees_that_it_was_edited_and_not_to_what(order, clerk):
    clerk.edit_customer(order, name="Robert Norman")

    (newest, *_rest) = read_timeline(order_id=order.id, sees_customer=False)

    assert (newest.before, newest.after) == ({"customer_name": HIDDEN}, {"customer_name": HIDDEN})


def test_throwing_the_key_away_erases_the_values_and_the_chain_still_holds(order, clerk, now):
    clerk.edit_customer(order, name="Robert Norman")

    assert erase_keys([key_of(order)], now=now) == 1

    assert told(kind="order.customer_edited").after == {"customer_name": ERASED}


def test_a_typed_reason_is_sealed_and_an_offered_one_is_not(order, take_in, clerk, now):
    clerk.cancel(order, reason="Bob moved away")
    other = take_in()
    clerk.cancel(other, reason="customer asked")

    first, *_more = Entry.objects.filter(kind="order.cancel_requested").order_by("id")
    assert (first.why, told(first).why) == ("", "Bob moved away")
    assert "Bob" not in json.dumps(first.after)
    assert Entry.objects.filter(kind="order.cancel_requested").latest("id").why == "customer asked"
    erase_keys([key_of(order)], now=now)
    assert told(first).why == ""
    assert key_of(other) is None


# Whose key --------------------------------------------------------------------------------------------------------


def test_orders_of_the_same_e_mail_share_a_key_whatever_its_letter_case(order, take_in, clerk):
    other = take_in(customer={"name": "Bob", "email": order.customer_email.upper()})

    clerk.edit_customer(order, phone="+16135550175")
    clerk.edit_customer(other, phone="+16135550175")

    assert key_of(order) == key_of(other)
    assert CustomerKey.objects.count() == 1


def test_orders_without_an_e_mail_stand_for_themselves(take_in, clerk):
    one, two = (take_in(customer={"name": "Bob", "email": ""}) for _ in range(2))

    clerk.edit_customer(one, name="Robert")
    clerk.edit_customer(two, name="Robert")

    assert key_of(one) != key_of(two)


def test_a_corrected_e_mail_keeps_the_key_so_that_the_slip_goes_with_the_person(order, clerk):
    seen = clerk.edit_customer(order, phone="+16135550175")
    key = key_of(order)

    clerk.edit_customer(seen, email="bob@corrected.example.com")

    assert key_of(order) == key


def test_an_order_given_to_somebody_else_gets_that_person_s_key_and_the_old_values_stay_with_the_old_one(
    order, take_in, clerk, now
):
    sibling = take_in()
    theirs = take_in(customer={"name": "Ada", "email": "ada@mail.example.com"})
    clerk.edit_customer(theirs, phone="+16135550175")
    clerk.edit_customer(sibling, phone="+16135550176")

    clerk.edit_customer(order, email="ada@mail.example.com")

    assert key_of(order) == key_of(theirs) != key_of(sibling)
    erase_keys([key_of(theirs)], now=now)
    row = told(kind="order.customer_edited", order_id=order.id)
    assert (row.before["customer_email"], row.after["customer_email"]) == (order.customer_email, ERASED)


def test_an_order_given_to_a_new_customer_gets_a_key_of_its_own_where_the_old_one_has_other_orders(
    order, take_in, clerk
):
    sibling = take_in()
    clerk.edit_customer(sibling, phone="+16135550176")

    clerk.edit_customer(order, email="new@mail.example.com")

    assert key_of(order) not in (None, key_of(sibling))


def test_keys_are_sealed_anew_when_the_installation_s_key_is_replaced(order, clerk, settings):
    clerk.edit_customer(order, name="Robert Norman")
    settings.SECRET_SEALING_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", *settings.SECRET_SEALING_KEYS]

    assert seal_keys_anew() == (1, [])

    settings.SECRET_SEALING_KEYS = settings.SECRET_SEALING_KEYS[:1]
    assert told(kind="order.customer_edited").after == {"customer_name": "Robert Norman"}
    settings.SECRET_SEALING_KEYS = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
    assert told(kind="order.customer_edited").after == {"customer_name": HIDDEN}
    assert seal_keys_anew() == (0, [key_of(order)])


# Two at once ----------------------------------------------------------------------------------------------------------


def test_changes_to_different_fields_merge(order, clerk, colleague):
    colleague.edit_customer(order, phone="+16135550175", version=order.version)

    after = clerk.edit_customer(order, email="robert@mail.example.com", version=order.version)

    assert (after.customer_phone, after.customer_email) == ("+16135550175", "robert@mail.example.com")


def test_a_change_to_the_same_field_is_refused_and_says_by_whom(order, clerk, colleague, journal_kinds):
    colleague.edit_customer(order, email="ravi@mail.example.com", version=order.version)
    before = journal_kinds(order)

    with pytest.raises(OrderChanged) as refused:
        clerk.edit_customer(order, email="mia@mail.example.com", version=order.version)

    (change,) = refused.value.facts["changes"]
    assert (change["by"], change["fields"]) == ("Ravi Patel", ["customer_email"])
    assert "Ravi Patel changed this order since you opened it: e-mail." in refused.value.message
    assert clerk.sees(order).customer_email == "ravi@mail.example.com"
    assert journal_kinds(order) == before


def test_two_who_edit_in_the_same_moment_both_win_or_one_is_told(order, clerk, colleague, both_at_once):
    outcomes = both_at_once(
        lambda: clerk.edit_customer(order, email="mia@mail.example.com", version=order.version),
        lambda: colleague.edit_customer(order, email="ravi@mail.example.com", version=order.version),
    )

    assert sorted(outcomes) == ["done", "order_changed"]
    assert CustomerKey.objects.count() == 1


# What is refused ------------------------------------------------------------------------------------------------------


def test_nothing_different_is_refused(order, clerk, journal_kinds):
    before = journal_kinds(order)

    with pytest.raises(CustomerUnchanged):
        clerk.edit_customer(order, name="Bob Norman", billing_address=None)

    assert journal_kinds(order) == before


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"email": "no address"}, "/email"),
        ({"name": "x" * 121}, "/name"),
        ({"phone": "4242 4242 4242 4242"}, "/phone"),
        ({"shipping_address": {**BERLIN, "country": "Germany"}}, "/shipping_address/country"),
        ({"billing_address": {"street": "x"}}, "/billing_address/street"),
        ({"reference": "C-1"}, "/reference"),
    ],
    ids=str,
)
def test_what_cannot_be_stored_is_refused_with_its_place(order, clerk, changes, pointer, journal_kinds):
    before = journal_kinds(order)

    with pytest.raises(Invalid) as refused:
        clerk.edit_customer(order, **changes)

    assert [field.pointer for field in refused.value.fields] == [pointer]
    assert journal_kinds(order) == before


@pytest.mark.parametrize("permissions", [("orders.view", "customers.view"), ("orders.view", "customers.edit")])
def test_editing_needs_the_right_to_see_and_to_edit(order, now, permissions, journal_kinds):
    somebody = hire(name="Erik", email="erik@x.example.com", now=now, role="some", permissions=permissions)
    before = journal_kinds(order)

    with pytest.raises(Refused):
        somebody.edit_customer(order, name="Robert")

    assert journal_kinds(order) == before


# What follows ---------------------------------------------------------------------------------------------------------


def test_an_address_that_looks_wrong_is_saved_with_a_remark(order, clerk):
    clerk.edit_customer(order, shipping_address={**BERLIN, "postcode": "1", "line1": None}, phone="after six")

    assert [(each.part, each.code) for each in clerk.result.remarks] == [
        ("line1", "missing"),
        ("postcode", "unusual"),
        ("phone", "unusual"),
    ]
    assert clerk.sees(order).shipping_address.postcode == "1"


def test_of_a_country_that_there_is_not_the_country_is_remarked_on():
    (remark,) = address_remarks(Address(line1="1 Nowhere Lane", city="Nowhere", postcode="x", country="QQ"))

    assert (remark.part, remark.code) == ("country", "unusual")


def test_the_order_is_found_by_the_new_words_and_not_by_the_old(order, clerk):
    clerk.edit_customer(order, email="robert@new.example.com")

    def found(words):
        return [row.number for row in read_list(ListQuery(view="all", q=words), now=clerk.now, actor=clerk.actor).items]

    assert found("robert@new") == [order.number]
    assert found("bob.norman@mail") == []
