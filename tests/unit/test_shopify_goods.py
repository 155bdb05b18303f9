"""Shopify's fulfilments as shipments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.factories.shopify import errors_at_intake, faults, mapped, one_order, payload, read, warnings


def test_fulfilments_become_shipments_and_cancelled_ones_do_not():
    document = mapped(payload("eur_tax_included.json")).document

    assert document["shipments"] == [
        {
            "method": "DHL Paket",
            "tracking_numbers": ["00340434161094042557", "00340434161094042558"],
            "delivery_state": "delivered",
            "sent_at": "2026-03-03T15:20:00Z",
            "items": [{"item": 0, "quantity": 1}, {"item": 1, "quantity": 1}],
        },
        {
            "method": "DHL Paket · Hermes",
            "tracking_numbers": ["H1003456789"],
            "delivery_state": "in-transit",
            "sent_at": "2026-03-05T10:45:00Z",
            "items": [{"item": 0, "quantity": 1}, {"item": 2, "quantity": 40}],
        },
    ]


@pytest.mark.parametrize(
    ("news", "state", "is_sent"),
    [
        (None, "shipped", True),
        ("label_printed", "ready-to-ship", False),
        ("confirmed", "ready-to-ship", False),
        ("in_transit", "in-transit", True),
        ("out_for_delivery", "in-transit", True),
        ("delivered", "delivered", True),
        ("failure", "failed", True),
    ],
)
def test_the_couriers_news_becomes_a_delivery_state(news, state, is_sent):
    order = one_order("eur_tax_included.json")
    order["fulfillments"][0]["shipment_status"] = news

    shipment = mapped(order).document["shipments"][0]

    assert shipment["delivery_state"] == state
    assert (shipment["sent_at"] is not None) is is_sent


def test_news_that_nobody_knows_yet_is_pointed_out():
    order = one_order("eur_tax_included.json")
    order["fulfillments"][0]["shipment_status"] = "teleported"

    result = mapped(order)

    assert result.document["shipments"][0]["delivery_state"] == "shipped"
    assert ("/fulfillments/0/shipment_status", "shipment_status_unknown") in warnings(result)


def test_pieces_refunded_before_they_were_sent_are_not_left_to_be_sent():
    result = mapped(payload("cash_with_change_and_refund.json"))

    assert [(each["delivery_state"], each["items"]) for each in result.document["shipments"]] == [
        ("shipped", [{"item": 0, "quantity": 2}]),
        ("returned", [{"item": 0, "quantity": 1}]),
    ]
    assert ("/order/refunds/0/refund_line_items/0", "refunded_before_sending") in warnings(result)


def test_two_fulfilments_in_one_parcel_are_one_shipment():  # G20
    order = one_order("eur_tax_included.json")
    order["fulfillments"][2]["tracking_numbers"] = order["fulfillments"][0]["tracking_numbers"][:1]
    order["fulfillments"][2]["tracking_number"] = None

    result = mapped(order)

    (shipment,) = result.document["shipments"]
    assert shipment["items"] == [{"item": 0, "quantity": 2}, {"item": 1, "quantity": 1}, {"item": 2, "quantity": 40}]
    assert ("/fulfillments/2", "tracking_number_shared") in warnings(result)
    assert errors_at_intake(result.document) == []


def test_more_pieces_fulfilled_than_ordered_are_refused():
    order = one_order("eur_tax_included.json")
    order["fulfillments"][2]["line_items"][0]["quantity"] = 2

    (problem,) = read(order)

    assert problem.faults[0].pointer == "/fulfillments/2/line_items/0/quantity"
    assert problem.faults[0].figures == ("3", "2")


def goods(*lines: dict[str, Any], total: str = "25.00", **changes: Any) -> dict[str, Any]:
    """Return an order of 25 euros with these lines: one piece each, numbered from 1, the first of 25 euros."""
    usual = {"title": "Lamp", "quantity": 1}
    listed = [
        usual | {"id": at, "price": "25.00" if at == 1 else "0.00"} | line for at, line in enumerate(lines, start=1)
    ]
    return one_order("minimal.json") | {"line_items": listed, "total_price": total} | changes


def sending(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": 9, "status": "success", "created_at": "2026-08-02T12:00:00Z", "line_items": list(lines)} | more


# The lines ------------------------------------------------------------------------------------------------------------


def test_a_line_without_pieces_is_left_out_and_that_is_said():
    result = mapped(goods({}, {"quantity": 0}))

    assert [item["reference"] for item in result.document["items"]] == ["1"]
    assert ("/line_items/1", "line_without_pieces") in warnings(result)


def test_a_line_without_an_id_has_no_reference():
    (item,) = mapped(goods({"id": None})).document["items"]

    assert "reference" not in item
    assert item["sku"] == "SHOPIFY-ITEM"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("blue", {"Colour": "blue"}),
        (True, {"Colour": "true"}),
        (False, {"Colour": "false"}),
        (7, {"Colour": "7"}),
        (Decimal("0.50"), {"Colour": "0.50"}),
        (10**30, {}),
        (Decimal("0." + "1" * 30), {}),
        (["blue"], {}),
        ("", {}),
    ],
)
def test_a_property_of_a_line_is_kept_where_it_is_text_or_a_number(value, kept):
    (item,) = mapped(goods({"properties": [{"name": "Colour", "value": value}]})).document["items"]

    assert item["attributes"] == kept


def test_properties_beyond_fifty_are_left_out_and_that_is_said():
    properties = [{"name": f"Wish {at}", "value": "yes"} for at in range(51)]

    result = mapped(goods({"properties": properties}))

    assert list(result.document["items"][0]["attributes"]) == [f"Wish {at}" for at in range(50)]
    assert ("/line_items/0/properties", "properties_left_out") in warnings(result)


# Shipping -------------------------------------------------------------------------------------------------------------


def test_a_removed_shipping_line_is_left_out_and_that_is_said():
    lines = [{"title": "Courier", "price": "9.00", "is_removed": True}, {"title": "Post", "price": "0.00"}]

    result = mapped(goods({}, shipping_lines=lines))

    assert (result.document["shipping"]["method"], result.document["shipping"]["price"]) == ("Post", 0)
    assert ("/shipping_lines/0", "shipping_line_removed") in warnings(result)


@pytest.mark.parametrize(("price", "code"), [(None, "required"), ("cheap", "amount_unreadable")])
def test_a_shipping_line_without_its_price_is_refused_once(price, code):
    order = goods({}, shipping_lines=[{"title": "Post", "price": price}])

    assert faults(order) == [("/shipping_lines/0/price", code)]


def test_a_discount_above_the_price_of_shipping_is_refused():
    off = [{"amount": "4.01", "discount_application_index": 0}]
    order = goods({}, shipping_lines=[{"title": "Post", "price": "4.00", "discount_allocations": off}])

    assert faults(order)[0] == ("/shipping_lines/0", "discount_above_price")


def test_shipping_lines_of_one_name_give_it_once_and_one_without_a_name_none():
    lines = [{"title": "Post", "price": "2.00"}, {"title": "Post", "price": "2.00"}, {"price": "1.00"}]

    shipping = mapped(goods({}, shipping_lines=lines, total="30.00")).document["shipping"]

    assert (shipping["method"], shipping["price"]) == ("Post", 500)


# What was sent --------------------------------------------------------------------------------------------------------


def test_a_status_of_a_fulfilment_that_nobody_documents_is_refused():
    order = goods({}, fulfillments=[sending({"id": 1, "quantity": 1}, status="vanished")])

    assert faults(order) == [("/fulfillments/0/status", "fulfilment_status_unknown")]


def test_a_fulfilment_of_what_nobody_sends_is_no_shipment():
    order = goods({"requires_shipping": False}, fulfillments=[sending({"id": 1, "quantity": 1})])

    document = mapped(order).document

    assert (document["shipments"], document["state"]) == ([], "new")


def test_a_fulfilment_sends_what_needs_sending_and_leaves_out_the_rest():
    lines = ({"id": 1, "quantity": 1}, {"id": 2, "quantity": 1}, {"id": 3, "quantity": 0})
    order = goods({}, {"requires_shipping": False}, {}, fulfillments=[sending(*lines)])

    (shipment,) = mapped(order).document["shipments"]

    assert shipment["items"] == [{"item": 0, "quantity": 1}]


def test_a_fulfilment_that_names_no_lines_sent_all_where_it_is_the_only_one_of_a_fulfilled_order():
    fulfilment = {"id": 9, "status": "success", "created_at": "2026-08-02T12:00:00Z"}
    order = goods({"quantity": 1}, {"quantity": 3}, fulfillments=[fulfilment], fulfillment_status="fulfilled")

    result = mapped(order)

    (shipment,) = result.document["shipments"]
    assert shipment["items"] == [{"item": 0, "quantity": 1}, {"item": 1, "quantity": 3}]
    assert faults(order | {"fulfillment_status": "partial"}) == [("/fulfillments/0/line_items", "required")]
    assert ("/fulfillments/0/line_items", "required") in faults(order | {"fulfillments": [fulfilment, fulfilment]})


def test_a_fulfilment_of_a_line_that_the_order_does_not_have_is_refused():
    order = goods({}, fulfillments=[sending({"id": 77, "quantity": 1})])

    assert faults(order) == [("/fulfillments/0/line_items/0/id", "line_unknown")]


@pytest.mark.parametrize(
    "line",
    [
        {"line_item_id": 77, "quantity": 1},
        {"line_item_id": 1, "quantity": 0},
        {"line_item_id": 1, "quantity": 1, "restock_type": "return"},
    ],
    ids=["of no line of ours", "of no pieces", "of pieces that came back"],
)
def test_a_refund_that_takes_no_unsent_pieces_leaves_them_to_be_sent(line):
    result = mapped(goods({}, refunds=[{"id": 1, "refund_line_items": [line]}]))

    assert result.document["shipments"] == []


def test_pieces_refunded_after_they_were_sent_stay_in_their_shipment():
    refunds = [{"id": 1, "refund_line_items": [{"line_item_id": 1, "quantity": 1}]}]

    result = mapped(goods({}, fulfillments=[sending({"id": 1, "quantity": 1})], refunds=refunds))

    assert [(each["delivery_state"], each["items"]) for each in result.document["shipments"]] == [
        ("shipped", [{"item": 0, "quantity": 1}])
    ]
