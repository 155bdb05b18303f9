"""Take a request for a cancellation back while nobody has decided on it: whoever asked thinks better of it (W5)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.cancel_requested import end_request
from orderwright.actions.permission import lacks
from orderwright.actions.request_cancellation import PERMISSION
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.orders.writes import lock_order
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether this actor may take the request back: one has to be open, and to be their own."""
    refusal = lacks(actor, PERMISSION, order.site.id)
    if refusal is not None:
        return refusal
    asked = order.open_request
    if asked is None:
        return refused("no_cancellation_requested", _("Nobody waits for a decision on a cancellation of this order."))
    if (asked.actor_kind, asked.actor_ref) != (actor.kind, actor.ref):
        return refused("not_your_request", _("Only who asked takes a request back; who may cancel declines it."))
    return allowed()


def run(*, number: str, actor: Actor, now: datetime, version: int | None = None) -> str:
    """Take the request back, put the order where it came from, and return the slug of that state. Nobody is mailed.

    Raises: Conflict with the reason of `availability`; OrderChanged when somebody decided since `version`;
    OrderNotFound; Refused.
    Effects: the order's state and version, the request, one journal entry. Source: W5.
    """

    def change() -> str:
        row = lock_order(number=number, actor=actor, version=version, touches=frozenset({"cancellation_request"}))
        order = read_order(number=number, actor=actor)
        availability(order, actor).require()
        kind = "order.cancel_request_withdrawn"
        return end_request(row, order, state="withdrawn", kind=kind, actor=actor, now=now)

    return in_write_transaction(change)
