"""Processes that the demo starts, starts again and stops: none of them outlives it, whatever ends it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from orderwright.cli.leash import leashed

# Unit: seconds. Longer than gunicorn waits for requests that are being answered.
_GRACE_S: Final = 12
_POLL_S: Final = 0.1
# A process that ends more often than this is not helped by one more start.
_MOST_STARTS: Final = 4
_WITHIN_S: Final = 60


class ChildFailed(Exception):
    """A process ended, or did not begin to answer, when it should have worked. The message names its log."""


@dataclass(slots=True)
class Child:
    """One process, with the name that messages use and the file that it writes to."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes]
    started_at: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_STARTS))


class Children:
    """The processes of one demo, started in order and stopped in reverse."""

    def __init__(
        self, *, log_folder: Path, environment: Mapping[str, str], has_prctl: bool = sys.platform == "linux"
    ) -> None:
        """Start nothing yet; logs go to `log_folder`, one file per process."""
        self._log_folder = log_folder
        self._environment = dict(environment)
        self._has_prctl = has_prctl
        self._children: list[Child] = []
        log_folder.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start a Python module or the desk's own command, such as ["-m", "orderwright.cli.main", "worker"]."""
        log = self._log_folder / f"{name}.log"
        child = Child(name, list(command), log, self._run(list(command), log))
        child.started_at.append(time.monotonic())
        self._children.append(child)
        return child

    def wait_until(self, child: Child, is_ready: Callable[[], bool], *, seconds: float) -> None:
        """Return when the child answers. Raises: ChildFailed when it ends first or takes too long."""
        ends_at = time.monotonic() + seconds
        while not is_ready():
            if child.process.poll() is not None:
                raise ChildFailed(f"The {child.name} did not start; see {child.log}")
            if time.monotonic() > ends_at:
                raise ChildFailed(f"The {child.name} does not answer; see {child.log}")
            time.sleep(_POLL_S)

    def tend(self, *, say: Callable[[str], None]) -> None:
        """Start every process again that has ended, and say so. Raises: ChildFailed for one that keeps ending."""
        for child in self._children:
            code = child.process.poll()
            if code is None:
                continue
            now = time.monotonic()
            if len(child.started_at) == _MOST_STARTS and now - child.started_at[0] < _WITHIN_S:
                raise ChildFailed(f"The {child.name} ends again and again, now with status {code}; see {child.log}")
            say(f"The {child.name} has ended with status {code}; it is started again. Its log: {child.log}")
            _bury(child)
            child.process = self._run(child.command, child.log)
            child.started_at.append(now)

    def stop(self) -> None:
        """Ask every process to end, the last started first, and kill what does not."""
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.terminate()
        ends_at = time.monotonic() + _GRACE_S
        for child in reversed(self._children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(_POLL_S, ends_at - time.monotonic()))
            _bury(child)
        self._children.clear()

    def _run(self, command: list[str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                leashed(command, watch=not self._has_prctl),
                stdin=subprocess.DEVNULL if self._has_prctl else subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                # Ctrl-C is for the demo, which stops the others in order.
                start_new_session=True,
            )


def free_port(*, first: int) -> int:
    """Return the first port from `first` on that nobody listens on at 127.0.0.1. Raises: OSError when 100 are taken."""
    for port in range(first, first + 100):
        if is_free(port):
            return port
    raise OSError(f"ports {first} to {first + 99} are all taken")


def is_free(port: int) -> bool:
    """Return whether 127.0.0.1 can be listened on at this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _bury(child: Child) -> None:
    """End what is left of the child: itself, and what it has started, which would still hold its port."""
    # Each child leads a session of its own, so that its group is what it has started and nothing else.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()
    if child.process.stdin is not None:
        child.process.stdin.close()
