"""Journal entries on their own, without the change that they would tell of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from orderwright.core.actor import SYSTEM
from orderwright.journal import writes
from orderwright.journal.models import Entry


def append(stream: str, *, kind: str = "order.invoice_saved", **more: Any) -> Entry:
    """Append one entry in a transaction of its own, and return it. What was is nothing, unless it is said."""
    more.setdefault("before", dict.fromkeys(more.get("after") or {}))
    with transaction.atomic(durable=True):
        writes.append(stream=stream, kind=kind, actor=SYSTEM, now=datetime(2026, 11, 21, 9, 0, tzinfo=UTC), **more)
    return Entry.objects.filter(stream=stream).latest("sequence")
