"""Two or more who move the same order's money in the same instant: it moves once, and the other is told why."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from orderwright.actions import settle_operation
from orderwright.outbox.models import Mail
from orderwright.payments.models import Operation, Payment
from tests.support.rivals import at_once
from tests.support.rounds import rounds

pytestmark = pytest.mark.race

# Why somebody who comes second cannot have the whole hold: its call is still out, or all of it is gone.
WHOLE_HOLD_TAKEN = {"payment_under_way", "nothing_held"}
# Why somebody who comes second cannot have his part of it.
REST_TOO_SMALL = {"amount_out_of_range", "nothing_left"}
CANCELED_BEFORE = {"cancellation_under_way", "order_canceled"}


def test_two_clerks_capturing_the_whole_hold_at_once_move_the_money_once(  # FC1
    take_in, both_at_once, clerk, colleague, practice, figure
):
    for _ in rounds(100):
        order = take_in()

        outcomes = both_at_once(partial(clerk.asks.capture, order), partial(colleague.asks.capture, order))

        figure("FC1", "two clerks capture the whole hold at once", rounds=1, doubles=len(practice.effects(order)) - 1)
        assert outcomes.count("captured") == 1
        assert set(outcomes) - {"captured"} <= WHOLE_HOLD_TAKEN
        assert practice.effects(order) == [("capture", 59894)]


def test_two_parts_that_exceed_the_rest_together_are_not_both_captured(  # FC2
    take_in, both_at_once, clerk, colleague, practice, figure
):
    for _ in rounds(100):
        order = clerk.capture(take_in(), 10000)

        outcomes = both_at_once(
            partial(clerk.asks.capture, order, 30000), partial(colleague.asks.capture, order, 29894)
        )

        figure("FC2", "two captures over the rest at once", rounds=1, doubles=len(practice.effects(order)) - 2)
        assert outcomes.count("captured") == 1
        assert set(outcomes) - {"captured"} <= REST_TOO_SMALL
        assert practice.effects(order)[0] == ("capture", 10000)
        assert practice.effects(order)[1:] in ([("capture", 30000)], [("capture", 29894)])


def test_two_parts_that_fit_are_both_captured(take_in, both_at_once, clerk, colleague, practice):
    for _ in rounds(10):
        order = take_in()

        outcomes = both_at_once(
            partial(clerk.asks.capture, order, 30000), partial(colleague.asks.capture, order, 29894)
        )

        assert outcomes == ["captured", "captured"]
        assert sorted(practice.effects(order)) == [("capture", 29894), ("capture", 30000)]
        assert clerk.sees(order).payment_standing == "captured"


def test_eight_clerks_capturing_the_whole_hold_move_the_money_once(take_in, clerk, practice, figure):  # FC1
    for _ in rounds(10):
        order = take_in()

        outcomes = Counter(at_once([partial(clerk.asks.capture, order)] * 8))

        figure("FC1", "eight clerks capture the whole hold at once", rounds=1, doubles=len(practice.effects(order)) - 1)

        assert outcomes.pop("captured") == 1
        assert set(outcomes) <= WHOLE_HOLD_TAKEN
        assert practice.effects(order) == [("capture", 59894)]


def test_eight_clerks_capturing_parts_never_take_more_than_the_hold(take_in, clerk, practice):  # FC2
    for _ in rounds(5):
        order = take_in()

        outcomes = Counter(at_once([partial(clerk.asks.capture, order, 10000)] * 8))

        assert outcomes.pop("captured") == 5
        assert set(outcomes) <= REST_TOO_SMALL
        assert practice.effects(order) == [("capture", 10000)] * 5
        assert clerk.sees(order).payments[0].free_minor == 9894


def test_a_capture_against_a_cancellation_ends_in_one_of_three_ways(  # FC3
    take_in, both_at_once, clerk, colleague, practice, figure
):
    for _ in rounds(50):
        order = take_in()

        captured, canceled = both_at_once(partial(clerk.asks.capture, order), partial(colleague.asks.cancel, order))

        kept = {(("reversal", 59894),), (("capture", 59894), ("refund", 59894)), (("capture", 59894),)}
        wrong = tuple(practice.effects(order)) not in kept
        figure("FC3", "a capture against a cancellation", rounds=1, wrong=int(wrong))

        if captured != "captured":
            assert (captured in CANCELED_BEFORE, canceled) == (True, "canceled")
            assert practice.effects(order) == [("reversal", 59894)]
        elif canceled == "canceled":
            assert practice.effects(order) == [("capture", 59894), ("refund", 59894)]
        else:
            assert canceled == "payment_under_way"
            assert practice.effects(order) == [("capture", 59894)]
        assert clerk.sees(order).state.slug == ("canceled" if canceled == "canceled" else "new")


def test_a_second_part_against_a_cancellation_is_refunded_or_refused(  # FC3
    take_in, both_at_once, clerk, colleague, practice
):
    for _ in rounds(15):
        order = clerk.capture(take_in(), 20000)

        captured, canceled = both_at_once(
            partial(clerk.asks.capture, order, 5000), partial(colleague.asks.cancel, order)
        )

        effects = practice.effects(order)
        if captured != "captured":
            assert (captured in CANCELED_BEFORE, canceled) == (True, "canceled")
            assert effects == [("capture", 20000), ("reversal", 39894), ("refund", 20000)]
        elif canceled == "canceled":
            assert effects[:2] == [("capture", 20000), ("capture", 5000)]
            assert sorted(effects[2:]) == [("refund", 5000), ("refund", 20000), ("reversal", 34894)]
        else:
            assert canceled == "payment_under_way"
            assert effects == [("capture", 20000), ("capture", 5000)]


def test_two_clerks_canceling_at_once_give_the_money_back_once_and_write_one_mail(  # FC3, FC4
    take_in, both_at_once, clerk, colleague, practice
):
    for _ in rounds(20):
        order = clerk.capture(take_in(), 20000)

        outcomes = both_at_once(
            partial(clerk.asks.cancel, order, email=True), partial(colleague.asks.cancel, order, email=True)
        )

        assert outcomes.count("canceled") == 1
        assert set(outcomes) - {"canceled"} <= CANCELED_BEFORE
        assert practice.effects(order) == [("capture", 20000), ("reversal", 39894), ("refund", 20000)]
        assert Mail.objects.filter(order_id=order.id).count() == 1


def test_one_form_sent_twice_at_once_captures_once(take_in, both_at_once, clerk, practice, figure):  # FC4
    for turn in rounds(100):
        order = take_in()

        # Half of the hold: the amount alone would let both through.
        outcomes = both_at_once(partial(clerk.asks.capture, order, 20000, request_ref=f"form_{turn}"))

        figure("FC4", "one form sent twice at once", rounds=1, doubles=len(practice.effects(order)) - 1)
        assert "captured" in outcomes
        assert set(outcomes) <= {"captured", "prepared", "sent"}
        assert practice.effects(order) == [("capture", 20000)]
        assert Operation.objects.filter(request_ref=f"form_{turn}").count() == 1


def test_one_reference_on_two_orders_at_once_moves_money_on_one_of_them(  # FC4
    take_in, both_at_once, clerk, practice
):
    for turn in rounds(20):
        orders = [take_in(), take_in()]
        reference = f"shared_{turn}"

        outcomes = both_at_once(*(partial(clerk.asks.capture, order, 500, request_ref=reference) for order in orders))

        assert sorted(outcomes) == ["captured", "request_reused"]
        assert sorted(len(practice.effects(order)) for order in orders) == [0, 1]


def test_two_workers_settling_the_same_call_at_once_make_it_once(take_in, both_at_once, clerk, practice):
    for _ in rounds(10):
        order = take_in()
        practice.fault("drop_after", "capture")
        assert clerk.asks.capture(order, 20000).state == "unknown"
        later = clerk.now.replace(hour=12)
        (key,) = settle_operation.due(now=later)

        outcomes = both_at_once(partial(settle_operation.run, key=key, now=later))

        assert "captured" in outcomes
        assert set(outcomes) <= {"captured", "sent"}
        assert practice.effects(order) == [("capture", 20000)]


def test_a_sync_while_the_capture_runs_books_it_once(take_in, both_at_once, clerk, colleague, practice):
    for _ in rounds(15):
        order = take_in()

        captured, synced = both_at_once(
            partial(clerk.asks.capture, order, 20000), partial(colleague.asks.sync_payments, order)
        )

        assert (captured, synced) == ("captured", "done")
        assert practice.effects(order) == [("capture", 20000)]
        assert [(row.kind, row.amount_minor) for row in clerk.sees(order).payments[0].transactions] == [
            ("authorise", 59894),
            ("capture", 20000),
        ]


def test_two_syncs_at_once_book_what_they_find_once(take_in, both_at_once, clerk, colleague, practice):
    for _ in rounds(10):
        order = take_in()
        practice.capture_by_hand(order.payments[0].reference, 12345)

        outcomes = both_at_once(partial(clerk.asks.sync_payments, order), partial(colleague.asks.sync_payments, order))

        assert outcomes == ["done", "done"]
        payment = Payment.objects.get(order_id=order.id)
        assert (payment.captured_minor, payment.transactions.filter(kind="capture").count()) == (12345, 1)


def test_two_holds_of_one_order_are_captured_side_by_side(take_in, both_at_once, clerk, colleague, practice):  # W7
    for _ in rounds(10):
        order = take_in(held=[40000, 19894])
        first, second = order.payments

        outcomes = both_at_once(
            partial(clerk.asks.capture, order, payment=first), partial(colleague.asks.capture, order, payment=second)
        )

        assert outcomes == ["captured", "captured"]
        assert practice.effects(first) == [("capture", 40000)]
        assert practice.effects(second) == [("capture", 19894)]


def test_two_refunds_that_exceed_the_rest_together_do_not_both_go_back(  # FC2
    take_in, both_at_once, clerk, colleague, practice, figure
):
    """Two refunds of 60 on a capture of 100 both went back in another payment hub (juspay/hyperswitch#13182)."""
    for _ in rounds(100):
        order = clerk.capture(take_in(), 10000)

        outcomes = both_at_once(
            partial(clerk.asks.refund, order, other=6000), partial(colleague.asks.refund, order, other=6000)
        )

        figure("FC2", "two refunds over the rest at once", rounds=1, doubles=len(practice.effects(order)) - 2)
        assert outcomes.count("refunded") == 1
        assert set(outcomes) - {"refunded"} <= {"refund_invalid", "nothing_left"}
        assert practice.effects(order) == [("capture", 10000), ("refund", 6000)]


def test_the_same_pieces_do_not_go_back_twice(take_in, both_at_once, clerk, colleague, practice):
    for _ in rounds(15):
        order = clerk.capture(take_in())

        outcomes = both_at_once(
            partial(clerk.asks.refund, order, items={"RUG-WOL-160": 1}),
            partial(colleague.asks.refund, order, items={"RUG-WOL-160": 1}),
        )

        assert sorted(outcomes) == ["refund_invalid", "refunded"]
        assert practice.effects(order) == [("capture", 59894), ("refund", 29098)]


def test_a_refund_against_a_cancellation_never_gives_back_more_than_was_captured(  # FC3
    take_in, both_at_once, clerk, colleague, practice, figure
):
    for _ in rounds(20):
        order = clerk.capture(take_in())

        refunded, canceled = both_at_once(
            partial(clerk.asks.refund, order, other=20000), partial(colleague.asks.cancel, order)
        )

        given_back = sum(amount for kind, amount in practice.effects(order) if kind == "refund")
        figure("FC3", "a refund against a cancellation", rounds=1, wrong=int(given_back not in (20000, 59894)))
        if canceled == "canceled":
            assert given_back == 59894
        else:
            assert (canceled, refunded, given_back) == ("payment_under_way", "refunded", 20000)


def test_two_clerks_reversing_one_hold_release_it_once(take_in, both_at_once, clerk, colleague, practice):
    for _ in rounds(15):
        order = take_in()

        outcomes = both_at_once(partial(clerk.asks.reverse_hold, order), partial(colleague.asks.reverse_hold, order))

        assert outcomes.count("reversed") == 1
        assert set(outcomes) - {"reversed"} <= WHOLE_HOLD_TAKEN
        assert practice.effects(order) == [("reversal", 59894)]


def test_a_capture_against_a_reversal_takes_the_hold_once(  # FC3
    take_in, both_at_once, clerk, colleague, practice, figure
):
    for _ in rounds(15):
        order = take_in()

        captured, reversed_ = both_at_once(
            partial(clerk.asks.capture, order), partial(colleague.asks.reverse_hold, order)
        )

        figure("FC3", "a capture against a reversal", rounds=1, wrong=len(practice.effects(order)) - 1)
        assert (captured == "captured") != (reversed_ == "reversed")
        assert len(practice.effects(order)) == 1
