"""The one place that asks the machine for the time. Actions take `now` as an argument instead of asking."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present moment as an aware UTC time."""
    return datetime.now(UTC)


def clock_text(at: datetime, zone_name: str = "UTC") -> str:
    """Return the time of day to the second with its zone, such as `14:02:15 EST`; an unknown zone counts as UTC."""
    try:
        local = at.astimezone(ZoneInfo(zone_name))
    except (KeyError, ValueError, OSError):
        local = at.astimezone(UTC)
    return f"{local:%H:%M:%S} {local.tzname()}"
