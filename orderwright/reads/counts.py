"""Counts for menus and filter chips. They stop at ten thousand: beyond, nobody needs the number and counting costs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db import connection

from orderwright.core.actor import Actor
from orderwright.payments.rules import ENDING_SOON
from orderwright.reads.exceptions import bounds, found_at
from orderwright.reads.order_list import REQUESTED, stored
from orderwright.reads.own_sites import of_sites
from orderwright.reads.row import Row

CEILING = 10_001
# Its value is the time until which a hold ends soon.
_HOLD_ENDS = "o.is_open AND o.hold_ends_at IS NOT NULL AND o.hold_ends_at <= %s"


class StateCount(Row, frozen=True, kw_only=True):
    """A state and how many orders are in it, at most CEILING."""

    slug: str
    name: str
    color: str
    system_state: str
    count: int


class Chips(Row, frozen=True, kw_only=True):
    """What the filter chips of a view show."""

    total: int
    states: list[StateCount]
    holds_ending: int
    requested: int


def count_open(*, actor: Actor) -> int:
    """Return how many orders are open, at most CEILING. Cost: one statement over the partial index."""
    own, values = of_sites(actor)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_capped(f'o.is_open AND {own}')}", values)
        count: int = cursor.fetchone()[0]
    return count


class MenuCounts(Row, frozen=True, kw_only=True):
    """What stands beside entries of the left menu, each at most CEILING."""

    open_orders: int
    exceptions: int
    drift: int
    holds_ending: int


def read_menu_counts(*, now: datetime, actor: Actor, open_orders: int | None = None) -> MenuCounts:
    """Return the menu's counts; `open_orders` where it is known already. Cost: one statement."""
    own, sites = of_sites(actor)
    is_known = open_orders is not None
    of_orders = "0" if is_known else _capped(f"o.is_open AND {own}")
    found, drifts = found_at(actor), undecided_at(actor)
    statement = (
        f"SELECT {of_orders}, {_capped(f'{_HOLD_ENDS} AND {own}')}, "
        f"(SELECT count(*) FROM (SELECT 1 FROM {found} LIMIT {CEILING}) AS n), "
        f"(SELECT count(*) FROM (SELECT 1 FROM {drifts} LIMIT {CEILING}) AS n)"
    )
    of_holds = [stored(now + ENDING_SOON), *sites]
    of_found = [] if actor.sites is None else sites
    with connection.cursor() as cursor:
        cursor.execute(statement, [*([] if is_known else sites), *of_holds, *bounds(now), *of_found, *of_found])
        counted, holds_ending, exceptions, drift = cursor.fetchone()
    return MenuCounts(
        open_orders=counted if open_orders is None else open_orders,
        exceptions=exceptions,
        drift=drift,
        holds_ending=holds_ending,
    )


def undecided_at(actor: Actor) -> str:
    """Return differences that nobody has decided, as a source with its condition; its values are those of the sites."""
    undecided = "d.state IN ('open', 'investigating')"
    if actor.sites is None:
        return f"payments_drift d WHERE {undecided}"
    own, _values = of_sites(actor)
    return (
        "payments_drift d JOIN payments_payment p ON p.id = d.payment_id JOIN orders_order o ON o.id = p.order_id "
        f"WHERE {undecided} AND {own}"
    )


def read_chips(*, view: Literal["open", "all"], now: datetime, actor: Actor, site: str | None = None) -> Chips:
    """Return the counts by state, in the states' order, of the whole view, holds that end soon and open requests.

    Cost: one statement. Open views have no closed states.
    """
    own, own_values = of_sites(actor)
    of_site = f" AND {own}"
    site_values: list[Any] = list(own_values)
    if site is not None:
        of_site += " AND o.site_id = (SELECT id FROM orders_site WHERE slug = %s)"
        site_values.append(site)
    openness = "o.is_open" if view == "open" else "TRUE"
    of_view = "" if view == "all" else " AND s.system_state NOT IN ('completed', 'canceled')"
    statement = (
        f"SELECT s.slug, s.name, s.color, s.system_state, {_capped(f'o.state_id = s.id{of_site}')}, "
        f"{_capped(f'{openness}{of_site}')}, "
        f"{_capped(f'{_HOLD_ENDS}{of_site}')}, "
        f"{_capped(f'{REQUESTED}{of_site}')} "
        f"FROM orders_orderstate s WHERE s.stage <> 'retired'{of_view} ORDER BY s.position, s.id"
    )
    values = [*site_values, *site_values, stored(now + ENDING_SOON), *site_values, *site_values]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    states = [
        StateCount(slug=slug, name=name, color=color, system_state=system_state, count=count)
        for slug, name, color, system_state, count, *_of_view in rows
    ]
    return Chips(total=rows[0][5], states=states, holds_ending=rows[0][6], requested=rows[0][7])


def _capped(condition: str) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 FROM orders_order o WHERE {condition} LIMIT {CEILING}) AS n)"
