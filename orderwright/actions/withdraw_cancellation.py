"""Keep the order: give up a cancellation that stopped at a refused leg. What went back stays back. Source: W5."""

from __future__ import annotations

from datetime import datetime

from orderwright.actions import cancel_order
from orderwright.actions.cancel_requested import leave
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.orders.writes import lock_order
from orderwright.payments.models import Cancellation
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether the cancellation can be given up: when no outcome is awaited and a leg was refused."""
    refusal = lacks(actor, "orders.cancel", order.site.id) or cancel_order.not_stopped(order)
    return refusal or allowed()


def run(*, number: str, actor: Actor, now: datetime) -> str:
    """Put the order back into the state that it came from, and return that state's slug.

    Raises: Conflict with the reason of `availability`; OrderNotFound; Refused.
    Effects: the order's state, the cancellation's state, one journal entry; no money moves.
    """

    def change() -> str:
        row = lock_order(number=number, actor=actor)
        order = read_order(number=number, actor=actor)
        availability(order, actor).require()
        cancellation = Cancellation.objects.get(order=row, state="failed")
        cancellation.state, cancellation.finished_at = "withdrawn", now
        cancellation.save(update_fields=["state", "finished_at"])
        return leave(
            row,
            order,
            back_to=cancellation.from_state,
            kind="order.cancel_withdrawn",
            was={"cancellation": "failed"},
            becomes={"cancellation": "withdrawn"},
            actor=actor,
            now=now,
        )

    return in_write_transaction(change)
