"""The one place that asks the machine for the time. Actions take `now` as an argument instead of asking."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment as an aware UTC time."""
    return datetime.now(UTC)
