"""The demo's orders, before anything is stored: documents that add up, and stories that lie in the past."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from orderwright.actions.order_document import check_sums, read_document
from orderwright.actions.order_document.reader import Errors
from orderwright.cli.demo_data.cast import demo_orders
from orderwright.cli.demo_data.goods import GOODS, price_minor
from orderwright.cli.demo_data.numbers import number_of
from orderwright.cli.demo_data.steps import Capture, Fault, Hold, Past
from orderwright.core.money import exponent
from orderwright.shipping.recognition import readings

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
# Across midnights of the sites, month ends, and both changes of the clocks.
MOMENTS = [
    MORNING,
    datetime(2026, 11, 23, 4, 59, tzinfo=UTC),
    datetime(2026, 11, 23, 21, 43, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 1, tzinfo=UTC),
    datetime(2027, 3, 15, 12, 0, tzinfo=UTC),
    datetime(2027, 3, 29, 12, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def orders():
    return demo_orders(now=MORNING)


def moment_of(text):
    return datetime.fromisoformat(text)


def by_name(orders, name):
    [order] = [order for order in orders if order.document["customer"]["name"] == name]
    return order


def payments_of(order):
    """Return the payments that the provider will make of the order's holds."""
    return [payment_of(hold) for hold in order.holds]


def payment_of(hold):
    captures = [f"cap_{place}" for place, past in enumerate(hold.past) if past.kind == "capture"]
    return {
        "provider": "practice",
        "reference": hold.reference,
        "method": {"type": "card", "brand": hold.brand, "last4": hold.last4},
        "authorised": hold.amount_minor,
        "authorised_at": hold.authorised_at.astimezone(UTC).isoformat(),
        "expires_at": (hold.authorised_at + hold.lasts).astimezone(UTC).isoformat(),
        "transactions": [
            {
                "kind": past.kind,
                "amount": past.amount_minor,
                "reference": f"{'cap' if past.kind == 'capture' else 'mov'}_{place}",
                "parent": captures[past.of] if past.kind == "refund" else None,
                "at": past.at.astimezone(UTC).isoformat(),
            }
            for place, past in enumerate(hold.past)
        ],
    }


def test_there_are_two_hundred_orders_in_six_currencies_with_no_two_and_three_decimals(orders):
    currencies = Counter(order.document["currency"] for order in orders)

    assert len(orders) == 200
    assert sorted(currencies) == ["BHD", "EUR", "GBP", "JPY", "SEK", "USD"]
    assert {exponent(currency) for currency in currencies} == {0, 2, 3}
    assert min(currencies.values()) >= 5


@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: now.isoformat())
def test_every_document_adds_up_to_the_minor_unit(now):
    for order in demo_orders(now=now):
        errors = Errors()
        parts = read_document({**order.document, "payments": payments_of(order)}, errors=errors)
        check_sums(parts, errors=errors)
        assert errors.found == [], order.document["customer"]["name"]


@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: now.isoformat())
def test_everything_happened_in_the_last_month_and_in_order(now):
    for order in demo_orders(now=now):
        placed_at = moment_of(order.document["placed_at"])
        past = [past.at for hold in order.holds for past in hold.past]
        steps = [step.at for step in order.steps]

        assert now - timedelta(days=31) < placed_at < now
        assert all(placed_at <= moment <= now for moment in [*past, *steps])
        assert steps == sorted(steps), order.document["customer"]["name"]


@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: now.isoformat())
def test_no_hold_has_ended_when_the_provider_is_asked_to_capture_it(now):
    """A cancellation may find that the bank has let a hold go: one order of the demo shows it."""
    for order in demo_orders(now=now):
        movers = [step for step in order.steps if isinstance(step, Capture)]
        for hold in order.holds if movers else ():
            # What the provider does, it does now, whenever the desk says that it was asked.
            assert hold.authorised_at + hold.lasts > now, order.document["customer"]["name"]


def test_the_same_moment_gives_the_same_orders_and_another_moment_the_same_people_and_goods(orders):
    again, later = demo_orders(now=MORNING), demo_orders(now=MORNING + timedelta(days=100))

    def what(order):
        return order.document["customer"]["name"], order.document["currency"], order.document["totals"]["total"]

    assert again == orders
    assert sorted(map(what, later)) == sorted(map(what, orders))


def test_nobody_of_the_demo_can_be_real(orders):
    emails = {order.document["customer"]["email"] for order in orders} - {None}
    phones = {order.document["customer"]["phone"] for order in orders} - {None}

    assert all(re.search(r"\.example$|@mail\.example\.com$", email) for email in emails)
    assert len(emails) > 60
    assert all(re.fullmatch(r"\+[1-9]\d{7,14}", phone) for phone in phones)


def test_no_two_holds_and_no_two_orders_of_a_store_are_called_the_same(orders):
    references = [hold.reference for order in orders for hold in order.holds]
    external_ids = [(order.document["site"], order.document["external_id"]) for order in orders]

    assert len(set(references)) == len(references)
    assert len(set(external_ids)) == len(external_ids)


def test_prices_are_whole_steps_of_their_currency():
    for good in GOODS:
        assert price_minor(good, "USD") == good.cents
        assert price_minor(good, "JPY") % 100 == 0
        assert price_minor(good, "BHD") % 500 == 0
        assert all(price_minor(good, currency) > 0 for currency in ("EUR", "GBP", "SEK"))


@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: now.isoformat())
def test_the_hold_of_the_showpiece_lasts_three_days_more(now):
    [order] = [order for order in demo_orders(now=now) if order.document["external_id"] == "5532"]
    [hold] = order.holds

    left = hold.authorised_at + hold.lasts - now

    assert timedelta(days=3) < left <= timedelta(days=4, hours=1)
    assert moment_of(order.document["placed_at"]).minute == 42


def test_the_showpiece_is_bob_normans_order(orders):
    [order] = [order for order in orders if order.document["external_id"] == "5532"]
    document = order.document

    assert [(item["name"], item["quantity"], item["unit_price"]) for item in document["items"]] == [
        ("Oak side table", 1, 19900),
        ("Linen lamp shade, sand", 2, 4900),
        ("Wool rug 160 x 230", 1, 28994),
    ]
    assert document["totals"] == {"items": 58694, "discount": 1000, "shipping": 1006, "tax": 1194, "total": 59894}
    assert document["shipping_address"] == {
        "name": "Bob Norman",
        "company": None,
        "line1": "123 Amoebobacterieae St",
        "line2": "Unit 806",
        "city": "Ottawa",
        "region": "ON",
        "postcode": "K2P 0V6",
        "country": "CA",
    }
    assert (document["source"], document["invoice_number"]) == ("shopify", "INV-2026-0871")
    assert [step.amount_minor for step in order.steps if isinstance(step, Capture)] == [30900]
    bobs = [one for one in orders if one.document["customer"]["email"] == "bob.norman@mail.example.com"]
    assert bobs.index(order) == 3


@pytest.mark.parametrize(
    ("name", "total", "currency"),
    [
        ("Yuki Tanaka", 12800, "JPY"),
        ("Amélie Laurent", 21450, "EUR"),
        ("Oluwaseun Adeyemi", 8600, "USD"),
        ("Priya Raman", 194000, "USD"),
        ("Lars Holm", 149900, "SEK"),
        ("María José Ruiz", 41210, "EUR"),
        ("Chen Wei", 7525, "USD"),
        ("Fatima al-Sayed", 38500, "BHD"),
        ("John O’Neill", 4900, "GBP"),
    ],
)
def test_the_top_of_the_list_has_round_totals(orders, name, total, currency):
    document = by_name(orders, name).document

    assert (document["totals"]["total"], document["currency"]) == (total, currency)


def test_the_particular_cases_are_there(orders):
    documents = [order.document for order in orders]

    assert max(len(document["items"]) for document in documents) == 30
    assert max(len(document["customer"]["name"]) for document in documents) > 80
    assert any(document["customer"]["email"] is None for document in documents)
    assert any(document["shipping_address"] is None for document in documents)
    assert any(document["totals"]["total"] == 0 for document in documents)
    assert any(len(order.holds) == 2 for order in orders)
    assert {step.kind for order in orders for step in order.steps if isinstance(step, Fault)} == {
        *("drop_after", "server_error", "decline")
    }
    scripts = {"hebrew": "[א-ת]", "arabic": "[ء-ي]", "japanese": "[一-龯ぁ-ん]"}
    for letters in scripts.values():
        assert any(re.search(letters, document["customer"]["name"]) for document in documents)


def test_what_came_with_an_order_is_no_more_than_was_held(orders):
    for order in orders:
        for hold in order.holds:
            assert isinstance(hold, Hold)
            taken = sum(past.amount_minor for past in hold.past if past.kind != "refund")
            assert taken <= hold.amount_minor
            assert all(isinstance(past, Past) for past in hold.past)


@pytest.mark.parametrize("chance", [0, 7, 123_456_789, 987_654_321, 999_999_999])
@pytest.mark.parametrize(
    ("method", "carrier"),
    [
        *(("ups-ground", "ups"), ("usps-priority", "usps"), ("fedex-home", "fedex")),
        *(("dhl-express", "dhl"), ("royal-mail-48", "royal-mail")),
    ],
)
def test_a_tracking_number_s_check_digit_fits_its_carrier(method, carrier, chance):
    found = {reading.carrier: reading.check for reading in readings(number_of(method, chance))}

    assert found[carrier] == "ok"
