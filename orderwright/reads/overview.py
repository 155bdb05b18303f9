"""Overview: how much of everything waits for somebody, counted; what it is in detail, the pages behind it show."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from orderwright.payments.rules import ENDING_SOON
from orderwright.reads.counts import CEILING
from orderwright.reads.exceptions import FOUND, bounds
from orderwright.reads.order_list import stored
from orderwright.reads.rows import Row


class HeldSum(Row, frozen=True, kw_only=True):
    """What is held in one currency and soon let go. Unit: minor units."""

    currency: str
    held_minor: int


class Overview(Row, frozen=True, kw_only=True):
    """What waits, each count at most CEILING; `ending` is what `ending_holds` hold, by currency."""

    open_orders: int
    new_orders: int
    exceptions: int
    drift: int
    dead_mails: int
    ending_holds: int
    ending: list[HeldSum]


_COUNTS = f"""
SELECT
  (SELECT count(*) FROM (SELECT 1 FROM orders_order WHERE is_open LIMIT {CEILING}) AS n),
  (SELECT count(*) FROM (SELECT 1 FROM orders_order o JOIN orders_orderstate s ON s.id = o.state_id
    WHERE o.is_open AND s.system_state = 'new' LIMIT {CEILING}) AS n),
  (SELECT count(*) FROM (SELECT 1 FROM ({FOUND}) AS f LIMIT {CEILING}) AS n),
  (SELECT count(*) FROM (SELECT 1 FROM payments_drift WHERE state IN ('open', 'investigating') LIMIT {CEILING}) AS n),
  (SELECT count(*) FROM (SELECT 1 FROM outbox_mail WHERE state = 'dead' LIMIT {CEILING}) AS n)
"""
_ENDING = """
SELECT p.currency, count(*), sum(p.authorised_minor - p.captured_minor - p.released_minor) FROM payments_payment p
JOIN orders_order o ON o.id = p.order_id
WHERE p.authorised_minor > (p.captured_minor + p.released_minor) AND p.expires_at > %s AND p.expires_at <= %s
  AND o.is_open
GROUP BY p.currency ORDER BY p.currency
"""


def read_overview(*, now: datetime) -> Overview:
    """Return what waits for somebody at this moment. Cost: two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, bounds(now))
        open_orders, new_orders, exceptions, drift, dead_mails = cursor.fetchone()
        cursor.execute(_ENDING, [stored(now), stored(now + ENDING_SOON)])
        ending = cursor.fetchall()
    return Overview(
        open_orders=open_orders,
        new_orders=new_orders,
        exceptions=exceptions,
        drift=drift,
        dead_mails=dead_mails,
        ending_holds=sum(holds for _currency, holds, _held in ending),
        ending=[HeldSum(currency=currency, held_minor=int(held)) for currency, _holds, held in ending],
    )
