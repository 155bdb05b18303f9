"""What a refund would give back, worked out from the order as it stands: lines, shares and legs. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from orderwright.core.errors import FieldError
from orderwright.core.money import Money, format_money
from orderwright.payments.errors import RefundInvalid
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.refund_rules import CaptureLeft, captures_left, over_captures, shares, worth
from orderwright.payments.states import UNDER_WAY
from orderwright.reads.money_rows import PaymentRow, RefundLineRow
from orderwright.reads.rows import LineRow, OrderDetail

# What a capture has less of by each movement, and what it has more of when one of them is taken back.
_GOES: Final = {"refund": 1, "dispute": 1, "capture_failed": 1, "refund_failed": -1, "dispute_won": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to go back. Unit: minor units. `by_payment` overrides how it is shared over payments, by payment id."""

    lines: Sequence[tuple[int, int]] = ()  # (line id, pieces)
    shipping_minor: int = 0
    other_minor: int = 0
    by_payment: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """So many pieces of a line, and what they are worth with their share of discount and tax."""

    line_id: int
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLeg:
    """One call to a provider: so much of one capture."""

    payment_id: int
    capture_ref: str
    captured_at: datetime
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPlan:
    """What a wish comes to. `shares` is by payment id, `legs` in the order in which they run."""

    amount_minor: int
    lines: tuple[PlannedLine, ...]
    shares: Mapping[int, int]
    legs: tuple[PlannedLeg, ...]


def left_of(payment: PaymentRow) -> tuple[CaptureLeft, ...]:
    """Return the captures that can still give something back, oldest first; what is under way counts as gone."""
    # What takes a refund or a dispute back names it, and it names its capture.
    of_capture = {
        entry.provider_ref: entry.parent_ref for entry in payment.transactions if entry.kind in ("refund", "dispute")
    }
    gone = [
        (of_capture.get(entry.parent_ref, entry.parent_ref), entry.amount_minor * _GOES[entry.kind])
        for entry in payment.transactions
        if entry.kind in _GOES
    ]
    gone += [
        (operation.capture_ref, operation.amount_minor)
        for operation in payment.operations
        if operation.kind == "refund" and operation.state in UNDER_WAY
    ]
    captures = [
        CaptureLeft(reference=entry.provider_ref, left_minor=entry.amount_minor, at=entry.at)
        for entry in payment.transactions
        if entry.kind == "capture"
    ]
    return captures_left(captures, given_back=gone)


def free_of(order: OrderDetail) -> dict[int, int]:
    """Return what each payment can still give back through its provider, by payment id; none of them is zero."""
    free = {
        payment.id: payment.captured_minor - payment.refunded_minor - payment.refund_pending_minor
        for payment in order.payments
        if gateway_kind(payment.gateway).can_move_money
    }
    return {payment: minor for payment, minor in free.items() if minor > 0}


def pieces_left(order: OrderDetail, line: LineRow) -> int:
    """Return how many pieces of the line no refund has given back, or is giving back."""
    return line.quantity - sum(part.quantity for part in _parts_back(order, line.id))


def shipping_left(order: OrderDetail) -> int:
    """Return what of the shipping price, with its discount and tax, no refund has given back. Unit: minor units."""
    tax = 0 if order.prices_include_tax else order.shipping_tax_minor
    back = sum(refund.shipping_minor for refund in order.refunds if refund.state != "failed")
    return max(order.shipping_minor - order.shipping_discount_minor + tax - back, 0)


def worked_out(order: OrderDetail, wish: Wish) -> RefundPlan:
    """Return what the wish comes to.

    Raises: RefundInvalid with pointers /lines, /shipping, /other, /by_payment or /amount.
    """
    lines = tuple(_line(order, at, line_id, quantity) for at, (line_id, quantity) in enumerate(wish.lines))
    _refuse_twice(wish)
    most = shipping_left(order)
    if not 0 <= wish.shipping_minor <= most:
        raise _invalid("/shipping", _("At most %(most)s of the shipping can go back."), order, most)
    if wish.other_minor < 0:
        raise _invalid("/other", _("An amount to refund is above zero."), order, 0)
    amount = sum(line.amount_minor for line in lines) + wish.shipping_minor + wish.other_minor
    if amount < 1:
        raise _invalid("/amount", _("Choose what to refund: items, shipping or another amount."), order, 0)
    free = free_of(order)
    most = sum(free.values())
    if amount > most:
        raise _invalid(
            "/amount", _("At most %(most)s can be refunded: captured less refunded and under way."), order, most
        )
    chosen = (
        _overridden(order, wish, amount, free)
        if wish.by_payment
        else shares(amount, captured=_captured(order), free=free)
    )
    return RefundPlan(amount_minor=amount, lines=lines, shares=chosen, legs=tuple(_legs(order, chosen)))


def _line(order: OrderDetail, at: int, line_id: int, quantity: int) -> PlannedLine:
    line = order.line(line_id)
    if line is None:
        raise _invalid(f"/lines/{at}/line", _("This order has no such item."), order, 0)
    most = pieces_left(order, line)
    if not 1 <= quantity <= most:
        words = _("%(most)s pieces of %(name)s can still be refunded.") % {"most": most, "name": line.name}
        raise _invalid(f"/lines/{at}/quantity", words, order, most)
    total = line.total_minor - line.discount_minor + (0 if order.prices_include_tax else line.tax_minor)
    back = _parts_back(order, line_id)
    amount = worth(
        total,
        of=line.quantity,
        before=sum(part.quantity for part in back),
        pieces=quantity,
        already_minor=sum(part.amount_minor for part in back),
    )
    return PlannedLine(line_id=line_id, quantity=quantity, amount_minor=amount)


def _parts_back(order: OrderDetail, line_id: int) -> list[RefundLineRow]:
    return [
        part for refund in order.refunds if refund.state != "failed" for part in refund.lines if part.line_id == line_id
    ]


def _refuse_twice(wish: Wish) -> None:
    named = [line_id for line_id, _quantity in wish.lines]
    if len(set(named)) < len(named):
        message = _("Name each item once.")
        raise RefundInvalid(message, fields=(FieldError(pointer="/lines", code=RefundInvalid.code, message=message),))


def _overridden(order: OrderDetail, wish: Wish, amount: int, free: Mapping[int, int]) -> dict[int, int]:
    chosen = {payment: minor for payment, minor in wish.by_payment.items() if minor}
    for payment, minor in chosen.items():
        if not 0 < minor <= free.get(payment, 0):
            words = _("At most %(most)s can go back on this payment.")
            raise _invalid(f"/by_payment/{payment}", words, order, free.get(payment, 0))
    if sum(chosen.values()) != amount:
        raise _invalid("/by_payment", _("The shares have to add up to %(most)s."), order, amount)
    return chosen


def _captured(order: OrderDetail) -> dict[int, int]:
    return {payment.id: payment.captured_minor for payment in order.payments}


def _legs(order: OrderDetail, chosen: Mapping[int, int]) -> list[PlannedLeg]:
    return [
        PlannedLeg(payment_id=payment.id, capture_ref=capture.reference, captured_at=capture.at, amount_minor=minor)
        for payment in order.payments
        if payment.id in chosen
        for capture, minor in over_captures(chosen[payment.id], captures=left_of(payment))
    ]


def _invalid(pointer: str, words: str, order: OrderDetail, most: int) -> RefundInvalid:
    message = words.replace("%(most)s", format_money(Money(most, order.currency), locale=order.site.locale))
    field_error = FieldError(pointer=pointer, code=RefundInvalid.code, message=message)
    return RefundInvalid(message, facts={"most": most, "currency": order.currency}, fields=(field_error,))
