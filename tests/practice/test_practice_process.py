"""The provider as a process: it starts, stops at once, survives being killed, and loses neither effects nor answers."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from practice_provider.server import start
from tests.practice.calling import Caller

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def process(data_path, port=0):
    """Give a provider in a process of its own, with a caller, and end it afterwards."""
    arguments = [sys.executable, "-m", "practice_provider", "--port", str(port), "--data", str(data_path)]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        try:
            line = started.stdout.readline()
            yield started, Caller(re.search(r"http://127\.0\.0\.1:\d+", line).group())
        finally:
            started.kill()


def test_a_restart_keeps_effects_answers_and_the_clock(data_path):
    first = start(data_path)
    caller = Caller(first.url)
    hold = caller.authorise(10000)
    captured = caller.capture(hold, 4000, key="op-1")
    refused = caller.capture(hold, 9000, key="op-2")
    caller.advance(3600)
    log = caller.log()
    first.stop()

    second = start(data_path)
    caller = Caller(second.url)
    again, still_refused = caller.capture(hold, 4000, key="op-1"), caller.capture(hold, 9000, key="op-2")
    ahead = caller.get("/clock").document["ahead_seconds"]
    kept = caller.log()
    second.stop()

    assert (again.body, still_refused.body) == (captured.body, refused.body)
    assert (kept, ahead) == (log, 3600)


def test_a_restart_keeps_what_is_still_to_come(data_path):
    first = start(data_path)
    caller = Caller(first.url)
    hold = caller.authorise(10000)
    caller.fault("late_effect", seconds=60)
    with pytest.raises(http.client.RemoteDisconnected):
        caller.capture(hold, 4000, key="op-1")
    first.stop()

    second = start(data_path)
    caller = Caller(second.url)
    caller.advance(60)
    effects = caller.effects(hold)
    second.stop()

    assert effects == [("authorisation", 10000), ("capture", 4000)]


def test_stopping_ends_callers_that_hang(data_path):
    running = start(data_path)
    caller = Caller(running.url)
    hold = caller.authorise(10000)
    caller.fault("hang", seconds=3600)
    ended = threading.Event()

    def hang():
        with contextlib.suppress(OSError):
            caller.capture(hold, 4000)
        ended.set()

    threading.Thread(target=hang).start()
    while caller.get("/faults").document["items"]:
        pass
    running.stop()

    assert ended.wait(10)


def test_movements_can_be_neither_changed_nor_removed(running, caller, hold, data_path):
    with contextlib.closing(sqlite3.connect(data_path)) as connection:
        for statement in ("UPDATE movements SET amount = 1", "DELETE FROM movements"):
            with pytest.raises(sqlite3.IntegrityError, match="movements never"):
                connection.execute(statement)


def test_the_process_says_where_it_listens_and_stops_at_once_when_told(data_path):
    with process(data_path) as (started, caller):
        hold = caller.authorise(10000)
        caller.fault("hang", seconds=3600)
        hanging = Caller(caller.url, timeout=0.2)
        with pytest.raises(TimeoutError):
            hanging.capture(hold, 4000)

        started.send_signal(signal.SIGTERM)

        assert started.wait(10) == 0


def test_a_port_in_use_is_said_plainly(running, tmp_path):
    port = running.listener.server_address[1]
    arguments = [sys.executable, "-m", "practice_provider", "--port", str(port), "--data", str(tmp_path / "other")]

    ended = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "cannot start" in ended.stderr


@pytest.mark.fault
def test_killed_in_the_middle_the_provider_loses_no_answer_and_moves_nothing_twice(data_path):
    witness = Witness()
    with process(data_path) as (_started, caller):
        holds = [caller.authorise(10**9) for _ in range(4)]

    for round_ in range(5):
        with process(data_path) as (started, caller):
            callers = [
                threading.Thread(target=witness.capture_until_dead, args=(caller, holds[n], f"{round_}-{n}"))
                for n in range(4)
            ]
            for thread in callers:
                thread.start()
            assert all(witness.answered.acquire(timeout=30) for _ in range(20))
            os.kill(started.pid, signal.SIGKILL)
            for thread in callers:
                thread.join(30)

    with process(data_path) as (_started, caller):
        before = Counter(effect["idempotency_key"] for effect in caller.log())
        answers = {key: caller.capture(holds[int(key.split("-")[1])], 1, key=key) for key in witness.asked}
        after = Counter(effect["idempotency_key"] for effect in caller.log())

    assert len(witness.asked) >= len(witness.told) >= 100
    assert all(before[key] == 1 for key in witness.told)
    assert all(answers[key].body == body for key, body in witness.told.items())
    assert {answer.status for answer in answers.values()} == {201}
    assert set(after.values()) == {1}
    assert set(after) >= set(witness.asked)


class Witness:
    """Calls until the provider is dead, and remembers what was asked and what was answered."""

    def __init__(self):
        self.asked = []
        self.told = {}
        self.answered = threading.Semaphore(0)

    def capture_until_dead(self, caller, hold, name):
        for number in itertools.count():
            key = f"{name}-{number}"
            self.asked.append(key)
            try:
                answer = caller.capture(hold, 1, key=key)
            except (OSError, http.client.HTTPException):
                return
            self.told[key] = answer.body
            self.answered.release()
