"""Each guard that keeps rivals apart suffices on its own, and without them the races of this folder show."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.db import IntegrityError

from orderwright.actions import capture
from orderwright.orders.models import Order
from orderwright.payments import ledger
from orderwright.payments.models import Payment
from tests.support.rivals import word_for
from tests.support.rounds import rounds

pytestmark = pytest.mark.race


def named(act):
    """Return an act whose unforeseen errors are outcomes by name."""

    def acting():
        try:
            return word_for(act())
        except (RuntimeError, IntegrityError) as error:
            return type(error).__name__

    return acting


def check_before_the_transaction(monkeypatch, order):
    """Let the action decide on what was read before it began, as guards in a web layer do."""
    monkeypatch.setattr(capture, "read_order", lambda **_asked: order)


def no_lock(monkeypatch):
    """Let the action read the order's row without locking it."""
    monkeypatch.setattr(capture, "lock_order", lambda *, number, **_more: Order.objects.get(number=number))


def no_guard_in_the_update(monkeypatch, order):
    """Let the reservation be written from what was read before, without a condition."""

    def reserve(*, payment_id, kind, amount_minor):
        seen = order.payment(payment_id).pending_minor
        return bool(Payment.objects.filter(pk=payment_id).update(pending_minor=seen + amount_minor))

    monkeypatch.setattr(ledger, "reserve", reserve)


@pytest.mark.breaks_invariants
def test_a_read_a_check_and_a_write_let_both_win(take_in, both_at_once):
    """The canary: were rivals not really at it in the same instant, nobody would see a race where there is one."""

    def read_check_write():
        payment = Payment.objects.get(order_id=order.id)
        if payment.authorised_minor - payment.pending_minor < order.total_minor:
            return "refused"
        Payment.objects.filter(pk=payment.pk).update(pending_minor=payment.pending_minor + order.total_minor)
        return "won"

    outcomes = []
    for _ in rounds(20):
        order = take_in()
        outcomes.append(both_at_once(read_check_write))

    assert ["won", "won"] in outcomes


@pytest.mark.breaks_invariants
def test_without_its_guards_the_capture_shows_the_race(take_in, both_at_once, clerk, colleague, monkeypatch):
    """The canary of the capture itself: what test_money_races asserts of every round does not hold any more."""
    outcomes = []
    for _ in rounds(5):
        order = take_in()
        check_before_the_transaction(monkeypatch, order)
        no_lock(monkeypatch)
        no_guard_in_the_update(monkeypatch, order)

        outcomes += both_at_once(
            named(partial(clerk.asks.capture, order)), named(partial(colleague.asks.capture, order))
        )

    assert set(outcomes) - {"captured", "payment_under_way", "nothing_held"}


def test_the_look_under_the_lock_suffices_without_a_guard_in_the_update(
    take_in, both_at_once, clerk, colleague, practice, monkeypatch
):
    for _ in rounds(10):
        order = take_in()
        no_guard_in_the_update(monkeypatch, order)

        outcomes = both_at_once(partial(clerk.asks.capture, order), partial(colleague.asks.capture, order))

        assert outcomes.count("captured") == 1
        assert set(outcomes) - {"captured"} <= {"payment_under_way", "nothing_held"}
        assert practice.effects(order) == [("capture", 59894)]


def test_the_guard_in_the_update_suffices_when_the_check_came_too_early(
    take_in, both_at_once, clerk, colleague, practice, monkeypatch
):
    for _ in rounds(10):
        order = take_in()
        check_before_the_transaction(monkeypatch, order)

        outcomes = both_at_once(partial(clerk.asks.capture, order), partial(colleague.asks.capture, order))

        assert sorted(outcomes) == ["captured", "nothing_left"]
        assert practice.effects(order) == [("capture", 59894)]


def test_the_versions_and_the_journal_suffice_without_the_lock(
    take_in, both_at_once, clerk, colleague, practice, monkeypatch
):
    no_lock(monkeypatch)
    seen = Counter()
    for _ in rounds(10):
        order = take_in()

        outcomes = both_at_once(
            named(partial(clerk.asks.capture, order, 20000)), named(partial(colleague.asks.capture, order, 20000))
        )

        seen.update(outcomes)
        assert set(outcomes) <= {"captured", "RuntimeError", "IntegrityError"}
        assert practice.effects(order) == [("capture", 20000)] * outcomes.count("captured")

    assert seen["captured"] >= len(rounds(10))


@pytest.mark.breaks_invariants
def test_the_database_suffices_when_no_code_of_ours_looks(take_in, clerk, colleague, monkeypatch):
    order = take_in()
    clerk.asks.capture(order, 40000)
    check_before_the_transaction(monkeypatch, order)
    monkeypatch.setattr(
        ledger,
        "reserve",
        lambda *, payment_id, **_more: Payment.objects.filter(pk=payment_id).update(pending_minor=40000),
    )

    with pytest.raises(IntegrityError, match="captured_released_pending_within_authorised"):
        colleague.asks.capture(order, 40000)
