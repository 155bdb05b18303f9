"""Expiring holds: payments on which a bank still holds money and says until when, the first to end first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from orderwright.reads import cursors
from orderwright.reads.order_list import aware, stored
from orderwright.reads.rows import Row

# What has ended stays in sight this long: somebody has to ask the customer anew, or give the order up.
ENDED_SHOWN: Final = timedelta(days=7)
_COLUMNS: Final = (
    "p.id, p.expires_at, p.authorised_minor - p.captured_minor - p.released_minor, p.currency, p.method_type, p.brand, "
    "p.last4, p.reference, a.name, o.number, o.customer_name, o.is_open, s.name, s.color, s.system_state, t.name, "
    "t.locale, t.time_zone, t.sender"
)
# As the index on holds has it, so that either engine takes that.
_HELD: Final = "p.authorised_minor > (p.captured_minor + p.released_minor)"
_FROM: Final = (
    "FROM payments_payment p JOIN payments_provideraccount a ON a.id = p.account_id "
    "JOIN orders_order o ON o.id = p.order_id JOIN orders_orderstate s ON s.id = o.state_id "
    "JOIN orders_site t ON t.id = o.site_id"
)


class HoldRow(Row, frozen=True, kw_only=True):
    """One hold that ends. Unit: `held_minor` in minor units of `currency`."""

    payment_id: int
    expires_at: datetime
    held_minor: int
    currency: str
    method_type: str
    brand: str
    last4: str
    reference: str
    account_name: str
    order_number: str
    customer_name: str
    order_is_open: bool
    state_name: str
    state_color: str
    system_state: str
    site_name: str
    site_locale: str
    site_time_zone: str
    site_sender: str


class HoldPage(Row, frozen=True, kw_only=True):
    """Some holds, the first to end first, and the cursor of the following page; None at the end."""

    items: list[HoldRow]
    next: str | None


def list_holds(*, now: datetime, within: timedelta, after: str | None = None, limit: int = 50) -> HoldPage:
    """Return one page of holds that end within this time or have lately ended. Cost: one statement.

    Raises: CursorInvalid.
    """
    conditions = [_HELD, "p.expires_at > %s", "p.expires_at <= %s"]
    values: list[Any] = [stored(now - ENDED_SHOWN), stored(now + within)]
    if after is not None:
        expires_at, payment_id = cursors.decode_time_and_id(after)
        conditions.append("(p.expires_at, p.id) > (%s, %s)")
        values += [stored(expires_at), payment_id]
    statement = f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(conditions)} ORDER BY p.expires_at, p.id LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, limit + 1])
        rows = [_row(record) for record in cursor.fetchall()]
    items = rows[:limit]
    is_more = len(rows) > limit
    return HoldPage(items=items, next=cursors.encode(items[-1].expires_at, items[-1].payment_id) if is_more else None)


def _row(record: tuple[Any, ...]) -> HoldRow:
    values = dict(zip(HoldRow.__struct_fields__, record, strict=True))
    values["expires_at"] = aware(values["expires_at"])
    values["order_is_open"] = bool(values["order_is_open"])
    return HoldRow(**values)
