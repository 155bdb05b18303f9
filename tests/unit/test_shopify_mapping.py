"""Shopify orders as order documents: the figures, the history of the money, the goods, and what is refused."""

from __future__ import annotations

import ast
import copy
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderwright.actions.order_document import check_sums, read_document
from orderwright.actions.order_document.reader import Errors
from orderwright.actions.shopify_order import MappedOrder, MappingProblem, decode, order_documents
from orderwright.actions.shopify_order.reading import UnreadableJson

DATA = Path(__file__).parent.parent / "data" / "shopify"
FILES = sorted(path.name for path in DATA.glob("*.json"))


def payload(name: str) -> Any:
    return decode((DATA / name).read_bytes())


def one_order(name: str) -> dict[str, Any]:
    document = payload(name)
    return document.get("order", document)


def read(document: object) -> list[MappedOrder | MappingProblem]:
    return order_documents(document, site="lantern", provider="shopify")


def mapped(document: object) -> MappedOrder:
    (result,) = read(document)
    assert isinstance(result, MappedOrder), result
    return result


def faults(document: object) -> list[tuple[str, str]]:
    (result,) = read(document)
    assert isinstance(result, MappingProblem), result
    return [(fault.pointer, fault.code) for fault in result.faults]


def warnings(result: MappedOrder) -> list[tuple[str, str]]:
    return [(warning.pointer, warning.code) for warning in result.warnings]


def errors_at_intake(document: dict[str, Any]) -> list[Any]:
    errors = Errors()
    parts = read_document(document, errors=errors)
    if parts is not None and not errors.found:
        check_sums(parts, errors=errors)
    return errors.found


# The whole document ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_every_sample_becomes_a_document_that_the_intake_reads_without_a_complaint(name):
    result = mapped(payload(name))

    assert errors_at_intake(result.document) == []
    assert result.document["site"] == "lantern"
    assert result.document["source"] == "shopify"


def test_the_order_of_the_public_documentation_comes_in_with_its_figures():
    document = mapped(payload("documented_order.json")).document

    assert document["totals"] == {"items": 59700, "discount": 1000, "shipping": 0, "tax": 1194, "total": 59894}
    assert [item["discount"] for item in document["items"]] == [334, 333, 333]
    assert document["items"][0] == {
        "sku": "RADIO-GRN",
        "name": "Desk radio - green",
        "quantity": 1,
        "unit_price": 19900,
        "discount": 334,
        "tax": 398,
        "tax_lines": [{"title": "State Tax", "rate": "0.06", "amount": 398}],
        "requires_shipping": True,
        "attributes": {"Engraving front": "For Ada", "Engraving back": "With love"},
        "reference": "466157049",
    }
    assert document["discounts"] == [{"code": "TENOFF", "amount": 1000}]
    assert document["external_id"] == "450789469"
    assert document["placed_at"] == "2008-01-10T16:00:00Z"
    assert document["tags"] == ["#1001"]
    assert document["note"] == "colour: green"


def test_its_money_is_one_hold_partly_captured_and_partly_given_back():
    (payment,) = mapped(payload("documented_order.json")).document["payments"]

    assert payment == {
        "provider": "shopify",
        "reference": "shopify-389404469",
        "method": {"type": "card", "brand": "visa", "last4": "4242"},
        "authorised": 59894,
        "authorised_at": "2008-01-10T16:00:04Z",
        "expires_at": None,
        "transactions": [
            {
                "kind": "capture",
                "amount": 25094,
                "reference": "shopify-801038806",
                "parent": None,
                "at": "2008-01-12T15:22:51Z",
            },
            {
                "kind": "refund",
                "amount": 20900,
                "reference": "shopify-179259969",
                "parent": "shopify-801038806",
                "at": "2008-01-15T17:59:12Z",
            },
        ],
    }


def test_its_subtotal_that_does_not_add_up_is_pointed_out_and_not_used():
    assert ("/order/subtotal_price", "subtotal_differs") in warnings(mapped(payload("documented_order.json")))


def test_a_bare_order_an_envelope_and_a_page_of_orders_read_the_same():
    order = one_order("jpy_authorised.json")

    bare, envelope, page = read(order), read({"order": order}), read({"orders": [order, order]})

    assert bare[0].document == envelope[0].document == page[0].document == page[1].document


def test_one_bad_order_of_a_page_leaves_the_others_alone():
    bad = one_order("jpy_authorised.json") | {"total_price": "1"}

    good, problem, last = read({"orders": [one_order("minimal.json"), bad, one_order("cad_presentment.json")]})

    assert isinstance(good, MappedOrder)
    assert isinstance(last, MappedOrder)
    assert isinstance(problem, MappingProblem)
    assert (problem.external_id, problem.name) == ("5611200034002", "#3107")
    assert problem.faults[0].pointer == "/orders/1/total_price"


def test_an_order_with_nothing_but_what_it_must_have_is_enough():
    result = mapped(payload("minimal.json"))

    assert result.name == "#1050000001"
    assert result.document["customer"] == {"name": "#1050000001"}
    assert result.document["shipping_address"] is None
    assert result.document["items"][0]["sku"] == "SHOPIFY-1050000002"
    assert result.document["shipping"] == {"method": None, "price": 0, "discount": 0, "tax": 0, "tax_lines": []}
    assert result.document["payments"] == []
    assert warnings(result) == [("/transactions", "payment_unknown")]


def test_fields_that_nobody_knows_yet_change_nothing():
    order = one_order("kwd_gift_card_and_card.json")
    known = mapped(order).document

    order["sustainability"] = {"grams": [1, None, "\x00"]}
    order["line_items"][0]["bundle"] = {"of": "\ud800"}
    order["transactions"][0]["network"] = ["fast"]

    assert mapped(order).document == known


# Currencies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "currency", "total"),
    [
        ("jpy_authorised.json", "JPY", 13680),
        ("documented_order.json", "USD", 59894),
        ("eur_tax_included.json", "EUR", 24432),
        ("duties_fees_and_tip.json", "GBP", 22740),
        ("kwd_gift_card_and_card.json", "KWD", 60100),
        ("failed_then_paid_with_tip.json", "BHD", 31875),
    ],
)
def test_amounts_are_counted_in_the_minor_units_of_their_currency(name, currency, total):
    document = mapped(payload(name)).document

    assert (document["currency"], document["totals"]["total"]) == (currency, total)


def test_the_order_is_kept_in_the_currency_that_the_customer_saw_and_paid():
    document = mapped(payload("cad_presentment.json")).document

    assert document["currency"] == "CAD"
    assert [item["unit_price"] for item in document["items"]] == [16300, 4750]
    assert document["totals"] == {"items": 25800, "discount": 2000, "shipping": 2000, "tax": 3864, "total": 29664}
    assert document["payments"][0]["authorised"] == 29664


def test_an_amount_without_its_presentment_figure_is_refused_and_not_converted():
    order = one_order("cad_presentment.json")
    del order["line_items"][1]["price_set"]

    assert faults(order) == [("/line_items/1/price", "presentment_amount_missing")]


def test_a_transaction_in_another_currency_is_refused():
    order = one_order("cad_presentment.json")
    order["transactions"][0] |= {"currency": "USD", "amount": "218.45"}

    assert faults(order) == [("/transactions/0/currency", "currency_differs")]


@pytest.mark.parametrize("amount", ["12.345", "1.005e2", "12,80", "", " 12.80", "١٢", "1" * 40, "0." + "1" * 40, "NaN"])
def test_an_amount_that_is_not_exactly_minor_units_is_refused(amount):
    order = one_order("minimal.json")
    order["line_items"][0]["price"] = amount

    assert faults(order) == [("/line_items/0/price", "amount_unreadable")]


def test_an_amount_that_rounding_would_make_fit_is_refused():
    order = one_order("minimal.json")
    order["line_items"][0]["price"] = Decimal("25.0000000000000000000000000000000001")

    assert faults(order) == [("/line_items/0/price", "amount_unreadable")]


def test_a_binary_fraction_is_no_amount():
    assert faults(one_order("minimal.json") | {"total_price": 25.0}) == [("/total_price", "amount_unreadable")]


def test_an_amount_and_its_set_that_say_different_things_are_refused_with_both():
    order = one_order("documented_order.json")
    order["line_items"][0]["price_set"]["presentment_money"]["amount"] = "189.00"

    (problem,) = read(order)

    assert problem.faults[0].code == "amounts_differ"
    assert problem.faults[0].figures == ("199.00 USD", "189.00 USD")


# Sums -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "stated", "figures"),
    [
        ("total_price", "598.95", ("598.95 USD", "598.94 USD")),
        ("total_tax", "11.93", ("11.93 USD", "11.94 USD")),
        ("total_discounts", "10.01", ("10.01 USD", "10.00 USD")),
        ("total_line_items_price", "596.99", ("596.99 USD", "597.00 USD")),
    ],
)
def test_a_total_that_its_parts_do_not_make_is_refused_with_both_figures(key, stated, figures):
    order = one_order("documented_order.json")
    order[key] = stated
    del order[f"{key}_set"]

    (problem,) = read({"order": order})

    assert [(fault.pointer, fault.code) for fault in problem.faults] == [(f"/order/{key}", "does_not_add_up")]
    assert problem.faults[0].figures == figures
    assert all(figure in problem.faults[0].message for figure in figures)


def test_tax_that_prices_include_is_not_added_again():
    document = mapped(payload("eur_tax_included.json")).document

    assert document["prices_include_tax"] is True
    assert document["totals"] == {"items": 25640, "discount": 1798, "shipping": 590, "tax": 3901, "total": 24432}
    assert document["shipping"]["tax"] == 94


def test_a_free_shipping_code_is_a_discount_on_shipping():
    document = mapped(payload("cad_presentment.json")).document

    assert document["shipping"]["discount"] == 2000
    assert document["discounts"] == [{"code": "LIVRAISON", "amount": 2000}]


def test_a_discount_from_before_allocations_is_read_from_the_line():
    order = one_order("minimal.json")
    order["line_items"][0]["total_discount"] = "5.00"
    order |= {"total_price": "20.00", "discount_codes": [{"code": "FIVER", "amount": "5.00", "type": "fixed_amount"}]}

    document = mapped(order).document

    assert document["items"][0]["discount"] == 500
    assert document["discounts"] == [{"code": "FIVER", "amount": 500}]


def test_a_discount_above_the_price_of_its_line_is_refused():
    order = one_order("minimal.json")
    order["line_items"][0]["total_discount"] = "25.01"

    assert ("/line_items/0", "discount_above_price") in faults(order)


def test_several_shipping_lines_are_one_shipping():
    shipping = mapped(payload("failed_then_paid_with_tip.json")).document["shipping"]

    assert (shipping["method"], shipping["price"]) == ("Same day + Gift wrapping run", 1500)


def test_a_tip_among_the_line_items_is_not_counted_twice():
    items = mapped(payload("failed_then_paid_with_tip.json")).document["items"]

    assert [(item["sku"], item["requires_shipping"]) for item in items] == [("DAT-3", True), ("TIP", False)]


def test_a_tip_that_older_orders_list_without_saying_so_is_not_counted_twice():
    order = one_order("failed_then_paid_with_tip.json")
    del order["line_items"][1]["tip_payment_gateway"], order["line_items"][1]["tip_payment_method"]

    assert [item["sku"] for item in mapped(order).document["items"]] == ["DAT-3", "TIP"]


def test_tip_duties_and_fees_outside_the_lines_become_items_that_nobody_ships():
    items = mapped(payload("duties_fees_and_tip.json")).document["items"]

    assert [(item["sku"], item["unit_price"], item["tax"], item["requires_shipping"]) for item in items[1:]] == [
        ("TIP", 500, 0, False),
        ("DUTY", 1800, 414, False),
        ("FEE", 100, 0, False),
    ]


def test_duties_that_the_lines_do_not_make_are_refused():
    order = one_order("duties_fees_and_tip.json")
    order["original_total_duties_set"]["shop_money"]["amount"] = "18.01"
    order["original_total_duties_set"]["presentment_money"]["amount"] = "18.01"

    assert faults(order) == [("/original_total_duties_set", "duties_do_not_add_up")]


def test_a_tip_of_a_foreign_order_without_its_presentment_figure_is_refused():
    order = one_order("cad_presentment.json") | {"total_tip_received": "2.00"}

    assert faults(order) == [("/total_tip_received", "presentment_amount_missing")]


@pytest.mark.parametrize("nothing", ["0", "0.000", None])
def test_no_tip_is_no_tip_in_any_currency(nothing):
    order = one_order("cad_presentment.json") | {"total_tip_received": nothing}

    assert len(mapped(order).document["items"]) == 2


# The history of the money ---------------------------------------------------------------------------------------------


def test_a_gift_card_is_a_payment_of_its_own_beside_the_card_with_two_captures():
    gift_card, card = mapped(payload("kwd_gift_card_and_card.json")).document["payments"]

    assert gift_card["method"] == {"type": "gift-card", "brand": None, "last4": "7731"}
    assert gift_card["authorised"] == 20000
    assert card["authorised"] == 40100
    assert [(step["kind"], step["amount"]) for step in card["transactions"]] == [("capture", 15000), ("capture", 10000)]


def test_a_failed_attempt_moved_no_money():
    payments = mapped(payload("failed_then_paid_with_tip.json")).document["payments"]

    assert [(payment["reference"], payment["authorised"]) for payment in payments] == [("shopify-6800000000062", 31875)]


def test_a_voided_authorisation_is_a_reversal_of_all_that_was_held():
    (payment,) = mapped(payload("cancelled_and_voided.json")).document["payments"]

    assert [(step["kind"], step["amount"]) for step in payment["transactions"]] == [("reversal", 24000)]


def test_change_handed_back_is_not_counted_as_paid():
    (payment,) = mapped(payload("cash_with_change_and_refund.json")).document["payments"]

    assert payment["authorised"] == 5400
    assert [(step["kind"], step["amount"]) for step in payment["transactions"]] == [("capture", 5400), ("refund", 1800)]


def test_an_open_hold_keeps_its_end():
    (payment,) = mapped(payload("jpy_authorised.json")).document["payments"]

    assert payment["expires_at"] == "2026-11-25T00:30:01Z"
    assert payment["transactions"] == []


def test_a_payment_still_awaited_is_not_money_and_its_receipt_is():
    order = one_order("minimal.json")
    awaited = {
        "id": 71,
        "kind": "sale",
        "status": "pending",
        "gateway": "Bank Deposit",
        "amount": "25.00",
        "currency": "EUR",
        "created_at": "2026-08-01T12:00:00Z",
    }
    received = awaited | {"id": 72, "status": "success", "parent_id": 71, "created_at": "2026-08-03T08:00:00Z"}

    waiting = mapped(order | {"transactions": [awaited]})
    paid = mapped(order | {"transactions": [awaited, received]})

    assert waiting.document["payments"] == []
    assert ("/transactions/0", "transaction_awaited") in warnings(waiting)
    assert [payment["reference"] for payment in paid.document["payments"]] == ["shopify-72"]
    assert paid.document["payments"][0]["method"] == {"type": "manual", "brand": "Bank Deposit", "last4": None}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"amount": "700.00"}, "/transactions/1", "captured_above_authorised"),
        ({"parent_id": 99}, "/transactions/2/parent_id", "parent_unknown"),
        ({"kind": "loan"}, "/transactions/2/kind", "transaction_kind_unknown"),
        ({"status": "maybe"}, "/transactions/2/status", "transaction_status_unknown"),
        ({"id": None}, "/transactions/2/id", "required"),
        ({"created_at": None, "processed_at": None}, "/transactions/2/created_at", "required"),
        ({"amount": "-1.00"}, "/transactions/2/amount", "amount_negative"),
    ],
)
def test_a_history_of_money_that_cannot_be_is_refused(change, pointer, code):
    order = one_order("documented_order.json")
    order["refunds"] = []
    order["transactions"][2] |= change

    found = faults(order)

    assert (pointer, code) in found


def test_more_refunded_than_captured_is_refused_with_both_figures():
    order = one_order("documented_order.json")
    order["transactions"][0]["amount"] = "250.95"
    order["refunds"] = []

    (problem,) = read(order)

    assert problem.faults[0].code == "refunded_above_captured"
    assert problem.faults[0].figures == ("250.95 USD", "250.94 USD")


def test_a_paid_order_whose_transactions_captured_nothing_is_refused():
    order = one_order("jpy_authorised.json") | {"financial_status": "paid"}

    assert faults(order) == [("/transactions", "transactions_incomplete")]


def test_of_a_card_only_the_last_four_digits_are_ever_read():
    order = one_order("jpy_authorised.json")
    order["transactions"][0]["payment_details"]["credit_card_number"] = "4242424242424242"

    (problem,) = read(order)

    assert [fault.code for fault in problem.faults] == ["card_number_in_full"]
    assert "4242" not in repr(problem)


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("authorized", []),
        ("paid", [("capture", 2500)]),
        ("refunded", [("capture", 2500), ("refund", 2500)]),
        ("voided", [("reversal", 2500)]),
    ],
)
def test_without_transactions_the_payment_is_presumed_from_the_financial_status_and_that_is_said(status, steps):
    result = mapped(one_order("minimal.json") | {"financial_status": status, "payment_gateway_names": ["paypal"]})

    (payment,) = result.document["payments"]
    assert payment["authorised"] == 2500
    assert payment["method"]["type"] == "paypal"
    assert [(step["kind"], step["amount"]) for step in payment["transactions"]] == steps
    assert ("/transactions", "payment_presumed") in warnings(result)
    assert errors_at_intake(result.document) == []


def test_without_transactions_a_partial_payment_is_what_is_not_outstanding():
    order = one_order("minimal.json") | {"financial_status": "partially_paid"}

    (payment,) = mapped(order | {"total_outstanding": "10.00"}).document["payments"]

    assert payment["authorised"] == 1500
    assert faults(order) == [("/total_outstanding", "payments_unknown")]


def test_without_transactions_a_partial_refund_is_read_from_the_refunds_or_refused():
    order = one_order("documented_order.json")
    del order["transactions"]

    (payment,) = mapped(order).document["payments"]

    assert [(step["kind"], step["amount"]) for step in payment["transactions"]] == [
        ("capture", 59894),
        ("refund", 20900),
    ]
    assert faults(order | {"refunds": []}) == [("/refunds", "payments_unknown")]


# The goods ------------------------------------------------------------------------------------------------------------


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


# The state ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("jpy_authorised.json", "new"),
        ("cash_with_change_and_refund.json", "processing"),
        ("eur_tax_included.json", "completed"),
        ("cancelled_and_voided.json", "canceled"),
    ],
)
def test_the_state_follows_money_and_goods(name, state):
    assert mapped(payload(name)).document["state"] == state


def test_a_cancelled_order_with_money_still_kept_stays_in_work():
    order = one_order("cancelled_and_voided.json")
    del order["transactions"][1]

    result = mapped(order)

    assert result.document["state"] == "processing"
    assert ("/cancelled_at", "cancelled_with_money") in warnings(result)


def test_an_archived_order_with_goods_unsent_stays_open():
    order = one_order("eur_tax_included.json")
    del order["fulfillments"][2]

    result = mapped(order)

    assert result.document["state"] == "processing"
    assert ("/closed_at", "closed_but_open") in warnings(result)


# People, notes and tags -----------------------------------------------------------------------------------------------


def test_an_e_mail_keeps_its_letter_case():  # W14
    assert mapped(payload("documented_order.json")).document["customer"] == {
        "reference": "207119551",
        "name": "Robin Ashdown",
        "email": "Robin.Ashdown@mail.example.com",
        "phone": "+15025550143",
        "language": "en",
    }


def test_a_billing_address_like_the_shipping_address_is_said_by_null():
    same, other = mapped(payload("documented_order.json")), mapped(payload("eur_tax_included.json"))

    assert same.document["billing_address"] is None
    assert other.document["billing_address"]["company"] == "Weißhaupt GmbH"
    assert other.document["shipping_address"] == {
        "name": "Jürgen Weißhaupt",
        "company": None,
        "line1": "Lindenstraße 8",
        "line2": None,
        "city": "Köln",
        "region": None,
        "postcode": "50674",
        "country": "DE",
        "phone": "+49 221 5550 188",
    }


def test_a_country_without_a_code_is_known_by_its_name():
    order = one_order("documented_order.json")
    order["shipping_address"]["country_code"] = None

    assert mapped(order).document["shipping_address"]["country"] == "US"


def test_the_orders_name_is_its_first_tag():
    assert mapped(payload("eur_tax_included.json")).document["tags"] == ["#2088", "stammkunde", "vorhänge"]


def test_a_test_order_says_so():
    result = mapped(one_order("minimal.json") | {"test": True})

    assert "test" in result.document["tags"]
    assert ("/test", "test_order") in warnings(result)


def test_a_name_that_is_too_long_is_cut_and_that_is_said():
    order = one_order("minimal.json")
    order["line_items"][0]["name"] = "A very long name " * 20

    result = mapped(order)

    assert len(result.document["items"][0]["name"]) == 200
    assert ("/line_items/0/name", "shortened") in warnings(result)


# What cannot be read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value", "pointer", "code"),
    [
        (["id"], None, "/id", "required"),
        (["id"], "a1", "/id", "wrong_type"),
        (["currency"], None, "/currency", "required"),
        (["currency"], "ZZZ", "/currency", "unknown_currency"),
        (["created_at"], None, "/created_at", "required"),
        (["created_at"], "2026-08-01T12:00:00", "/created_at", "time_unreadable"),
        (["created_at"], "0001-01-01T00:00:00+14:00", "/created_at", "time_unreadable"),
        (["total_price"], None, "/total_price", "required"),
        (["line_items"], None, "/line_items", "required"),
        (["line_items"], {"0": {}}, "/line_items", "wrong_type"),
        (["line_items", 0], "lamp", "/line_items/0", "wrong_type"),
        (["line_items", 0, "quantity"], None, "/line_items/0/quantity", "required"),
        (["line_items", 0, "quantity"], True, "/line_items/0/quantity", "wrong_type"),
        (["line_items", 0, "quantity"], 10**400, "/line_items/0/quantity", "out_of_range"),
        (["line_items", 0, "price"], None, "/line_items/0/price", "required"),
        (["line_items", 0, "price"], 10**400, "/line_items/0/price", "amount_unreadable"),
        (["line_items", 0, "title"], "la\x00mp", "/line_items/0/title", "forbidden_character"),
        (["line_items", 0, "title"], "la\ud83dmp", "/line_items/0/title", "forbidden_character"),
        (["email"], 7, "/email", "wrong_type"),
        (["note"], "\x1b[2J", "/note", "forbidden_character"),
        (["financial_status"], "bartered", "/financial_status", "financial_status_unknown"),
    ],
)
def test_what_is_wrong_is_pointed_at(place, value, pointer, code):
    order = one_order("minimal.json")
    holder: Any = order
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value

    assert (pointer, code) in faults(order)


@pytest.mark.parametrize("document", [None, True, 7, "order", [], {}, {"order": None}, {"order": []}, {"orders": {}}])
def test_what_is_no_order_at_all_is_a_problem(document):
    (result,) = read(document)

    assert isinstance(result, MappingProblem)
    assert result.faults


def test_a_page_without_orders_is_nothing_to_do():
    assert read({"orders": []}) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b'{"id": NaN}', b"[" * 100_000, b"1" * 10_000, b'{"a": 1e99999999999999999999}'],
)
def test_bytes_that_are_no_json_are_refused(data):
    with pytest.raises(UnreadableJson) as refused:
        decode(data)

    assert refused.value.code == "json_unreadable"


def test_a_decimal_number_keeps_its_digits():
    assert decode(b'{"rate": 0.06, "n": 1}') == {"rate": Decimal("0.06"), "n": 1}


def test_every_code_is_explained_in_the_guide_to_the_import():
    guide = (Path(__file__).parents[2] / "docs" / "import-shopify.md").read_text(encoding="utf-8")
    package = Path(order_documents.__code__.co_filename).parent
    calls = [
        node
        for path in package.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]

    codes = {
        argument.value
        for call in calls
        if call.func.attr in ("fault", "warn", "disagree")
        for argument in call.args
        if isinstance(argument, ast.Constant) and re.fullmatch("[a-z_]+", argument.value)
    }

    assert len(codes) > 40
    assert {code for code in codes if f"| `{code}` |" not in guide} == set()


# Whatever comes -------------------------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**300, max_value=10**310),
    st.floats(),
    st.decimals(),
    st.text(st.characters(codec=None), max_size=8),
    st.sampled_from(["0.00", "-1.00", "1e5", "success", "capture", "EUR", "2026-08-01T12:00:00Z", "\x00", "\ud800"]),
)
KEYS = st.sampled_from(
    sorted({key for name in FILES for key in json.loads((DATA / name).read_text(encoding="utf-8")).get("order", {})})
) | st.text(max_size=5)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=20
)


def judged(document: object) -> None:
    """Assert that every result is a problem with faults, or a document that the intake takes."""
    for result in read(document):
        if isinstance(result, MappingProblem):
            assert result.faults
        else:
            assert errors_at_intake(result.document) == []


@given(ANYTHING)
@settings(max_examples=200, deadline=None)
def test_any_json_value_ends_in_documents_or_problems(document):
    judged(document)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(place for key, entry in inner for place in places_in(entry, (*path, key)))]


ORDERS = {name: one_order(name) for name in FILES}
PLACES = {name: places_in(order)[1:] for name, order in ORDERS.items()}


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_order_with_anything_anywhere_ends_in_a_document_or_a_problem(data):
    name = data.draw(st.sampled_from(FILES))
    order = copy.deepcopy(ORDERS[name])
    for path in data.draw(st.lists(st.sampled_from(PLACES[name]), min_size=1, max_size=3)):
        holder: Any = order
        for step in path[:-1]:
            holder = holder[step] if isinstance(holder, dict | list) and step in _steps(holder) else None
        if isinstance(holder, dict | list):
            if path[-1] in _steps(holder) and data.draw(st.booleans()):
                del holder[path[-1]]
            elif path[-1] in _steps(holder):
                holder[path[-1]] = data.draw(ANYTHING)

    judged(order)


@pytest.mark.parametrize("stated", ["", " ", None])
def test_an_order_without_a_currency_is_told_so(stated):
    order = {**copy.deepcopy(ORDERS["minimal.json"]), "currency": stated}

    (problem,) = read(order)

    assert "required" in [fault.code for fault in problem.faults]


def _steps(holder: Any) -> Any:
    return holder.keys() if isinstance(holder, dict) else range(len(holder))
