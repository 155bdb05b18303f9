"""Delete a state of Order Configurations that no order is in (W2)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import retire_state
from orderwright.actions.order_state_rules import lock_state, stream_of_state
from orderwright.actions.permission import lacks, require
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.errors import StateInUse, StateIsDefault
from orderwright.orders.models import Order
from orderwright.reads.rows import StateRow


def availability(state: StateRow, actor: Actor) -> Availability:
    """Return whether this actor may delete the state now."""
    refusal = lacks(actor, "configuration.edit")
    if refusal is not None:
        return refusal
    if state.is_default:
        return refused(StateIsDefault.code, _("A default state cannot be deleted."))
    if state.orders:
        return refused(StateInUse.code, _in_use(state.orders), orders=state.orders)
    return allowed()


def run(*, slug: str, actor: Actor, now: datetime) -> None:
    """Delete the state.

    Raises: StateUnknown; StateIsDefault; StateInUse with the number of orders; RetirementUnderWay while orders are
    being moved into it; Refused. Effects: the row goes, one journal entry stays. Source: W2.
    """
    require(actor, "configuration.edit")

    def change() -> None:
        state = lock_state(slug)
        if state.is_default:
            raise StateIsDefault(_("A default state cannot be deleted."))
        orders = Order.objects.filter(state=state).count()
        if orders:
            raise StateInUse(_in_use(orders), facts={"orders": orders})
        if retire_state.is_being_filled(slug):
            raise retire_state.RetirementUnderWay(_("Orders are being moved into this state; wait until that is done."))
        fields = (
            "name",
            "color",
            "description",
            "system_state",
            "allows_cancel",
            "allows_shipments",
            "emails_customer",
            "email_text",
        )
        before = {field: getattr(state, field) for field in fields}
        append(
            stream=stream_of_state(state.pk),
            kind="order_state.deleted",
            actor=actor,
            now=now,
            before=before,
            after=dict.fromkeys(fields),
            version=state.version + 1,
        )
        state.delete()

    in_write_transaction(change)


def _in_use(orders: int) -> str:
    text = ngettext("%(count)d order is in this state.", "%(count)d orders are in this state.", orders)
    return text % {"count": orders}
