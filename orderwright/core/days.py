"""Days as a site's clock cuts them, also where clocks are put forward or back. Pure, no Django."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

_SECOND: Final = timedelta(seconds=1)


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """Return the time zone of this name; one that this machine does not know counts as UTC."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def day_start(day: date, *, zone_name: str) -> datetime:
    """Return the first moment of the day in this zone, in UTC.

    Where 00:00 comes twice it is the first of them; where clocks skip it, the moment at which they jump.
    """
    place = zone(zone_name)
    midnight = datetime.combine(day, time.min, place)
    start = midnight.astimezone(UTC)
    if start.astimezone(place).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return start
    # There is no 00:00: the jump lies between how the clock of before and the clock of after would read it.
    before, after = sorted((start, midnight.replace(fold=1).astimezone(UTC)))
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(place).date() >= day:
            after = middle
        else:
            before = middle
    return after


def today(now: datetime, *, zone_name: str) -> date:
    """Return which day it is in this zone."""
    return now.astimezone(zone(zone_name)).date()
