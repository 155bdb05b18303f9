"""Take a request for a cancellation back while nobody has decided on it: whoever asked thinks better of it (W5)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks
from orderwright.actions.request_cancellation import PERMISSION
from orderwright.actions.withdraw_cancellation import way_back
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.models import CancellationRequest
from orderwright.orders.states import CANCEL_REQUESTED, is_open
from orderwright.orders.writes import change_order, lock_order, stream_of
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
        request = CancellationRequest.objects.get(order=row, state="open")
        request.state, request.decided_by, request.decided_at = "withdrawn", actor.name, now
        request.save(update_fields=["state", "decided_by", "decided_at"])
        state = way_back(request.from_state)
        change_order(row, state_id=state.pk, is_open=is_open(state.system_state))
        append(
            stream=stream_of(order.id),
            kind="order.cancel_request_withdrawn",
            actor=actor,
            now=now,
            before={"state": order.state.slug, "system_state": CANCEL_REQUESTED, "cancellation_request": "open"},
            after={"state": state.slug, "system_state": state.system_state, "cancellation_request": "withdrawn"},
            version=row.version,
        )
        return state.slug

    return in_write_transaction(change)
