"""A provider that gives no usable answer: the outcome is unknown, the money stays reserved, it settles by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderwright.actions import settle_operation
from orderwright.core.errors import Conflict
from orderwright.outbox.models import Mail
from orderwright.payments.models import Operation, ProviderAccount
from tests.support.rounds import rounds
from tests.support.settling import settle_until_quiet

pytestmark = pytest.mark.fault

# No usable answer, and the money did not move.
WITHOUT_EFFECT = ("hang_before", "drop_before", "server_error", "busy", "conflict")
# No usable answer, and the money did move.
WITH_EFFECT = ("hang", "late", "drop_after", "server_error_after", "malformed", "truncated")
# These keep the desk waiting until it gives up.
SLOW = ("hang", "hang_before", "late")


def seconds_for(kind):
    return {"seconds": 3} if kind in SLOW else {}


@pytest.fixture
def begin(clerk, take_in, practice):
    """Begin a capture, a reversal or a refund of 200 dollars, as part of what it belongs to; return order and effects.

    The effects are those that there are in the end, once.
    """

    def capture():
        order = take_in()
        return order, lambda: clerk.capture(order, 20000), [("capture", 20000)]

    def reversal():
        order = clerk.capture(take_in(), 39894)
        effects = [("capture", 39894), ("reversal", 20000), ("refund", 39894)]
        return order, lambda: clerk.cancel(order, email=True), effects

    def refund():
        order = clerk.capture(take_in(held=[39894, 20000]))
        order = clerk.capture(order, payment=order.payments[1])
        effects = [("capture", 39894), ("capture", 20000), ("refund", 39894), ("refund", 20000)]
        return order, lambda: clerk.cancel(order, email=True), effects

    return {"capture": capture, "reversal": reversal, "refund": refund}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("on", ["capture", "reversal", "refund"])
@pytest.mark.parametrize("kind", [*WITHOUT_EFFECT, *WITH_EFFECT])
def test_no_usable_answer_settles_by_itself_with_one_effect(begin, on, kind, practice, clerk, figure):  # FG1, FG2, FG4
    for _ in rounds(1):
        order, act, effects = begin[on]()
        practice.fault(kind, on, **seconds_for(kind))

        waiting = act()

        assert waiting.payment_standing == "unknown"
        (call,) = [row for payment in waiting.payments for row in payment.operations if row.state == "unknown"]
        assert (call.failure_code, call.attempts) == ("no_answer", 1)
        assert call.failure_message
        missing = 1 if kind in WITHOUT_EFFECT else 0
        # Legs behind the one without an answer are the worker's: a clerk waits for one hanging call, not for each.
        first = [effect for effect, _amount in effects].index(on)
        assert len(practice.effects(order)) == first + 1 - missing

        settle_until_quiet(clerk.now)

        after = clerk.sees(order)
        wrong = sorted(practice.effects(order)) != sorted(effects)
        figure("FG4", "eleven ways to give no usable answer, at each of three calls", cases=1, wrong=int(wrong))
        assert sorted(practice.effects(order)) == sorted(effects)
        assert {row.state for payment in after.payments for row in payment.operations} == {"succeeded"}
        assert sum(payment.pending_minor + payment.refund_pending_minor for payment in after.payments) == 0
        if on != "capture":
            assert (after.state.slug, after.cancellation.state) == ("canceled", "done")
            assert Mail.objects.filter(order_id=order.id).count() == 1


def test_an_outcome_that_is_unknown_keeps_its_money_reserved_and_the_order_from_being_canceled(
    take_in, practice, clerk, colleague, journal_kinds
):
    order = take_in()
    practice.fault("drop_before", "capture")
    waiting = clerk.capture(order, 40000)

    assert waiting.payments[0].pending_minor == 40000
    assert waiting.payments[0].free_minor == 19894
    with pytest.raises(Conflict) as refused:
        colleague.cancel(waiting)
    assert refused.value.code == "payment_under_way"
    assert journal_kinds(order)[-2:] == ["payment.capture_prepared", "payment.outcome_unknown"]

    # What is not reserved can still be captured meanwhile.
    colleague.capture(waiting)
    settle_until_quiet(clerk.now)

    assert sorted(practice.effects(order)) == [("capture", 19894), ("capture", 40000)]
    assert clerk.sees(order).payment_standing == "captured"


def test_a_provider_that_is_down_for_an_hour_is_asked_less_and_less_often_under_one_key(take_in, practice, clerk):
    order = take_in()
    practice.fault("drop_before", "capture", times=1000)
    clerk.capture(order, 20000)
    (key,) = Operation.objects.values_list("key", flat=True)

    now = clerk.now
    while now < clerk.now + timedelta(hours=1):
        now += timedelta(seconds=10)
        for due in settle_operation.due(now=now):
            settle_operation.run(key=due, now=now)
    assert 5 < Operation.objects.get().attempts < 30
    practice.clear_faults()
    settle_until_quiet(now)

    assert practice.effects(order) == [("capture", 20000)]
    assert practice.movements(order.payments[0].reference)[0]["idempotency_key"] == key


def test_an_effect_that_comes_a_minute_after_the_connection_broke_comes_once(take_in, practice, clerk):  # FG3
    order = take_in()
    practice.fault("late_effect", "capture", seconds=60)
    waiting = clerk.capture(order, 20000)
    assert (waiting.payment_standing, practice.effects(order)) == ("unknown", [])

    # Repeating the call now meets the first one, still running: that is no reason for a second.
    later = clerk.now + timedelta(minutes=2)
    (key,) = settle_operation.due(now=later)
    assert settle_operation.run(key=key, now=later).state == "unknown"
    practice.advance(timedelta(minutes=3))
    settle_until_quiet(later)

    assert practice.effects(order) == [("capture", 20000)]
    assert clerk.sees(order).payments[0].captured_minor == 20000


@pytest.mark.parametrize("kind", ["wrong_amount", "wrong_currency"])
def test_an_answer_that_names_other_money_is_never_booked_and_waits_for_a_person(take_in, practice, clerk, kind):  # FG4
    order = take_in()
    practice.fault(kind, "capture")

    waiting = clerk.capture(order, 20000)

    (call,) = waiting.payments[0].operations
    assert (call.state, call.failure_code) == ("manual", "wrong_echo")
    assert (waiting.payments[0].captured_minor, waiting.payments[0].pending_minor) == (0, 20000)
    assert waiting.payment_standing == "unknown"

    # The person asks the provider again, which now says what was asked for.
    after = clerk.sync_payments(waiting)

    assert [(row.state, row.amount_minor) for row in after.payments[0].operations] == [("succeeded", 20000)]
    assert (after.payments[0].captured_minor, after.payments[0].pending_minor) == (20000, 0)
    assert practice.effects(order) == [("capture", 20000)]


def test_a_decline_is_final_frees_the_money_and_keeps_the_hold(take_in, practice, clerk, journal_kinds):
    order = take_in()
    practice.fault("decline", "capture")

    declined = clerk.capture(order, 20000)

    (call,) = declined.payments[0].operations
    assert (call.state, call.failure_code, bool(call.failure_message)) == ("failed", "card_declined", True)
    assert (declined.payments[0].free_minor, declined.payment_standing) == (59894, "authorised")
    assert journal_kinds(order)[-1] == "payment.capture_failed"
    assert settle_operation.due(now=clerk.now + timedelta(days=1)) == []

    assert clerk.capture(declined, 20000).payments[0].captured_minor == 20000
    assert practice.effects(order) == [("capture", 20000)]


def test_a_sync_settles_at_once_what_the_worker_would_settle_later(take_in, practice, clerk):  # G22
    order = take_in()
    practice.fault("drop_after", "capture")
    clerk.capture(order, 20000)

    after = clerk.sync_payments(order)

    assert [row.state for row in after.payments[0].operations] == ["succeeded"]
    assert [(row.kind, row.state) for row in clerk.result.settled] == [("capture", "succeeded")]
    assert practice.effects(order) == [("capture", 20000)]
    assert settle_operation.due(now=clerk.now + timedelta(days=1)) == []


def test_a_leg_that_is_declined_leaves_the_cancellation_open_until_somebody_resumes_it(take_in, practice, clerk):  # G28
    order = clerk.capture(take_in(), 20000)
    practice.fault("decline", "refund")

    waiting = clerk.cancel(order, email=True)

    assert (waiting.state.slug, waiting.cancellation.state) == ("cancel-requested", "failed")
    assert sorted((leg.kind, leg.state) for leg in waiting.legs) == [("refund", "failed"), ("reverse", "succeeded")]
    assert Mail.objects.count() == 0

    after = clerk.resume_cancellation(waiting)

    assert (after.state.slug, after.cancellation.state) == ("canceled", "done")
    assert (after.cancellation.refunded_minor, after.cancellation.reversed_minor) == (20000, 39894)
    assert practice.effects(order) == [("capture", 20000), ("reversal", 39894), ("refund", 20000)]
    assert Mail.objects.count() == 1


# When the provider has forgotten the key ------------------------------------------------------------------------------


def test_after_the_providers_memory_has_run_out_its_books_tell_that_the_money_moved(take_in, practice, clerk):
    order = take_in()
    practice.fault("drop_after", "capture")
    clerk.capture(order, 20000)
    (key,) = Operation.objects.values_list("key", flat=True)

    result = settle_operation.run(key=key, now=clerk.now + timedelta(hours=25))

    assert (result.state, practice.effects(order)) == ("succeeded", [("capture", 20000)])


def test_after_the_providers_memory_has_run_out_nothing_is_tried_again_and_a_person_is_asked(take_in, practice, clerk):
    order = take_in()
    practice.fault("drop_before", "capture")
    clerk.capture(order, 20000)
    (key,) = Operation.objects.values_list("key", flat=True)

    result = settle_operation.run(key=key, now=clerk.now + timedelta(hours=25))

    assert (result.state, result.failure_code) == ("manual", "needs_person")
    assert clerk.sees(order).payments[0].pending_minor == 20000
    assert practice.effects(order) == []
    assert settle_operation.due(now=clerk.now + timedelta(days=9)) == []


def test_a_look_up_without_an_answer_is_tried_again_later_and_not_at_once(take_in, practice, clerk):
    order = take_in()
    practice.fault("drop_after", "capture")
    clerk.capture(order, 20000)
    practice.fault("drop_before", "lookup")
    later = clerk.now + timedelta(hours=25)
    (key,) = settle_operation.due(now=later)

    assert settle_operation.run(key=key, now=later).state == "unknown"

    assert settle_operation.due(now=later) == []
    settle_until_quiet(later)
    assert practice.effects(order) == [("capture", 20000)]
    assert clerk.sees(order).payments[0].captured_minor == 20000


# Anything at all -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_goes_wrong_with_a_third_of_all_calls_the_books_are_right_in_the_end(take_in, practice, clerk, seed):
    kinds = [kind for kind in (*WITHOUT_EFFECT, *WITH_EFFECT, "decline", "wrong_amount") if kind not in SLOW]
    # When an account is left alone is another matter, with tests of its own.
    ProviderAccount.objects.update(breaker_failures=30_000)
    orders = []
    for turn in rounds(12):
        practice.clear_faults()
        orders.append(take_in(held=[30000, 29894]))
        practice.seed_faults(seed=seed * 1000 + turn, rate=0.33, kinds=kinds)
        order = clerk.capture(orders[-1], 20000)
        if order.payments[1].free_minor:
            order = clerk.capture(order, payment=order.payments[1])
        now = settle_until_quiet(clerk.now)
        for _attempt in range(20):
            order = clerk.at(now).sync_payments(order)
            if order.payment_standing != "unknown":
                break
        if turn % 2:
            order = clerk.at(now).cancel(order)
            for _attempt in range(20):
                now = settle_until_quiet(now)
                order = clerk.at(now).sync_payments(order)
                if order.cancellation.state == "failed":
                    order = clerk.at(now).resume_cancellation(order)

    for turn, order in enumerate(orders):
        after = clerk.sees(order)
        assert {row.state for payment in after.payments for row in payment.operations} <= {"succeeded", "failed"}
        assert after.state.slug == ("canceled" if turn % 2 else "new")


# Where the provider's books say something else -----------------------------------------------------------------------


def test_a_hold_that_ran_out_is_booked_as_gone_and_the_order_is_canceled(take_in, practice, clerk):
    order = clerk.capture(take_in(expires_in=timedelta(hours=1)), 20000)
    practice.advance(timedelta(hours=2))

    after = clerk.at(timedelta(hours=2)).cancel(order)

    assert (after.state.slug, after.cancellation.state) == ("canceled", "done")
    assert practice.effects(order) == [("capture", 20000), ("refund", 20000)]
    assert (after.payments[0].released_minor, after.payments[0].refunded_minor) == (39894, 20000)


def test_a_hold_reversed_at_the_provider_itself_is_found_by_a_sync_and_the_cancellation_resumed(
    take_in, practice, clerk
):
    order = take_in()
    practice.reverse_by_hand(order.payments[0].reference)

    waiting = clerk.cancel(order)
    assert (waiting.cancellation.state, waiting.legs[0].failure_code) == ("failed", "nothing_to_release")
    after = clerk.resume_cancellation(clerk.sync_payments(waiting))

    assert (after.state.slug, after.cancellation.state) == ("canceled", "done")
    assert practice.effects(order) == [("reversal", 59894)]


def test_a_capture_made_at_the_provider_itself_is_found_by_a_sync_and_refunded(take_in, practice, clerk):
    order = take_in()
    practice.capture_by_hand(order.payments[0].reference, 59894)

    waiting = clerk.cancel(order)
    assert (waiting.cancellation.state, waiting.legs[0].failure_code) == ("failed", "nothing_to_release")
    after = clerk.resume_cancellation(clerk.sync_payments(waiting))

    assert (after.state.slug, after.cancellation.refunded_minor) == ("canceled", 59894)
    assert practice.effects(order) == [("capture", 59894), ("refund", 59894)]
