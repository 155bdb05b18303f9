"""No hold and no movement of money stands on two payments: else canceling one order would give another's money back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from orderwright.actions.order_document import OrderDocument
from orderwright.core.db import take_turns
from orderwright.core.errors import FieldError
from orderwright.payments.errors import PaymentTaken
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.models import LedgerTransaction, Payment, ProviderAccount

# A reference and where it means something: at one account or, where the provider gives it, at the provider.
_Claim = tuple[str, str]


def require_unclaimed(parts: OrderDocument, accounts: Mapping[str, ProviderAccount]) -> None:
    """Refuse a document of which a payment or a movement is another payment's, of this order or an earlier one.

    What a provider calls by a name of its own is one thing at all accounts there: two of them may be one merchant's.
    Whoever claims the same at once waits until this transaction ends. Cost: two statements, and a lock per reference.
    Raises: PaymentTaken with the pointer of the reference.
    """
    holds = dict(_holds(parts, accounts))
    movements = list(_movements(parts, accounts))
    for place, reference in sorted({*holds.values(), *(claim for claim, _at, _payment in movements)}):
        take_turns(f"money at {place}: {reference}")
    taken = _kept_holds({reference for _place, reference in holds.values()}, accounts)
    for pointer, claim in holds.items():
        if claim in taken:
            raise _refusal(_("Another order has this payment already."), pointer)
        taken.add(claim)
    booked = _kept_movements({claim[1] for claim, _at, _payment in movements})
    by: dict[_Claim, int] = {}
    for claim, pointer, payment in movements:
        if claim in booked or by.setdefault(claim, payment) != payment:
            raise _refusal(_("Another payment has this movement already."), pointer)


def _holds(parts: OrderDocument, accounts: Mapping[str, ProviderAccount]) -> Iterator[tuple[str, _Claim]]:
    for at, payment in enumerate(parts.payments):
        yield f"/payments/{at}/reference", (_where(accounts[payment.provider]), payment.reference)


def _movements(parts: OrderDocument, accounts: Mapping[str, ProviderAccount]) -> Iterator[tuple[_Claim, str, int]]:
    for at, payment in enumerate(parts.payments):
        where = _where(accounts[payment.provider])
        for place, past in enumerate(payment.transactions):
            yield (where, past.reference), f"/payments/{at}/transactions/{place}/reference", at


def _kept_holds(references: set[str], accounts: Mapping[str, ProviderAccount]) -> set[_Claim]:
    # By account too, for the sake of the index that keeps references apart there.
    rows = Payment.objects.filter(account__in=list(accounts.values()), reference__in=references)
    return {(_where(row.account), row.reference) for row in rows.select_related("account")}


def _kept_movements(references: set[str]) -> set[_Claim]:
    rows = LedgerTransaction.objects.filter(provider_ref__in=references).select_related("payment__account")
    return {(_where(row.payment.account), row.provider_ref) for row in rows}


def _where(account: ProviderAccount) -> str:
    """Return within what a reference of this account has one meaning."""
    # What staff record, and what is kept elsewhere, is called as somebody likes: another account may say the same.
    kind = gateway_kind(account.gateway)
    is_named_by_provider = kind.can_move_money and not kind.is_recorded
    return f"{account.gateway} {account.base_url}" if is_named_by_provider else f"account {account.slug}"


def _refusal(message: str, pointer: str) -> PaymentTaken:
    return PaymentTaken(message, fields=(FieldError(pointer=pointer, code=PaymentTaken.code, message=message),))
