"""The audit: the whole journal, newest first, a page in one statement, narrowed by who, what, when, order and site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from django.db import connection

from orderwright.core.actor import Actor
from orderwright.orders.writes import stream_of
from orderwright.reads import cursors
from orderwright.reads.dialect import Dialect, current
from orderwright.reads.order_list import stored
from orderwright.reads.own_sites import of_sites
from orderwright.reads.personal import may_see
from orderwright.reads.row import Row
from orderwright.reads.sealed_values import with_personal

# So many rows are in memory at once when all of them are wanted.
_STREAMED: Final = 1000
# So many entries of one's own sites are looked through for who wrote them.
_LOOKED_THROUGH: Final = 5000
# What a chain is about when it is not an order: the beginning of its name, and the table that has the thing's own name.
_NAMED: Final = {
    "order_state": ("orders_orderstate", "name"),
    "provider_account": ("payments_provideraccount", "name"),
    "user": ("accounts_user", "name"),
    "role": ("accounts_role", "name"),
    "site": ("orders_site", "name"),
    "api_key": ("accounts_apikey", "name"),
    "carrier": ("shipping_carrier", "name"),
    "shipping_method": ("shipping_shippingmethod", "name"),
    "delivery_state": ("shipping_deliverystate", "name"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What is asked for. `kind` ends in a dot for all kinds that begin so; `order_id` 0 is an order that there is not.

    `who`: the kind of actor and its reference. `since` is included, `until` is not.
    """

    who: tuple[str, str] | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    order_id: int | None = None
    site_id: int | None = None
    after: str | None = None
    limit: int = 50


class AuditLine(Row, frozen=True, kw_only=True):
    """A line of the order, as far as sentences need it."""

    id: int
    name: str
    quantity: int


class AuditRefundLine(Row, frozen=True, kw_only=True):
    """So many pieces of a line in a refund."""

    line_id: int
    quantity: int


class AuditRefund(Row, frozen=True, kw_only=True):
    """A refund of the order, as far as sentences need it. Unit: minor units."""

    position: int
    shipping_minor: int
    lines: list[AuditRefundLine]


class AuditSite(Row, frozen=True, kw_only=True):
    """The order's site."""

    id: int
    slug: str
    name: str
    time_zone: str
    locale: str


class AuditState(Row, frozen=True, kw_only=True):
    """An order state under its present name."""

    slug: str
    name: str


class AuditOrder(Row, frozen=True, kw_only=True):
    """The order that an entry is about. The lists are filled where the entry's sentence needs them."""

    number: str
    currency: str
    site: AuditSite
    lines: list[AuditLine]
    refunds: list[AuditRefund]
    states: list[AuditState]

    def state_name(self, slug: str) -> str:
        """Return how the order state of this slug is called now; one that is gone keeps its slug."""
        return next((state.name for state in self.states if state.slug == slug), slug)


class AuditRow(Row, frozen=True, kw_only=True):
    """One entry of the journal. `order` is None where it is about something else, `subject` then has that thing's name.

    `before` and `after` have the same keys, the fields that changed.
    """

    id: int
    stream: str
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
    previous_hash: str
    hash: str
    order: AuditOrder | None
    subject: str | None


class AuditPage(Row, frozen=True, kw_only=True):
    """Some entries, newest first, and the cursor of the following page; None on the last one."""

    items: list[AuditRow]
    next: str | None


_decoder = msgspec.json.Decoder(AuditRow)


def read_audit(query: AuditQuery, *, actor: Actor) -> AuditPage:
    """Return one page. Whoever does not see every site sees what was done with the orders of their own alone.

    What names a customer is opened where the actor may see customers. Cost: one statement, over an index whatever it is
    narrowed by, and one where such a thing stands. Raises: CursorInvalid.
    """
    after = cursors.decode_time_and_id(query.after) if query.after is not None else None
    rows = _rows(query, actor, after=after, limit=query.limit + 1)
    items = rows[: query.limit]
    is_more = len(rows) > query.limit
    return AuditPage(items=items, next=cursors.encode(items[-1].at, items[-1].id) if is_more else None)


def each_entry(query: AuditQuery, *, actor: Actor) -> Iterator[AuditRow]:
    """Yield every entry, as `read_audit` would, that was written when the first was asked for.

    Cost: a statement for each thousand, and one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM journal_entry")
        greatest = cursor.fetchone()[0]
    after = None
    while rows := _rows(query, actor, after=after, limit=_STREAMED, greatest=greatest):
        yield from rows
        if len(rows) < _STREAMED:
            return
        after = rows[-1].at, rows[-1].id


def list_kinds() -> list[str]:
    """Return every kind of entry that there is, by name. Cost: one statement, a step over an index for each kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE kinds(kind) AS (SELECT min(kind) FROM journal_entry UNION ALL "
            "SELECT (SELECT min(e.kind) FROM journal_entry e WHERE e.kind > kinds.kind) FROM kinds "
            "WHERE kinds.kind IS NOT NULL) SELECT kind FROM kinds WHERE kind IS NOT NULL"
        )
        return [kind for (kind,) in cursor.fetchall()]


def list_actors(*, actor: Actor) -> list[tuple[str, str, str]]:
    """Return (kind, reference, name) of everybody who has written to the journal, each under the name used last.

    Whoever does not see every site is told of those who wrote the newest thousands of entries about their own.
    Cost: one statement, a few steps over an index for each.
    """
    if actor.sites is not None:
        return _actors_of_sites(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE actors(kind, ref) AS ("
            "SELECT * FROM (SELECT actor_kind, actor_ref FROM journal_entry ORDER BY 1, 2 LIMIT 1) AS first UNION ALL "
            "SELECT n.actor_kind, n.actor_ref FROM actors a JOIN journal_entry n ON n.id = (SELECT e.id FROM "
            "journal_entry e WHERE (e.actor_kind, e.actor_ref) > (a.kind, a.ref) "
            "ORDER BY e.actor_kind, e.actor_ref, e.at, e.id LIMIT 1)) "
            "SELECT a.kind, a.ref, (SELECT e.actor_name FROM journal_entry e WHERE e.actor_kind = a.kind "
            "AND e.actor_ref = a.ref ORDER BY e.at DESC, e.id DESC LIMIT 1) FROM actors a"
        )
        return [(kind, ref, name) for kind, ref, name in cursor.fetchall()]


def _actors_of_sites(actor: Actor) -> list[tuple[str, str, str]]:
    own, sites = of_sites(actor, "site_id")
    newest = f"SELECT * FROM journal_entry WHERE {own} ORDER BY at DESC, id DESC LIMIT {_LOOKED_THROUGH}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT actor_kind, actor_ref, max(actor_name) FROM ({newest}) AS e GROUP BY actor_kind, actor_ref", sites
        )
        return [(kind, ref, name) for kind, ref, name in cursor.fetchall()]


def _rows(
    query: AuditQuery, actor: Actor, *, after: tuple[datetime, int] | None, limit: int, greatest: int | None = None
) -> list[AuditRow]:
    own, sites = of_sites(actor, "site_id")
    conditions, values = _conditions(query)
    conditions, values = [own, *conditions], [*sites, *values]
    if after is not None:
        conditions.append("(at, id) < (%s, %s)")
        values += [stored(after[0]), after[1]]
    if greatest is not None:
        conditions.append("id <= %s")
        values.append(greatest)
    # The page is cut first, so that what its sentences need is looked up for its rows alone.
    page = f"(SELECT * FROM journal_entry WHERE {' AND '.join(conditions)} ORDER BY at DESC, id DESC LIMIT %s) AS e"
    statement = f"SELECT {_entry(current())} FROM {page} {_JOINS} ORDER BY e.at DESC, e.id DESC"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, limit])
        rows = [_decoder.decode(told) for (told,) in cursor.fetchall()]
    return with_personal(rows, may_see=lambda row: row.order is not None and may_see(actor, row.order.site.id))


def _conditions(query: AuditQuery) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if query.who is not None:
        conditions.append("actor_kind = %s AND actor_ref = %s")
        values += query.who
    if query.kind.endswith("."):
        conditions.append("kind >= %s AND kind < %s")
        values += [query.kind, f"{query.kind[:-1]}/"]  # "/" follows "."
    elif query.kind:
        conditions.append("kind = %s")
        values.append(query.kind)
    if query.since is not None:
        conditions.append("at >= %s")
        values.append(stored(query.since))
    if query.until is not None:
        conditions.append("at < %s")
        values.append(stored(query.until))
    if query.order_id is not None:
        conditions.append("stream = %s")
        values.append(str(stream_of(query.order_id)))
    if query.site_id is not None:
        conditions.append("site_id = %s")
        values.append(query.site_id)
    return conditions, values


_ORDER_ID: Final = "CASE WHEN e.stream LIKE 'order:%%' THEN CAST(substr(e.stream, 7) AS bigint) END"
_JOINS: Final = f"LEFT JOIN orders_order o ON o.id = {_ORDER_ID} LEFT JOIN orders_site t ON t.id = o.site_id"
_PLAIN: Final = (
    *("id", "stream", "sequence", "kind", "version", "actor_kind", "actor_ref", "actor_name", "why"),
    *("previous_hash", "hash"),
)


@cache
def _entry(d: Dialect) -> str:
    return d.text(
        d.obj(
            **{name: f"e.{name}" for name in _PLAIN},
            at=d.time("e.at"),
            before=d.json("e.before"),
            after=d.json("e.after"),
            order=_order(d),
            subject=_subject(),
        )
    )


def _order(d: Dialect) -> str:
    order = d.obj(
        number="o.number",
        currency="o.currency",
        site=d.obj(id="t.id", slug="t.slug", name="t.name", time_zone="t.time_zone", locale="t.locale"),
        lines=_lines(d),
        refunds=_refunds(d),
        states=d.array(
            d.obj(slug="s.slug", name="s.name"), "orders_orderstate s WHERE e.kind LIKE 'order.cancel%%' ORDER BY s.id"
        ),
    )
    return f"CASE WHEN o.id IS NOT NULL THEN {d.json(order)} END"


def _lines(d: Dialect) -> str:
    return d.array(
        d.obj(id="l.id", name="l.name", quantity="l.quantity"),
        "orders_line l WHERE l.order_id = o.id AND (e.kind LIKE 'item.%%' OR e.kind LIKE 'order.refund%%') "
        "ORDER BY l.position",
    )


def _refunds(d: Dialect) -> str:
    lines = d.array(
        d.obj(line_id="w.line_id", quantity="w.quantity"),
        "payments_refundline w WHERE w.refund_id = u.id ORDER BY w.id",
    )
    return d.array(
        d.obj(position="u.position", shipping_minor="u.shipping_minor", lines=lines),
        "payments_refund u WHERE u.order_id = o.id AND e.kind LIKE 'order.refund%%' ORDER BY u.position",
    )


def _subject() -> str:
    names = " ".join(
        f"WHEN e.stream LIKE '{kind}:%%' THEN (SELECT n.{column} FROM {table} n "
        f"WHERE n.id = CAST(substr(e.stream, {len(kind) + 2}) AS bigint))"
        for kind, (table, column) in _NAMED.items()
    )
    return f"CASE {names} END"
