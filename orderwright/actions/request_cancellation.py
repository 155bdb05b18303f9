"""Ask for a cancellation: the order waits in Cancel Requested until somebody decides (W5). No money moves."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from orderwright.actions import cancel_requested
from orderwright.actions.cancel_order import LONGEST_REASON, forbidden_here
from orderwright.actions.cancellation_standing import waits
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.text import clean_text
from orderwright.orders.models import CancellationRequest
from orderwright.orders.rules import completed_reason
from orderwright.orders.states import CANCEL_REQUESTED, CANCELED, COMPLETED
from orderwright.orders.writes import lock_order
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail

PERMISSION: Final = "orders.request_cancel"


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether this actor may ask that the order be canceled: while it is open, and nobody has asked yet."""
    refusal = lacks(actor, PERMISSION, order.site.id)
    if refusal is not None:
        return refusal
    system_state = order.state.system_state
    if system_state == CANCELED:
        return refused("order_canceled", _("The order is canceled already."))
    if system_state == COMPLETED:
        return refused("order_completed", completed_reason(order.choices.moves_between))
    if system_state == CANCEL_REQUESTED:
        return waits(order)
    return forbidden_here(order) or allowed(longest=LONGEST_REASON)


def run(*, number: str, reason: str, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Ask for the order's cancellation, on the customer's behalf where a program asks, else on the desk's own.

    Meanwhile shipments and the Order State are locked, and capturing asks first.
    Raises: Conflict with the reason of `availability`; Invalid for the reason's text; OrderChanged when somebody moved
    the order since `version`; OrderNotFound; Refused.
    Effects: one request, the order's state and version, one journal entry. Source: W5.
    """
    why = clean_text(reason, pointer="/reason", longest=LONGEST_REASON)

    def change() -> None:
        row = lock_order(number=number, actor=actor, version=version, touches=frozenset({"state"}))
        order = read_order(number=number, actor=actor)
        availability(order, actor).require()
        CancellationRequest.objects.create(
            order=row,
            reason=why,
            from_state=order.state.slug,
            actor_kind=actor.kind,
            actor_ref=actor.ref,
            actor_name=actor.name,
            asked_at=now,
        )
        cancel_requested.enter(
            row,
            order,
            kind="order.cancel_asked",
            was={"cancellation_request": None},
            becomes={"cancellation_request": "open"},
            why=why,
            actor=actor,
            now=now,
        )

    in_write_transaction(change)
