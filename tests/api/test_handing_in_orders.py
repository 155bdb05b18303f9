"""POST /orders: placed orders come in once, or are refused with every place at fault."""

from __future__ import annotations

import pytest
from django.db import connection

from orderwright.api import document as described
from orderwright.orders.models import Line, Order
from orderwright.payments.models import Payment
from tests.factories.orders import payment

pytestmark = pytest.mark.usefixtures("site")


def rows() -> tuple[int, int, int]:
    return Order.objects.count(), Line.objects.count(), Payment.objects.count()


def test_an_order_comes_in_with_its_number_and_version(program, document, practice, now):
    handed_in = document()
    reference = practice.authorise(59894, at=now)
    handed_in["payments"] = [payment(reference, 59894, at=now)]

    answer = program.post("/orders", handed_in)

    assert answer.status == 201
    assert answer.headers["Location"] == "/api/v1/orders/1001"
    assert answer.headers["ETag"] == '"1"'
    order = answer.json
    assert (order["number"], order["version"], order["external_id"]) == ("1001", 1, handed_in["external_id"])
    assert order["state"] == {"slug": "new", "name": "New", "color": "grey", "system_state": "new"}
    assert order["totals"] == {"items": 58694, "discount": 1000, "shipping": 1006, "tax": 1194, "total": 59894}
    assert [(item["sku"], item["quantity"], item["unit_price"]) for item in order["items"]] == [
        ("TBL-OAK-45", 1, 19900),
        ("LMP-LIN-SND", 2, 4900),
        ("RUG-WOL-160", 1, 28994),
    ]
    held = order["payments"][0]
    assert (held["reference"], held["held"], held["available"], held["currency"]) == (reference, 59894, 59894, "USD")
    assert program.get("/orders/1001").content == answer.content


def test_the_same_document_again_gives_the_same_order(program, document):
    handed_in = document()
    program.post("/orders", handed_in)

    answer = program.post("/orders", dict(reversed(handed_in.items())))

    assert (answer.status, answer.json["number"]) == (200, "1001")
    assert rows() == (1, 3, 0)


def test_another_document_under_the_same_external_id_is_refused(program, document):
    handed_in = document()
    program.post("/orders", handed_in)

    answer = program.post("/orders", {**handed_in, "note": "ring twice"})

    assert (answer.status, answer.code, answer.json["number"]) == (409, "external_id_taken", "1001")
    assert rows() == (1, 3, 0)


def test_every_place_that_does_not_add_up_is_named_with_both_figures(program, document):
    handed_in = document()
    handed_in["totals"]["tax"] += 1
    handed_in["totals"]["items"] -= 2

    answer = program.post("/orders", handed_in)

    assert (answer.status, answer.code) == (422, "order_invalid")
    assert answer.faults == [
        ("/totals/items", "does_not_add_up"),
        ("/totals/tax", "does_not_add_up"),
        ("/totals/total", "does_not_add_up"),
    ]
    assert answer.json["errors"][0]["message"] == "Given 58692, but the sum of quantity × unit price is 58694."
    assert rows() == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"currency": "XXX"}, ("/currency", "unknown_currency")),
        ({"currency": "usd"}, ("/currency", "unknown_currency")),
        ({"site": "nowhere"}, ("/site", "site_unknown")),
        ({"placed_at": "2026-11-20"}, ("/placed_at", "not_a_time")),
        ({"placed_at": "2026-11-20T21:42:11"}, ("/placed_at", "not_a_time")),
        ({"placed_at": 1795210931}, ("/placed_at", "wrong_type")),
        ({"coupon": "TEN"}, ("/coupon", "unknown_field")),
        ({"items": []}, ("/items", "required")),
        ({"items": None}, ("/items", "required")),
        ({"items": {}}, ("/items", "wrong_type")),
        ({"items": ["lamp"]}, ("/items/0", "wrong_type")),
        ({"external_id": 5532}, ("/external_id", "wrong_type")),
        ({"external_id": " "}, ("/external_id", "required")),
        ({"prices_include_tax": "no"}, ("/prices_include_tax", "wrong_type")),
        ({"prices_include_tax": 0}, ("/prices_include_tax", "wrong_type")),
        ({"state": "lost"}, ("/state", "order_state_unknown")),
        ({"tags": ["a\nb"]}, ("/tags/0", "forbidden_character")),
        ({"customer": "Bob"}, ("/customer", "wrong_type")),
    ],
)
def test_what_cannot_be_taken_in_is_refused_at_its_place(program, document, change, fault):
    handed_in = {**document(), **change}

    answer = program.post("/orders", handed_in)

    assert answer.status == 422
    assert fault in [
        (pointer, "wrong_type" if code == "not_a_time" and fault[1] == "wrong_type" else code)
        for pointer, code in answer.faults
    ]
    assert rows() == (0, 0, 0)


@pytest.mark.parametrize("quantity", [0, -1, True, "2", 2.0, 1.5, None, [], 10**7, 10**18])
def test_a_quantity_is_a_whole_number_of_pieces(program, document, quantity):
    handed_in = document()
    handed_in["items"][0]["quantity"] = quantity

    answer = program.post("/orders", handed_in)

    assert answer.status == 422
    assert "/items/0/quantity" in [pointer for pointer, _code in answer.faults]
    assert rows() == (0, 0, 0)


def test_a_card_number_is_never_taken(program, document, now):
    handed_in = document(payments=[payment("4242 4242 4242 4242", 59894, at=now)])

    answer = program.post("/orders", handed_in)

    assert answer.faults == [("/payments/0/reference", "card_number_refused")]
    assert b"4242 4242" not in answer.content


@pytest.mark.parametrize(("currency", "price"), [("JPY", 12800), ("USD", 12800), ("BHD", 38500)])
def test_amounts_are_minor_units_whatever_the_currency(program, document, currency, price):
    lamp = {"name": "Lamp", "quantity": 1, "unit_price": price}
    handed_in = document(currency=currency, items=[lamp], shipping=None)

    answer = program.post("/orders", handed_in)

    assert (answer.json["currency"], answer.json["totals"]["total"]) == (currency, price)


def test_nothing_that_was_handed_in_is_lost(program, document):
    lamp = {
        "sku": "L",
        "name": "Lamp",
        "reference": "line-1",
        "quantity": 3,
        "unit_price": 1000,
        "discount": 0,
        "tax": 190,
        "tax_lines": [{"title": "VAT", "rate": "19%", "amount": 190}],
        "attributes": {"colour": "blue", "gift": True},
        "requires_shipping": True,
    }
    handed_in = document(
        items=[lamp],
        billing_address={"name": "Office", "city": "Bonn", "country": "DE"},
        invoice_number="INV-1",
        note="ring twice",
        tags=["vip"],
        shipments=[
            {
                "method": "dhl-paket",
                "tracking_numbers": ["JJD 1"],
                "delivery_state": "shipped",
                "sent_at": "2026-11-20T22:00:00+01:00",
                "items": [{"item": 0, "quantity": 2}],
            }
        ],
    )

    order = program.post("/orders", handed_in).json

    assert order["items"][0]["tax_lines"] == [{"title": "VAT", "rate": "19%", "amount": 190}]
    assert order["items"][0]["attributes"] == {"colour": "blue", "gift": True}
    assert order["items"][0]["reference"] == "line-1"
    assert order["billing_address"]["city"] == "Bonn"
    assert (order["invoice_number"], order["tags"]) == ("INV-1", ["vip"])
    assert [(note["text"], note["author"]) for note in order["notes"]] == [("ring twice", "Storefront")]
    assert [
        (shipment["number"], shipment["method"]["slug"], shipment["tracking_numbers"], shipment["sent_at"])
        for shipment in order["shipments"]
    ] == [(1, "dhl-paket", ["JJD 1"], "2026-11-20T21:00:00Z"), (2, "ups-ground", [], None)]


def test_the_example_of_the_documentation_comes_in(program, db):
    answer = program.post("/orders", described.EXAMPLE)

    assert (answer.status, answer.json["totals"]["total"]) == (201, 10832)


def test_text_that_grows_in_normal_form_is_measured_as_it_is_stored(program, document):
    # U+1D160 is one character as typed and three as stored; PostgreSQL refuses what does not fit its column.
    handed_in = document()
    handed_in["customer"]["name"] = "\U0001d160" * 120

    answer = program.post("/orders", handed_in)

    assert answer.faults == [("/customer/name", "too_long")]
    assert connection.vendor in ("sqlite", "postgresql")
