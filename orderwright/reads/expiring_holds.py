"""Expiring holds: payments on which a bank still holds money and says until when, the first to end first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from orderwright.core.actor import Actor
from orderwright.reads import cursors
from orderwright.reads.order_list import aware, stored
from orderwright.reads.own_sites import of_sites
from orderwright.reads.personal import name_for
from orderwright.reads.row import Row

# What has ended stays in sight this long: somebody has to ask the customer anew, or give the order up.
ENDED_SHOWN: Final = timedelta(days=7)
_OF_ORDER: Final = (
    "p.currency, p.method_type, p.brand, p.last4, p.reference, a.name AS account, o.number, o.customer_name, "
    "o.is_open, s.name AS state, s.color, s.system_state, y.id AS site_id, "
    "y.name AS site, y.locale, y.time_zone, y.sender"
)
_ORDER: Final = (
    "JOIN payments_provideraccount a ON a.id = p.account_id JOIN orders_order o ON o.id = p.order_id "
    "JOIN orders_orderstate s ON s.id = o.state_id JOIN orders_site y ON y.id = o.site_id"
)
# The condition as the index on holds has it, so that either engine takes that.
_STILL_HELD: Final = (
    "SELECT p.id, p.expires_at AS ends, p.authorised_minor - p.captured_minor - p.released_minor AS held, "
    f"FALSE AS is_booked, {_OF_ORDER} FROM payments_payment p {_ORDER} "
    "WHERE p.authorised_minor > (p.captured_minor + p.released_minor)"
)
# What the books know to have run out: nothing is held any more.
_RUN_OUT: Final = (
    f"SELECT p.id, t.at AS ends, e.amount_minor AS held, TRUE AS is_booked, {_OF_ORDER} "
    "FROM payments_ledgertransaction t JOIN payments_ledgerentry e ON e.transaction_id = t.id AND e.amount_minor > 0 "
    f"JOIN payments_payment p ON p.id = t.payment_id {_ORDER} WHERE t.kind = 'expire'"
)


class HoldRow(Row, frozen=True, kw_only=True):
    """One hold that ends. Unit: `held_minor` in minor units of `currency`: what is held, or was when it ran out."""

    payment_id: int
    expires_at: datetime
    held_minor: int
    is_booked: bool
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
    site_id: int
    site_name: str
    site_locale: str
    site_time_zone: str
    site_sender: str


class HoldPage(Row, frozen=True, kw_only=True):
    """Some holds, the first to end first, and the cursor of the following page; None at the end."""

    items: list[HoldRow]
    next: str | None


def list_holds(
    *, now: datetime, within: timedelta, actor: Actor, after: str | None = None, limit: int = 50
) -> HoldPage:
    """Return one page of holds that end within this time or have lately ended. Cost: one statement.

    Raises: CursorInvalid.
    """
    own, sites = of_sites(actor)
    held_after, ended_after, place = "", "", []
    if after is not None:
        expires_at, payment_id = cursors.decode_time_and_id(after)
        held_after, ended_after = " AND (p.expires_at, p.id) > (%s, %s)", " AND (t.at, p.id) > (%s, %s)"
        place = [stored(expires_at), payment_id]
    since, most = stored(now - ENDED_SHOWN), limit + 1
    # Each half takes its own index and no more rows than are asked for.
    held = (
        f"{_STILL_HELD} AND p.expires_at > %s AND p.expires_at <= %s AND {own}{held_after} "
        "ORDER BY p.expires_at, p.id LIMIT %s"
    )
    ended = f"{_RUN_OUT} AND t.at > %s AND {own}{ended_after} ORDER BY t.at, p.id LIMIT %s"
    statement = f"SELECT * FROM ({held}) AS h UNION ALL SELECT * FROM ({ended}) AS e ORDER BY 2, 1 LIMIT %s"
    values = [since, stored(now + within), *sites, *place, most, since, *sites, *place, most, most]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = [_row(record, actor) for record in cursor.fetchall()]
    items = rows[:limit]
    is_more = len(rows) > limit
    return HoldPage(items=items, next=cursors.encode(items[-1].expires_at, items[-1].payment_id) if is_more else None)


def _row(record: tuple[Any, ...], actor: Actor) -> HoldRow:
    values = dict(zip(HoldRow.__struct_fields__, record, strict=True))
    values["expires_at"] = aware(values["expires_at"])
    values["is_booked"] = bool(values["is_booked"])
    values["order_is_open"] = bool(values["order_is_open"])
    values["customer_name"] = name_for(actor, values["site_id"], values["customer_name"])
    return HoldRow(**values)
