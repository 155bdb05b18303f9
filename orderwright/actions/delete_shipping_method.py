"""Delete a shipping method by which no shipment goes."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext

from orderwright.actions import shipping_configuration
from orderwright.actions.permission import lacks
from orderwright.actions.shipping_configuration import METHODS
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.reads.shipping_configuration import MethodEntry
from orderwright.shipping.errors import ShippingMethodInUse


def availability(method: MethodEntry, actor: Actor) -> Availability:
    """Return whether this actor may delete the method now."""
    refusal = lacks(actor, "configuration.edit")
    if refusal is not None:
        return refusal
    if method.orders:
        return refused(ShippingMethodInUse.code, _in_use(method.orders), orders=method.orders)
    return allowed()


def run(*, slug: str, actor: Actor, now: datetime) -> None:
    """Delete the method.

    Raises: ShippingMethodNotFound; Conflict with code shipping_method_in_use; Refused.
    Effects: the row goes, one journal entry stays.
    """
    shipping_configuration.delete(METHODS, slug, availability=availability, actor=actor, now=now)


def _in_use(orders: int) -> str:
    text = ngettext(
        "%(count)d order goes by this method. Switch it off instead: it is then not offered any more.",
        "%(count)d orders go by this method. Switch it off instead: it is then not offered any more.",
        orders,
    )
    return text % {"count": orders}
