"""Order State: move an order to another state (G3, G6, G7, W3). Cancelling is cancel_order's, for the money's sake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions import cancel_order
from orderwright.actions.cancellation_standing import waits
from orderwright.actions.permission import lacks, require
from orderwright.actions.write_mail import can_be_written, write_mail
from orderwright.core.actor import SYSTEM, Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.clock import now as machine_now
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict, FieldError
from orderwright.journal.writes import append
from orderwright.orders.errors import StateNotOffered, StateUnknown
from orderwright.orders.models import Order
from orderwright.orders.rules import Moves, move_problem
from orderwright.orders.states import CANCEL_REQUESTED, CANCELED, COMPLETED, is_open
from orderwright.orders.writes import change_order, hold_move, hold_state, lock_order, stream_of
from orderwright.outbox.writing.values import StateEntered
from orderwright.outbox.writing.vocabulary import STATE_ENTERED
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail, StateRow
from orderwright.shipping.states import SENT_PHASES


class MoveNotAllowed(Conflict):
    """The table of moves has no way from here to there."""

    code = "move_not_allowed"


class StateUnchanged(Conflict):
    """The order is in this state already."""

    code = "state_unchanged"


class UseCancelOrder(Conflict):
    """Canceled is reached by Cancel Order alone, which settles the money."""

    code = "use_cancel_order"


class CompletionNeedsConfirmation(Conflict):
    """Money is still held or pieces are unsent; `facts` says how much."""

    code = "completion_needs_confirmation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One entry of the dropdown. `reason` says why it is not allowed and is empty otherwise."""

    slug: str
    name: str
    color: str
    is_current: bool
    allowed: bool
    reason: str
    needs_cancel: bool
    needs_confirmation: bool
    emails_customer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEnds:
    """What completing would leave open. Unit: minor units still held; pieces that have not left."""

    held_minor: int
    unsent_pieces: int

    def __bool__(self) -> bool:
        return bool(self.held_minor or self.unsent_pieces)


def availability(order: OrderDetail, actor: Actor, *, now: datetime | None = None) -> Availability:
    """Return whether the dropdown can be used at all; `limits` lists the states that can be chosen."""
    refusal = lacks(actor, "orders.change_state", order.site.id)
    if refusal is not None:
        return refusal
    choosable = [move.slug for move in moves(order, actor, now=now) if move.allowed and not move.is_current]
    if not choosable:
        if order.state.system_state == CANCEL_REQUESTED:
            return waits(order)
        return refused("order_state_final", _("The order is canceled; that is final."))
    return allowed(states=choosable)


def moves(order: OrderDetail, actor: Actor, *, now: datetime | None = None) -> list[Move]:
    """Return the dropdown's entries in their order: every configured state, with why not where not (W3)."""
    ends, table = open_ends(order, now=now or machine_now()), order.choices.moves_between
    return [
        _move(order, state, actor, table, needs_confirmation=bool(ends) and state.system_state == COMPLETED)
        for state in order.choices.states
        if state.id == order.state.id or (state.is_offered and state.system_state != CANCEL_REQUESTED)
    ]


def open_ends(order: OrderDetail, *, now: datetime) -> OpenEnds:
    """Return the money still held by now, which an ended hold is not, and the pieces not yet sent."""
    unsent = sum(
        part.quantity
        for shipment in order.shipments
        for part in shipment.parts
        if order.delivery_state(part.delivery_state_id).phase not in SENT_PHASES
    )
    held = sum(payment.held_at(now) for payment in order.payments)
    return OpenEnds(held_minor=held, unsent_pieces=unsent)


def run(
    *,
    number: str,
    state: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    is_confirmed: bool = False,
    email_customer: bool | None = None,
) -> bool:
    """Move the order to the state with this slug, and return whether the customer is e-mailed.

    `email_customer`: None leaves it to the state, False keeps its mail from being written. A state that has none says
    nothing, whatever is asked for.

    Raises: StateUnknown; StateUnchanged; StateNotOffered for a retired one; MoveNotAllowed; UseCancelOrder for a
    canceled one; CompletionNeedsConfirmation unless `is_confirmed`; OrderChanged when somebody moved it since
    `version`; OrderNotFound; Refused.
    Effects: the order's state, openness and version; one journal entry; where the state says so, one mail.
    Source: G3, G7, W3.
    """

    def change() -> bool:
        row = lock_order(number=number, actor=actor, version=version, touches=frozenset({"state"}))
        require(actor, "orders.change_state", row.site_id)
        is_emailing = email_customer is not False
        return move(row, state=state, actor=actor, now=now, is_confirmed=is_confirmed, is_emailing=is_emailing)

    return in_write_transaction(change)


def move(
    row: Order,
    *,
    state: str,
    actor: Actor,
    now: datetime,
    is_confirmed: bool = False,
    is_emailing: bool = False,
    why: str = "",
) -> bool:
    """Move a locked order, on behalf of somebody who may. Returns, raises and has the effects of `run`."""
    held = hold_state(slug=state)
    if held is not None:
        hold_move(row, to_system=held.system_state)
    order = read_order(number=row.number, actor=SYSTEM)
    target = _target(order, state, is_confirmed=is_confirmed, actor=actor, now=now)
    change_order(row, state_id=target.id, is_open=is_open(target.system_state))
    append(
        stream=stream_of(order.id),
        kind="order.state_changed",
        actor=actor,
        now=now,
        before=journal_fields(order.state),
        after=journal_fields(target),
        why=why,
        version=row.version,
    )
    if held is None or not is_emailing or not held.emails_customer:
        return False
    entered = StateEntered(message=held.email_text)
    return write_mail(row, order, kind=STATE_ENTERED, occasion=entered, actor=actor, now=now) is not None


def journal_fields(state: StateRow) -> dict[str, str]:
    """Return what the journal keeps of an order's state."""
    return {"state": state.slug, "state_name": state.name, "system_state": state.system_state}


def _target(order: OrderDetail, slug: str, *, is_confirmed: bool, actor: Actor, now: datetime) -> StateRow:
    target = next((known for known in order.choices.states if known.slug == slug), None)
    if target is None:
        message = _("There is no such order state.")
        raise StateUnknown(message, fields=(FieldError(pointer="/state", code=StateUnknown.code, message=message),))
    wanted = _move(order, target, actor, order.choices.moves_between, needs_confirmation=False)
    if wanted.is_current:
        raise StateUnchanged(_("The order is %(state)s already.") % {"state": target.name})
    if not target.is_offered:
        raise StateNotOffered(_("%(state)s is retired; no order comes into it any more.") % {"state": target.name})
    if not wanted.allowed:
        raise MoveNotAllowed(wanted.reason, facts={"from": order.state.slug, "to": target.slug})
    if wanted.needs_cancel:
        raise UseCancelOrder(_("Use Cancel Order: it refunds and reverses the money first."))
    ends = open_ends(order, now=now)
    if target.system_state == COMPLETED and ends and not is_confirmed:
        raise CompletionNeedsConfirmation(
            _("Money is still held or items are not sent. Complete the order anyway?"),
            facts={"held": ends.held_minor, "currency": order.currency, "unsent_pieces": ends.unsent_pieces},
        )
    return target


def _move(order: OrderDetail, state: StateRow, actor: Actor, table: Moves, *, needs_confirmation: bool) -> Move:
    is_current, to_system = state.id == order.state.id, state.system_state
    problem = None
    if not is_current:
        problem = move_problem(from_system=order.state.system_state, to_system=to_system, moves=table)
    if problem is not None and order.state.system_state == CANCEL_REQUESTED:
        problem = waits(order).reason
    needs_cancel = state.system_state == CANCELED and not is_current
    if needs_cancel and problem is None:
        forbidden = cancel_order.forbidden_here(order)
        problem = forbidden.reason if forbidden else None
    if needs_cancel and problem is None and not actor.at(order.site.id).can("orders.cancel"):
        problem = _("Your role does not allow this: %(permission)s.") % {"permission": _("Cancel orders")}
    return Move(
        slug=state.slug,
        name=state.name,
        color=state.color,
        is_current=is_current,
        allowed=problem is None,
        reason=problem or "",
        needs_cancel=needs_cancel,
        needs_confirmation=needs_confirmation and problem is None and not is_current,
        emails_customer=state.emails_customer and problem is None and not is_current and can_be_written(order),
    )
