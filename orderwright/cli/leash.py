"""Ties a process to the one that started it: when that one ends, however it ends, this one is told to end too.

`python -m orderwright.cli.leash <parent's process id> <arguments of python> …`. Knows nothing of what it runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from typing import Final

# Linux: the kernel sends this process a signal of its choice when its parent dies, even when that was killed.
_PR_SET_PDEATHSIG: Final = 1


def main(arguments: list[str]) -> int:
    """Run Python with the arguments behind the parent's id; return its exit code where this process outlives it."""
    is_watching = arguments[0] == "--watch"
    parent, *command = arguments[1:] if is_watching else arguments
    if is_watching:
        return _watch(command)
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # It may have died before the line above.
    if os.getppid() != int(parent):
        return 1
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606 - this process becomes the other
    raise AssertionError("unreachable")


def _watch(command: list[str]) -> int:
    """Run the command as a child while the parent holds the other end of our standard input: for want of prctl."""
    child = subprocess.Popen([sys.executable, *command], stdin=subprocess.DEVNULL)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: child.terminate())

    def wait_for_the_end_of_the_parent() -> None:
        sys.stdin.buffer.read()
        child.terminate()

    threading.Thread(target=wait_for_the_end_of_the_parent, daemon=True).start()
    return child.wait()


def leashed(command: list[str], *, watch: bool) -> list[str]:
    """Return the command line that runs `command`, arguments of Python, on a leash held by this process."""
    return [
        *(sys.executable, "-m", "orderwright.cli.leash"),
        *(["--watch"] if watch else []),
        str(os.getpid()),
        *command,
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
