"""Compare every payment with its provider's own account of it (I3), without changing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orderwright.core.db import outside_transaction
from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.registry import gateway_for
from orderwright.payments.models import LedgerTransaction, Payment


def differences() -> Iterator[str]:
    """Yield, as sentences, each payment whose movements at the provider are not those in the ledger.

    Cost: one call per payment whose provider can be asked. Effects: none.
    """
    for payment in Payment.objects.select_related("account").order_by("pk"):
        gateway = gateway_for(payment.account)
        if not gateway.can_be_asked:
            continue
        try:
            with outside_transaction():
                observed = gateway.look_up(payment.reference)
        except ProviderUnreachable as error:
            yield f"I3: {payment.reference} could not be asked about: {error.message}"
            continue
        there: Counter[tuple[str, str, int]] = Counter(
            (entry.kind, entry.provider_ref, entry.amount_minor) for entry in observed.movements
        )
        here = Counter(_booked(payment))
        name = payment.account.name
        for movement in (there - here).elements():
            yield f"I3: {payment.reference}: {name} shows {_words(movement)}, the ledger does not"
        for movement in (here - there).elements():
            yield f"I3: {payment.reference}: the ledger has {_words(movement)}, {name} does not"


def _words(movement: tuple[str, str, int]) -> str:
    kind, reference, amount_minor = movement
    return f"a {kind} {reference} of {amount_minor}"


def _booked(payment: Payment) -> Iterator[tuple[str, str, int]]:
    moved_there = LedgerTransaction.objects.filter(payment=payment, kind__in=["capture", "reverse", "refund"])
    for transaction in moved_there.prefetch_related("entries"):
        amount = sum(entry.amount_minor for entry in transaction.entries.all() if entry.amount_minor > 0)
        yield transaction.kind, transaction.provider_ref, amount
