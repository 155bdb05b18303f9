"""Erasing a customer: who may, when it may not be, what it takes to mean it, and what stays (I17)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderwright.actions import erase_customer, export_customer, resend_mail
from orderwright.actions.customer_export_text import readable
from orderwright.core.errors import Conflict, Refused
from orderwright.journal.models import Entry
from orderwright.orders.models import Order
from orderwright.outbox.models import Mail
from orderwright.payments.models import Refund
from orderwright.reads.customers import orders_of_customer
from tests.factories.orders import TABLE
from tests.support.drivers import hire
from tests.support.rivals import look_too_early
from tests.support.told import told


@pytest.fixture
def done(take_in, clerk):
    """Have an order that is canceled, with nothing held, kept or under way."""
    order = take_in()
    return clerk.cancel(order, reason="customer asked")


def erase(clerk, order, confirmation=None):
    confirmed = order.number if confirmation is None else confirmation
    return erase_customer.run(number=order.number, confirmation=confirmed, actor=clerk.actor, now=clerk.now)


def refusal(clerk, order, confirmation=None):
    before = (Entry.objects.count(), Order.objects.get(pk=order.id).customer_name)
    with pytest.raises((Conflict, Refused, erase_customer.ConfirmationWrong)) as refused:
        erase(clerk, order, confirmation)
    assert (Entry.objects.count(), Order.objects.get(pk=order.id).customer_name) == before
    return refused.value.code


def test_the_person_goes_and_country_and_amounts_stay(done, clerk):
    erase(clerk, done)

    after = clerk.sees(done)
    assert (after.customer_name, after.customer_email, after.customer_phone) == ("Erased customer", "", "")
    assert after.customer_reference == ""
    assert (after.shipping_address.country, after.shipping_address.line1, after.shipping_address.city) == (
        "CA",
        None,
        None,
    )
    assert (after.tags, after.customer_erased_at) == ([], clerk.now)
    assert (after.total_minor, after.payments[0].released_minor) == (59894, 59894)
    entry = Entry.objects.latest("id")
    assert (entry.kind, entry.after, entry.actor_name) == ("customer.erased", {"customer": "erased"}, "Mia Chen")


def test_all_orders_of_the_same_e_mail_at_the_store_are_one_person_s_and_others_are_not(done, take_in, clerk):
    again = clerk.cancel(take_in(customer={"name": "Bob", "email": done.customer_email.upper()}))
    other = clerk.cancel(take_in(customer={"name": "Ada", "email": "ada@mail.example.com"}))

    erased = erase(clerk, again)

    assert erased.numbers == (done.number, again.number)
    assert clerk.sees(other).customer_name == "Ada"


def test_an_order_without_an_e_mail_stands_for_itself(take_in, clerk):
    one, two = (clerk.cancel(take_in(customer={"name": "Bob", "email": ""})) for _ in range(2))

    assert erase(clerk, one).numbers == (one.number,)
    assert clerk.sees(two).customer_name == "Bob"


def test_a_mail_that_waits_is_not_sent_any_more(take_in, clerk):
    order = clerk.cancel(take_in(), email=True)
    assert Mail.objects.get().state == "due"

    erase(clerk, order)

    mail = Mail.objects.get()
    assert (mail.state, mail.recipient, mail.subject, mail.text, mail.html) == ("dead", "", "Erased email", "", "")
    with pytest.raises(Conflict) as refused:
        resend_mail.run(mail_id=mail.pk, recipient="bob@new.example.com", actor=clerk.actor, now=clerk.now)
    assert refused.value.code == "email_erased"


def test_offered_reasons_stay_and_typed_ones_go(take_in, clerk):
    order = clerk.change_state(take_in(), "processing")
    seen = clerk.capture(order)
    seen = clerk.refund(seen, other=100, reason="goodwill")
    seen = clerk.refund(clerk.sees(seen), other=100, reason="Bob was sad")
    clerk.change_state(clerk.sees(seen), "completed", is_confirmed=True)

    erase(clerk, seen)

    assert list(Refund.objects.order_by("pk").values_list("reason", flat=True)) == ["goodwill", ""]
    row = next(row for row in [told(entry) for entry in Entry.objects.filter(kind="order.refund_requested")] if row.why)
    assert row.why == "goodwill"


# When it is refused ---------------------------------------------------------------------------------------------------


def test_an_open_order_has_to_be_sent_somewhere(done, take_in, clerk):
    take_in()

    assert refusal(clerk, done) == "orders_open"


def test_money_that_is_still_held_is_under_way(take_in, clerk):
    order = clerk.change_state(clerk.change_state(take_in(), "processing"), "completed", is_confirmed=True)

    assert refusal(clerk, order) == "still_under_way"


def test_a_call_whose_outcome_is_unknown_is_under_way(take_in, practice, clerk):
    order = clerk.change_state(take_in(), "processing")
    practice.fault("drop_before", "capture")
    seen = clerk.capture(order)
    clerk.change_state(seen, "completed", is_confirmed=True)

    assert refusal(clerk, order) == "still_under_way"


def test_a_mail_that_is_just_being_sent_is_under_way(take_in, clerk, now):
    order = clerk.cancel(take_in(), email=True)
    Mail.objects.update(leased_by="worker", leased_until=now + timedelta(minutes=1))

    assert refusal(clerk, order) == "still_under_way"


def test_an_order_that_comes_to_the_customer_in_this_moment_is_looked_at_first(done, take_in, clerk, monkeypatch):
    clerk.cancel(take_in())
    alone = [each for each in orders_of_customer(clerk.sees(done)) if each.id == done.id]
    look_too_early(monkeypatch, erase_customer, "orders_of_customer", seeing=alone)

    assert refusal(clerk, done) == "customer_changed"

    assert len(erase(clerk, done).numbers) == 2


@pytest.mark.parametrize("typed", ["", "yes", "1002", "100"])
def test_another_number_than_the_order_s_does_not_confirm(done, clerk, typed):
    assert refusal(clerk, done, typed) == "confirmation_wrong"


def test_the_number_may_be_typed_as_pages_write_it(done, clerk):
    assert erase(clerk, done, f" #{done.number} ").numbers == (done.number,)


def test_twice_is_refused(done, clerk):
    erase(clerk, done)

    assert refusal(clerk, done) == "customer_erased"


def test_it_needs_the_permission(done, now):
    somebody = hire(
        name="Erik", email="erik@x.example.com", now=now, role="some", permissions=("orders.view", "customers.edit")
    )

    assert refusal(somebody, done) == "not_permitted"
    with pytest.raises(Refused):
        export_customer.run(number=done.number, actor=somebody.actor, now=now)


def test_an_export_needs_the_permission_to_see_what_it_shows(done, now, journal_kinds):
    permissions = ("orders.view", "customers.privacy")
    keeper = hire(name="Pia", email="pia@x.example.com", now=now, role="keeper", permissions=permissions)

    with pytest.raises(Refused) as refused:
        export_customer.run(number=done.number, actor=keeper.actor, now=now)

    assert refused.value.facts == {"permission": "customers.view"}
    assert "customer.exported" not in journal_kinds(done)


# Afterwards -----------------------------------------------------------------------------------------------------------


def test_an_erased_customer_is_not_edited(done, clerk):
    erase(clerk, done)

    with pytest.raises(Conflict) as refused:
        clerk.edit_customer(done, name="Bob again")

    assert refused.value.code == "customer_erased"


def test_who_orders_again_is_a_new_customer(done, take_in, clerk):
    clerk.edit_customer(done, phone="+16135550175")
    erase(clerk, done)

    again = take_in()
    clerk.edit_customer(again, phone="+16135550176")

    assert clerk.sees(again).customer_orders == 1
    assert clerk.sees(again).customer_name == "Bob Norman"
    assert Order.objects.get(pk=done.id).customer_key_id is None


def test_two_who_erase_at_once_erase_once(done, clerk, both_at_once):
    outcomes = both_at_once(lambda: erase(clerk, done))

    assert sorted(outcomes) == ["customer_erased", "done"]
    assert Entry.objects.filter(kind="customer.erased").count() == 1


# The export -----------------------------------------------------------------------------------------------------------


def test_an_export_holds_what_is_kept_from_all_of_the_person_s_orders_and_names_no_staff(done, take_in, clerk):
    order = take_in()
    clerk.add_note(order, "Prefers the back door.")
    clerk.edit_customer(order, name="Robert Norman")

    exported = export_customer.run(number=done.number, actor=clerk.actor, now=clerk.now)

    assert [each["number"] for each in exported["orders"]] == [done.number, order.number]
    told_of = exported["orders"][1]
    assert told_of["customer"]["name"] == "Robert Norman"
    assert told_of["notes"][0]["text"] == "Prefers the back door."
    edit = next(each for each in told_of["changes"] if each["what"] == "order.customer_edited")
    assert edit["before"] == {"customer_name": "Bob Norman"}
    assert "Mia Chen" not in str(exported)
    entry = Entry.objects.latest("id")
    assert (entry.kind, entry.after) == ("customer.exported", {"orders": 2})


def test_the_export_reads_well(done, clerk):
    clerk.add_note(done, "First line\nsecond line")

    text = readable(export_customer.run(number=done.number, actor=clerk.actor, now=clerk.now))

    lines = text.splitlines()
    assert lines[0] == "What Cozy Home US keeps about you"
    assert "Order 1:" in lines
    assert "  Order number: 1001" in lines
    assert "    Email address: bob.norman@mail.example.com" in lines
    assert "  Total: $598.94" in lines
    assert "      second line" in lines


def test_a_word_of_the_export_means_one_thing_and_the_shop_s_own_words_stay_its_own(take_in, clerk):
    order = take_in(items=[{**TABLE, "attributes": {"reference": "Oak 7", "finish": "oil", "payment:1": "gift"}}])
    clerk.edit_customer(order, email="bob@new.example.com")

    exported = export_customer.run(number=order.number, actor=clerk.actor, now=clerk.now)
    lines = [line.strip() for line in readable(exported).splitlines()]

    assert exported["format"] == "orderwright-customer-2"
    assert [line for line in lines if line.startswith("Customer number:")] == ["Customer number: C-88213"]
    assert any(line.startswith("The provider’s number: auth_") for line in lines)
    assert {"reference: Oak 7", "finish: oil", "payment:1: gift"} <= set(lines)
    assert {"System state: new", "Email address: bob@new.example.com"} <= set(lines)
    assert not [line for line in lines if "minor" in line or line.startswith("E-mail")]


def test_an_export_after_an_erasure_has_the_books_alone(done, clerk):
    erase(clerk, done)

    exported = export_customer.run(number=done.number, actor=clerk.actor, now=clerk.now)

    (order,) = exported["orders"]
    assert (order["customer"]["email"], order["shipping_address"]["line1"], order["total"]) == ("", None, 59894)


def test_an_export_after_an_erasure_says_where_something_was(done, clerk):
    clerk.edit_customer(done, name="Bo Bo")
    erase(clerk, done)

    text = readable(export_customer.run(number=done.number, actor=clerk.actor, now=clerk.now))

    assert "Bo Bo" not in text
    assert "Name: erased" in text
