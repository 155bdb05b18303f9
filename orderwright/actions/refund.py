"""Refund: give back what was captured, by item, shipping or amount, over one or several payments (W6, W7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from orderwright.actions import carry_legs
from orderwright.actions.cancellation_standing import waits
from orderwright.actions.permission import lacks
from orderwright.actions.provider_calls import require_turns, rests
from orderwright.actions.reasons import as_told
from orderwright.actions.refund_ceiling import lacks_ceiling, require_within
from orderwright.actions.refund_plan import RefundPlan, Wish, free_of, worked_out
from orderwright.actions.write_mail import can_be_written
from orderwright.core import crash
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.clock import now as machine_now
from orderwright.core.text import clean_text
from orderwright.journal.writes import append
from orderwright.orders.models import Order
from orderwright.orders.states import CANCEL_REQUESTED
from orderwright.orders.writes import change_order, lock_order, require_unchanged, stream_of
from orderwright.payments.errors import RequestReused
from orderwright.payments.models import Refund, RefundLine
from orderwright.payments.operations import (
    prepare,
    reserve_once,
)
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundResult:
    """How a refund stands. Unit: minor units. `state` is one of REFUND_STATES."""

    refund_id: int
    position: int
    state: str
    amount_minor: int
    refunded_minor: int
    currency: str


def availability(order: OrderDetail, actor: Actor, *, now: datetime | None = None) -> Availability:
    """Return whether something can be refunded; `limits` has most_minor and currency. Closed orders count too.

    Where one of several providers rests, the others can refund: which of them a refund needs, `planned` says.
    """
    refusal = lacks(actor, "payments.refund", order.site.id) or lacks_ceiling(order, actor)
    if refusal is not None:
        return refusal
    if order.open_request is not None:
        return waits(order)
    if order.state.system_state == CANCEL_REQUESTED:
        return refused("cancellation_under_way", _("A cancellation is under way; it refunds what was captured."))
    free = free_of(order)
    most = sum(free.values())
    resting = [rests(payment, order, now=now or machine_now()) for payment in order.payments if payment.id in free]
    if most and resting[0] is not None and all(resting):
        return resting[0]
    if most:
        return allowed(most_minor=most, currency=order.currency)
    return _nothing_free(order)


def _nothing_free(order: OrderDetail) -> Availability:
    """Return why nothing can be refunded although money may have been captured."""
    kept = [payment for payment in order.payments if payment.captured_minor > payment.refunded_minor]
    if not kept and any(payment.captured_minor for payment in order.payments):
        return refused("all_refunded", _("All of it was refunded already."))
    if not kept:
        return refused("nothing_captured", _("Nothing is captured that could be refunded."))
    if any(payment.refund_pending_minor for payment in kept):
        return refused("payment_under_way", _("A refund is under way; its outcome comes first."))
    words = _("%(provider)s keeps this payment; refund it there.") % {"provider": kept[0].account_name}
    return refused("kept_elsewhere", words)


def planned(order: OrderDetail, wish: Wish, *, now: datetime) -> RefundPlan:
    """Return what the wish comes to. Raises: RefundInvalid; ProviderResting when a provider that it needs rests."""
    plan = worked_out(order, wish)
    for payment in order.payments:
        resting = rests(payment, order, now=now) if payment.id in plan.shares else None
        if resting is not None:
            resting.require()
    return plan


def run(
    *,
    number: str,
    wish: Wish,
    actor: Actor,
    now: datetime,
    reason: str = "",
    version: int | None = None,
    request_ref: str | None = None,
    email_customer: bool = False,
) -> RefundResult:
    """Refund what is wished, and return how it ended; the same `request_ref` again returns the first result.

    A refusal of the provider is a result with state `failed`, or `partly` when other legs went through; a missing
    answer one with `running`, which settles by itself. `email_customer`: the customer is told what went back, once
    every leg has ended.
    Raises: Conflict with the reason of `availability`; Invalid for the reason; NothingLeft; OrderChanged when money
    moved since `version`; OrderNotFound; ProviderResting; RefundAboveCeiling; RefundInvalid; Refused; RequestReused.
    Effects: refund and every leg committed first, then leg by leg; ledger, journal. Source: W7, I1, I3, I4.
    """
    why = clean_text(reason, pointer="/reason", longest=LONGEST_REASON)

    def request() -> tuple[Refund, list[str]]:
        row = lock_order(number=number, actor=actor)
        earlier = _repeated(request_ref, row, wish, why)
        if earlier is not None:
            return earlier, []
        order = read_order(number=number, actor=actor)
        touches = frozenset(f"payment:{payment.id}" for payment in order.payments)
        require_unchanged(row, version=version, touches=touches)
        availability(order, actor, now=now).require()
        plan = planned(order, wish, now=now)
        require_within(order, actor, amount_minor=plan.amount_minor, now=now)
        refund = _store(
            row,
            order,
            plan,
            wish,
            why,
            actor=actor,
            now=now,
            request_ref=request_ref,
            email_customer=email_customer and can_be_written(order),
        )
        keys = _prepare_legs(order, plan, refund, actor=actor, now=now)
        change_order(row)
        append(
            stream=stream_of(order.id),
            kind="order.refund_requested",
            actor=actor,
            now=now,
            before=dict.fromkeys([f"refund:{refund.position}", *(f"payment:{payment}" for payment in plan.shares)]),
            after={
                f"refund:{refund.position}": {
                    "state": refund.state,
                    "amount_minor": plan.amount_minor,
                    "currency": order.currency,
                },
                **{f"payment:{payment}": {"refund_minor": share} for payment, share in plan.shares.items()},
            },
            why=as_told(why),
            version=row.version,
        )
        crash.point("operation.preparing")
        return refund, keys

    refund, keys = reserve_once(request)
    crash.point("operation.prepared")
    carry_legs.run(keys, now=now)
    refund.refresh_from_db()
    return _result(refund, read_order(number=number, actor=actor).currency)


def _repeated(request_ref: str | None, row: Order, wish: Wish, why: str) -> Refund | None:
    earlier = Refund.objects.filter(request_ref=request_ref).first() if request_ref else None
    if earlier is None:
        return None
    asked = sorted(earlier.lines.values_list("line_id", "quantity"))
    same = (earlier.order_id, asked, earlier.shipping_minor, earlier.other_minor, earlier.reason)
    is_same = same == (row.pk, sorted(wish.lines), wish.shipping_minor, wish.other_minor, why)
    shared = dict(earlier.legs.values_list("payment_id").annotate(Sum("amount_minor")))
    wished = {payment: minor for payment, minor in wish.by_payment.items() if minor}
    if not is_same or wished not in ({}, shared):
        raise RequestReused(_("This form was used before for something else. Open the order again."))
    return earlier


def _store(
    row: Order,
    order: OrderDetail,
    plan: RefundPlan,
    wish: Wish,
    why: str,
    *,
    actor: Actor,
    now: datetime,
    request_ref: str | None,
    email_customer: bool,
) -> Refund:
    refund = Refund.objects.create(
        order=row,
        position=len(order.refunds) + 1,
        request_ref=request_ref,
        reason=why,
        amount_minor=plan.amount_minor,
        shipping_minor=wish.shipping_minor,
        other_minor=wish.other_minor,
        email_customer=email_customer,
        actor_kind=actor.kind,
        actor_ref=actor.ref,
        actor_name=actor.name,
        started_at=now,
    )
    RefundLine.objects.bulk_create(
        RefundLine(refund=refund, line_id=line.line_id, quantity=line.quantity, amount_minor=line.amount_minor)
        for line in plan.lines
    )
    return refund


def _prepare_legs(order: OrderDetail, plan: RefundPlan, refund: Refund, *, actor: Actor, now: datetime) -> list[str]:
    operations = [
        prepare(
            payment_id=leg.payment_id,
            kind="refund",
            amount_minor=leg.amount_minor,
            currency=order.currency,
            actor=actor,
            now=now,
            capture_ref=leg.capture_ref,
            refund=refund,
        )
        for leg in plan.legs
    ]
    require_turns(order, operations, now=now)
    return [operation.key for operation in operations]


def _result(refund: Refund, currency: str) -> RefundResult:
    return RefundResult(
        refund_id=refund.pk,
        position=refund.position,
        state=refund.state,
        amount_minor=refund.amount_minor,
        refunded_minor=refund.refunded_minor,
        currency=currency,
    )
