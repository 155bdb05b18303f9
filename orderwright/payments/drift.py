"""Keeping differences between providers and our books as rows. Needs an open transaction and the order's lock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Sum

from orderwright.payments.comparison import Books, Difference, Name, Room
from orderwright.payments.models import Drift, LedgerEntry, Operation, Payment
from orderwright.payments.rules import FIGURE_OF
from orderwright.payments.states import DRIFT_UNDECIDED, FINAL_STATES


def booked_names(payment_id: int) -> dict[Name, int]:
    """Return the amount of each movement in the payment's ledger by kind and reference. Cost: one statement."""
    rows = (
        LedgerEntry.objects.filter(
            transaction__payment_id=payment_id, transaction__kind__in=FIGURE_OF, amount_minor__gt=0
        )
        .values_list("transaction__kind", "transaction__provider_ref")
        .annotate(Sum("amount_minor"))
        .order_by("transaction_id")
    )
    return {(kind, reference): amount_minor for kind, reference, amount_minor in rows}


def books_of(payment: Payment, *, asked_after: Collection[Name]) -> Books:
    """Return what our side says of the payment. Cost: two statements."""
    under_way: list[str] = []
    ended: list[str] = []
    reversing: dict[int, str] = {}
    operations = Operation.objects.filter(payment=payment).exclude(kind="lookup").exclude(state="prepared")
    for key, state, kind, amount_minor in operations.values_list("key", "state", "kind", "amount_minor"):
        (ended if state in FINAL_STATES else under_way).append(key)
        if kind == "reverse" and state not in FINAL_STATES:
            reversing[amount_minor] = key
    return Books(
        currency=payment.currency,
        reference=payment.reference,
        authorised_minor=payment.authorised_minor,
        room=room_of(payment),
        booked=booked_names(payment.pk),
        asked_after=asked_after,
        under_way=under_way,
        ended=ended,
        reversing=reversing,
    )


def room_of(payment: Payment) -> Room:
    """Return how much can still move on the payment, what is under way left out."""
    return Room(
        free_minor=payment.authorised_minor - payment.captured_minor - payment.released_minor - payment.pending_minor,
        refundable_minor=payment.captured_minor - payment.refunded_minor - payment.refund_pending_minor,
        returned_minor=payment.refunded_minor,
    )


def rows_of(payment_id: int) -> dict[Name, Drift]:
    """Return every difference that was ever found on the payment. Cost: one statement."""
    return {(row.kind, row.provider_ref): row for row in Drift.objects.filter(payment_id=payment_id)}


def keep(payment: Payment, difference: Difference, known: Drift | None, *, now: datetime) -> bool:
    """Return whether the difference is news; it is open then. What was decided stays so while the figures do.

    Effects: one row, unless nothing changed.
    """
    figures = {
        "there_minor": difference.there_minor,
        "here_minor": difference.here_minor,
        "currency": difference.currency,
    }
    if known is None:
        Drift.objects.create(
            payment=payment,
            kind=difference.kind,
            provider_ref=difference.provider_ref,
            parent_ref=difference.parent_ref,
            at=difference.at,
            key=difference.key,
            found_at=now,
            **figures,
        )
        return True
    is_same = all(getattr(known, name) == value for name, value in figures.items())
    if is_same and known.state != "gone":
        return False
    opened = {"state": "open", "found_at": now, "decided_at": None, "decided_by": "", "note": ""}
    Drift.objects.filter(pk=known.pk).update(**figures, **opened)
    return True


def close(drift: Drift, *, state: str, by: str, now: datetime, note: str = "") -> bool:
    """Return whether an undecided difference now has this state. Effects: one guarded UPDATE."""
    changes = {"state": state, "decided_at": now, "decided_by": by[:120], "note": note}
    return bool(Drift.objects.filter(pk=drift.pk, state__in=DRIFT_UNDECIDED).update(**changes))
