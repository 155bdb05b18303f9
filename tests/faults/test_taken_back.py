"""Accepted then failed, hours later: the ledger undoes it by new entries, somebody sees it, no mail too early (FG5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderwright.actions import settle_operation
from orderwright.core.actor import SYSTEM
from orderwright.outbox.models import Mail
from orderwright.payments.models import Operation, Refund
from orderwright.reads.exceptions import list_exceptions
from orderwright.reads.ledger_days import read_days
from orderwright.reads.ledger_scope import LedgerQuery, read_scope
from tests.faults.test_notices import EVERY, by_stripe, captured, figures, postings
from tests.gateways.adyen_bench import AdyenBench, AdyenPartsBench
from tests.ledger.files import export
from tests.support.rounds import rounds
from tests.support.settling import settle_until_quiet

pytestmark = pytest.mark.fault

by_all = pytest.mark.parametrize("telling", EVERY, ids=lambda bench: bench.name, indirect=True)
by_adyen = pytest.mark.parametrize(
    "telling", [AdyenBench, AdyenPartsBench], ids=lambda bench: bench.name, indirect=True
)

by_parts = pytest.mark.parametrize("telling", [AdyenPartsBench], ids=lambda bench: bench.name, indirect=True)


def problems(order, now):
    """Return why Exceptions lists calls of this order."""
    rows = list_exceptions(now=now, limit=100, actor=SYSTEM).items
    return [row.problem for row in rows if row.order_number == order.number]


def told_later(desk, practice, order, kind):
    """Let two hours pass at the provider, and have the desk hear of it."""
    practice.advance(timedelta(hours=2))
    desk.receive(desk.letters(order, kind), now=desk.clerk.now + timedelta(hours=2))


def failed_refund(desk):
    return "REFUND_FAILED" if desk.bench.kind.settles_later else "refund.failed"


@by_adyen
def test_a_capture_that_is_taken_back_is_undone_by_new_entries_and_shown(telling, practice, clerk, figure):  # FG5
    for _round in rounds(10):
        practice.fault("taken_back", "capture", seconds=3600)
        order = captured(telling)
        assert figures(telling, order) == (59894, 59894, 0, 0, 0)

        told_later(telling, practice, order, "CAPTURE_FAILED")

        wrong = int(postings(order) != ["capture", "capture_failed"])
        figure("FG5", "a capture that was told done is taken back hours later", orders=1, wrong=wrong)
        assert postings(order) == ["capture", "capture_failed"]
        assert figures(telling, order) == (59894, 0, 0, 0, 0)
        assert telling.operations(order) == [("capture", "succeeded", "taken_back")]
        assert problems(order, clerk.now + timedelta(hours=2)) == ["taken_back"]


@by_all
def test_a_refund_that_is_taken_back_is_owed_again_and_shown(telling, practice, clerk, figure):  # FG5
    for _round in rounds(5):
        order = captured(telling)
        practice.fault("taken_back", "refund", seconds=3600)
        telling.clerk.refund(order, other=2500)
        telling.receive(telling.letters_of(order, "refund"))
        assert Refund.objects.get(order__number=order.number).state == "done"

        told_later(telling, practice, order, failed_refund(telling))

        row = Refund.objects.get(order__number=order.number)
        wrong = int((row.state, row.refunded_minor) != ("failed", 0))
        figure("FG5", "a refund that was told done is taken back hours later", orders=1, wrong=wrong)
        assert (row.state, row.refunded_minor) == ("failed", 0)
        assert postings(order) == ["capture", "refund", "refund_failed"]
        assert figures(telling, order) == (59894, 59894, 0, 0, 0)
        assert problems(order, clerk.now + timedelta(hours=2)) == ["taken_back"]
        telling.clerk.refund(telling.clerk.sees(order), other=59894)
        telling.receive(telling.letters_of(order, "refund", count=2))
        assert figures(telling, order) == (59894, 59894, 0, 59894, 0)


@by_all
def test_the_failure_told_before_the_success_leaves_nothing_in_the_books(telling, practice):
    order = captured(telling)
    practice.fault("taken_back", "refund", seconds=3600)
    telling.clerk.refund(order, other=2500)
    done = telling.letters_of(order, "refund")
    practice.advance(timedelta(hours=2))
    failed = [letter for letter in telling.letters(order, failed_refund(telling)) if letter not in done]

    telling.receive(failed)
    telling.receive(done)

    assert figures(telling, order) == (59894, 59894, 0, 0, 0)
    assert Refund.objects.get().refunded_minor == 0


@by_adyen
def test_a_capture_whose_answer_was_lost_and_whose_failure_is_told_first_has_failed(telling, practice):
    order = telling.take_in()
    practice.fault("taken_back", "capture", seconds=3600)
    telling.clerk.capture(order)
    done = telling.letters_of(order, "capture")
    Operation.objects.update(state="unknown", provider_ref="")  # as if its answer had not come
    practice.advance(timedelta(hours=2))
    failed = [letter for letter in telling.letters(order, "CAPTURE_FAILED") if letter not in done]

    telling.receive(failed)
    telling.receive(done)

    assert telling.operations(order) == [("capture", "failed", "taken_back")]
    assert figures(telling, order)[1] == 0


@by_all
def test_a_refund_of_the_dashboard_that_is_taken_back_is_in_the_books_and_no_call_of_ours(telling, practice, clerk):
    order = captured(telling)
    practice.fault("taken_back", "refund", seconds=3600)
    telling.bench.refund_by_hand(order.payments[0].reference, 2500)
    telling.receive(telling.letters_of(order, "refund"))
    assert figures(telling, order) == (59894, 59894, 0, 2500, 0)

    told_later(telling, practice, order, failed_refund(telling))

    assert postings(order) == ["capture", "refund", "refund_failed"]
    assert telling.operations(order) == [("capture", "succeeded", "")]
    assert problems(order, clerk.now + timedelta(hours=2)) == []


@by_parts
def test_a_refund_goes_on_when_the_leg_that_is_taken_back_is_not_its_last(telling, practice):
    order = captured(telling, 30000)
    telling.clerk.capture(order, 29894)
    telling.receive(telling.letters_of(order, "capture", count=2))
    practice.fault("taken_back", "refund", seconds=3600)
    telling.clerk.refund(telling.clerk.sees(order), other=40000)
    first = Operation.objects.filter(kind="refund").order_by("pk").values_list("key", flat=True)[0]
    letters = telling.letters_of(order, "refund", count=2)
    telling.receive([letter for letter in letters if first.encode() in letter.body])
    assert _refund() == ("running", 30000)

    practice.advance(timedelta(hours=2))
    told = telling.letters(order, "REFUND_FAILED")
    telling.receive([letter for letter in told if b'"REFUND_FAILED"' in letter.body])
    assert _refund() == ("running", 0)

    telling.receive(letters)
    assert _refund() == ("partly", 10000)
    assert postings(order)[2:] == ["refund", "refund_failed", "refund"]


def _refund():
    return Refund.objects.values_list("state", "refunded_minor").get()


@by_stripe
def test_a_refund_that_stripe_still_works_on_is_asked_about_again(telling, practice):
    order = captured(telling)
    practice.fault("accepted", "refund", seconds=7200)
    telling.clerk.refund(order, other=2500)
    asked = Operation.objects.get(kind="refund")

    waiting = settle_operation.run(key=asked.key, now=asked.due_at)
    again = Operation.objects.get(kind="refund")
    practice.advance(timedelta(hours=3))
    done = settle_operation.run(key=asked.key, now=again.due_at)

    assert (waiting.state, done.state) == ("pending", "succeeded")
    assert again.due_at > asked.due_at


@by_adyen
def test_what_is_accepted_and_then_refused_frees_the_amount_and_says_why(telling, practice, clerk):
    order = telling.take_in()
    practice.fault("accepted_then_refused", "capture", seconds=3600)
    telling.clerk.capture(order, 20000)
    assert telling.operations(order) == [("capture", "pending", "")]
    assert figures(telling, order) == (59894, 0, 0, 0, 20000)

    told_later(telling, practice, order, "CAPTURE")

    assert telling.operations(order) == [("capture", "failed", "adyen_capture_refused")]
    assert figures(telling, order) == (59894, 0, 0, 0, 0)
    assert problems(order, clerk.now + timedelta(hours=2)) == ["failed"]


@by_adyen
@pytest.mark.parametrize("is_captured", [False, True])
def test_the_mail_of_a_cancellation_waits_until_the_provider_has_told_that_it_is_done(telling, is_captured):
    order = captured(telling) if is_captured else telling.take_in()

    order = telling.clerk.cancel(order, email=True)
    assert (order.state.system_state, Mail.objects.count()) == ("cancel_requested", 0)

    telling.receive(telling.letters_of(order, "refund" if is_captured else "reverse"))

    order = telling.clerk.sees(order)
    assert (order.state.system_state, Mail.objects.count()) == ("canceled", 1)


@by_adyen
def test_a_cancellation_that_the_provider_refuses_later_sends_no_mail(telling, practice):
    order = captured(telling)
    practice.fault("accepted_then_refused", "refund", seconds=3600)
    telling.clerk.cancel(order, email=True)

    told_later(telling, practice, order, "REFUND")

    assert telling.clerk.sees(order).state.system_state == "cancel_requested"
    assert not Mail.objects.exists()


@by_all
@pytest.mark.parametrize("on", ["capture", "refund"])
def test_a_call_that_gets_through_long_after_it_was_given_up_has_one_effect(telling, practice, on, figure):  # FG3
    desk = telling
    for _round in rounds(3):
        order = captured(desk) if on == "refund" else desk.take_in()
        practice.fault("late_effect", on, seconds=60)
        if on == "capture":
            desk.clerk.capture(order)
        else:
            desk.clerk.refund(order, other=2500)
        key = Operation.objects.latest("pk").key
        settle_operation.run(key=key, now=desk.clerk.now + timedelta(minutes=1))
        assert desk.operations(order)[-1] == (on, "unknown", "no_answer")

        practice.advance(timedelta(minutes=2))
        settle_operation.run(key=key, now=desk.clerk.now + timedelta(minutes=10))
        desk.receive(desk.letters_of(order, on), now=desk.clerk.now + timedelta(minutes=11))

        doubles = postings(order).count(on) - 1
        figure("FG3", "through Stripe and Adyen, given up first, done later", orders=1, doubles=doubles)
        assert desk.operations(order)[-1][:2] == (on, "succeeded")
        assert postings(order).count(on) == 1


@by_adyen
def test_a_provider_that_never_tells_leaves_it_to_a_person_after_some_days(telling, practice, clerk):
    practice.fault("lost", "notice", times=10)
    order = telling.take_in()
    telling.clerk.capture(order)

    settle_until_quiet(clerk.now, latest=timedelta(days=8), step=timedelta(hours=6))

    assert telling.operations(order) == [("capture", "manual", "needs_person")]
    assert figures(telling, order) == (59894, 0, 0, 0, 59894)


@by_adyen
def test_the_ledger_by_day_and_its_files_tell_what_was_taken_back(telling, practice, clerk):
    practice.fault("taken_back", "capture", seconds=3600)
    order = captured(telling)
    told_later(telling, practice, order, "CAPTURE_FAILED")
    later = clerk.now + timedelta(days=1)

    totals = read_days(read_scope(LedgerQuery(first="2026-11-21", last="2026-11-22"), now=later, actor=SYSTEM)).totals
    written = export(clerk.actor, now=later, first="2026-11-21", last="2026-11-22", form="transactions")

    sums = next(row.sums for row in totals if row.account.slug == telling.account.slug)
    assert (sums.captured_minor, sums.held_minor, sums.kept_minor, sums.transactions) == (0, 59894, 0, 3)
    assert b",capture_failed," in written
