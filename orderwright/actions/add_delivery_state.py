"""Add a delivery state, which every item's dropdown offers at once."""

from __future__ import annotations

from datetime import datetime

from orderwright.actions import shipping_configuration
from orderwright.actions.permission import lacks
from orderwright.actions.shipping_configuration import DELIVERY_STATES
from orderwright.actions.shipping_fields import DeliveryStateFields, delivery_state_columns, place_behind
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed


def availability(actor: Actor) -> Availability:
    """Return whether this actor may add a delivery state."""
    return lacks(actor, "configuration.edit") or allowed()


def run(*, fields: DeliveryStateFields, actor: Actor, now: datetime, slug: str = "") -> str:
    """Add the delivery state behind those that mean the same, and return its slug, which never changes.

    Raises: Invalid with a pointer; DeliveryStateNameTaken, DeliveryStateSlugTaken; Refused.
    Effects: one row, the places of those behind it, one journal entry.
    """
    availability(actor).require()
    columns = delivery_state_columns(fields)
    return shipping_configuration.add(
        DELIVERY_STATES,
        wanted=lambda: columns,
        sites=None,
        slug=slug,
        actor=actor,
        now=now,
        placed=lambda: place_behind(fields.phase),
    )
