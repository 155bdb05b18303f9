"""Add Status: make an order state that every order's dropdown offers at once (G5, G6, W1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Max

from orderwright.actions.order_state_rules import (
    checked_email,
    checked_fields,
    fresh_slug,
    name_taken,
    require_name_free,
    stream_of_state,
)
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.models import OrderState


def availability(actor: Actor) -> Availability:
    """Return whether this actor may add a state."""
    return lacks(actor, "configuration.edit") or allowed()


def run(
    *,
    name: str,
    color: str,
    description: str,
    system_state: str,
    actor: Actor,
    now: datetime,
    allows_cancel: bool = True,
    allows_shipments: bool = True,
    emails_customer: bool = False,
    email_text: str = "",
) -> str:
    """Add the state after all others and return its slug, which never changes.

    `allows_cancel` and `allows_shipments` narrow what its system state allows; they cannot widen it.
    `emails_customer`: whoever moves an order into it writes `email_text` to the customer.

    Raises: Invalid with a pointer; StateNameTaken; Refused. Effects: one row, one journal entry. Source: W1.
    """
    availability(actor).require()
    wanted: dict[str, Any] = {
        **checked_fields(name=name, color=color, description=description, system_state=system_state),
        "allows_cancel": allows_cancel,
        "allows_shipments": allows_shipments,
        **checked_email(emails_customer=emails_customer, email_text=email_text),
    }

    def change() -> str:
        require_name_free(wanted["name"])
        last = OrderState.objects.aggregate(last=Max("position"))["last"] or 0
        state = OrderState.objects.create(slug=fresh_slug(wanted["name"]), position=last + 10, **wanted)
        append(
            stream=stream_of_state(state.pk),
            kind="order_state.added",
            actor=actor,
            now=now,
            before=dict.fromkeys(wanted),
            after=wanted,
            version=state.version,
        )
        return state.slug

    try:
        return in_write_transaction(change)
    except IntegrityError as error:
        raise name_taken(wanted["name"]) from error
