"""kill -9 of web process and worker at every step of a capture and a cancellation: nothing lost or done twice (FK2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderwright.actions import settle_operation
from orderwright.core.crash import POINTS
from orderwright.outbox.models import Mail
from orderwright.payments.models import Operation
from orderwright.reads.invariants import violations
from tests.support.books import differences
from tests.support.rounds import rounds
from tests.support.settling import settle_until_quiet

pytestmark = pytest.mark.fault

CAPTURE_STEPS = [point for point in POINTS if point.startswith("operation.")]
# Two legs: the reversal of the rest, then the refund of what was captured.
LEG_STEPS = [
    f"{point}:{leg}"
    for leg in (1, 2)
    for point in CAPTURE_STEPS
    if point not in ("operation.preparing", "operation.prepared")
]
CANCEL_STEPS = ["operation.preparing", "cancellation.requested", *LEG_STEPS]
# The worker that comes by is killed too, or not.
WORKER_STEPS = ["operation.sent", "operation.answered", "operation.finishing", "operation.finished", ""]

SOON = timedelta(minutes=2)
# Each on a fresh desk, for all of its books are checked after every kill; two processes can share them.
PARTS = 5


def come_by(nursery, now, step):
    """Let a worker come by, killed at this step, and then another one; return when everything was quiet."""
    nursery.act("work", crash_at=step, now=now + SOON)
    assert violations() == []
    return settle_until_quiet(now + 2 * SOON)


@pytest.mark.parametrize("web_step", CAPTURE_STEPS)
def test_a_capture_whose_process_was_killed_happens_once_or_never(  # FK1, FK2
    nursery, take_in, practice, clerk, figure, web_step
):
    for turn in rounds(len(WORKER_STEPS)):
        order = take_in()

        ended = nursery.act("capture", number=order.number, amount=20000, crash_at=web_step, now=clerk.now)

        assert ended.was_killed
        assert violations() == []
        come_by(nursery, clerk.now, WORKER_STEPS[turn % len(WORKER_STEPS)])
        wrong = [*violations(), *differences(practice)]
        figure("FK2", "kill -9 at every step of web process and worker", kills=1, violations_after=len(wrong))

        after = clerk.sees(order)
        if web_step == "operation.preparing":
            assert practice.effects(order) == []
            assert after == order
        else:
            assert practice.effects(order) == [("capture", 20000)]
            assert (after.payments[0].captured_minor, after.payments[0].pending_minor) == (20000, 0)
            assert [row.state for row in after.payments[0].operations] == ["succeeded"]


@pytest.mark.parametrize("web_step", CANCEL_STEPS)
def test_a_cancellation_whose_process_was_killed_gives_everything_back_once_or_never_began(  # FK2, I8
    nursery, take_in, practice, clerk, figure, web_step
):
    for turn in rounds(len(WORKER_STEPS)):
        order = clerk.capture(take_in(), 20000)

        ended = nursery.act("cancel", number=order.number, crash_at=web_step, now=clerk.now)

        assert ended.was_killed
        assert violations() == []
        come_by(nursery, clerk.now, WORKER_STEPS[turn % len(WORKER_STEPS)])
        wrong = [*violations(), *differences(practice)]
        figure("FK2", "kill -9 at every step of web process and worker", kills=1, violations_after=len(wrong))

        after = clerk.sees(order)
        if web_step == "operation.preparing":
            assert practice.effects(order) == [("capture", 20000)]
            assert after == order
        else:
            assert practice.effects(order)[0] == ("capture", 20000)
            assert sorted(practice.effects(order)[1:]) == [("refund", 20000), ("reversal", 39894)]
            assert (after.state.slug, after.cancellation.state) == ("canceled", "done")
            assert (after.cancellation.refunded_minor, after.cancellation.reversed_minor) == (20000, 39894)
            assert Mail.objects.filter(order_id=order.id).count() == 1


@pytest.mark.parametrize("web_step", CAPTURE_STEPS)
def test_a_refund_whose_process_was_killed_goes_back_once_or_never(  # FK1, FK2
    nursery, take_in, practice, clerk, figure, web_step
):
    for turn in rounds(len(WORKER_STEPS)):
        order = clerk.capture(take_in())

        ended = nursery.act("refund", number=order.number, amount=20000, crash_at=web_step, now=clerk.now)

        assert ended.was_killed
        assert violations() == []
        come_by(nursery, clerk.now, WORKER_STEPS[turn % len(WORKER_STEPS)])
        wrong = [*violations(), *differences(practice)]
        figure("FK2", "kill -9 at every step of web process and worker", kills=1, violations_after=len(wrong))

        after = clerk.sees(order)
        if web_step == "operation.preparing":
            assert practice.effects(order) == [("capture", 59894)]
            assert after == order
        else:
            assert practice.effects(order) == [("capture", 59894), ("refund", 20000)]
            assert [(refund.state, refund.refunded_minor) for refund in after.refunds] == [("done", 20000)]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_kill_between_the_providers_answer_and_our_commit_neither_doubles_nor_loses(  # FK1
    nursery, take_in, practice, clerk, figure, part
):
    acts = [("capture", 1), ("refund", 2)]
    for turn in rounds(100 // PARTS):
        act, effects = acts[turn % len(acts)]
        order = take_in() if act == "capture" else clerk.capture(take_in())
        nursery.act(act, number=order.number, amount=20000, crash_at="operation.answered", now=clerk.now)
        assert violations() == []

        quiet_at = settle_until_quiet(clerk.now)

        found = practice.effects(order)
        figure(
            "FK1",
            "kill -9 between the provider's success and our commit",
            kills=1,
            doubles=max(len(found) - effects, 0),
            lost=max(effects - len(found), 0),
            resolved_after_on_the_desks_clock_ms=[(quiet_at - clerk.now) // timedelta(milliseconds=1)],
        )
        assert found[-1] == (act, 20000)
        assert len(found) == effects
        assert violations() == []


def test_a_worker_that_is_killed_at_every_step_in_turn_gets_there(nursery, take_in, practice, clerk):
    order = take_in()
    nursery.act("capture", number=order.number, amount=20000, crash_at="operation.prepared", now=clerk.now)

    now = clerk.now
    for step in WORKER_STEPS[:3]:
        now += SOON
        assert nursery.act("work", crash_at=step, now=now).was_killed

    assert nursery.act("work", now=now + SOON).result == "done"
    assert practice.effects(order) == [("capture", 20000)]
    assert Operation.objects.get().state == "succeeded"


def test_a_process_killed_while_nobody_answers_leaves_the_question_to_the_worker(nursery, take_in, practice, clerk):
    order = take_in()
    practice.fault("hang", "capture", seconds=30)

    ended = nursery.act("capture", number=order.number, amount=20000, kill_after_ms=1500, now=clerk.now)

    assert (ended.was_killed, ended.result) == (True, "")
    assert Operation.objects.get().state == "sent"
    assert settle_operation.due(now=clerk.now + timedelta(seconds=80)) == []
    settle_until_quiet(clerk.now)
    assert practice.effects(order) == [("capture", 20000)]
