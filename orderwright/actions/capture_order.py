"""Capture an amount over all payments of an order, in their order: the first gives what it has, then the next (W7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions import capture, carry_legs
from orderwright.actions.provider_calls import require_turns
from orderwright.core import crash
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.errors import FieldError
from orderwright.core.money import Money, format_money
from orderwright.journal.writes import Fact, append_all
from orderwright.orders.writes import change_order, lock_order, require_unchanged, stream_of
from orderwright.payments.errors import AmountOutOfRange, RequestReused
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.models import Operation
from orderwright.payments.operations import (
    OperationResult,
    prepare,
    prepared_fact,
    reserve_once,
    result_of,
)
from orderwright.reads.money_rows import PaymentRow
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of the amount one payment gives. Unit: minor units."""

    payment_id: int
    amount_minor: int


def availability(order: OrderDetail, actor: Actor, *, now: datetime | None = None) -> Availability:
    """Return whether an amount can be captured over the payments; `limits` has most_minor and currency.

    What staff record payment by payment, under a reference each, does not take part.
    """
    open_to = _open_to(order, actor, now=now)
    if open_to:
        return allowed(most_minor=sum(payment.free_minor for payment in open_to), currency=order.currency)
    answers = [capture.availability(order, actor, payment_id=payment.id, now=now) for payment in order.payments]
    refusals = [answer for answer in answers if not answer.allowed]
    return refusals[0] if refusals else refused("nothing_held", _("No payment of this order is held at a provider."))


def spread(order: OrderDetail, *, amount_minor: int, actor: Actor, now: datetime | None = None) -> tuple[Share, ...]:
    """Return how the amount is spread: each payment in its order gives all it has until the amount is reached.

    Raises: AmountOutOfRange with pointer /amount.
    """
    open_to = _open_to(order, actor, now=now)
    most = sum(payment.free_minor for payment in open_to)
    if not 1 <= amount_minor <= most:
        text = format_money(Money(most, order.currency), locale=order.site.locale)
        message = _("Capture Value must be above zero and at most %(most)s.") % {"most": text}
        field = FieldError(pointer="/amount", code=AmountOutOfRange.code, message=message)
        facts = {"least": 1, "most": most, "currency": order.currency}
        raise AmountOutOfRange(message, facts=facts, fields=(field,))
    shares, rest = [], amount_minor
    for payment in open_to:
        taken = min(rest, payment.free_minor)
        if taken:
            shares.append(Share(payment_id=payment.id, amount_minor=taken))
        rest -= taken
    return tuple(shares)


def run(
    *,
    number: str,
    amount_minor: int,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    request_ref: str | None = None,
    is_confirmed: bool = False,
) -> list[OperationResult]:
    """Capture the amount and return how each call ended, in the order of the payments.

    The same `request_ref` again returns the first results. A refusal of one provider leaves the other captures as they
    are: what was declined stays held. Unit: minor units.
    Raises: AmountOutOfRange with pointer /amount; CaptureNeedsConfirmation as one capture; Conflict with the reason of
    `availability`; NothingLeft; OrderChanged when money of this order moved since `version`; OrderNotFound;
    ProviderResting; Refused; RequestReused.
    Effects: every call reserved and committed first, then one after the other. Source: W7, G23, I3, I4.
    """

    def reserve() -> list[Operation]:
        row = lock_order(number=number, actor=actor)
        earlier = _find_repeated(request_ref, number=number, amount_minor=amount_minor)
        if earlier:
            return earlier
        order = read_order(number=number, actor=actor)
        touches = frozenset(f"payment:{payment.id}" for payment in order.payments)
        require_unchanged(row, version=version, touches=touches)
        availability(order, actor, now=now).require()
        capture.require_confirmed(order, is_confirmed=is_confirmed)
        operations = [
            prepare(
                payment_id=share.payment_id,
                kind="capture",
                amount_minor=share.amount_minor,
                currency=order.currency,
                actor=actor,
                now=now,
                request_ref=f"{request_ref}/{place}" if request_ref else None,
            )
            for place, share in enumerate(spread(order, amount_minor=amount_minor, actor=actor, now=now), start=1)
        ]
        require_turns(order, operations, now=now)
        change_order(row)
        facts = [
            Fact(
                kind="payment.capture_prepared",
                before={f"payment:{operation.payment_id}": None},
                after={f"payment:{operation.payment_id}": prepared_fact(operation)},
            )
            for operation in operations
        ]
        append_all(stream=stream_of(order.id), facts=facts, actor=actor, now=now, version=row.version)
        crash.point("operation.preparing")
        return operations

    operations = reserve_once(reserve)
    crash.point("operation.prepared")
    carry_legs.run([operation.key for operation in operations if operation.state == "prepared"], now=now)
    for operation in operations:
        operation.refresh_from_db()
    return [result_of(operation) for operation in operations]


def _open_to(order: OrderDetail, actor: Actor, *, now: datetime | None) -> list[PaymentRow]:
    return [
        payment
        for payment in order.payments
        if not gateway_kind(payment.gateway).is_recorded
        and capture.availability(order, actor, payment_id=payment.id, now=now).allowed
    ]


def _find_repeated(request_ref: str | None, *, number: str, amount_minor: int) -> list[Operation]:
    """Return what this request did when it came before. Raises: RequestReused when it asked for something else."""
    if not request_ref:
        return []
    earlier = list(
        Operation.objects.filter(request_ref__startswith=f"{request_ref}/")
        .select_related("payment__order")
        .order_by("pk")
    )
    asked = {(operation.payment.order.number, operation.kind) for operation in earlier}
    if earlier and (asked != {(number, "capture")} or sum(each.amount_minor for each in earlier) != amount_minor):
        raise RequestReused(_("This form was used before for something else. Open the order again."))
    return earlier
