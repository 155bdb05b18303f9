"""Sync Payments: what was missed is appended, nothing old is rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.actions import settle_by_hand, settle_operation
from orderwright.core.errors import Conflict, Refused
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Drift, Operation
from tests.factories.orders import payment
from tests.support.practice import rfc3339
from tests.support.rounds import rounds


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


def test_a_dispute_and_that_it_was_won_arrive_as_movements_of_the_provider(
    clerk: Any, order: Any, practice: Any
) -> None:
    taken = practice.capture_by_hand(order.payments[0].reference, 20000)
    dispute = practice.dispute(taken, 20000)
    disputed = clerk.sync_payments(order)
    assert [(row.kind, row.amount_minor, row.origin) for row in disputed.payments[0].transactions][2:] == [
        ("dispute", 20000, "provider")
    ]
    # The bank has given the money back: it cannot be refunded a second time.
    assert disputed.payments[0].refunded_minor == 20000
    with pytest.raises(Conflict):
        clerk.refund(disputed, other=1)

    practice.win_dispute(dispute)
    won = clerk.sync_payments(disputed)

    assert [(row.kind, row.amount_minor, row.origin) for row in won.payments[0].transactions][3:] == [
        ("dispute_won", 20000, "provider")
    ]
    assert won.payments[0].refunded_minor == 0
    assert clerk.refund(won, other=500).payments[0].refunded_minor == 500


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


def test_only_showing_books_nothing(clerk: Any, order: Any, practice: Any, journal_kinds: Any) -> None:
    practice.capture_by_hand(order.payments[0].reference, 20000)
    before = journal_kinds(order)

    shown = clerk.sync_payments(order, apply=False)

    found = [(entry.kind, entry.amount_minor, entry.fits, entry.is_applied) for entry in clerk.result.found]
    assert found == [("capture", 20000, True, False)]
    assert (shown.payments[0].captured_minor, shown.version) == (0, order.version)
    assert journal_kinds(order) == before


def test_a_reversal_of_ours_that_is_under_way_is_no_difference_where_the_provider_names_no_keys(
    clerk: Any, order: Any, practice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.fault("drop_after", "reversal")
    clerk.reverse_hold(order)
    ask = PracticeGateway.look_up

    def ask_without_keys(self: PracticeGateway, reference: str) -> Any:
        observed = ask(self, reference)
        return replace(observed, movements=tuple(replace(one, key="") for one in observed.movements))

    monkeypatch.setattr(PracticeGateway, "look_up", ask_without_keys)

    clerk.sync_payments(order, apply=False)

    assert clerk.result.found == ()
    assert Operation.objects.get(kind="reverse").state == "unknown"


def test_what_contradicts_the_books_becomes_a_difference_once(
    clerk: Any, order: Any, practice: Any, journal_kinds: Any
) -> None:
    reference = order.payments[0].reference
    practice.fault("drop_before", "capture")
    clerk.capture(order, 30000)  # reserved, whatever becomes of it
    taken = practice.capture_by_hand(reference, 40000)

    synced = clerk.sync_payments(order)
    again = clerk.sync_payments(synced)

    assert [(entry.kind, entry.fits, entry.is_applied) for entry in clerk.result.found] == [("capture", False, False)]
    assert synced.payments[0].captured_minor == again.payments[0].captured_minor == 0
    (row,) = Drift.objects.all()
    assert (row.kind, row.provider_ref, row.there_minor, row.here_minor) == ("capture", taken, 40000, None)
    assert row.state == "open"
    assert journal_kinds(order).count("payment.differs_at_provider") == 1


def test_what_the_provider_does_not_show_becomes_a_difference(take_in: Any, clerk: Any, practice: Any) -> None:
    reference = practice.authorise(59894, at=clerk.now)
    made_up = {"kind": "capture", "amount": 500, "reference": "cap_gone", "parent": None, "at": rfc3339(clerk.now)}
    order = take_in(payments=[payment(reference, 59894, at=clerk.now, transactions=[made_up])])

    clerk.sync_payments(order)

    (row,) = Drift.objects.all()
    assert (row.kind, row.provider_ref, row.there_minor, row.here_minor) == ("capture", "cap_gone", None, 500)


def test_a_hold_of_another_amount_is_a_difference(take_in: Any, clerk: Any, practice: Any) -> None:
    reference = practice.authorise(60000, at=clerk.now)
    order = take_in(payments=[payment(reference, 59894, at=clerk.now)])

    clerk.sync_payments(order)

    (row,) = Drift.objects.all()
    assert (row.kind, row.there_minor, row.here_minor) == ("authorise", 60000, 59894)


def test_a_difference_that_fits_by_now_is_booked_by_the_next_sync(
    clerk: Any, order: Any, practice: Any, journal_kinds: Any
) -> None:
    practice.fault("drop_before", "capture")
    clerk.capture(order, 30000)
    key = clerk.result.key
    practice.capture_by_hand(order.payments[0].reference, 40000)
    clerk.sync_payments(order)
    Operation.objects.filter(key=key).update(state="manual", due_at=None)
    settle_by_hand.run(key=key, happened=False, reason="Not there.", actor=clerk.actor, now=clerk.now)

    synced = clerk.sync_payments(order)

    assert synced.payments[0].captured_minor == 40000
    assert Drift.objects.get().state == "accepted"
    assert journal_kinds(order)[-1] == "payment.found_at_provider"


def test_a_difference_that_is_no_more_is_closed_by_itself(clerk: Any, order: Any, journal_kinds: Any) -> None:
    Drift.objects.create(
        payment_id=order.payments[0].id,
        kind="capture",
        provider_ref="cap_9",
        there_minor=500,
        currency="USD",
        found_at=clerk.now,
    )

    clerk.sync_payments(order)

    assert Drift.objects.get().state == "gone"
    assert journal_kinds(order)[-1] == "payment.drift_gone"


def test_two_who_sync_at_once_book_what_they_find_once(
    clerk: Any, colleague: Any, take_in: Any, practice: Any, both_at_once: Any
) -> None:
    for _ in rounds(10):
        order = take_in()
        practice.capture_by_hand(order.payments[0].reference, 20000)

        both_at_once(partial(clerk.asks.sync_payments, order), partial(colleague.asks.sync_payments, order))

        assert clerk.sees(order).payments[0].captured_minor == 20000


def test_a_sync_against_a_capture_finds_no_difference(  # FC3
    clerk: Any, colleague: Any, take_in: Any, both_at_once: Any
) -> None:
    for _ in rounds(15):
        order = take_in()

        both_at_once(partial(clerk.asks.sync_payments, order), partial(colleague.asks.capture, order, 20000))

        assert clerk.sees(order).payments[0].captured_minor == 20000
        assert not Drift.objects.exists()


def test_a_difference_that_comes_back_is_open_again(clerk: Any, take_in: Any, practice: Any) -> None:
    reference = practice.authorise(60000, at=clerk.now)
    order = take_in(payments=[payment(reference, 59894, at=clerk.now)])
    clerk.sync_payments(order)
    Drift.objects.update(state="gone", decided_at=clerk.now)

    clerk.sync_payments(order)

    row = Drift.objects.get()
    assert (row.state, row.decided_at) == ("open", None)


def test_only_showing_says_when_a_provider_is_silent(clerk: Any, order: Any, practice: Any) -> None:
    practice.fault("server_error", "lookup")

    clerk.sync_payments(order, apply=False)

    assert clerk.result.unreachable
    assert clerk.result.bookable == clerk.result.found == ()
