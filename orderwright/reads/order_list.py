"""Pages of orders in one statement each, by keyset: newest placed first, or newest taken in first for a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from django.db import connection

from orderwright.core.actor import Actor
from orderwright.core.db import is_postgresql
from orderwright.payments.rules import ENDING_SOON
from orderwright.reads import cursors
from orderwright.reads.own_sites import of_sites
from orderwright.reads.personal import PERMISSION as PERSONAL
from orderwright.reads.personal import name_for
from orderwright.reads.row import Row

# The trigram index answers from three characters on; less is looked up as the beginning of a number.
SHORTEST_PIECE = 3
# What people write between the digits of a phone number, and how many digits make one out of a date or an amount.
_PHONE_SIGNS = frozenset("+-()/. \xa0")
_SHORTEST_PHONE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What a list shows. `delivery` is unsent, part or sent; `hold` is "ending" for holds that end within 48 hours.

    `cancellation` is "requested" for orders on which somebody has to decide (W5).
    """

    view: Literal["open", "all"] = "open"
    state: str | None = None
    payment: str | None = None
    delivery: str | None = None
    hold: str | None = None
    cancellation: str | None = None
    site: str | None = None
    placed_from: datetime | None = None
    placed_to: datetime | None = None
    q: str = ""
    after: str | None = None
    limit: int = 50


class OrderRow(Row, frozen=True, kw_only=True):
    """One order as a list shows it. Unit: minor units of `currency`."""

    id: int
    number: str
    external_id: str
    placed_at: datetime
    customer_name: str
    currency: str
    total_minor: int
    pieces: int
    version: int
    payment_standing: str
    hold_ends_at: datetime | None
    shipments_total: int
    shipments_sent: int
    shipments_partly: int
    is_open: bool
    state_slug: str
    state_name: str
    state_color: str
    system_state: str
    site_id: int
    site_slug: str
    site_name: str
    site_locale: str
    site_time_zone: str
    is_asked_to_cancel: bool  # and nobody has decided yet


class Page(Row, frozen=True, kw_only=True):
    """One page of a list and the cursor of the next, or None at the end."""

    items: list[OrderRow]
    next: str | None


# Of orders whose cancellation somebody asks for; few have an open request, and each is found by its index.
REQUESTED: Final = "EXISTS (SELECT 1 FROM orders_cancellationrequest g WHERE g.order_id = o.id AND g.state = 'open')"
_COLUMNS = (
    "o.id, o.number, o.external_id, o.placed_at, o.customer_name, o.currency, o.total_minor, o.pieces, o.version, "
    "o.payment_standing, o.hold_ends_at, o.shipments_total, o.shipments_sent, "
    "o.shipments_partly, o.is_open, "
    "s.slug, s.name, s.color, s.system_state, t.id, t.slug, t.name, t.locale, t.time_zone, "
    f"(s.system_state = 'cancel_requested' AND {REQUESTED})"
)
_JOINS = "JOIN orders_orderstate s ON s.id = o.state_id JOIN orders_site t ON t.id = o.site_id"
_DELIVERY = {
    "unsent": "o.shipments_sent = 0 AND o.shipments_partly = 0 AND o.shipments_total > 0",
    "part": "o.shipments_sent < o.shipments_total AND (o.shipments_sent > 0 OR o.shipments_partly > 0)",
    "sent": "o.shipments_sent = o.shipments_total AND o.shipments_total > 0",
}


def read_list(query: ListQuery, *, now: datetime, actor: Actor) -> Page:
    """Return one page. Cost: one statement, whatever the filters and however deep the page.

    Raises: CursorInvalid.
    """
    piece = query.q.strip().lower()
    is_indexed = len(piece) >= SHORTEST_PIECE
    conditions, values = _filters(query, now=now, actor=actor)
    source = "orders_order o"
    if is_indexed:
        source, found, sought = _search(piece, actor)
        conditions, values = [found, *conditions], [*sought, *values]
    elif piece:
        conditions.append("o.number LIKE %s ESCAPE '!'")
        values.append(_escaped(piece.lstrip("#")) + "%")
    if query.after is not None:
        condition, key = _after(query.after, by_id=is_indexed)
        conditions.append(condition)
        values.extend(key)
    order = "o.id DESC" if is_indexed else "o.placed_at DESC, o.id DESC"
    if is_indexed and not is_postgresql():
        order = "f.rowid DESC"  # the index walks its rows backwards and stops at the page's end
    statement = f"SELECT {_COLUMNS} FROM {source} {_JOINS} WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, query.limit + 1])
        rows = [_row(record, actor) for record in cursor.fetchall()]
    items = rows[: query.limit]
    following = None
    if len(rows) > query.limit:
        last = items[-1]
        following = cursors.encode(last.id) if is_indexed else cursors.encode(last.placed_at, last.id)
    return Page(items=items, next=following)


def _filters(query: ListQuery, *, now: datetime, actor: Actor) -> tuple[list[str], list[Any]]:
    own, sites = of_sites(actor)
    conditions: list[str] = [own]
    values: list[Any] = [*sites]
    if query.view == "open":
        conditions.append("o.is_open")
    if query.state is not None:
        conditions.append("o.state_id = (SELECT id FROM orders_orderstate WHERE slug = %s)")
        values.append(query.state)
    if query.site is not None:
        conditions.append("o.site_id = (SELECT id FROM orders_site WHERE slug = %s)")
        values.append(query.site)
    if query.payment is not None:
        conditions.append("o.payment_standing = %s")
        values.append(query.payment)
    if query.delivery in _DELIVERY:
        conditions.append(_DELIVERY[query.delivery])
    if query.cancellation == "requested":
        conditions.append(REQUESTED)
    if query.hold == "ending":
        conditions.append("o.is_open AND o.hold_ends_at IS NOT NULL AND o.hold_ends_at <= %s")
        values.append(stored(now + ENDING_SOON))
    if query.placed_from is not None:
        conditions.append("o.placed_at >= %s")
        values.append(stored(query.placed_from))
    if query.placed_to is not None:
        conditions.append("o.placed_at < %s")
        values.append(stored(query.placed_to))
    return conditions, values


def _search(piece: str, actor: Actor) -> tuple[str, str, list[Any]]:
    """Return source, condition and values of a search: by everything, or by things alone where no people are shown."""
    knowing = actor.through(PERSONAL)
    column = "things" if knowing.sites == frozenset() else "words"
    sought = _forms(piece)
    likes = [f"%{_escaped(form)}%" for form in sought]
    if is_postgresql():
        source, condition = "orders_order o JOIN reads_search f ON f.id = o.id", _like_any(column, likes)
        values: list[Any] = list(likes)
    else:
        # CROSS JOIN keeps the index outermost, so that its order is the list's.
        source, condition = "reads_search f CROSS JOIN orders_order o ON o.id = f.rowid", f"f.{column} MATCH %s"
        values = [" OR ".join('"' + form.replace('"', '""') + '"' for form in sought)]
    if column == "words" and knowing.sites not in (None, actor.sites):
        where_known, known = of_sites(knowing)
        condition += f" AND ({where_known} OR {_like_any('things', likes)})"
        values += [*known, *likes]
    return source, condition, values


def _forms(piece: str) -> list[str]:
    """Return the piece, and its digits alone where it may be a phone number as people write it."""
    digits = "".join(sign for sign in piece if sign.isdigit())
    is_phone = digits != piece and len(digits) >= _SHORTEST_PHONE and not set(piece) - set(digits) - _PHONE_SIGNS
    return [piece, digits] if is_phone else [piece]


def _like_any(column: str, likes: list[str]) -> str:
    return "(" + " OR ".join([f"f.{column} LIKE %s ESCAPE '!'"] * len(likes)) + ")"


def _escaped(piece: str) -> str:
    return piece.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _after(cursor: str, *, by_id: bool) -> tuple[str, list[Any]]:
    if by_id:
        return ("o.id < %s" if is_postgresql() else "f.rowid < %s"), [cursors.decode_id(cursor)]
    placed_at, order_id = cursors.decode_time_and_id(cursor)
    return "(o.placed_at, o.id) < (%s, %s)", [stored(placed_at), order_id]


def stored(moment: datetime) -> Any:
    """Return the time as this engine stores and compares it."""
    return connection.ops.adapt_datetimefield_value(moment)


def _row(record: tuple[Any, ...], actor: Actor) -> OrderRow:
    values = dict(zip(OrderRow.__struct_fields__, record, strict=True))
    values["placed_at"] = aware(values["placed_at"])
    values["hold_ends_at"] = aware(values["hold_ends_at"])
    values["is_open"] = bool(values["is_open"])
    values["is_asked_to_cancel"] = bool(values["is_asked_to_cancel"])
    values["customer_name"] = name_for(actor, values["site_id"], values["customer_name"])
    return OrderRow(**values)


def aware(value: datetime | None) -> datetime | None:
    """Return a stored time as an aware one; SQLite hands it over in UTC without saying so."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
