"""Retire a state: it is offered no more, and its orders are moved to another one, row by row (W2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from orderwright.actions.order_state_rules import lock_state, stream_of_state
from orderwright.actions.permission import lacks, require
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict, FieldError
from orderwright.journal.writes import append
from orderwright.orders.errors import StateIsDefault, StateNotOffered, StateUnknown
from orderwright.orders.models import Order, OrderState
from orderwright.orders.rules import Moves, move_problem
from orderwright.orders.states import MAPPABLE, OFFERED, RETIRED, RETIRING
from orderwright.orders.writes import hold_state
from orderwright.outbox import bulk
from orderwright.outbox.models import BulkJob
from orderwright.reads.order_moves import read_moves
from orderwright.reads.rows import StateRow

KIND: Final = "retire_state"
PERMISSIONS: Final = ("configuration.edit", "orders.change_state")

_ROWS = """
INSERT INTO outbox_bulkrow (job_id, position, reference, state, code, message, facts, tries)
SELECT %s, row_number() OVER (ORDER BY o.id), o.number, 'waiting', '', '', '{}', 0
FROM orders_order o WHERE o.state_id = %s
"""


class RetirementTarget(Conflict):
    """The orders cannot be moved to the state that was named."""

    code = "retirement_target_unfit"


class RetirementUnderWay(Conflict):
    """Orders are being moved out of this state, or into it, by a job that runs."""

    code = "retirement_under_way"


def availability(state: StateRow, actor: Actor) -> Availability:
    """Return whether this actor may retire the state now. Source: W2."""
    refusal = next(filter(None, (lacks(actor, permission) for permission in PERMISSIONS)), None)
    if refusal is not None:
        return refusal
    if state.is_default:
        return refused(StateIsDefault.code, _("A default state is not retired."))
    if not state.is_offered:
        return refused(StateNotOffered.code, _("This state is retired already, or being retired."))
    return allowed(orders=state.orders)


def target_problem(state: StateRow, target: StateRow, moves: Moves) -> str | None:
    """Return why the state's orders cannot be moved to that other one, or None when they can."""
    if not target.is_offered:
        return _("It is retired.")
    return move_problem(from_system=state.system_state, to_system=target.system_state, moves=moves)


def targets(state: StateRow, states: Sequence[StateRow]) -> list[StateRow]:
    """Return the states that orders might be moved to, allowed or not: all but this one and those of a cancellation."""
    return [each for each in states if each.id != state.id and each.system_state in MAPPABLE]


def run(*, slug: str, to: str, actor: Actor, now: datetime) -> int:
    """Offer the state no more, begin to move its orders to the state `to`, and return the bulk job's id.

    The workers move the orders one by one; each is allowed or refused as if somebody moved it by hand. Once none is
    left, the state is retired. Nobody is e-mailed.
    Raises: StateUnknown, with a pointer for `to`; StateIsDefault; StateNotOffered; RetirementTarget;
    RetirementUnderWay when orders are being moved into it; Refused.
    Effects: the state's stage and version, one journal entry, one job with a row per order. Source: W2.
    """
    for permission in PERMISSIONS:
        require(actor, permission)

    def change() -> int:
        state = lock_state(slug)
        target = hold_state(slug=to)
        _require_fit(state, target)
        job = bulk.open_job(
            kind=KIND,
            subject=stream_of_state(state.pk),
            facts={"state": slug, "name": state.name, "to": to, "to_name": target.name if target else ""},
            actor=actor,
            now=now,
        )
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, [job.pk, state.pk])
        orders = bulk.count_rows(job)
        set_stage(state, RETIRING, kind="order_state.retiring", actor=actor, now=now, orders=orders, to=to)
        if orders == 0:
            end(job.pk, state, actor=actor, now=now)
        return job.pk

    try:
        return in_write_transaction(change)
    except IntegrityError as error:
        raise RetirementUnderWay(_("A job moves orders of this state already.")) from error


def end(job_id: int, state: OrderState, *, actor: Actor, now: datetime, why: str = "") -> None:
    """End the job whose rows are all done, and retire its locked state unless orders are left in it.

    Orders are left where a row was refused: then the state stays half-way, for somebody to try again or to undo.
    """
    if bulk.finish(job_id, state="done", now=now) and not Order.objects.filter(state=state).exists():
        set_stage(state, RETIRED, kind="order_state.retired", actor=actor, now=now, why=why)


def set_stage(
    state: OrderState, stage: str, *, kind: str, actor: Actor, now: datetime, why: str = "", **told: object
) -> None:
    """Set how far a locked state's retirement is. Effects: the row and its version, one journal entry."""
    before = {"stage": state.stage, **dict.fromkeys(told)}
    OrderState.objects.filter(pk=state.pk).update(stage=stage, version=state.version + 1)
    state.stage, state.version = stage, state.version + 1
    append(
        stream=stream_of_state(state.pk),
        kind=kind,
        actor=actor,
        now=now,
        before=before,
        after={"stage": stage, **told},
        why=why,
        version=state.version,
    )


def is_being_filled(slug: str) -> bool:
    """Return whether a running job moves orders into this state."""
    return BulkJob.objects.filter(state="running", facts__to=slug).exists()


def _require_fit(state: OrderState, target: OrderState | None) -> None:
    if state.is_default:
        raise StateIsDefault(_("A default state is not retired."))
    if state.stage != OFFERED:
        raise StateNotOffered(_("This state is retired already, or being retired."))
    if is_being_filled(state.slug):
        raise RetirementUnderWay(_("Orders are being moved into this state; wait until that is done."))
    if target is None:
        message = _("There is no such order state.")
        raise StateUnknown(message, fields=(FieldError(pointer="/to", code=StateUnknown.code, message=message),))
    if target.pk == state.pk or target.stage != OFFERED:
        raise RetirementTarget(_("Choose another state, one that is offered."), facts={"pointer": "/to"})
    if target.system_state not in MAPPABLE:
        reason = _("Only Cancel Order leads to Canceled; it gives the money back first.")
        raise RetirementTarget(reason, facts={"pointer": "/to"})
    moves = read_moves().moves
    problem = move_problem(from_system=state.system_state, to_system=target.system_state, moves=moves)
    if problem is not None:
        raise RetirementTarget(problem, facts={"pointer": "/to"})
