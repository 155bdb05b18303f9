"""The orders before and after one in a list, for going on to the next without going back."""

from __future__ import annotations

from typing import Literal

from django.db import connection

from orderwright.core.actor import Actor
from orderwright.reads.own_sites import of_sites
from orderwright.reads.row import Row


class Neighbours(Row, frozen=True, kw_only=True):
    """Numbers of the orders next to one: `previous` stands above it in the list (placed later), `next` below."""

    previous: str | None
    next: str | None


def read_neighbours(*, number: str, actor: Actor, view: Literal["open", "all"] = "open") -> Neighbours:
    """Return the neighbours of an order in the list by time. Cost: one statement."""
    own, sites = of_sites(actor, "n.site_id")
    of_order, _same = of_sites(actor)
    openness = f"AND {own}{' AND n.is_open' if view == 'open' else ''}"
    statement = (
        "SELECT (SELECT n.number FROM orders_order n WHERE (n.placed_at, n.id) > (o.placed_at, o.id) "
        f"{openness} ORDER BY n.placed_at, n.id LIMIT 1), "
        "(SELECT n.number FROM orders_order n WHERE (n.placed_at, n.id) < (o.placed_at, o.id) "
        f"{openness} ORDER BY n.placed_at DESC, n.id DESC LIMIT 1) FROM orders_order o "
        f"WHERE o.number = %s AND {of_order}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*sites, *sites, number, *sites])
        row = cursor.fetchone() or (None, None)
    return Neighbours(previous=row[0], next=row[1])
