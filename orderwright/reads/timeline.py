"""The timeline of an order: its journal, newest first."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection

from orderwright.journal.models import Entry
from orderwright.orders.writes import stream_of
from orderwright.reads.order_list import aware
from orderwright.reads.row import Row
from orderwright.reads.sealed_values import with_personal

# Entries that tell of money; "prepared" ones only matter while a call is under way, which the payment itself shows.
_MONEY = "(kind LIKE 'payment.%%' OR kind IN ('order.canceled', 'order.cancel_requested', 'order.cancel_leg_failed'))"

_COLUMNS = "sequence, kind, version, actor_kind, actor_ref, actor_name, at, before, after, why"


class TimelineRow(Row, frozen=True, kw_only=True):
    """One journal entry. `before` and `after` have the same keys, the fields that changed."""

    sequence: int
    kind: str
    version: int
    actor_kind: str
    actor_ref: str
    actor_name: str
    at: datetime
    before: dict[str, Any]
    after: dict[str, Any]
    why: str


def read_timeline(
    *, order_id: int, sees_customer: bool, limit: int = 50, before: int | None = None, money_only: bool = False
) -> list[TimelineRow]:
    """Return up to `limit` entries older than the sequence `before`, newest first.

    `sees_customer`: whether what names the customer is opened. Cost: one statement, and one where such a thing stands.
    """
    older = "AND sequence < %s" if before is not None else ""
    only = f"AND {_MONEY}" if money_only else ""
    statement = f"SELECT {_COLUMNS} FROM journal_entry WHERE stream = %s {older} {only} ORDER BY sequence DESC LIMIT %s"
    values: list[Any] = [stream_of(order_id), *([before] if before is not None else []), limit]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return with_personal([_row(record) for record in rows], may_see=lambda _row: sees_customer)


def read_since(*, order_id: int, sequence: int) -> list[TimelineRow]:
    """Return the entries from this place on, oldest first, with what names the customer as it is sealed.

    Cost: one statement.
    """
    statement = f"SELECT {_COLUMNS} FROM journal_entry WHERE stream = %s AND sequence >= %s ORDER BY sequence"
    with connection.cursor() as cursor:
        cursor.execute(statement, [stream_of(order_id), sequence])
        return [_row(record) for record in cursor.fetchall()]


def read_chain_end(*, order_id: int) -> tuple[int, str]:
    """Return the place and the hash of the order's last entry. Cost: one statement."""
    last = Entry.objects.filter(stream=stream_of(order_id)).order_by("-sequence").values_list("sequence", "hash")
    return last[:1].get()


def _row(record: tuple[Any, ...]) -> TimelineRow:
    values = dict(zip(TimelineRow.__struct_fields__, record, strict=True))
    values["at"] = aware(values["at"])
    for name in ("before", "after"):
        if isinstance(values[name], str):
            values[name] = json.loads(values[name])
    return TimelineRow(**values)
