"""Delete a carrier by which no shipping method goes (W9)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext

from orderwright.actions import shipping_configuration
from orderwright.actions.permission import lacks
from orderwright.actions.shipping_configuration import CARRIERS
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.reads.shipping_configuration import CarrierEntry
from orderwright.shipping.errors import CarrierInUse


def availability(carrier: CarrierEntry, actor: Actor) -> Availability:
    """Return whether this actor may delete the carrier now."""
    refusal = lacks(actor, "configuration.edit")
    if refusal is not None:
        return refusal
    if carrier.methods:
        return refused(CarrierInUse.code, _in_use(carrier.methods), methods=carrier.methods)
    return allowed()


def run(*, slug: str, actor: Actor, now: datetime) -> None:
    """Delete the carrier.

    Raises: CarrierNotFound; Conflict with code carrier_in_use; Refused.
    Effects: the row goes, one journal entry stays. Source: W9.
    """
    shipping_configuration.delete(CARRIERS, slug, availability=availability, actor=actor, now=now)


def _in_use(methods: int) -> str:
    text = ngettext(
        "%(count)d shipping method goes by this carrier.", "%(count)d shipping methods go by this carrier.", methods
    )
    return text % {"count": methods}
