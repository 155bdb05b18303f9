"""What an order document may say, and that it adds up: every fault is named with its place, and nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orderwright.actions.order_document import OrderDocument, check_sums, read_document
from orderwright.actions.order_document.reader import Errors
from tests.factories.orders import document


def read(made: object) -> tuple[OrderDocument | None, list[tuple[str, str]]]:
    """Return the document's parts, and what is wrong with it: pointer and code, in the order in which it was found."""
    errors = Errors()
    parts = read_document(made, errors=errors)
    if parts is not None and not errors.found:
        check_sums(parts, errors=errors)
    return parts, [(error.pointer, error.code) for error in errors.found]


def faults(made: object) -> list[tuple[str, str]]:
    return read(made)[1]


def shipment(*items: dict[str, int], **changes: Any) -> dict[str, Any]:
    return {"method": "dhl", "items": list(items), **changes}


def paid(*transactions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a payment of 100 minor units, with these transactions of its history."""
    return {
        "provider": "shopify",
        "reference": "5001",
        "authorised": 100,
        "authorised_at": "2026-11-20T21:42:12Z",
        "transactions": [{"at": "2026-11-20T22:00:00Z", **transaction} for transaction in transactions],
        **changes,
    }


def capture(amount: int, reference: str = "c") -> dict[str, Any]:
    return {"kind": "capture", "amount": amount, "reference": reference}


def refund(amount: int, parent: str | None, reference: str = "r") -> dict[str, Any]:
    return {"kind": "refund", "amount": amount, "reference": reference, "parent": parent}


def test_a_document_that_adds_up_has_no_fault():
    assert faults(document()) == []


@pytest.mark.parametrize("made", [None, [], "order", 7])
def test_what_is_no_object_is_no_order(made):
    assert read(made) == (None, [("", "wrong_type")])


def test_nobody_is_told_more_than_a_hundred_faults():
    assert len(faults(document(tags=[7] * 50) | {f"field {at}": 1 for at in range(60)})) == 100


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"customer": "Bob Norman"}, ("/customer", "wrong_type")),
        ({"customer": None}, ("/customer", "required")),
        ({"prices_include_tax": "yes"}, ("/prices_include_tax", "wrong_type")),
        ({"tags": "gift"}, ("/tags", "wrong_type")),
    ],
    ids=["text for an object", "nothing for an object", "text for a yes or no", "text for a list"],
)
def test_a_value_of_another_type_is_refused(change, fault):
    assert fault in faults(document() | change)


def test_a_time_may_be_finer_than_is_kept():
    parts, found = read(document(placed_at="2026-11-20t21:42:11.123456789+01:00"))

    assert found == []
    assert parts.placed_at == datetime(2026, 11, 20, 20, 42, 11, 123456, tzinfo=UTC)


# The lines ------------------------------------------------------------------------------------------------------------


def test_a_discount_is_at_most_the_price_of_its_line():
    item = {"sku": "X", "name": "Thing", "quantity": 2, "unit_price": 100}
    shipping = {"method": "dhl", "price": 500}

    assert faults(document(items=[item | {"discount": 200}], shipping=shipping)) == []
    assert faults(document(items=[item | {"discount": 201}], shipping=shipping)) == [
        ("/items/0/discount", "out_of_range")
    ]


def test_a_discount_on_shipping_is_at_most_its_price():
    assert faults(document(shipping={"method": "dhl", "price": 500, "discount": 500})) == []
    assert faults(document(shipping={"method": "dhl", "price": 500, "discount": 501})) == [
        ("/shipping/discount", "out_of_range")
    ]


def test_an_order_may_come_without_shipping():
    parts, found = read(document(shipping=None))

    assert found == []
    assert (parts.shipping.method, parts.shipping.price_minor) == ("", 0)


def test_taxes_are_what_their_lines_add_up_to():
    taxes = [{"title": "State", "rate": "0.06", "amount": 6}, {"title": "City", "amount": 1}]
    item = {"sku": "X", "name": "Thing", "quantity": 1, "unit_price": 100, "tax_lines": taxes}
    shipping = {"method": "dhl", "price": 100, "tax_lines": taxes}

    assert faults(document(items=[item | {"tax": 7}], shipping=shipping | {"tax": 7})) == []
    assert faults(document(items=[item | {"tax": 6}], shipping=shipping | {"tax": 8})) == [
        ("/items/0/tax", "does_not_add_up"),
        ("/shipping/tax", "does_not_add_up"),
    ]


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"finish": "oil", "gift": True, "legs": 4}, []),
        ({"finish": 1.5}, [("/items/0/attributes/finish", "not_an_integer")]),
        ({"finish": 10**12}, [("/items/0/attributes/finish", "out_of_range")]),
        ({"finish": ["oil"]}, [("/items/0/attributes/finish", "wrong_type")]),
        ({"a\x00": "oil"}, [("/items/0/attributes/a\ufffd", "forbidden_character")]),
        (["oil"], [("/items/0/attributes", "wrong_type")]),
        ({f"wish {at}": "yes" for at in range(51)}, [("/items/0/attributes", "wrong_type")]),
    ],
    ids=["plain", "a fraction", "a huge number", "a list for a text", "a name with NUL", "a list", "too many"],
)
def test_attributes_of_a_line_are_a_few_names_with_plain_values(attributes, found):
    item = {"sku": "X", "name": "Thing", "quantity": 1, "unit_price": 100, "attributes": attributes}

    assert faults(document(items=[item])) == found


def test_a_list_has_at_most_as_many_entries_as_the_desk_keeps():
    assert faults(document(tags=["gift"] * 50)) == []
    assert faults(document(tags=["gift"] * 51)) == [("/tags", "too_many")]


# Shipments ------------------------------------------------------------------------------------------------------------


def test_a_shipment_has_at_least_one_item():
    assert faults(document(shipments=[shipment()])) == [("/shipments/0/items", "required")]


def test_a_shipment_has_items_of_the_order():
    made = document(shipments=[shipment({"item": 0, "quantity": 1}, {"item": 3, "quantity": 1})])

    assert faults(made) == [("/shipments/0/items/1/item", "out_of_range")]


def test_what_needs_no_shipping_is_in_no_shipment():
    item = {"sku": "X", "name": "Gift card", "quantity": 1, "unit_price": 100, "requires_shipping": False}

    made = document(items=[item], shipments=[shipment({"item": 0, "quantity": 1})])

    assert faults(made) == [("/shipments/0/items/0/item", "not_shipped")]


def test_no_more_pieces_are_in_shipments_than_were_ordered():  # I9
    lamp = {"item": 1, "quantity": 1}

    assert faults(document(shipments=[shipment(lamp), shipment(lamp)])) == []
    assert faults(document(shipments=[shipment(lamp), shipment(lamp), shipment(lamp)])) == [
        ("/shipments/2/items/0/quantity", "out_of_range")
    ]


def test_a_tracking_number_is_of_one_shipment_however_it_is_spaced():  # G20
    made = document(
        shipments=[
            shipment({"item": 0, "quantity": 1}, tracking_numbers=["1Z 999 AA1"]),
            shipment({"item": 2, "quantity": 1}, tracking_numbers=["2Z", "1z999aa1"]),
        ]
    )

    assert faults(made) == [("/shipments/1/tracking_numbers/1", "repeated")]


# Payments -------------------------------------------------------------------------------------------------------------


def test_a_payment_is_named_once():
    made = document(payments=[paid(), paid(provider="practice"), paid()])

    assert faults(made) == [("/payments/2/reference", "repeated")]


def test_a_hold_ends_after_it_was_authorised():
    assert faults(document(payments=[paid(expires_at="2026-11-20T21:42:13Z")])) == []
    assert faults(document(payments=[paid(expires_at="2026-11-20T21:42:12Z")])) == [
        ("/payments/0/expires_at", "out_of_range")
    ]


@pytest.mark.parametrize("last4", ["42a2", "424"])
def test_of_a_card_four_digits_are_named_or_none(last4):  # W14
    made = document(payments=[paid(method={"type": "card", "brand": "visa", "last4": last4})])

    assert faults(made) == [("/payments/0/method/last4", "not_last_digits")]


@pytest.mark.parametrize(
    ("history", "found"),
    [
        ([capture(60), {"kind": "reversal", "amount": 40, "reference": "v"}, refund(60, "c")], []),
        ([capture(60), refund(30, "c"), refund(30, "c", "r2")], []),
        ([{"kind": "loan", "amount": 1, "reference": "l"}], [("/payments/0/transactions/0/kind", "unknown_kind")]),
        ([capture(50), capture(50)], [("/payments/0/transactions/1/reference", "repeated")]),
        ([refund(1, "c"), capture(100)], [("/payments/0/transactions/0/parent", "unknown_capture")]),
        ([capture(100), refund(1, None)], [("/payments/0/transactions/1/parent", "unknown_capture")]),
        (
            [capture(50), refund(30, "c"), refund(21, "c", "r2")],
            [("/payments/0/transactions/2/amount", "out_of_range")],
        ),
        (
            [capture(60), {"kind": "reversal", "amount": 41, "reference": "v"}],
            [("/payments/0/transactions/1/amount", "out_of_range")],
        ),
    ],
    ids=[
        "all of the hold",
        "in two refunds",
        "an unknown kind",
        "a reference twice",
        "a refund before its capture",
        "a refund of no capture",
        "more refunded than captured",
        "more than was held",
    ],
)
def test_a_history_moves_what_was_there_to_be_moved(history, found):  # I1
    assert faults(document(payments=[paid(*history)])) == found
