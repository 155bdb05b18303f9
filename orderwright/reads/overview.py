"""Overview: how much of everything waits for somebody, counted; what it is in detail, the pages behind it show."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection

from orderwright.core.actor import Actor
from orderwright.payments.rules import ENDING_SOON
from orderwright.reads.counts import CEILING, undecided_at
from orderwright.reads.exceptions import bounds, found_at
from orderwright.reads.mails import UNDELIVERED
from orderwright.reads.order_list import REQUESTED, stored
from orderwright.reads.own_sites import of_sites
from orderwright.reads.row import Row


class HeldSum(Row, frozen=True, kw_only=True):
    """What is held in one currency and soon let go. Unit: minor units."""

    currency: str
    held_minor: int


class Overview(Row, frozen=True, kw_only=True):
    """What waits, each count at most CEILING; `ending` is what `ending_holds` hold, by currency."""

    open_orders: int
    new_orders: int
    requested: int
    exceptions: int
    drift: int
    dead_mails: int
    ending_holds: int
    ending: list[HeldSum]


_MAILS: Final = "emails.view"
_ENDING = """
SELECT p.currency, count(*), sum(p.authorised_minor - p.captured_minor - p.released_minor) FROM payments_payment p
JOIN orders_order o ON o.id = p.order_id
WHERE p.authorised_minor > (p.captured_minor + p.released_minor) AND p.expires_at > %s AND p.expires_at <= %s
  AND o.is_open AND {own}
GROUP BY p.currency ORDER BY p.currency
"""


def read_overview(*, now: datetime, actor: Actor) -> Overview:
    """Return what waits for somebody at this moment. Cost: two statements."""
    own, sites = of_sites(actor)
    _own, of_mails = of_sites(actor.through(_MAILS))
    with connection.cursor() as cursor:
        cursor.execute(_counts(actor), [*sites, *sites, *sites, *bounds(now), *sites, *sites, *of_mails])
        open_orders, new_orders, requested, exceptions, drift, dead_mails = cursor.fetchone()
        cursor.execute(_ENDING.format(own=own), [stored(now), stored(now + ENDING_SOON), *sites])
        ending = cursor.fetchall()
    return Overview(
        open_orders=open_orders,
        new_orders=new_orders,
        requested=requested,
        exceptions=exceptions,
        drift=drift,
        dead_mails=dead_mails,
        ending_holds=sum(holds for _currency, holds, _held in ending),
        ending=[HeldSum(currency=currency, held_minor=int(held)) for currency, _holds, held in ending],
    )


def _counts(actor: Actor) -> str:
    own, _values = of_sites(actor)
    new = "orders_order o JOIN orders_orderstate s ON s.id = o.state_id"
    dead = f"outbox_mail m WHERE {UNDELIVERED}"
    reading_mails = actor.through(_MAILS)
    if reading_mails.sites is not None:
        of_mails, _mail_values = of_sites(reading_mails)
        dead = f"outbox_mail m JOIN orders_order o ON o.id = m.order_id WHERE {UNDELIVERED} AND {of_mails}"
    sources = (
        f"orders_order o WHERE o.is_open AND {own}",
        f"{new} WHERE o.is_open AND s.system_state = 'new' AND {own}",
        f"orders_order o WHERE {REQUESTED} AND {own}",
        found_at(actor),
        undecided_at(actor),
        dead,
    )
    counted = (f"(SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT {CEILING}) AS n)" for source in sources)
    return f"SELECT {', '.join(counted)}"
