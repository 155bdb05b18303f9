"""Delete a delivery state in which no piece is."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import shipping_configuration
from orderwright.actions.permission import lacks
from orderwright.actions.shipping_configuration import DELIVERY_STATES
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.reads.shipping_configuration import DeliveryStateEntry
from orderwright.shipping.errors import DeliveryStateInUse, DeliveryStateIsDefault


def availability(state: DeliveryStateEntry, actor: Actor) -> Availability:
    """Return whether this actor may delete the delivery state now."""
    refusal = lacks(actor, "configuration.edit")
    if refusal is not None:
        return refusal
    if state.is_default:
        return refused(DeliveryStateIsDefault.code, _("A default delivery state cannot be deleted."))
    if state.orders:
        return refused(DeliveryStateInUse.code, _in_use(state.orders), orders=state.orders)
    return allowed()


def run(*, slug: str, actor: Actor, now: datetime) -> None:
    """Delete the delivery state.

    Raises: DeliveryStateNotFound; Conflict with code delivery_state_is_default or delivery_state_in_use; Refused.
    Effects: the row goes, one journal entry stays.
    """
    shipping_configuration.delete(DELIVERY_STATES, slug, availability=availability, actor=actor, now=now)


def _in_use(orders: int) -> str:
    text = ngettext(
        "%(count)d order has a piece in this delivery state.",
        "%(count)d orders have a piece in this delivery state.",
        orders,
    )
    return text % {"count": orders}
