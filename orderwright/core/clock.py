"""The one place that asks the machine for the time. Actions take `now` as an argument instead of asking."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


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


def clock_text(at: datetime, zone_name: str = "UTC") -> str:
    """Return the time of day to the second with its zone, such as `14:02:15 EST`; an unknown zone counts as UTC."""
    try:
        local = at.astimezone(ZoneInfo(zone_name))
    except (KeyError, ValueError, OSError):
        local = at.astimezone(UTC)
    return f"{local:%H:%M:%S} {local.tzname()}"
