"""Bugs that other order and payment systems had, each shown not to be here; docs/reliability.md names all of them."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connections

from orderwright.core.errors import Conflict
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation
from orderwright.shipping.models import ShipmentPart
from tests.support.rivals import at_once
from tests.support.rounds import rounds

pytestmark = pytest.mark.fault


def seen_from_outside(read):
    """Return what another process would read now: another connection, in no transaction of ours."""
    found = []

    def look():
        found.append(read())
        connections.close_all()

    looking = threading.Thread(target=look)
    looking.start()
    looking.join(30)
    return found[0]


def test_a_call_is_claimed_durably_before_it_is_made(order, clerk, monkeypatch):
    """A provider was called before anything was recorded, so a crash forgot it (open-mercato/open-mercato#4036).

    Vendure 3.7.3 does the same when it captures (seen by trying it).
    """
    plain, claims = PracticeGateway.send, []

    def send(self, call):
        claims.append(seen_from_outside(lambda: list(Operation.objects.values_list("key", "state", "amount_minor"))))
        return plain(self, call)

    monkeypatch.setattr(PracticeGateway, "send", send)

    clerk.capture(order, 20000)

    operation = Operation.objects.get()
    assert claims == [[(operation.key, "sent", 20000)]]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda desk, order: desk.capture(order, 100), "order_canceled"),
        (lambda desk, order: desk.refund(order, other=100), "all_refunded"),
        (lambda desk, order: desk.reverse_hold(order), "cancellation_under_way"),
        (lambda desk, order: desk.update_shipment(order, method="pick-up"), "order_state_locks_shipments"),
        (lambda desk, order: desk.set_delivery_state(order, "TBL-OAK-45", "shipped"), "order_state_locks_shipments"),
        (lambda desk, order: desk.cancel(order), "order_canceled"),
    ],
    ids=["charge", "refund", "reverse", "ship", "send", "cancel"],
)
def test_a_canceled_order_is_neither_charged_nor_sent(take_in, clerk, practice, act, code):
    """Saleor 3.23.28 charges and fulfils canceled orders (seen by trying it)."""
    order = clerk.cancel(clerk.capture(take_in(), 20000))
    before = practice.effects(order)

    with pytest.raises(Conflict) as refused:
        act(clerk, order)

    assert refused.value.code == code
    assert practice.effects(order) == before
    assert clerk.sees(order) == order


def test_a_canceled_order_keeps_its_totals(order, clerk):
    """Vendure 3.7.3 rewrites a canceled order's total to 0.00 (seen by trying it)."""
    after = clerk.cancel(order)

    assert (after.items_minor, after.discount_minor, after.tax_minor, after.total_minor) == (58694, 1000, 1194, 59894)


def test_nothing_of_a_hold_can_be_captured_after_a_partly_captured_order_was_canceled(take_in, clerk, practice):
    """Medusa 2.21.2 leaves the rest of the hold capturable (seen by trying it)."""
    order = clerk.cancel(clerk.capture(take_in(), 20000))

    shown = practice.look_up(order.payments[0].reference)

    assert practice.effects(order) == [("capture", 20000), ("reversal", 39894), ("refund", 20000)]
    with pytest.raises(AssertionError, match="hold_reversed"):
        practice.capture_by_hand(shown["id"], 1)


@pytest.mark.race
def test_eight_who_send_the_same_pieces_at_once_send_them_once(take_in, clerk):
    """Medusa 2.21.2 lets six of eight simultaneous fulfilments of the same pieces through (seen by trying it)."""
    for _ in rounds(5):
        order = take_in()

        outcomes = at_once(
            [
                partial(
                    clerk.asks.update_shipment,
                    order,
                    items={"LMP-LIN-SND": 2},
                    method="pick-up",
                    version=order.version,
                )
            ]
            * 8
        )

        pieces = ShipmentPart.objects.filter(line__order_id=order.id, line__sku="LMP-LIN-SND")
        assert outcomes.count("done") == 1
        assert sum(pieces.values_list("quantity", flat=True)) == 2
        assert clerk.sees(order).version == order.version + 1


def test_a_refund_is_never_above_what_was_charged_whatever_is_named(take_in, clerk, practice):
    """Refund grants above what was charged were accepted (saleor/saleor#19645)."""
    order = clerk.capture(take_in(), 10000)

    for wish in ({"other": 10001}, {"items": {"RUG-WOL-160": 1}}, {"other": 9500, "shipping": 1006}):
        with pytest.raises(Exception, match="can be refunded") as refused:
            clerk.refund(order, **wish)
        assert refused.value.code == "refund_invalid"

    assert practice.effects(order) == [("capture", 10000)]


@pytest.mark.race
def test_a_decline_against_a_second_try_leaves_one_capture(take_in, both_at_once, clerk, colleague, practice):
    """A payment that failed was confirmed in the same moment (pretix/pretix#1572)."""
    for _ in rounds(5):
        order = take_in()
        practice.fault("decline", "capture")

        outcomes = both_at_once(partial(clerk.asks.capture, order), partial(colleague.asks.capture, order))

        captured = clerk.sees(order).payments[0].captured_minor
        assert set(outcomes) <= {"captured", "card_declined", "payment_under_way"}
        assert practice.effects(order) == ([("capture", 59894)] if captured else [])
        assert captured == (59894 if "captured" in outcomes else 0)
        practice.clear_faults()
