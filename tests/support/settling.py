"""Letting time pass until the worker has brought every open call to its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderwright.actions import settle_operation

# Longer than the worker waits before it looks after a call whose process may have died.
STEP = timedelta(minutes=2)
# Quiet has to come long before the provider forgets the keys.
LATEST = timedelta(hours=12)


def settle_until_quiet(now: datetime, *, latest: timedelta = LATEST, step: timedelta = STEP) -> datetime:
    """Do what the worker does, at later and later times, until nothing is due any more; return when that was."""
    end = now + latest
    while now < end:
        now += step
        for key in settle_operation.due(now=now):
            settle_operation.run(key=key, now=now)
        if not settle_operation.due(now=end):
            return now
    raise AssertionError(f"still due after {latest}: {settle_operation.due(now=end)}")
