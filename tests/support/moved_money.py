"""Books in which money moved at told times, in sites on several clocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from orderwright.orders.models import Site
from orderwright.payments.models import ProviderAccount

# More than any movement here.
HELD = 59894


@pytest.fixture
def open_site(site: Any) -> Callable[..., Site]:
    """Open another site on a clock of its own."""

    def make(slug: str, time_zone: str, **more: Any) -> Site:
        given = {"name": slug.title(), "currency": "USD", "sender": "x@y.example", "number_prefix": f"{slug}-"}
        return Site.objects.create(slug=slug, time_zone=time_zone, **{**given, **more})

    return make


@pytest.fixture
def open_account(db: None) -> Callable[..., ProviderAccount]:
    """Open another account at the practice provider."""

    def make(slug: str, **more: Any) -> ProviderAccount:
        return ProviderAccount.objects.create(slug=slug, gateway="practice", **{"name": slug.title(), **more})

    return make


@pytest.fixture
def moved(site: Any, clerk: Any, document: Any) -> Callable[..., str]:
    """Take in an order whose payment was authorised then, with these movements: (kind, amount, when).

    Returns the order's number. A refund is of the first capture. References count within the payment.
    """
    made = iter(range(1, 10_000))

    def take_in(at: str, *movements: tuple[str, int, str], provider: str = "practice", **changes: Any) -> str:
        reference = changes.pop("reference", f"auth_{next(made)}")
        amount = changes.pop("amount", HELD)
        first_capture = next((f"{reference}-{n}" for n, one in enumerate(movements) if one[0] == "capture"), None)
        transactions = [
            {
                "kind": kind,
                "amount": minor,
                "reference": f"{reference}-{n}",
                "at": when,
                "parent": first_capture if kind == "refund" else None,
            }
            for n, (kind, minor, when) in enumerate(movements)
        ]
        held = {
            "provider": provider,
            "reference": reference,
            "method": {"type": "card", "brand": "visa", "last4": "4242"},
            "authorised": amount,
            "authorised_at": at,
            "transactions": transactions,
        }
        return str(clerk.asks.take_in(document(payments=[held], **changes)).number)

    return take_in
