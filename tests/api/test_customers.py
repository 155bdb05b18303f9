"""Editing an order's customer through the API."""

from __future__ import annotations

import msgspec
import pytest

from orderwright.api import shapes
from tests.api.program import program_with


def test_what_is_sent_changes_and_the_rest_stays(program, order):
    place = f"/orders/{order.number}"
    address = {"line1": "Unter den Linden 1", "city": "Berlin", "postcode": "1", "country": "DE"}

    answer = program.patch(f"{place}/customer", {"email": "robert@mail.example.com", "shipping_address": address})

    told = msgspec.json.decode(answer.content, type=shapes.CustomerAnswer)
    assert answer.status == 200
    assert told.changed == ["email", "shipping_address"]
    assert [(remark.part, remark.code) for remark in told.remarks] == [("postcode", "unusual")]
    assert (told.order.customer.email, told.order.customer.name) == ("robert@mail.example.com", "Bob Norman")
    assert (told.order.shipping_address.city, told.order.shipping_address.line2) == ("Berlin", None)
    assert answer.headers["ETag"] == program.get(place).headers["ETag"]


def test_null_takes_the_billing_address_away(program, order):
    place = f"/orders/{order.number}/customer"
    program.patch(place, {"billing_address": {"city": "Ottawa", "country": "CA"}})

    answer = program.patch(place, {"billing_address": None})

    assert answer.json["order"]["billing_address"] is None


@pytest.mark.parametrize(
    ("body", "status", "code", "faults"),
    [
        ({}, 409, "customer_unchanged", []),
        ({"name": "Bob Norman"}, 409, "customer_unchanged", []),
        ({"email": "nobody"}, 422, "invalid", [("/email", "not_an_email")]),
        ({"name": None}, 422, "invalid", [("/name", "wrong_type")]),
        ({"street": "x"}, 422, "invalid", [("/street", "unknown_field")]),
        ({"shipping_address": {"country": "de"}}, 422, "invalid", [("/shipping_address/country", "not_a_country")]),
    ],
    ids=str,
)
def test_what_cannot_be_saved_is_refused(program, order, body, status, code, faults, journal_entries):
    before = journal_entries()

    answer = program.patch(f"/orders/{order.number}/customer", body)

    assert (answer.status, answer.code, answer.faults) == (status, code, faults)
    assert journal_entries() == before


def test_a_stale_edit_of_the_same_field_is_refused_with_who_changed_it(program, order, clerk):
    tag = program.get(f"/orders/{order.number}").headers["ETag"]
    clerk.edit_customer(order, email="mia@mail.example.com")
    place = f"/orders/{order.number}/customer"

    refused = program.patch(place, {"email": "x@mail.example.com"}, if_match=tag)
    merged = program.patch(place, {"phone": "+16135550175"}, if_match=tag)

    assert (refused.status, refused.code) == (412, "order_changed")
    assert refused.json["changes"][0]["by"] == "Mia Chen"
    assert refused.json["now"] == {"customer_email": "mia@mail.example.com"}
    assert merged.status == 200
    assert merged.json["order"]["customer"]["email"] == "mia@mail.example.com"


def test_a_stale_edit_tells_nothing_of_the_customer_to_who_may_not_see_them(order, clerk):
    editor = program_with("Editor", "orders.view", "customers.edit")
    clerk.edit_customer(order, email="mia@mail.example.com")

    refused = editor.patch(f"/orders/{order.number}/customer", {"email": "x@mail.example.com"}, if_match='"1"')

    assert refused.status in (403, 412)
    assert "mia@mail.example.com" not in str(refused.json)


def test_the_timeline_opens_what_names_the_customer_to_who_may_see_it(program, order, clerk):
    looker = program_with("Looker", "orders.view")
    clerk.edit_customer(order, name="Robert Norman")

    newest = program.get(f"/orders/{order.number}/timeline").json["items"][0]
    hidden = looker.get(f"/orders/{order.number}/timeline").json["items"][0]

    assert (newest["before"], newest["after"]) == (
        {"customer_name": "Bob Norman"},
        {"customer_name": "Robert Norman"},
    )
    assert hidden["after"] == {"customer_name": {"hidden": True}}


def test_a_reader_may_not_edit(reader, order, journal_entries):
    before = journal_entries()

    assert reader.patch(f"/orders/{order.number}/customer", {"name": "x"}).status == 403
    assert journal_entries() == before


# Privacy --------------------------------------------------------------------------------------------------------------


def test_a_customer_is_exported_and_erased(program, order, clerk):
    clerk.cancel(order, reason="customer asked")
    place = f"/orders/{order.number}/customer"

    exported = program.post(f"{place}/export")
    assert exported.status == 200
    assert msgspec.json.decode(exported.content, type=shapes.CustomerExport).orders[0]["number"] == order.number
    wrong = program.post(f"{place}/erasure", {"confirmation": "yes"})
    assert (wrong.status, wrong.faults) == (422, [("/confirmation", "confirmation_wrong")])
    erased = program.post(f"{place}/erasure", {"confirmation": order.number})
    assert (erased.status, erased.json) == (200, {"orders": [order.number]})
    customer = program.get(f"/orders/{order.number}").json["customer"]
    assert (customer["email"], customer["erased_at"]) == (None, "2026-11-21T09:00:00Z")


def test_an_open_order_s_customer_is_not_erased(program, order, journal_entries):
    before = journal_entries()

    answer = program.post(f"/orders/{order.number}/customer/erasure", {"confirmation": order.number})

    assert (answer.status, answer.code, answer.json["orders"]) == (409, "orders_open", [order.number])
    assert journal_entries() == before


def test_a_reader_neither_exports_nor_erases(reader, order, journal_entries):
    before = journal_entries()

    assert reader.post(f"/orders/{order.number}/customer/export").status == 403
    assert reader.post(f"/orders/{order.number}/customer/erasure", {"confirmation": order.number}).status == 403
    assert journal_entries() == before
