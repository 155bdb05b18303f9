"""Cancel Order: refund what was captured, reverse what is only held, then cancel and, if wished, tell the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions import cancel_requested, carry_legs
from orderwright.actions.cancellation_progress import advance_cancellation
from orderwright.actions.permission import lacks
from orderwright.actions.refund_plan import left_of
from orderwright.core import crash
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.text import clean_text
from orderwright.journal.writes import append
from orderwright.orders.models import CancellationRequest, Order
from orderwright.orders.rules import completed_reason
from orderwright.orders.states import CANCEL_REQUESTED, CANCELED, COMPLETED
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.payments.gateways.port import HOLD_EXPIRED
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.models import Cancellation, Operation
from orderwright.payments.operations import prepare
from orderwright.payments.states import UNDER_WAY
from orderwright.reads.money_rows import PaymentRow
from orderwright.reads.order_detail import read_order
from orderwright.reads.personal import can_be_mailed
from orderwright.reads.rows import OrderDetail

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One movement that the cancellation makes. Unit: minor units. `captured_at` is set for a refund."""

    kind: str
    payment_id: int
    amount_minor: int
    currency: str
    capture_ref: str
    captured_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What cancelling would do now: legs in the order in which they run, and what it says to the customer."""

    legs: tuple[Leg, ...]
    refund_minor: int
    reverse_minor: int
    currency: str
    shipments: int
    sent_shipments: int
    can_email: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelResult:
    """How the cancellation stands: done, running (an outcome is awaited) or failed (a leg was refused)."""

    state: str
    refunded_minor: int
    reversed_minor: int
    currency: str


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether the order can be canceled now, or, when a cancellation was refused half-way, resumed. G26."""
    refusal = lacks(actor, "orders.cancel", order.site.id)
    if refusal is not None:
        return refusal
    system_state = order.state.system_state
    if system_state == CANCELED:
        return refused("order_canceled", _("The order is canceled already."))
    if system_state == COMPLETED:
        return refused("order_completed", completed_reason(order.choices.moves_between))
    if system_state == CANCEL_REQUESTED and order.open_request is None:
        return refused("cancellation_under_way", _("A cancellation is under way."))
    return forbidden_here(order) or _money_availability(order)


def forbidden_here(order: OrderDetail) -> Availability | None:
    """Return why an order in this state of the shop's own is not canceled, or None. Source: W1."""
    if order.state.allows_cancel:
        return None
    reason = _("Orders are not canceled in the state %(state)s; move it to another one first.")
    return refused("order_state_locks_cancel", reason % {"state": order.state.name}, state=order.state.slug)


def resume_availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether a cancellation that stopped at a refused leg can go on."""
    refusal = lacks(actor, "orders.cancel", order.site.id) or not_stopped(order)
    return refusal or _money_availability(order)


def not_stopped(order: OrderDetail) -> Availability | None:
    """Return why there is no cancellation that a refused leg has stopped, or None when there is one."""
    if order.cancellation is None or order.cancellation.state == "done":
        return refused("no_cancellation_open", _("No cancellation of this order is open."))
    if order.cancellation.state != "failed":
        return refused("cancellation_under_way", _("An outcome is still awaited; the desk keeps asking."))
    return None


def rehearse(order: OrderDetail) -> Rehearsal:
    """Return what cancelling would refund and reverse now, leg by leg: reversals first, then refunds per capture."""
    reversals = [_reversal(payment) for payment in order.payments if payment.held_minor > 0]
    refunds = [leg for payment in order.payments for leg in _refunds(payment)]
    return Rehearsal(
        legs=(*reversals, *refunds),
        refund_minor=sum(leg.amount_minor for leg in refunds),
        reverse_minor=sum(leg.amount_minor for leg in reversals),
        currency=order.currency,
        shipments=order.shipments_total,
        sent_shipments=order.shipments_sent,
        can_email=can_be_mailed(order),
    )


def run(
    *,
    number: str,
    email_customer: bool,
    actor: Actor,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> CancelResult:
    """Cancel the order: state Cancel Requested and every leg committed first, then leg by leg, then Canceled.

    Where a cancellation was requested, this accepts the request.
    A second call while one is under way is refused, so the money goes back once. A leg without an answer settles by
    itself; a refused one waits for `resume`.
    Raises: Conflict with the reason of `availability`; OrderChanged when money moved since `version`; OrderNotFound;
    Refused; Invalid for the reason's text.
    Effects: cancellation, operations, ledger, journal; at the end the order is closed and one mail may be due.
    Source: G26–G29, I8.
    """
    why = clean_text(reason, pointer="/reason", longest=LONGEST_REASON)

    def request() -> list[str]:
        row = lock_order(
            number=number, actor=actor, version=version, touches=_touches(read_order(number=number, actor=actor))
        )
        order = read_order(number=number, actor=actor)
        availability(order, actor).require()
        accepted = order.open_request
        cancellation = Cancellation.objects.create(
            order=row,
            reason=why,
            email_customer=email_customer and can_be_mailed(order),
            from_state=accepted.from_state if accepted is not None else order.state.slug,
            actor_kind=actor.kind,
            actor_ref=actor.ref,
            actor_name=actor.name,
            started_at=now,
        )
        was: dict[str, str | None] = {"cancellation": None}
        becomes = {"cancellation": "running"}
        if accepted is not None:
            decided = {"state": "accepted", "decided_by": actor.name, "decided_at": now}
            CancellationRequest.objects.filter(pk=accepted.id).update(**decided)
            was["cancellation_request"], becomes["cancellation_request"] = "open", "accepted"
        cancel_requested.enter(
            row, order, kind="order.cancel_requested", was=was, becomes=becomes, why=why, actor=actor, now=now
        )
        return _prepare_legs(row, order, cancellation, actor=actor, now=now)

    return _carry_out(number, in_write_transaction(request), actor=actor, now=now)


def resume(*, number: str, actor: Actor, now: datetime, version: int | None = None) -> CancelResult:
    """Go on with a cancellation whose leg was refused: what is still held or kept gets fresh legs.

    Raises: Conflict with the reason of `resume_availability`; OrderChanged when money moved since `version`;
    OrderNotFound; Refused. Effects: as `run`.
    """

    def again() -> list[str]:
        row = lock_order(
            number=number, actor=actor, version=version, touches=_touches(read_order(number=number, actor=actor))
        )
        order = read_order(number=number, actor=actor)
        resume_availability(order, actor).require()
        cancellation = Cancellation.objects.get(order=row, state="failed")
        cancellation.state = "running"
        cancellation.save(update_fields=["state"])
        change_order(row)
        append(
            stream=stream_of(order.id),
            kind="order.cancel_resumed",
            actor=actor,
            now=now,
            before={"cancellation": "failed"},
            after={"cancellation": "running"},
            version=row.version,
        )
        return _prepare_legs(row, order, cancellation, actor=actor, now=now)

    return _carry_out(number, in_write_transaction(again), actor=actor, now=now)


def _touches(seen: OrderDetail) -> frozenset[str]:
    """Return what a rehearsal was made of: whoever changed any of it meanwhile has made it out of date."""
    return frozenset({"cancellation", "cancellation_request", *(f"payment:{payment.id}" for payment in seen.payments)})


def _prepare_legs(
    row: Order, order: OrderDetail, cancellation: Cancellation, *, actor: Actor, now: datetime
) -> list[str]:
    operations: list[Operation] = [
        prepare(
            payment_id=leg.payment_id,
            kind=leg.kind,
            amount_minor=leg.amount_minor,
            currency=leg.currency,
            actor=actor,
            now=now,
            capture_ref=leg.capture_ref,
            cancellation=cancellation,
        )
        for leg in rehearse(order).legs
    ]
    if not operations:
        advance_cancellation(row, cancellation_id=cancellation.pk, now=now)
    crash.point("operation.preparing")
    return [operation.key for operation in operations]


def _carry_out(number: str, keys: list[str], *, actor: Actor, now: datetime) -> CancelResult:
    crash.point("cancellation.requested")
    carry_legs.run(keys, now=now)
    order = read_order(number=number, actor=actor)
    state = order.cancellation.state if order.cancellation else "running"
    done = [leg for leg in order.legs if leg.state == "succeeded" or leg.failure_code == HOLD_EXPIRED]
    return CancelResult(
        state=state,
        refunded_minor=sum(leg.amount_minor for leg in done if leg.kind == "refund"),
        reversed_minor=sum(leg.amount_minor for leg in done if leg.kind == "reverse"),
        currency=order.currency,
    )


def _money_availability(order: OrderDetail) -> Availability:
    for payment in order.payments:
        if any(operation.state in UNDER_WAY and operation.kind != "lookup" for operation in payment.operations):
            return refused("payment_under_way", _("A payment's outcome is still awaited; cancel when it has settled."))
        keeps_money = payment.held_minor > 0 or payment.captured_minor > payment.refunded_minor
        if keeps_money and not gateway_kind(payment.gateway).can_move_money:
            reason = _("%(provider)s keeps a payment of this order; give it back there first.")
            return refused("kept_elsewhere", reason % {"provider": payment.account_name})
    rehearsal = rehearse(order)
    return allowed(
        refund_minor=rehearsal.refund_minor,
        reverse_minor=rehearsal.reverse_minor,
        currency=order.currency,
        can_email=rehearsal.can_email,
    )


def _reversal(payment: PaymentRow) -> Leg:
    return Leg(
        kind="reverse",
        payment_id=payment.id,
        amount_minor=payment.held_minor,
        currency=payment.currency,
        capture_ref="",
        captured_at=None,
    )


def _refunds(payment: PaymentRow) -> list[Leg]:
    """Return one refund per capture that is not given back yet, oldest capture first."""
    return [
        Leg(
            kind="refund",
            payment_id=payment.id,
            amount_minor=capture.left_minor,
            currency=payment.currency,
            capture_ref=capture.reference,
            captured_at=capture.at,
        )
        for capture in left_of(payment)
    ]
