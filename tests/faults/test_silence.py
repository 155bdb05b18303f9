"""A provider that answers too late, never, or does it later: one effect, whatever came back (FG1, FG2, FG3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderwright.actions import settle_operation
from tests.support.rounds import rounds
from tests.support.settling import settle_until_quiet

pytestmark = pytest.mark.fault

# Far above what the desk waits.
HANGING_S = 0.5


def count(figure, fault, what, practice, order):
    captures = practice.effects(order)
    figure(fault, what, rounds=1, doubles=max(len(captures) - 1, 0), lost=int(not captures))
    assert captures == [("capture", 20000)]


@pytest.mark.usefixtures("hasty")
def test_a_capture_whose_answer_comes_too_late_happens_once(take_in, practice, clerk, figure):  # FG1
    for _ in rounds(100):
        order = take_in()
        practice.fault("hang", "capture", seconds=HANGING_S)

        waiting = clerk.capture(order, 20000)
        assert waiting.payments[0].pending_minor == 20000
        settle_until_quiet(clerk.now)

        count(figure, "FG1", "timeout after the provider's success", practice, order)


def test_a_capture_that_never_arrived_happens_once(take_in, practice, clerk, figure):  # FG2
    for _ in rounds(100):
        order = take_in()
        practice.fault("drop_before", "capture")

        clerk.capture(order, 20000)
        settle_until_quiet(clerk.now)

        count(figure, "FG2", "the request is lost before the provider", practice, order)


def test_a_capture_that_is_worked_off_a_minute_later_happens_once(take_in, practice, clerk, figure):  # FG3
    for _ in rounds(50):
        order = take_in()
        practice.fault("late_effect", "capture", seconds=60)

        clerk.capture(order, 20000)
        # The provider shows nothing yet, whichever way it is asked.
        clerk.sync_payments(order)
        (key,) = settle_operation.due(now=clerk.now + timedelta(minutes=2))
        settle_operation.run(key=key, now=clerk.now + timedelta(minutes=2))
        assert practice.effects(order) == []
        practice.advance(timedelta(minutes=2))
        settle_until_quiet(clerk.now + timedelta(minutes=2))

        count(figure, "FG3", "not found first, done a minute later", practice, order)
