"""The one place that asks the machine for the time. Actions take `now` as an argument instead of asking."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Return the present moment as an aware UTC time."""
    return datetime.now(UTC)


class Stopwatch:
    """Tells the time from a moment that was handed in, however the machine's calendar jumps meanwhile."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._begun = time.monotonic_ns()

    def now(self) -> datetime:
        """Return the start and the whole seconds since."""
        return self._start + timedelta(seconds=(time.monotonic_ns() - self._begun) // 1_000_000_000)
