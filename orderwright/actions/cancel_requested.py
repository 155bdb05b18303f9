"""Into Cancel Requested, and out of it again without a cancellation (W5). Needs the order's lock; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from orderwright.actions.reasons import as_told
from orderwright.core.actor import Actor
from orderwright.journal.writes import append
from orderwright.orders.models import CancellationRequest, Order, OrderState
from orderwright.orders.states import CANCEL_REQUESTED, CANCELLATION_MOVES, OFFERED, is_open
from orderwright.orders.writes import change_order, hold_state, stream_of
from orderwright.reads.rows import OrderDetail


def enter(
    row: Order,
    order: OrderDetail,
    *,
    kind: str,
    was: Mapping[str, Any],
    becomes: Mapping[str, Any],
    why: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the order wait. `was` and `becomes` tell in the journal what it waits for.

    Effects: the order's state and version, one journal entry of this kind.
    """
    waiting = OrderState.objects.get(system_state=CANCEL_REQUESTED)
    change_order(row, state_id=waiting.pk)
    append(
        stream=stream_of(order.id),
        kind=kind,
        actor=actor,
        now=now,
        before={"state": order.state.slug, "system_state": order.state.system_state, **was},
        after={"state": waiting.slug, "system_state": CANCEL_REQUESTED, **becomes},
        why=as_told(why),
        version=row.version,
    )


def leave(
    row: Order,
    order: OrderDetail,
    *,
    back_to: str,
    kind: str,
    was: Mapping[str, Any],
    becomes: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> str:
    """Put the order back into the state with this slug, or what stands in for it, and return that one's slug.

    Effects: as `enter`.
    """
    state = _way_back(back_to)
    change_order(row, state_id=state.pk, is_open=is_open(state.system_state))
    append(
        stream=stream_of(order.id),
        kind=kind,
        actor=actor,
        now=now,
        before={"state": order.state.slug, "system_state": CANCEL_REQUESTED, **was},
        after={"state": state.slug, "system_state": state.system_state, **becomes},
        version=row.version,
    )
    return state.slug


def end_request(
    row: Order, order: OrderDetail, *, state: Literal["declined", "withdrawn"], kind: str, actor: Actor, now: datetime
) -> str:
    """End the open request without a cancellation, and return the slug of the state that the order is back in.

    Effects: as `leave`, and the request.
    """
    request = CancellationRequest.objects.get(order=row, state="open")
    request.state, request.decided_by, request.decided_at = state, actor.name, now
    request.save(update_fields=["state", "decided_by", "decided_at"])
    was, becomes = {"cancellation_request": "open"}, {"cancellation_request": state}
    return leave(row, order, back_to=request.from_state, kind=kind, was=was, becomes=becomes, actor=actor, now=now)


def _way_back(slug: str) -> OrderState:
    """Return the state into which an order comes back, kept as it is for this transaction.

    The one that it came from may have been deleted, retired or mapped to another system state meanwhile, for no order
    was in it: then the default one of its meaning, or Processing.
    """
    state = hold_state(slug=slug)
    if state is None or state.system_state not in CANCELLATION_MOVES[CANCEL_REQUESTED]:
        return OrderState.objects.get(slug="processing")
    if state.stage != OFFERED:
        return OrderState.objects.get(system_state=state.system_state, is_default=True)
    return state
