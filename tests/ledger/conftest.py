"""Looking at the ledger by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from orderwright.core.actor import SYSTEM
from orderwright.reads.ledger_days import LedgerDays, read_days
from orderwright.reads.ledger_scope import LedgerQuery, Scope, read_scope


@pytest.fixture
def scope(site: Any, now: datetime) -> Callable[..., Scope]:
    """Return a scope: first day, last day, and what it is narrowed to."""

    def make(first: str = "", last: str = "", **more: str) -> Scope:
        return read_scope(LedgerQuery(first=first, last=last, **more), now=now, actor=SYSTEM)

    return make


@pytest.fixture
def days(scope: Callable[..., Scope]) -> Callable[..., LedgerDays]:
    """Return the ledger by day."""
    return lambda *args, **more: read_days(scope(*args, **more))


def moves(ledger: LedgerDays) -> list[tuple[str, str, int, int, int, int]]:
    """Return each day with its site: authorised, captured, then what was held and kept at its end."""
    return [
        (
            row.day.isoformat(),
            row.site.slug,
            row.sums.authorised_minor,
            row.sums.captured_minor,
            row.sums.held_minor,
            row.sums.kept_minor,
        )
        for row in ledger.days
    ]
