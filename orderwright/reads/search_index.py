"""The words by which an order is found, kept in a trigram index. Writing it needs the order's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from orderwright.core.db import is_postgresql
from orderwright.reads.personal import require_whole
from orderwright.reads.rows import OrderDetail

# How much of SQLite's index is rewritten at a time, and how often at most.
_PAGES: Final = 500
_MOST_STEPS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """The words of one order: those about things, and those about the customer, by which not everybody may search."""

    things: Iterable[str]
    people: Iterable[str]


def index_order(*, order_id: int, found_by: Findable) -> None:
    """Make the order findable by any piece of these words, in place of what it had. Effects: one statement."""
    things = _lines(found_by.things)
    words = _lines([*found_by.things, *found_by.people])
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(
                "INSERT INTO reads_search (id, words, things) VALUES (%s, %s, %s) "
                "ON CONFLICT (id) DO UPDATE SET words = excluded.words, things = excluded.things",
                [order_id, words, things],
            )
        else:
            cursor.execute(
                "INSERT OR REPLACE INTO reads_search (rowid, words, things) VALUES (%s, %s, %s)",
                [order_id, words, things],
            )


def drop_overwritten() -> None:
    """Have SQLite drop what was overwritten: from the index, whose segments keep it, and from the log.

    For what has to be gone, not only to be found no more. PostgreSQL's autovacuum does so by itself. Not inside a
    transaction. Cost: rewrites the index, in small steps between which others may write.
    """
    if is_postgresql():
        return
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO reads_search (reads_search, rank) VALUES ('merge', %s)", [-_PAGES])
        for _step in range(_MOST_STEPS):
            before = _changes(cursor)
            cursor.execute("INSERT INTO reads_search (reads_search, rank) VALUES ('merge', %s)", [_PAGES])
            if _changes(cursor) - before <= 1:  # nothing but the command itself: all of it is one segment
                break
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def words_of(order: OrderDetail) -> Findable:
    """Return what the order is found by: number, external id, customer, invoice number, tags, SKUs and tracking.

    Raises: RuntimeError for an order whose personal data are hidden.
    """
    require_whole(order)
    tracking = [parcel.tracking_number for shipment in order.shipments for parcel in shipment.parcels]
    return Findable(
        things=[
            f"#{order.number}",
            order.external_id,
            order.customer_reference,
            order.invoice_number,
            *order.tags,
            *(line.sku for line in order.lines),
            *tracking_words(tracking),
        ],
        people=people_words(name=order.customer_name, email=order.customer_email, phone=order.customer_phone),
    )


def people_words(*, name: str, email: str, phone: str) -> list[str]:
    """Return the words of a customer. A phone is found with and without its spaces and signs."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return [name, email, phone, digits]


def tracking_words(numbers: Iterable[str]) -> list[str]:
    """Return tracking numbers as typed and without spaces, so that both are found."""
    return [form for number in numbers for form in (number, number.replace(" ", ""))]


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    changes: int = cursor.fetchone()[0]
    return changes


def _lines(words: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(word.lower() for word in words if word))
