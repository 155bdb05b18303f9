"""Posting to the ledger and keeping a payment's cached figures in step. Needs an open transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from orderwright.payments.models import LedgerEntry, LedgerTransaction, Operation, Payment
from orderwright.payments.rules import FIGURE_OF, POSTINGS, Figures, PaymentStanding, hold_end, standing_of
from orderwright.payments.states import UNSETTLED

# Which reservation a movement uses up when an operation of ours made it.
_RESERVATION = {"capture": "pending_minor", "reverse": "pending_minor", "refund": "refund_pending_minor"}


def post(
    *,
    payment: Payment,
    kind: str,
    amount_minor: int,
    provider_ref: str,
    at: datetime,
    origin: str,
    operation: Operation | None = None,
    parent_ref: str = "",
) -> LedgerTransaction:
    """Add one balanced transaction and change the payment's figure; with an operation, use up what it had reserved.

    Unit: `amount_minor` is positive. `kind` is one of FIGURE_OF: a hold itself comes with its order, by `post_history`.
    Errors: IntegrityError when the figures would break I1 or the movement is already
    posted. Effects: one transaction, two entries, one guarded UPDATE of the payment.
    """
    transaction = LedgerTransaction.objects.create(
        payment=payment,
        operation=operation,
        kind=kind,
        provider_ref=provider_ref,
        parent_ref=parent_ref,
        origin=origin,
        at=at,
    )
    LedgerEntry.objects.bulk_create(_entries(transaction, kind, amount_minor, payment.currency))
    column, sign = FIGURE_OF[kind]
    changes = {column: F(column) + sign * amount_minor}
    if operation is not None:
        changes[_RESERVATION[kind]] = F(_RESERVATION[kind]) - amount_minor
    Payment.objects.filter(pk=payment.pk).update(**changes)
    return transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement that happened before the order came in. Unit: `amount_minor` is positive."""

    payment: Payment
    kind: str
    amount_minor: int
    provider_ref: str
    parent_ref: str
    at: datetime


def post_history(movements: Sequence[Movement]) -> None:
    """Add balanced transactions for what came in with an order, whose payments carry their figures already.

    Effects: two statements however many movements.
    """
    transactions = LedgerTransaction.objects.bulk_create(
        LedgerTransaction(
            payment=movement.payment,
            kind=movement.kind,
            provider_ref=movement.provider_ref,
            parent_ref=movement.parent_ref,
            origin="intake",
            at=movement.at,
        )
        for movement in movements
    )
    LedgerEntry.objects.bulk_create(
        entry
        for transaction, movement in zip(transactions, movements, strict=True)
        for entry in _entries(transaction, movement.kind, movement.amount_minor, movement.payment.currency)
    )


def _entries(transaction: LedgerTransaction, kind: str, amount_minor: int, currency: str) -> list[LedgerEntry]:
    source, target = POSTINGS[kind]
    return [
        LedgerEntry(transaction=transaction, account=source, amount_minor=-amount_minor, currency=currency),
        LedgerEntry(transaction=transaction, account=target, amount_minor=amount_minor, currency=currency),
    ]


def reserve(*, payment_id: int, kind: str, amount_minor: int) -> bool:
    """Return whether the amount was free and is now reserved. Effects: one UPDATE that carries its own guard."""
    guard = (
        {"captured_minor__gte": F("refunded_minor") + F("refund_pending_minor") + amount_minor}
        if kind == "refund"
        else {"authorised_minor__gte": F("captured_minor") + F("released_minor") + F("pending_minor") + amount_minor}
    )
    column = _RESERVATION[kind]
    return bool(Payment.objects.filter(pk=payment_id, **guard).update(**{column: F(column) + amount_minor}))


def release_reservation(*, payment_id: int, kind: str, amount_minor: int) -> None:
    """Give back what a refused operation had reserved. Effects: one UPDATE."""
    column = _RESERVATION[kind]
    Payment.objects.filter(pk=payment_id).update(**{column: F(column) - amount_minor})


def is_booked(payment_id: int, operation: Operation, provider_ref: str) -> bool:
    """Return whether a movement under this reference was booked, and not for this operation. Cost: one statement."""
    booked = LedgerTransaction.objects.filter(payment_id=payment_id, kind=operation.kind, provider_ref=provider_ref)
    return booked.exclude(operation_id=operation.pk).exists()


def is_unsettled() -> Q:
    """Return the condition for operations that make a payment's outcome unknown, being asked about again or not."""
    return Q(state__in=UNSETTLED) | Q(state="sent", failure_code="no_answer")


def with_expiry(payments: QuerySet[Payment]) -> QuerySet[Payment, Any]:
    """Return the payments with `has_expired`: whether the bank let the hold run out. Cost: no statement more."""
    expired = LedgerTransaction.objects.filter(payment=OuterRef("pk"), kind="expire")
    return payments.annotate(has_expired=Exists(expired))


def order_standing(order_id: int) -> tuple[str, datetime | None]:
    """Return the order's payment standing and when its first hold ends. Cost: two statements."""
    unsettled = set(
        Operation.objects.filter(is_unsettled(), payment__order_id=order_id)
        .exclude(kind="lookup")
        .values_list("payment_id", flat=True)
    )
    facts = [
        PaymentStanding(
            figures=Figures(
                authorised=payment.authorised_minor,
                captured=payment.captured_minor,
                released=payment.released_minor,
                refunded=payment.refunded_minor,
            ),
            expires_at=payment.expires_at,
            is_unsettled=payment.pk in unsettled,
            has_expired=payment.has_expired,
        )
        for payment in with_expiry(Payment.objects.filter(order_id=order_id))
    ]
    return standing_of(facts), hold_end(facts)
