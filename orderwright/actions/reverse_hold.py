"""Reverse what is still held on one payment, without canceling the order (W6)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions import capture, settle_operation
from orderwright.actions.cancellation_standing import waits
from orderwright.actions.permission import lacks
from orderwright.actions.provider_calls import require_turn, rests
from orderwright.core import crash
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.clock import now as machine_now
from orderwright.journal.writes import append
from orderwright.orders.states import CANCEL_REQUESTED, CANCELED
from orderwright.orders.writes import change_order, lock_order, require_unchanged, stream_of
from orderwright.payments.errors import PaymentNotFound
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.models import Operation
from orderwright.payments.operations import (
    OperationResult,
    find_repeated,
    prepare,
    prepared_fact,
    reserve_once,
    result_of,
)
from orderwright.reads.money_rows import PaymentRow
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail


def availability(order: OrderDetail, actor: Actor, *, payment_id: int, now: datetime | None = None) -> Availability:
    """Return whether this payment's hold can be reversed; `limits` has amount_minor and currency.

    Always the whole rest: providers close a hold with its reversal. Raises: PaymentNotFound.
    """
    refusal = lacks(actor, "payments.reverse", order.site.id)
    if refusal is not None:
        return refusal
    payment = _payment(order, payment_id)
    if order.open_request is not None:
        return waits(order)
    if order.state.system_state in (CANCEL_REQUESTED, CANCELED):
        return refused("cancellation_under_way", _("Canceling the order reverses what is held."))
    if not gateway_kind(payment.gateway).can_move_money:
        words = _("%(provider)s keeps this payment; reverse it there.") % {"provider": payment.account_name}
        return refused("kept_elsewhere", words)
    return _hold_availability(order, payment, now=now or machine_now())


def _payment(order: OrderDetail, payment_id: int) -> PaymentRow:
    payment = order.payment(payment_id)
    if payment is None:
        raise PaymentNotFound(_("This order has no such payment."), facts={"payment": payment_id})
    return payment


def _hold_availability(order: OrderDetail, payment: PaymentRow, *, now: datetime) -> Availability:
    if payment.held_minor == 0:
        return refused("nothing_held", _("Nothing is held any more: all of it was captured or reversed."))
    expired = capture.hold_expired(order, payment, now=now)
    if expired is not None:
        return expired
    if payment.free_minor < payment.held_minor:
        return refused("payment_under_way", _("Another call on this hold is under way; its outcome comes first."))
    resting = rests(payment, order, now=now)
    return resting or allowed(amount_minor=payment.free_minor, currency=payment.currency)


def run(
    *,
    number: str,
    payment_id: int,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    request_ref: str | None = None,
) -> OperationResult:
    """Reverse the rest of the hold and return how the call ended; the same `request_ref` again returns that.

    Raises: Conflict with the reason of `availability`; NothingLeft; OrderChanged when this payment's money moved since
    `version`; OrderNotFound; PaymentNotFound; ProviderResting; Refused; RequestReused.
    Effects: reserves the rest and commits, calls the provider, books the outcome. Source: W6, I3, I4.
    """

    def reserve() -> Operation:
        row = lock_order(number=number, actor=actor)
        earlier = find_repeated(request_ref, payment_id=payment_id, kind="reverse")
        if earlier is not None:
            return earlier
        field = f"payment:{payment_id}"
        require_unchanged(row, version=version, touches=frozenset({field}))
        order = read_order(number=number, actor=actor)
        answer = availability(order, actor, payment_id=payment_id, now=now)
        answer.require()
        operation = prepare(
            payment_id=payment_id,
            kind="reverse",
            amount_minor=answer.limits["amount_minor"],
            currency=answer.limits["currency"],
            actor=actor,
            now=now,
            request_ref=request_ref,
        )
        require_turn(_payment(order, payment_id), who=operation.key, now=now)
        change_order(row)
        append(
            stream=stream_of(order.id),
            kind="payment.reverse_prepared",
            actor=actor,
            now=now,
            before={field: None},
            after={field: prepared_fact(operation)},
            version=row.version,
        )
        crash.point("operation.preparing")
        return operation

    operation = reserve_once(reserve)
    crash.point("operation.prepared")
    if operation.state != "prepared":
        return result_of(operation)
    return settle_operation.carry_out(key=operation.key, now=now)
