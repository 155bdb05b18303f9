"""Add a shipping method, which Update Shipment offers at once."""

from __future__ import annotations

from datetime import datetime

from orderwright.actions import shipping_configuration
from orderwright.actions.permission import lacks
from orderwright.actions.shipping_configuration import METHODS
from orderwright.actions.shipping_fields import MethodFields, last_place, method_columns
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed


def availability(actor: Actor) -> Availability:
    """Return whether this actor may add a shipping method."""
    return lacks(actor, "configuration.edit") or allowed()


def run(*, fields: MethodFields, actor: Actor, now: datetime, slug: str = "") -> str:
    """Add the method behind all others and return its slug, by which orders name it and which never changes.

    Raises: Invalid with a pointer; ShippingMethodNameTaken, ShippingMethodSlugTaken; Refused.
    Effects: one row with its sites, one journal entry.
    """
    availability(actor).require()
    return shipping_configuration.add(
        METHODS,
        wanted=lambda: method_columns(fields),
        sites=fields.sites,
        slug=slug,
        actor=actor,
        now=now,
        placed=last_place,
    )
