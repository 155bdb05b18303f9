"""Calls that somebody left behind: taken over after their time, each once, whatever one of them does (FJ1, FJ2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from orderwright.actions import settle_operation
from orderwright.payments.models import Operation, ProviderAccount
from orderwright.payments.operations import STEP_PATIENCE
from orderwright.worker.duties import Operations
from tests.support.rivals import at_once
from tests.support.rounds import rounds

pytestmark = pytest.mark.fault

BACKLOG = 60


def test_a_call_whose_worker_was_killed_is_taken_over_after_its_time(nursery, take_in, practice, clerk, figure):  # FJ1
    for _ in rounds(5):
        order = take_in()
        practice.fault("drop_before", "capture")
        clerk.capture(order, 20000)
        begun = clerk.now + timedelta(minutes=1)

        assert nursery.act("work", crash_at="operation.sent", now=begun).was_killed

        (key,) = Operation.objects.filter(state="sent").values_list("key", flat=True)
        waits = next(seconds for seconds in range(3600) if settle_operation.due(now=begun + timedelta(seconds=seconds)))
        settle_operation.run(key=key, now=begun + timedelta(seconds=waits))

        taken_over = Operation.objects.get(key=key)
        figure("FJ1", "a worker killed in the middle of a call", kills=1, taken_over_after_ms=[waits * 1000])
        figure("FJ1", "a worker killed in the middle of a call", doubles=len(practice.effects(order)) - 1)
        assert timedelta(seconds=waits) == STEP_PATIENCE
        assert (taken_over.state, taken_over.attempts) == ("succeeded", 3)
        assert practice.effects(order) == [("capture", 20000)]


@pytest.mark.race
def test_two_workers_clear_a_backlog_each_call_once_and_a_poisoned_one_holds_up_nobody(  # FJ2
    take_in, practice, clerk, figure, monkeypatch, caplog
):
    orders = [take_in() for _ in rounds(BACKLOG)]
    # So that the account is not left alone before the backlog is made.
    ProviderAccount.objects.update(breaker_failures=len(orders) + 1)
    practice.fault("drop_before", "capture", times=len(orders))
    for order in orders:
        clerk.capture(order, 20000)
    poisoned = settle_operation.due(now=clerk.now + timedelta(hours=1), limit=1)[0]
    plain, met = settle_operation.run, []

    def run(*, key, now):
        met.append(key)
        if key == poisoned:
            raise RuntimeError("what this row holds makes no sense")
        return plain(key=key, now=now)

    monkeypatch.setattr(settle_operation, "run", run)
    later = clerk.now + timedelta(hours=1)

    def work():
        duty = Operations()
        while duty.turn(is_stopping=lambda: False):
            pass

    with time_machine.travel(later, tick=False):
        at_once([work, work])

    states = list(Operation.objects.values_list("state", "attempts"))
    doubles = sum(len(practice.effects(order)) > 1 for order in orders)
    figure("FJ2", "two workers, a backlog and a poisoned call", calls=len(orders), doubles=doubles, workers=2)
    # Each call is sent a second time by one of the two, and by one alone; the poisoned one still waits.
    assert states.count(("succeeded", 2)) == len(orders) - 1
    assert states.count(("unknown", 1)) == 1
    assert doubles == 0
    # A worker leaves what it stumbled over alone for a while.
    assert met.count(poisoned) <= 2

    monkeypatch.setattr(settle_operation, "run", plain)
    with time_machine.travel(later + timedelta(hours=1), tick=False):
        work()
    assert [practice.effects(order) for order in orders] == [[("capture", 20000)]] * len(orders)
