"""Compare every payment with its provider's own account of it (I3), without changing anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from orderwright.core.db import outside_transaction
from orderwright.payments.comparison import Difference, compare
from orderwright.payments.drift import booked_names, books_of
from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import Movement
from orderwright.payments.gateways.registry import gateway_for, gateway_kind
from orderwright.payments.models import Payment, ProviderAccount


def differences(*, now: datetime) -> Iterator[str]:
    """Yield, as sentences, each payment whose movements at the provider are not those in the ledger.

    An account that rests behind its breaker is not asked; what was left out is said once, with how many payments.
    Cost: one call per payment whose provider can be asked. Effects: none.
    """
    resting = {account.pk: account for account in ProviderAccount.objects.filter(next_try_at__gt=now)}
    for account in resting.values():
        if gateway_kind(account.gateway).can_be_asked and (count := account.payments.count()):
            until = f"{account.next_try_at:%Y-%m-%d %H:%M:%S} UTC"
            yield f"I3: {account.name} rests until {until}; {count} payments were not compared with it"
    for payment in Payment.objects.select_related("account").exclude(account__in=resting).order_by("pk"):
        gateway = gateway_for(payment.account)
        if not gateway.can_be_asked:
            continue
        asked_after = frozenset(booked_names(payment.pk))
        try:
            with outside_transaction():
                observed = gateway.look_up(payment.reference)
        except ProviderUnreachable as error:
            yield f"I3: {payment.reference} could not be asked about: {error.message}"
            continue
        payment.refresh_from_db()
        found = compare(books_of(payment, asked_after=asked_after), observed)
        name = payment.account.name
        for movement in found.settling:
            yield f"I3: {payment.reference}: {name} shows {_moved(movement)}, the ledger does not"
        for difference in found.differences:
            yield f"I3: {payment.reference}: {_words(difference, name)}"


def _moved(movement: Movement) -> str:
    return f"a {movement.kind} {movement.provider_ref} of {movement.amount_minor}"


def _words(difference: Difference, provider: str) -> str:
    article = "an" if difference.kind == "authorise" else "a"
    what = f"{article} {difference.kind} {difference.provider_ref}"
    if difference.here_minor is None:
        return f"{provider} shows {what} of {difference.there_minor}, the ledger does not"
    if difference.there_minor is None:
        return f"the ledger has {what} of {difference.here_minor}, {provider} does not"
    there = f"{difference.there_minor} {difference.currency}"
    return f"{provider} shows {what} of {there}, the ledger has {difference.here_minor}"
