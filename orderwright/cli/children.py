"""Processes that the demo starts and stops: none of them outlives it, whatever ends it."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Linux: the kernel sends this signal to a child when its parent dies, even when the parent was killed.
_PR_SET_PDEATHSIG: Final = 1
# Unit: seconds. Longer than gunicorn waits for requests that are being answered.
_GRACE_S: Final = 12
_POLL_S: Final = 0.1


class ChildFailed(Exception):
    """A process ended, or did not begin to answer, when it should have worked. The message names its log."""


@dataclass(frozen=True, slots=True)
class Child:
    """One running process, with the name that messages use and the file that it writes to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Children:
    """The processes of one demo, started in order and stopped in reverse."""

    def __init__(self, *, log_folder: Path, environment: Mapping[str, str]) -> None:
        """Start nothing yet; logs go to `log_folder`, one file per process."""
        self._log_folder = log_folder
        self._environment = dict(environment)
        self._children: list[Child] = []
        log_folder.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start a Python module or the desk's own command, such as ["-m", "orderwright.cli.main", "worker"]."""
        log = self._log_folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                # Ctrl-C is for the demo, which stops the others in order.
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()) if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def wait_until(self, child: Child, is_ready: Callable[[], bool], *, seconds: float) -> None:
        """Return when the child answers. Raises: ChildFailed when it ends first or takes too long."""
        ends_at = time.monotonic() + seconds
        while not is_ready():
            if child.process.poll() is not None:
                raise ChildFailed(f"{child.name} did not start; see {child.log}")
            if time.monotonic() > ends_at:
                raise ChildFailed(f"{child.name} does not answer; see {child.log}")
            time.sleep(_POLL_S)

    def require_all(self) -> None:
        """Do nothing while every process runs. Raises: ChildFailed for the first that has ended."""
        for child in self._children:
            code = child.process.poll()
            if code is not None:
                raise ChildFailed(f"{child.name} has ended with status {code}; see {child.log}")

    def stop(self) -> None:
        """Ask every process to end, the last started first, and kill what does not."""
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.terminate()
        ends_at = time.monotonic() + _GRACE_S
        for child in reversed(self._children):
            try:
                child.process.wait(max(0.1, ends_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()
        self._children.clear()


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


def is_listening(port: int) -> bool:
    """Return whether somebody takes connections at this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _die_with(parent: int) -> Callable[[], None]:
    library = ctypes.CDLL(None, use_errno=True)

    def ask_the_kernel() -> None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died between the fork and the call above
            os.kill(os.getpid(), signal.SIGTERM)

    return ask_the_kernel
