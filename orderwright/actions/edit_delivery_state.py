"""Edit a delivery state. In use, what it means stays and the rest needs a confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from orderwright.actions import shipping_configuration
from orderwright.actions.permission import lacks
from orderwright.actions.shipping_configuration import DELIVERY_STATES
from orderwright.actions.shipping_fields import DeliveryStateFields, delivery_state_columns, place_behind
from orderwright.core.actor import SYSTEM, Actor
from orderwright.core.availability import Availability, allowed
from orderwright.reads.shipping_configuration import DeliveryStateEntry, read_delivery_state
from orderwright.shipping.errors import DeliveryStateInUse, DeliveryStateIsDefault
from orderwright.shipping.models import DeliveryState


def availability(state: DeliveryStateEntry, actor: Actor) -> Availability:
    """Return whether this actor may edit the delivery state; `limits` says whether what it means may change."""
    return lacks(actor, "configuration.edit") or allowed(may_map=not state.is_default and state.orders == 0)


def run(
    *,
    slug: str,
    fields: DeliveryStateFields,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    is_confirmed: bool = False,
) -> None:
    """Change the name, colour and description and, while no piece is in it and it is no default, what it means.

    Raises: DeliveryStateNotFound; DeliveryStateIsDefault, DeliveryStateInUse; DeliveryStateEditNeedsConfirmation;
    DeliveryStateChanged; DeliveryStateNameTaken; Invalid with a pointer; Refused.
    Effects: the row and its version, one journal entry.
    """

    def allow(row: DeliveryState, changed: Mapping[str, Any]) -> Mapping[str, Any]:
        if "phase" not in changed:
            return {}
        if row.is_default:
            words = _("A default delivery state keeps what it means.")
            raise DeliveryStateIsDefault(words, facts={"pointer": "/phase"})
        orders = read_delivery_state(slug=slug, actor=SYSTEM).orders
        if orders:
            words = _("Pieces are in this delivery state, so what it means stays.")
            raise DeliveryStateInUse(words, facts={"orders": orders, "pointer": "/phase"})
        return {"position": place_behind(changed["phase"])}

    shipping_configuration.edit(
        DELIVERY_STATES,
        slug,
        wanted=lambda: delivery_state_columns(fields),
        sites=None,
        version=version,
        is_confirmed=is_confirmed,
        actor=actor,
        now=now,
        allow=allow,
    )
