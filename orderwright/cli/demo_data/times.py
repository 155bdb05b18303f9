"""When things happen in the demo: so long before a given moment, at hours at which people shop and work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# The desk's day. Nobody works at it at night, and nothing in the demo lies in the future.
_OPENS, _CLOSES = timedelta(hours=8, minutes=20), timedelta(hours=18, minutes=10)
_NOT_JUST_NOW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The demo's present, seen from one store."""

    now: datetime
    time_zone: str

    def ago(self, **past: int) -> datetime:
        """Return the moment so long ago, such as `ago(hours=3, minutes=10)`."""
        return self.now - timedelta(**past)

    def on_day(self, days: int, *, minute: int) -> datetime:
        """Return a minute of the day so many days ago, both as the store's clocks count them."""
        today = self.now.astimezone(ZoneInfo(self.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        return today - timedelta(days=days) + timedelta(minutes=minute)

    def at_work(self, after: datetime, wait: timedelta) -> datetime:
        """Return when somebody gets to it: after the wait, in opening hours, never later than just now."""
        moment = (after + wait).astimezone(ZoneInfo(self.time_zone))
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        since_midnight = moment - midnight
        into_the_day = timedelta(minutes=since_midnight // timedelta(minutes=1) % 97)
        if since_midnight < _OPENS:
            moment = midnight + _OPENS + into_the_day
        elif since_midnight > _CLOSES:
            moment = midnight + timedelta(days=1) + _OPENS + into_the_day
        return max(after, min(moment, self.now - _NOT_JUST_NOW))
