"""Sync Payments: what was missed is appended, nothing old is rewritten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import settle_operation
from orderwright.core.errors import Conflict, Refused
from orderwright.payments.gateways.practice import PracticeGateway


def test_what_was_done_at_the_provider_is_appended(clerk: Any, order: Any, practice: Any) -> None:  # G22
    reference = order.payments[0].reference
    taken = practice.capture_by_hand(reference, 20000)
    practice.refund_by_hand(taken, 500)

    synced = clerk.sync_payments(order)

    found = [(entry.kind, entry.amount_minor, entry.is_applied) for entry in clerk.result.found]
    assert found == [("capture", 20000, True), ("refund", 500, True)]
    assert [(row.kind, row.amount_minor, row.origin) for row in synced.payments[0].transactions] == [
        ("authorise", 59894, "intake"),
        ("capture", 20000, "provider"),
        ("refund", 500, "provider"),
    ]
    assert (synced.payments[0].captured_minor, synced.payments[0].refunded_minor) == (20000, 500)


def test_syncing_again_finds_nothing_more(clerk: Any, order: Any, practice: Any) -> None:
    practice.capture_by_hand(order.payments[0].reference, 20000)
    first = clerk.sync_payments(order)

    again = clerk.sync_payments(first)

    assert clerk.result.found == ()
    assert again.payments[0].transactions == first.payments[0].transactions


def test_our_own_captures_are_not_taken_for_somebody_elses(clerk: Any, order: Any) -> None:
    captured = clerk.capture(order, 30900)

    synced = clerk.sync_payments(captured)

    assert clerk.result.found == ()
    assert synced.payments[0].transactions == captured.payments[0].transactions


def test_it_settles_a_call_whose_outcome_was_unknown(clerk: Any, order: Any, practice: Any) -> None:
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)

    synced = clerk.sync_payments(order)

    assert [(result.kind, result.state) for result in clerk.result.settled] == [("capture", "succeeded")]
    assert (synced.payments[0].captured_minor, synced.payments[0].pending_minor) == (30900, 0)


def test_a_provider_that_does_not_answer_changes_nothing(clerk: Any, order: Any, practice: Any) -> None:
    practice.fault("server_error", "lookup")

    synced = clerk.sync_payments(order)

    assert clerk.result.unreachable
    assert synced.payments[0].transactions == order.payments[0].transactions


def test_a_look_up_whose_process_died_is_closed_by_the_worker(
    clerk: Any, order: Any, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    def die(self: PracticeGateway, reference: str) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(PracticeGateway, "look_up", die)
    with pytest.raises(KeyboardInterrupt):
        clerk.sync_payments(order)
    later = now + timedelta(minutes=5)

    (key,) = settle_operation.due(now=later)

    assert settle_operation.run(key=key, now=later).state == "failed"
    assert settle_operation.due(now=later) == []


def test_an_order_without_a_payment_has_nothing_to_sync(clerk: Any, take_in: Any) -> None:
    with pytest.raises(Conflict) as refused:
        clerk.sync_payments(take_in(held=0))

    assert refused.value.code == "nothing_to_sync"


def test_a_viewer_may_not(viewer: Any, order: Any) -> None:
    with pytest.raises(Refused):
        viewer.sync_payments(order)
