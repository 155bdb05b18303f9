"""Add a carrier, whose page parcels lead to and whose numbers are recognised (W9)."""

from __future__ import annotations

from datetime import datetime

from orderwright.actions import shipping_configuration
from orderwright.actions.permission import lacks
from orderwright.actions.shipping_configuration import CARRIERS
from orderwright.actions.shipping_fields import CarrierFields, carrier_columns
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed


def availability(actor: Actor) -> Availability:
    """Return whether this actor may add a carrier."""
    return lacks(actor, "configuration.edit") or allowed()


def run(*, fields: CarrierFields, actor: Actor, now: datetime, slug: str = "") -> str:
    """Add the carrier and return its slug, which never changes.

    Raises: Invalid with a pointer; CarrierNameTaken, CarrierSlugTaken; Refused.
    Effects: one row with its sites, one journal entry. Source: W9.
    """
    availability(actor).require()
    columns = carrier_columns(fields)
    return shipping_configuration.add(
        CARRIERS, wanted=lambda: columns, sites=fields.sites, slug=slug, actor=actor, now=now
    )
