"""The worker looks after what is due, outlives what one row meets, and stops when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from orderwright.actions import send_mail, settle_operation
from orderwright.core.errors import Conflict
from orderwright.payments.models import Operation
from orderwright.worker.duties import Mails, Operations, duties
from orderwright.worker.loop import Loop
from orderwright.worker.survival import Resting, survived


def never():
    return False


class Counting:
    """A duty that notes its turns and finds as many due rows in each as it was told."""

    name = "counting"

    def __init__(self, *due, at_end=lambda: None):
        self.due = list(due)
        self.turns = 0
        self.at_end = at_end

    def turn(self, *, is_stopping):
        self.turns += 1
        if not self.due:
            self.at_end()
            return 0
        found = self.due.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def test_once_means_until_nothing_is_due():
    duty = Counting(3, 1)

    Loop([duty]).run_once()

    assert duty.turns == 3


def test_every_duty_goes_on_in_its_own_thread_until_told_to_stop():
    stops = [threading.Event(), threading.Event()]
    busy, broken = Counting(1, 1, at_end=stops[0].set), Counting(OperationalError("gone"), 1, at_end=stops[1].set)
    loop = Loop([busy, broken])
    running = threading.Thread(target=loop.run)

    running.start()
    reached_the_end = [stop.wait(30) for stop in stops]
    loop.stop()
    running.join(30)

    assert reached_the_end == [True, True]
    assert not running.is_alive()


@pytest.mark.parametrize(
    "error", [Conflict("no"), OperationalError("gone"), AttributeError("a mistake"), AssertionError()]
)
def test_whatever_one_row_meets_ends_with_the_row(error):
    with survived("the row stays due") as attempt:
        raise error

    assert attempt.error is error


def test_a_request_to_stop_is_not_survived():
    with pytest.raises(KeyboardInterrupt), survived("the row stays due"):
        raise KeyboardInterrupt


def test_a_row_rests_for_a_minute_after_it_failed():
    now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    resting = Resting()

    resting.add("op_1", now=now)

    assert resting.at(now + timedelta(seconds=59)) == {"op_1"}
    assert resting.at(now + timedelta(seconds=60)) == frozenset()


def test_an_operation_that_always_fails_keeps_no_other_from_being_settled(db, monkeypatch):
    settled = []

    def run(*, key, now):
        if key == "op_poison":
            raise AttributeError("a mistake of ours")
        settled.append(key)

    monkeypatch.setattr(settle_operation, "due", lambda *, now, limit: ["op_poison", "op_1", "op_2"][:limit])
    monkeypatch.setattr(settle_operation, "run", run)
    operations = Operations()

    first, second = operations.turn(is_stopping=never), operations.turn(is_stopping=never)

    assert (first, second) == (3, 2)
    assert settled == ["op_1", "op_2", "op_1", "op_2"]


def test_a_turn_ends_early_when_the_worker_is_told_to_stop(db, monkeypatch):
    settled = []
    monkeypatch.setattr(settle_operation, "due", lambda *, now, limit: ["op_1", "op_2"])
    monkeypatch.setattr(settle_operation, "run", lambda *, key, now: settled.append(key))

    Operations().turn(is_stopping=lambda: len(settled) == 1)

    assert settled == ["op_1"]


def test_a_mail_that_cannot_even_be_tried_ends_the_turn_of_the_mail(db, monkeypatch):
    def run(*, now, worker):
        raise AttributeError("a mistake of ours")

    monkeypatch.setattr(send_mail, "run", run)

    assert Mails(worker="first").turn(is_stopping=never) == 1


def test_an_outcome_that_stayed_unknown_is_settled_by_the_worker(order, clerk, practice, now):  # FG1
    practice.fault("drop_after", "capture")
    clerk.asks.capture(order, 28994)
    left_unknown = Operation.objects.get().state
    Operation.objects.update(due_at=now)

    Loop(duties(worker="first")).run_once()

    assert (left_unknown, Operation.objects.get().state) == ("unknown", "succeeded")
    assert practice.effects(order) == [("capture", 28994)]


@pytest.mark.real_time
@pytest.mark.parametrize("request_to_stop", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_well_when_it_is_told_to_stop(database_url, request_to_stop):
    environment = {**os.environ, "DATABASE_URL": database_url, "LOG_LEVEL": "INFO"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "orderwright.cli.main", "worker"], env=environment, stderr=subprocess.PIPE, text=True
    )
    started = worker.stderr.readline()

    worker.send_signal(request_to_stop)
    _output, trouble = worker.communicate(timeout=30)

    assert "worker" in started
    assert (worker.returncode, trouble) == (0, "")
