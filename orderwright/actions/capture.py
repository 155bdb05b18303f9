"""Capture Transaction: take an authorised amount, in full or in part (G23, G24, G25, W6)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orderwright.actions import settle_operation
from orderwright.actions.permission import lacks
from orderwright.actions.provider_calls import is_off, require_turn, rests
from orderwright.core import crash
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.clock import now as machine_now
from orderwright.core.dates import day
from orderwright.core.errors import Conflict, FieldError
from orderwright.core.money import Money, format_money
from orderwright.core.text import clean_text
from orderwright.journal.writes import append
from orderwright.orders.states import CANCEL_REQUESTED, CANCELED, FRAUD
from orderwright.orders.writes import change_order, lock_order, require_unchanged, stream_of
from orderwright.payments.errors import (
    AmountOutOfRange,
    PaymentNotFound,
    ReferenceNeeded,
    ReferenceTaken,
)
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

LONGEST_REFERENCE = 120


class CaptureNeedsConfirmation(Conflict):
    """Somebody has asked that the order be canceled, and nobody has decided yet (W5)."""

    code = "capture_needs_confirmation"


# States in which no money may be taken. A suspended order's hold may be running out, so it is not among them.
_NO_CAPTURE = {
    CANCEL_REQUESTED: ("cancellation_under_way", gettext_lazy("A cancellation is under way; nothing can be captured.")),
    CANCELED: ("order_canceled", gettext_lazy("The order is canceled; nothing can be captured.")),
    FRAUD: ("order_is_fraud", gettext_lazy("The order is considered as fraudulent; set it to Processing to capture.")),
}


def availability(order: OrderDetail, actor: Actor, *, payment_id: int, now: datetime | None = None) -> Availability:
    """Return whether this payment can be captured; `limits` has most_minor, currency and expires_at.

    Unit: minor units of the payment's currency; amounts under way count as taken. Raises: PaymentNotFound.
    Source: G23, W6.
    """
    payment = _payment(order, payment_id)
    refusal = lacks(actor, "payments.capture", order.site.id)
    if refusal is not None:
        return refusal
    stopped = refusal_of_state(_state_that_counts(order))
    if stopped is not None:
        return stopped
    at = now or machine_now()
    held = _hold_availability(order, payment, now=at)
    return held if not held.allowed else is_off(payment) or rests(payment, order, now=at) or held


def _state_that_counts(order: OrderDetail) -> str:
    """Return the system state that says whether money may be taken.

    A request for a cancellation is a question, and so is a capture meanwhile: `run` wants to have it confirmed. The
    state before it goes on to count, or asking would lead past it.
    """
    if order.open_request is None:
        return order.state.system_state
    systems = {state.slug: state.system_state for state in order.choices.states}
    return systems.get(order.open_request.from_state, order.state.system_state)


def require_confirmed(order: OrderDetail, *, is_confirmed: bool) -> None:
    """Do nothing unless a cancellation is requested and nobody has confirmed. Raises: CaptureNeedsConfirmation."""
    if order.open_request is not None and not is_confirmed:
        raise CaptureNeedsConfirmation(
            _("A cancellation is requested; what is captured now would have to be refunded. Capture anyway?")
        )


def refusal_of_state(system_state: str) -> Availability | None:
    """Return the refusal for orders in which no money may be taken, or None."""
    if system_state not in _NO_CAPTURE:
        return None
    code, reason = _NO_CAPTURE[system_state]
    return refused(code, str(reason))


def hold_expired(order: OrderDetail, payment: PaymentRow, *, now: datetime) -> Availability | None:
    """Return the refusal for a hold that its bank has let go by now, with the day in words; None while it lasts."""
    if payment.expires_at is None or payment.expires_at > now:
        return None
    date = day(payment.expires_at, now=now, zone_name=order.site.time_zone)
    reason = _("The hold ended on %(date)s; the bank gives nothing on it.") % {"date": date}
    return refused("hold_expired", reason, expires_at=payment.expires_at.isoformat())


def _hold_availability(order: OrderDetail, payment: PaymentRow, *, now: datetime) -> Availability:
    if not gateway_kind(payment.gateway).can_move_money:
        reason = _("%(provider)s keeps this payment; capture it there.") % {"provider": payment.account_name}
        return refused("kept_elsewhere", reason)
    if payment.held_minor == 0:
        return refused("nothing_held", _("Nothing is held any more: all of it was captured or reversed."))
    expired = hold_expired(order, payment, now=now)
    if expired is not None:
        return expired
    if payment.free_minor == 0:
        return refused("payment_under_way", _("Another call on this hold is under way; its outcome comes first."))
    return allowed(most_minor=payment.free_minor, currency=payment.currency, expires_at=payment.expires_at)


def run(
    *,
    number: str,
    payment_id: int,
    amount_minor: int,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    request_ref: str | None = None,
    reference: str = "",
    is_confirmed: bool = False,
) -> OperationResult:
    """Capture the amount on this payment's hold and return how the call ended.

    Where staff record what came in, nothing is called: `reference` says under which reference it came.

    A refusal of the provider is a result with state `failed`, a missing answer one with `unknown`; the hold stays.
    The same `request_ref` again returns the first result and captures nothing. Unit: minor units.
    Raises: AmountOutOfRange with pointer /amount; CaptureNeedsConfirmation while a cancellation is requested, unless
    `is_confirmed`; Conflict with the reason of `availability`; NothingLeft; OrderChanged when the money of this payment
    moved since `version`; PaymentNotFound; ProviderResting; ReferenceNeeded with pointer /reference; ReferenceTaken;
    RequestReused; Refused.
    Effects: reserves the amount and commits, calls the provider, books the outcome. Source: G23, G25, I3, I4.
    """
    repeated = partial(find_repeated, request_ref, payment_id=payment_id, kind="capture", amount_minor=amount_minor)

    def reserve() -> Operation:
        row = lock_order(number=number, actor=actor)
        # Before all else: what the same form has changed is no reason to tell that somebody else was faster.
        earlier = repeated()
        if earlier is not None:
            return earlier
        require_unchanged(row, version=version, touches=frozenset({f"payment:{payment_id}"}))
        order = read_order(number=number, actor=actor)
        answer = availability(order, actor, payment_id=payment_id, now=now)
        answer.require()
        require_confirmed(order, is_confirmed=is_confirmed)
        payment = _payment(order, payment_id)
        _require_in_range(amount_minor, payment, order.site.locale)
        known_ref = _reference(reference, payment)
        operation = prepare(
            payment_id=payment_id,
            kind="capture",
            amount_minor=amount_minor,
            currency=payment.currency,
            actor=actor,
            now=now,
            request_ref=request_ref,
            known_ref=known_ref,
        )
        require_turn(payment, who=operation.key, now=now)
        change_order(row)
        field = f"payment:{payment_id}"
        append(
            stream=stream_of(order.id),
            kind="payment.capture_prepared",
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


def _payment(order: OrderDetail, payment_id: int) -> PaymentRow:
    payment = order.payment(payment_id)
    if payment is None:
        raise PaymentNotFound(_("This order has no such payment."), facts={"payment": payment_id})
    return payment


def _reference(typed: str, payment: PaymentRow) -> str:
    """Return the reference under which the money came, empty where the provider gives one. Asked under the lock."""
    if not gateway_kind(payment.gateway).is_recorded:
        return ""
    if not typed.strip():
        message = _("Type the reference under which the money came, such as the bank’s.")
        field = FieldError(pointer="/reference", code=ReferenceNeeded.code, message=message)
        raise ReferenceNeeded(message, fields=(field,))
    reference = clean_text(typed, pointer="/reference", longest=LONGEST_REFERENCE, is_reference=True)
    recorded = [operation.provider_ref for operation in payment.operations if operation.kind == "capture"]
    booked = [entry.provider_ref for entry in payment.transactions if entry.kind == "capture"]
    if reference in recorded or reference in booked:
        raise ReferenceTaken(
            _("Money was recorded under %(reference)s already.") % {"reference": reference},
            facts={"reference": reference},
        )
    return reference


def _require_in_range(amount_minor: int, payment: PaymentRow, locale: str) -> None:
    if 1 <= amount_minor <= payment.free_minor:
        return
    most = format_money(Money(payment.free_minor, payment.currency), locale=locale)
    message = _("Capture Value must be above zero and at most %(most)s.") % {"most": most}
    facts = {"least": 1, "most": payment.free_minor, "currency": payment.currency}
    field = FieldError(pointer="/amount", code=AmountOutOfRange.code, message=message)
    raise AmountOutOfRange(message, facts=facts, fields=(field,))
