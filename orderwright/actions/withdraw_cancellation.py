"""Keep the order: give up a cancellation that stopped at a refused leg. What went back stays back. Source: W5."""

from __future__ import annotations

from datetime import datetime

from orderwright.actions import cancel_order
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.models import OrderState
from orderwright.orders.states import CANCEL_REQUESTED, CANCELLATION_MOVES, OFFERED, is_open
from orderwright.orders.writes import change_order, hold_state, lock_order, stream_of
from orderwright.payments.models import Cancellation
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether the cancellation can be given up: when no outcome is awaited and a leg was refused."""
    refusal = lacks(actor, "orders.cancel", order.site.id) or cancel_order.not_stopped(order)
    return refusal or allowed()


def way_back(slug: str) -> OrderState:
    """Return the state into which an order comes back from Cancel Requested, kept as it is for this transaction.

    The one that it came from may have been deleted, retired or mapped to another system state meanwhile, for no order
    was in it: then the default one of its meaning, or Processing.
    """
    state = hold_state(slug=slug)
    if state is None or state.system_state not in CANCELLATION_MOVES[CANCEL_REQUESTED]:
        return OrderState.objects.get(slug="processing")
    if state.stage != OFFERED:
        return OrderState.objects.get(system_state=state.system_state, is_default=True)
    return state


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
        state = way_back(cancellation.from_state)
        cancellation.state, cancellation.finished_at = "withdrawn", now
        cancellation.save(update_fields=["state", "finished_at"])
        change_order(row, state_id=state.pk, is_open=is_open(state.system_state))
        append(
            stream=stream_of(order.id),
            kind="order.cancel_withdrawn",
            actor=actor,
            now=now,
            before={"state": order.state.slug, "system_state": CANCEL_REQUESTED, "cancellation": "failed"},
            after={"state": state.slug, "system_state": state.system_state, "cancellation": "withdrawn"},
            version=row.version,
        )
        return state.slug

    return in_write_transaction(change)
