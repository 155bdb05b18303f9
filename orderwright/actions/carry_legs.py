"""Carry out the calls of one refund or cancellation, one after the other. What each does is `settle_operation`'s."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orderwright.actions import settle_operation
from orderwright.core.clock import Stopwatch
from orderwright.payments.operations import hasten


def run(keys: Sequence[str], *, now: datetime) -> None:
    """Send each call at the time at which its turn comes; at the first without an answer leave the rest to the worker.

    A provider that does not answer would keep the clerk waiting for half a minute a leg.
    Effects: as `settle_operation.carry_out`.
    """
    watch = Stopwatch(now)
    for place, key in enumerate(keys, start=1):
        leg = settle_operation.carry_out(key=key, now=watch.now())
        if leg.state == "unknown":
            hasten(keys[place:], now=watch.now())
            break
