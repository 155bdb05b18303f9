"""The ledger transaction by transaction, in the order in which things happened: page by page, or all in a stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from orderwright.reads import cursors
from orderwright.reads.ledger_scope import AccountRow, Scope
from orderwright.reads.order_list import aware, stored
from orderwright.reads.row import Row
from orderwright.reads.rows import SiteRow

_COLUMNS: Final = (
    "t.id, t.at, o.site_id, p.account_id, o.number, o.external_id, p.reference, t.kind, t.provider_ref, t.parent_ref, "
    "e.amount_minor, e.currency, t.origin, coalesce(q.actor_name, '')"
)
_FROM: Final = (
    "FROM payments_ledgertransaction t "
    "JOIN payments_ledgerentry e ON e.transaction_id = t.id AND e.amount_minor > 0 "
    "JOIN payments_payment p ON p.id = t.payment_id JOIN orders_order o ON o.id = p.order_id "
    "LEFT JOIN payments_operation q ON q.id = t.operation_id"
)
# So many rows are in memory at once.
_STREAMED: Final = 2000


class TransactionRow(Row, frozen=True, kw_only=True):
    """One movement. Unit: minor units of `currency`, positive. `actor_name` is empty where no operation of ours did it.

    `origin`: desk (by an operation of ours), intake (came with the order) or provider (done there).
    """

    id: int
    at: datetime
    day: date
    site: SiteRow
    account: AccountRow
    order_number: str
    external_id: str
    payment_reference: str
    kind: str
    provider_ref: str
    parent_ref: str
    amount_minor: int
    currency: str
    origin: str
    actor_name: str


class TransactionPage(Row, frozen=True, kw_only=True):
    """Some transactions, the first to happen first, and the cursor of the following page; None at the end."""

    items: list[TransactionRow]
    next: str | None


def list_transactions(scope: Scope, *, after: str | None = None, limit: int = 50) -> TransactionPage:
    """Return one page. Cost: one statement. Raises: CursorInvalid."""
    rows = _page(scope, after=cursors.decode_time_and_id(after) if after is not None else None, limit=limit + 1)
    items = rows[:limit]
    is_more = len(rows) > limit
    return TransactionPage(items=items, next=cursors.encode(items[-1].at, items[-1].id) if is_more else None)


def each_transaction(scope: Scope) -> Iterator[TransactionRow]:
    """Yield every transaction that was booked when the first one was asked for; what is booked meanwhile is left out.

    Cost: one statement for each two thousand rows, and one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM payments_ledgertransaction")
        greatest = cursor.fetchone()[0]
    after = None
    while rows := _page(scope, after=after, limit=_STREAMED, greatest=greatest):
        yield from rows
        if len(rows) < _STREAMED:
            return
        after = rows[-1].at, rows[-1].id


def _page(
    scope: Scope, *, after: tuple[datetime, int] | None, limit: int, greatest: int | None = None
) -> list[TransactionRow]:
    if not scope.cuts:
        return []
    conditions, values = _within(scope, since=after[0] if after is not None else None)
    if after is not None:
        conditions.append("(t.at, t.id) > (%s, %s)")
        values += [stored(after[0]), after[1]]
    if greatest is not None:
        conditions.append("t.id <= %s")
        values.append(greatest)
    statement = f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(conditions)} ORDER BY t.at, t.id LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, limit])
        return [_row(scope, record) for record in cursor.fetchall() if record[3] in scope.accounts]


def _within(scope: Scope, *, since: datetime | None) -> tuple[list[str], list[Any]]:
    # The widest bounds are for the index on time, and begin where the page before ended; then each site's own clock.
    # The plus signs keep both engines from starting at the sites instead, which would sort everything for each page.
    cuts = scope.cuts.values()
    conditions = ["t.at >= %s", "t.at < %s"]
    values: list[Any] = [
        stored(since or min(cut.starts[0] for cut in cuts)),
        stored(max(cut.starts[-1] for cut in cuts)),
    ]
    own = []
    for cut in cuts:
        sites = [site.id for site in scope.sites.values() if site.time_zone == cut.time_zone]
        own.append(f"(+o.site_id IN ({', '.join(['%s'] * len(sites))}) AND t.at >= %s AND t.at < %s)")
        values += [*sites, stored(cut.starts[0]), stored(cut.starts[-1])]
    conditions.append(f"({' OR '.join(own)})")
    if scope.account is not None:
        conditions.append("+p.account_id = %s")
        values.append(scope.account.id)
    return conditions, values


def _row(scope: Scope, record: tuple[Any, ...]) -> TransactionRow:
    number, stored_at, site_id, account_id, *rest = record
    at = aware(stored_at)
    if at is None:
        raise AssertionError("a ledger transaction has a time")
    cut = scope.cut_of(site_id)
    names = TransactionRow.__struct_fields__[5:]
    return TransactionRow(
        id=number,
        at=at,
        day=cut.day(cut.index(at)),
        site=scope.sites[site_id],
        account=scope.accounts[account_id],
        **dict(zip(names, rest, strict=True)),
    )
