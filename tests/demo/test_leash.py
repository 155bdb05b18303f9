"""No process of the demo outlives it: neither when it stops, nor when it is killed, nor where there is no prctl."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from orderwright.cli.children import ChildFailed, Children

SLEEPER = ["-c", "import time; print('up', flush=True); time.sleep(300)"]
# A holder of children as the demo is one: starts a sleeper, says its process id, and waits to be killed.
HOLDER = """
import sys, time
from pathlib import Path
from orderwright.cli.children import Children
children = Children(log_folder=Path(sys.argv[1]), environment={}, has_prctl=sys.argv[2] == "prctl")
child = children.start("sleeper", ["-c", "import os, time; print(os.getpid(), flush=True); time.sleep(300)"])
children.wait_until(child, lambda: child.log.read_text().strip(), seconds=30)
print(child.log.read_text().strip(), flush=True)
time.sleep(300)
"""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")


def is_running(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    # A process that ended and was not waited for yet still has its number.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.strip().startswith("Z")


def wait_until(condition, *, seconds=20):
    ends_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends_at, "it never came to that"
        time.sleep(0.02)


@pytest.fixture
def children(tmp_path):
    made = Children(log_folder=tmp_path / "log", environment=dict(os.environ))
    yield made
    made.stop()


@pytest.mark.parametrize("means", [pytest.param("prctl", marks=linux_only), "pipe"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_when_its_parent_does(tmp_path, means, end):
    command = [sys.executable, "-c", HOLDER, str(tmp_path), means]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    ran_before = is_running(child)

    parent.send_signal(end)
    parent.communicate(timeout=20)

    assert ran_before
    wait_until(lambda: not is_running(child))


@pytest.mark.parametrize("has_prctl", [pytest.param(True, marks=linux_only), False])
def test_stopping_ends_every_child_and_what_it_has_started(tmp_path, has_prctl):
    grandparent = (
        "import subprocess, sys, time; made = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)']);"
        "print(made.pid, flush=True); time.sleep(300)"
    )
    children = Children(log_folder=tmp_path, environment=dict(os.environ), has_prctl=has_prctl)
    child = children.start("grandparent", ["-c", grandparent])
    children.wait_until(child, lambda: child.log.read_text().strip(), seconds=30)
    grandchild = int(child.log.read_text())
    ran_before = is_running(grandchild)

    children.stop()

    assert ran_before
    assert child.process.poll() is not None
    wait_until(lambda: not is_running(grandchild))


def test_a_child_that_was_killed_is_started_again_and_that_is_said(children):
    said = []
    child = children.start("sleeper", SLEEPER)
    children.wait_until(child, lambda: "up" in child.log.read_text(), seconds=30)
    first = child.process.pid

    child.process.kill()
    child.process.wait()
    children.tend(say=said.append)

    assert said == [f"The sleeper has ended with status -9; it is started again. Its log: {child.log}"]
    assert child.process.pid != first
    wait_until(lambda: child.log.read_text().count("up") == 2)


def test_a_child_that_keeps_ending_is_given_up(children):
    said = []
    child = children.start("quitter", ["-c", "raise SystemExit(3)"])

    for _start in range(3):
        child.process.wait(30)
        children.tend(say=said.append)
    child.process.wait(30)
    with pytest.raises(ChildFailed, match="ends again and again, now with status 3"):
        children.tend(say=said.append)

    assert len(said) == 3


def test_a_child_that_does_not_come_up_is_named_with_its_log(children):
    child = children.start("quitter", ["-c", "print('no way'); raise SystemExit(1)"])

    with pytest.raises(ChildFailed, match=f"The quitter did not start; see {child.log}"):
        children.wait_until(child, lambda: False, seconds=30)

    assert child.log.read_text() == "no way\n"


def test_a_child_that_never_answers_is_not_waited_for_for_ever(children):
    child = children.start("sleeper", SLEEPER)

    with pytest.raises(ChildFailed, match="does not answer"):
        children.wait_until(child, lambda: False, seconds=0)
