"""Order Configurations: every state with how many orders are in it."""

from __future__ import annotations

import msgspec
from django.db import connection

from orderwright.orders.errors import StateUnknown
from orderwright.reads.counts import CEILING
from orderwright.reads.dialect import current
from orderwright.reads.rows import StateRow

_decoder = msgspec.json.Decoder(list[StateRow])


def list_states() -> list[StateRow]:
    """Return every order state in its order; `orders` counts up to CEILING. Cost: one statement."""
    d = current()
    columns = ("id", "slug", "name", "color", "description", "system_state", "version", "stage", "email_text")
    state = d.obj(
        **{name: f"s.{name}" for name in columns},
        **{
            name: d.boolean(f"s.{name}")
            for name in ("is_default", "emails_customer", "allows_cancel", "allows_shipments")
        },
        job="(SELECT max(b.id) FROM outbox_bulkjob b WHERE b.subject = 'order_state:' || s.id)",
        orders=f"(SELECT count(*) FROM (SELECT 1 FROM orders_order o WHERE o.state_id = s.id LIMIT {CEILING}) AS n)",
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {d.text(d.array(state, 'orders_orderstate s ORDER BY s.position, s.id'))}")
        return _decoder.decode(cursor.fetchone()[0])


def read_state(*, slug: str) -> StateRow:
    """Return one state with its count. Raises: StateUnknown. Cost: one statement."""
    for state in list_states():
        if state.slug == slug:
            return state
    raise StateUnknown("There is no such order state.", facts={"state": slug})
