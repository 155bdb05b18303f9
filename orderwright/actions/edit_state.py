"""Edit a state of Order Configurations. In use, its mapping stays and the rest needs a confirmation (W2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions.order_state_rules import (
    checked_email,
    checked_fields,
    lock_state,
    name_taken,
    require_name_free,
    stream_of_state,
)
from orderwright.actions.permission import lacks, require
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict, Stale
from orderwright.journal.writes import append
from orderwright.orders.errors import StateInUse, StateIsDefault, StateNotOffered
from orderwright.orders.models import Order, OrderState
from orderwright.orders.states import CANCEL_REQUESTED, CANCELED, OFFERED
from orderwright.reads.rows import StateRow


class EditNeedsConfirmation(Conflict):
    """Orders are in this state; `facts["orders"]` says how many would be shown differently."""

    code = "state_edit_needs_confirmation"


class StateChanged(Stale):
    """Somebody changed this state since the caller looked."""

    code = "state_changed"


def availability(state: StateRow, actor: Actor) -> Availability:
    """Return whether this actor may edit the state; `limits` says whether its mapping may change."""
    refusal = lacks(actor, "configuration.edit")
    if refusal is not None:
        return refusal
    if state.system_state in (CANCEL_REQUESTED, CANCELED):
        return refused("state_is_default", _("This state belongs to canceling and stays as it is."))
    if not state.is_offered:
        return refused(StateNotOffered.code, _("A retired state is not edited; undo its retirement first."))
    return allowed(may_map=not state.is_default and state.orders == 0)


def run(
    *,
    slug: str,
    name: str,
    color: str,
    description: str,
    system_state: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    is_confirmed: bool = False,
    allows_cancel: bool | None = None,
    allows_shipments: bool | None = None,
    emails_customer: bool | None = None,
    email_text: str | None = None,
) -> None:
    """Change the state's name, colour, description, what it narrows and, while no order is in it, its mapping.

    What it narrows, and what it mails, stays where it is not given.

    Raises: StateUnknown; StateIsDefault; StateInUse for a mapping in use; EditNeedsConfirmation; StateChanged;
    StateNameTaken; Invalid with a pointer; Refused. Effects: the row and its version, one journal entry. Source: W2.
    """
    require(actor, "configuration.edit")

    def change() -> None:
        state = lock_state(slug)
        if state.system_state in (CANCEL_REQUESTED, CANCELED):
            raise StateIsDefault(_("This state belongs to canceling and stays as it is."))
        if state.stage != OFFERED:
            raise StateNotOffered(_("A retired state is not edited; undo its retirement first."))
        wanted: dict[str, Any] = {
            **checked_fields(name=name, color=color, description=description, system_state=system_state),
            "allows_cancel": state.allows_cancel if allows_cancel is None else allows_cancel,
            "allows_shipments": state.allows_shipments if allows_shipments is None else allows_shipments,
            **checked_email(
                emails_customer=state.emails_customer if emails_customer is None else emails_customer,
                email_text=state.email_text if email_text is None else email_text,
            ),
        }
        if version is not None and version != state.version:
            raise StateChanged(_("Somebody changed this state since you opened it."), facts={"version": state.version})
        _require_allowed(state, wanted, is_confirmed=is_confirmed)
        before = {field: getattr(state, field) for field in wanted}
        changed = {field: value for field, value in wanted.items() if value != before[field]}
        if not changed:
            return
        OrderState.objects.filter(pk=state.pk).update(version=state.version + 1, **changed)
        append(
            stream=stream_of_state(state.pk),
            kind="order_state.edited",
            actor=actor,
            now=now,
            before={field: before[field] for field in changed},
            after=changed,
            version=state.version + 1,
        )

    try:
        in_write_transaction(change)
    except IntegrityError as error:
        raise name_taken(name) from error


def _require_allowed(state: OrderState, wanted: dict[str, Any], *, is_confirmed: bool) -> None:
    if state.is_default and not (wanted["allows_cancel"] and wanted["allows_shipments"]):
        raise StateIsDefault(_("A default state allows all that its system state does."))
    require_name_free(wanted["name"], except_id=state.pk)
    orders = Order.objects.filter(state=state).count()
    if wanted["system_state"] != state.system_state:
        if state.is_default:
            raise StateIsDefault(_("A default state keeps its system state."))
        if orders:
            raise StateInUse(_("Orders are in this state, so its system state stays."), facts={"orders": orders})
    if orders and not is_confirmed:
        question = ngettext(
            "%(count)d order is in this state and will be shown so. Save?",
            "%(count)d orders are in this state and will be shown so. Save?",
            orders,
        )
        raise EditNeedsConfirmation(question % {"count": orders}, facts={"orders": orders})
