"""Taking in a placed order: what it stores, what it refuses, and that handing it in twice makes one order."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.db import IntegrityError

from orderwright.actions import take_in_order
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Invalid, Refused
from orderwright.orders.errors import ExternalIdTaken
from orderwright.orders.models import Order, Site
from orderwright.reads.order_list import ListQuery, read_list
from tests.support.refusals import pointers
from tests.support.rivals import look_too_early


def test_a_placed_order_is_stored_whole(order: Any, journal_kinds: Any) -> None:
    assert (order.number, order.state.slug, order.version) == ("1001", "new", 1)
    assert (order.items_minor, order.discount_minor, order.shipping_minor) == (58694, 1000, 1006)
    assert (order.tax_minor, order.total_minor, order.pieces) == (1194, 59894, 4)
    assert [(line.sku, line.quantity, line.unit_price_minor) for line in order.lines] == [
        ("TBL-OAK-45", 1, 19900),
        ("LMP-LIN-SND", 2, 4900),
        ("RUG-WOL-160", 1, 28994),
    ]
    assert [(shipment.number, len(shipment.parts)) for shipment in order.shipments] == [(1, 3)]
    assert (order.payments[0].authorised_minor, order.payments[0].held_minor) == (59894, 59894)
    assert order.payment_standing == "authorised"
    assert journal_kinds(order) == ["order.taken_in", "payment.authorised"]


def test_an_order_without_invoice_number_and_note_is_whole(take_in: Any) -> None:  # G10
    order = take_in(note=None)

    assert (order.invoice_number, order.notes) == ("", [])


def test_the_same_document_again_gives_the_same_order(clerk: Any, order: Any, document: Any) -> None:  # I12
    made = document()

    first = clerk.asks.take_in(made)
    again = clerk.asks.take_in(deepcopy(made))

    assert (first.is_new, again.is_new) == (True, False)
    assert first.number == again.number
    assert Order.objects.count() == 2


def test_another_document_under_the_same_external_id_is_refused(clerk: Any, site: Any, document: Any) -> None:
    clerk.asks.take_in(document(external_id="77"))

    with pytest.raises(ExternalIdTaken) as refused:
        clerk.asks.take_in(document(external_id="77", note="Ring twice"))

    assert refused.value.facts["number"] == "1001"
    assert Order.objects.count() == 1


def test_the_same_document_from_a_rival_who_was_a_moment_faster_gives_the_rivals_order(
    clerk: Any, site: Any, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # I12
    made = document()
    rivals = clerk.asks.take_in(made)
    look_too_early(monkeypatch, take_in_order, "_repeated", seeing=None)

    mine = clerk.asks.take_in(made)

    assert (mine.number, mine.is_new) == (rivals.number, False)
    assert Order.objects.count() == 1


def test_another_document_from_a_rival_who_was_a_moment_faster_is_refused(
    clerk: Any, site: Any, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.asks.take_in(document(external_id="77"))
    look_too_early(monkeypatch, take_in_order, "_repeated", seeing=None)

    with pytest.raises(ExternalIdTaken):
        clerk.asks.take_in(document(external_id="77", note="Ring twice"))

    assert Order.objects.count() == 1


@pytest.mark.breaks_invariants
def test_a_write_that_fails_for_another_reason_is_not_taken_for_a_repetition(
    clerk: Any, order: Any, document: Any
) -> None:
    Site.objects.update(next_number=order.number)  # as after a restore of half a backup
    made = document()
    made["payments"] = [
        {"provider": "practice", "reference": "a", "authorised": 1, "authorised_at": "2026-11-20T21:42:12Z"}
    ]

    with pytest.raises(IntegrityError):
        clerk.asks.take_in(made)

    assert Order.objects.count() == 1


def test_an_order_that_holds_money_is_not_taken_in_as_canceled(take_in: Any) -> None:  # I8
    with pytest.raises(Invalid) as refused:
        take_in(state="canceled")

    assert pointers(refused) == [("/state", "money_still_held")]
    assert Order.objects.count() == 0


def test_numbers_follow_each_other_without_a_gap_although_some_are_refused(
    clerk: Any, site: Any, document: Any
) -> None:  # I13
    clerk.asks.take_in(document())
    with pytest.raises(Invalid):
        clerk.asks.take_in(document(state="nowhere"))
    clerk.asks.take_in(document())

    assert list(Order.objects.order_by("id").values_list("number", flat=True)) == ["1001", "1002"]


def test_every_sum_that_does_not_hold_is_named_with_both_figures(clerk: Any, site: Any, document: Any) -> None:
    made = document()
    made["totals"] |= {"items": 58695, "tax": 0, "total": 1}

    with pytest.raises(Invalid) as refused:
        clerk.asks.take_in(made)

    assert pointers(refused) == [
        ("/totals/items", "does_not_add_up"),
        ("/totals/tax", "does_not_add_up"),
        ("/totals/total", "does_not_add_up"),
    ]
    assert refused.value.fields[0].message == "Given 58695, but the sum of quantity × unit price is 58694."
    assert Order.objects.count() == 0


def test_tax_that_prices_include_is_not_added(take_in: Any) -> None:
    order = take_in(prices_include_tax=True)

    assert (order.total_minor, order.tax_minor) == (58700, 1194)


@pytest.mark.parametrize(("currency", "total"), [("JPY", 12800), ("BHD", 38500), ("USD", 59894)])
def test_currencies_keep_their_own_minor_units(take_in: Any, currency: str, total: int) -> None:
    item = {"sku": "X", "name": "Thing", "quantity": 1, "unit_price": total}

    order = take_in(currency=currency, items=[item], shipping={"method": "dhl-paket"})

    assert (order.currency, order.total_minor, order.payments[0].currency) == (currency, total, currency)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"currency": "XXX"}, "/currency", "unknown_currency"),
        ({"currency": "usd"}, "/currency", "unknown_currency"),
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"site": "nowhere"}, "/site", "site_unknown"),
        ({"state": "nowhere"}, "/state", "order_state_unknown"),
        ({"state": "cancel-requested"}, "/state", "order_state_not_for_intake"),
        (
            {"shipments": [{"items": [{"item": 0, "quantity": 1}], "delivery_state": "lost"}]},
            "/shipments/0/delivery_state",
            "delivery_state_unknown",
        ),
        (
            {
                "payments": [
                    {"provider": "nobody", "reference": "1", "authorised": 1, "authorised_at": "2026-11-20T21:42:12Z"}
                ]
            },
            "/payments/0/provider",
            "provider_unknown",
        ),
        ({"placed_at": "yesterday"}, "/placed_at", "not_a_time"),
        ({"placed_at": "2026-11-20T21:42:11"}, "/placed_at", "not_a_time"),
        ({"placed_at": "2026-02-30T21:42:11Z"}, "/placed_at", "not_a_time"),
        ({"items": []}, "/items", "required"),
        ({"external_id": ""}, "/external_id", "required"),
        ({"external_id": 5532}, "/external_id", "wrong_type"),
        ({"external_id": "a\x00b"}, "/external_id", "forbidden_character"),
        ({"external_id": "a\ud800"}, "/external_id", "forbidden_character"),
        ({"external_id": "9" * 81}, "/external_id", "too_long"),
        ({"customer": {"name": "Bob", "email": "bob"}}, "/customer/email", "not_an_email"),
        ({"shipping_address": {"country": "Canada"}}, "/shipping_address/country", "not_a_country"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_pointer(
    take_in: Any, document: Any, change: dict[str, Any], pointer: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        take_in(held=0, **change)

    assert (pointer, code) in pointers(refused)
    assert Order.objects.count() == 0


@pytest.mark.parametrize("value", [1.5, "19900", True, -1, 10**12, None, [], {}])
def test_a_price_is_a_whole_number_of_minor_units(clerk: Any, site: Any, document: Any, value: Any) -> None:
    made = document()
    made["items"][1]["unit_price"] = value

    with pytest.raises(Invalid) as refused:
        clerk.asks.take_in(made)

    assert refused.value.fields[0].pointer == "/items/1/unit_price"
    assert Order.objects.count() == 0


def test_a_card_number_is_never_accepted(take_in: Any, clerk: Any, document: Any) -> None:  # W14
    made = document()
    made["payments"] = [
        {
            "provider": "practice",
            "reference": "4242 4242 4242 4242",
            "method": {"type": "card", "brand": "visa", "last4": "424242"},
            "authorised": 59894,
            "authorised_at": "2026-11-20T21:42:12Z",
        }
    ]

    with pytest.raises(Invalid) as refused:
        clerk.asks.take_in(made)

    assert ("/payments/0/method/last4", "too_long") in pointers(refused)
    assert ("/payments/0/reference", "card_number_refused") in pointers(refused)


def test_shipments_and_payments_may_have_a_history(clerk: Any, site: Any, document: Any) -> None:
    made = document(state="processing", invoice_number="INV-2026-0871", note="Ring twice", tags=["gift"])
    made["shipments"] = [
        {
            "method": "UPS Ground",
            "tracking_numbers": ["1Z 999 AA1 01 2345 6784"],
            "delivery_state": "shipped",
            "sent_at": "2026-11-21T08:00:00Z",
            "items": [{"item": 0, "quantity": 1}, {"item": 1, "quantity": 1}],
        }
    ]
    made["payments"] = [
        {
            "provider": "shopify",
            "reference": "5001",
            "authorised": 59894,
            "authorised_at": "2026-11-20T21:42:12Z",
            "transactions": [
                {"kind": "capture", "amount": 30000, "reference": "5002", "at": "2026-11-20T22:00:00Z"},
                {"kind": "refund", "amount": 1000, "reference": "5003", "parent": "5002", "at": "2026-11-20T23:00:00Z"},
            ],
        }
    ]

    order = clerk.sees(clerk.asks.take_in(made).number)

    assert [(s.number, [p.quantity for p in s.parts]) for s in order.shipments] == [(1, [1, 1]), (2, [1, 1])]
    assert (order.shipments_total, order.shipments_sent) == (2, 1)
    assert (order.payments[0].captured_minor, order.payments[0].refunded_minor) == (30000, 1000)
    assert order.payment_standing == "partly_refunded"
    assert order.notes[0].text == "Ring twice"


def test_a_history_that_takes_more_than_was_held_is_refused(clerk: Any, site: Any, document: Any) -> None:
    made = document()
    made["payments"] = [
        {
            "provider": "shopify",
            "reference": "5001",
            "authorised": 100,
            "authorised_at": "2026-11-20T21:42:12Z",
            "transactions": [
                {"kind": "capture", "amount": 60, "reference": "a", "at": "2026-11-20T22:00:00Z"},
                {"kind": "capture", "amount": 41, "reference": "b", "at": "2026-11-20T22:00:00Z"},
            ],
        }
    ]

    with pytest.raises(Invalid) as refused:
        clerk.asks.take_in(made)

    assert pointers(refused) == [("/payments/0/transactions/1/amount", "out_of_range")]


def test_an_order_is_found_by_a_piece_of_what_it_carries(order: Any, now: Any) -> None:
    for piece in (
        "norman@mail",
        "6135550174",
        "613-555-0174",
        "(613) 555 01 74",
        "lmp-lin",
        order.external_id,
        "C-882",
        f"#{order.number}",
        "bob n",
    ):
        assert [row.number for row in read_list(ListQuery(q=piece), now=now, actor=SYSTEM).items] == [order.number], (
            piece
        )


def test_a_viewer_hands_in_nothing(viewer: Any, site: Any, document: Any, now: Any) -> None:
    with pytest.raises(Refused):
        take_in_order.run(document=document(), actor=viewer.actor, now=now)

    assert Order.objects.count() == 0


def test_the_number_of_statements_does_not_grow_with_the_lines(
    clerk: Any, site: Any, document: Any, statements: Any
) -> None:
    clerk.asks.take_in(document())
    item = {"sku": "X", "name": "Thing", "quantity": 1, "unit_price": 100}

    with statements() as few:
        clerk.asks.take_in(document(items=[item]))
    with statements() as many:
        clerk.asks.take_in(document(items=[item | {"sku": f"X{at}"} for at in range(60)]))

    assert few.count == many.count == 17
