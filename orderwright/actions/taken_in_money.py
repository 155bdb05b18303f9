"""The payments that an order comes in with: their rows and ledger, and what the journal and the list say of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from orderwright.actions.order_document.parts import OrderDocument, PaymentPart
from orderwright.journal.writes import Fact
from orderwright.orders.models import Order
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.ledger import Movement, post_history
from orderwright.payments.models import Payment, ProviderAccount
from orderwright.payments.rules import Figures, PaymentStanding, hold_end, standing_of

_KINDS = {"capture": "capture", "refund": "refund", "reversal": "reverse"}


def store_payments(
    *, order: Order, parts: OrderDocument, accounts: Mapping[str, ProviderAccount]
) -> tuple[str, datetime | None, list[Fact]]:
    """Store the payments with their history.

    Shape: (payment standing, end of the first hold, one journal fact per payment).
    Effects: three statements however many payments; needs the order's transaction.
    """
    payments = Payment.objects.bulk_create(
        _payment(order, part, accounts[part.provider], position)
        for position, part in enumerate(parts.payments, start=1)
    )
    movements = [
        movement for payment, part in zip(payments, parts.payments, strict=True) for movement in _history(payment, part)
    ]
    post_history(movements)
    standings = [
        PaymentStanding(figures=_figures(part), expires_at=payment.expires_at, is_unsettled=False)
        for payment, part in zip(payments, parts.payments, strict=True)
    ]
    facts = [_fact(payment, accounts[part.provider]) for payment, part in zip(payments, parts.payments, strict=True)]
    return standing_of(standings), hold_end(standings), facts


def _payment(order: Order, part: PaymentPart, account: ProviderAccount, position: int) -> Payment:
    figures = _figures(part)
    return Payment(
        order=order,
        account=account,
        reference=part.reference,
        position=position,
        method_type=part.method_type,
        brand=part.brand,
        last4=part.last4,
        currency=order.currency,
        authorised_minor=figures.authorised,
        captured_minor=figures.captured,
        released_minor=figures.released,
        refunded_minor=figures.refunded,
        authorised_at=part.authorised_at,
        expires_at=part.expires_at or _usual_end(part, account),
    )


def _usual_end(part: PaymentPart, account: ProviderAccount) -> datetime | None:
    """Return when the hold ends by the provider's manual, where the storefront did not say; a look corrects it."""
    lasts = gateway_kind(account.gateway).hold_lasts
    return part.authorised_at + lasts if lasts is not None else None


def _figures(part: PaymentPart) -> Figures:
    moved = dict.fromkeys(_KINDS, 0)
    for past in part.transactions:
        moved[past.kind] += past.amount_minor
    return Figures(
        authorised=part.authorised_minor,
        captured=moved["capture"],
        released=moved["reversal"],
        refunded=moved["refund"],
    )


def _history(payment: Payment, part: PaymentPart) -> list[Movement]:
    return [
        Movement(
            payment=payment,
            kind="authorise",
            amount_minor=part.authorised_minor,
            provider_ref=part.reference,
            parent_ref="",
            at=part.authorised_at,
        ),
        *(
            Movement(
                payment=payment,
                kind=_KINDS[past.kind],
                amount_minor=past.amount_minor,
                provider_ref=past.reference,
                parent_ref=past.parent or "",
                at=past.at,
            )
            for past in part.transactions
        ),
    ]


def _fact(payment: Payment, account: ProviderAccount) -> Fact:
    after = {
        "payment": payment.position,
        "authorised_minor": payment.authorised_minor,
        "captured_minor": payment.captured_minor,
        "released_minor": payment.released_minor,
        "refunded_minor": payment.refunded_minor,
        "currency": payment.currency,
        "method": " ".join(filter(None, (payment.brand or payment.method_type, payment.last4))),
        "provider": account.name,
        "reference": payment.reference,
    }
    return Fact(kind="payment.authorised", before=dict.fromkeys(after), after=after)
