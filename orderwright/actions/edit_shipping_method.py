"""Edit a shipping method, or switch it off: it stays on shipments and is not offered any more."""

from __future__ import annotations

from datetime import datetime

from orderwright.actions import shipping_configuration
from orderwright.actions.permission import lacks
from orderwright.actions.shipping_configuration import METHODS
from orderwright.actions.shipping_fields import MethodFields, method_columns
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed


def availability(actor: Actor) -> Availability:
    """Return whether this actor may edit shipping methods."""
    return lacks(actor, "configuration.edit") or allowed()


def run(
    *,
    slug: str,
    fields: MethodFields,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    is_confirmed: bool = False,
) -> None:
    """Change what differs. A new name or carrier of a method in use needs a confirmation; on, off and sites do not.

    Raises: ShippingMethodNotFound; ShippingMethodEditNeedsConfirmation with the number of orders;
    ShippingMethodChanged; ShippingMethodNameTaken; Invalid with a pointer; Refused.
    Effects: the row and its version, its sites, one journal entry.
    """
    shipping_configuration.edit(
        METHODS,
        slug,
        wanted=lambda: method_columns(fields),
        sites=fields.sites,
        version=version,
        is_confirmed=is_confirmed,
        actor=actor,
        now=now,
    )
