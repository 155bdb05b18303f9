"""Calls as the desk makes them, each under a fresh key of ours."""

from __future__ import annotations

from typing import Any

from orderwright.core.ids import operation_key
from orderwright.payments.gateways.port import Call


def capture(reference: str, amount: int, currency: str = "USD", *, key: str = "", known_ref: str = "") -> Call:
    """Return a capture under a fresh key of ours."""
    return _call("capture", reference, amount, currency, key=key, known_ref=known_ref)


def reverse(reference: str, amount: int, currency: str = "USD", *, key: str = "") -> Call:
    return _call("reverse", reference, amount, currency, key=key)


def refund(reference: str, amount: int, currency: str = "USD", *, of: str, key: str = "", known_ref: str = "") -> Call:
    """Return a refund of the capture that has this reference at the provider."""
    return _call("refund", reference, amount, currency, of=of, key=key, known_ref=known_ref)


def _call(
    kind: Any, reference: str, amount: int, currency: str, *, of: str = "", key: str = "", known_ref: str = ""
) -> Call:
    return Call(
        kind=kind,
        reference=reference,
        amount_minor=amount,
        currency=currency,
        capture_ref=of,
        key=key or operation_key(),
        known_ref=known_ref,
    )
