"""Named places where a test may kill the process, to show that nothing is lost or done twice. Inert in production."""

from __future__ import annotations

import os
import signal
from collections import Counter

from django.conf import settings

_passed: Counter[str] = Counter()

# Every place, in the order in which one provider call and one cancellation pass them.
POINTS = (
    "operation.preparing",  # before the commit that reserves the amount
    "operation.prepared",  # after it
    "operation.sent",  # marked as sent, not called yet
    "operation.answered",  # the provider has answered, nothing written yet
    "operation.finishing",  # before the commit of the result
    "operation.finished",  # after it
    "cancellation.requested",  # legs are committed, none is sent
)
# Those that one row of a bulk job passes.
BULK_POINTS = (
    "bulk.taken",  # its try is counted, nothing is done
    "bulk.finishing",  # before the commit of the row's change and outcome, which is one
    "bulk.finished",  # after it
)


def point(name: str) -> None:
    """Kill this process if `ORDERWRIGHT_CRASH_AT` names this place, as `name` or `name:n` for the nth pass."""
    wanted = settings.CRASH_AT
    if not wanted:
        return
    wanted_name, _, wanted_pass = wanted.partition(":")
    if name == wanted_name:
        _passed[name] += 1
        if _passed[name] == int(wanted_pass or 1):
            os.kill(os.getpid(), signal.SIGKILL)
