"""Edit a carrier. While shipments go by it, its name and the address of its page need a confirmation (W9)."""

from __future__ import annotations

from datetime import datetime

from orderwright.actions import shipping_configuration
from orderwright.actions.permission import lacks
from orderwright.actions.shipping_configuration import CARRIERS
from orderwright.actions.shipping_fields import CarrierFields, carrier_columns
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed


def availability(actor: Actor) -> Availability:
    """Return whether this actor may edit carriers."""
    return lacks(actor, "configuration.edit") or allowed()


def run(
    *,
    slug: str,
    fields: CarrierFields,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    is_confirmed: bool = False,
) -> None:
    """Change what differs. Links of parcels that are on their way follow the new address at once.

    Raises: CarrierNotFound; CarrierEditNeedsConfirmation with the number of orders; CarrierChanged; CarrierNameTaken;
    Invalid with a pointer; Refused. Effects: the row and its version, its sites, one journal entry. Source: W9.
    """
    shipping_configuration.edit(
        CARRIERS,
        slug,
        wanted=lambda: carrier_columns(fields),
        sites=fields.sites,
        version=version,
        is_confirmed=is_confirmed,
        actor=actor,
        now=now,
    )
