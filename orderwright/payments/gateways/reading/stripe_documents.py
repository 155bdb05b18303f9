"""Stripe's documents read as outcomes and movements. Source: Stripe's reference: PaymentIntents, Refunds, Disputes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from orderwright.core.clock import now as machine_now
from orderwright.core.money import UnknownCurrency
from orderwright.payments.gateways.port import (
    Accepted,
    Call,
    Failed,
    Listed,
    Movement,
    MovementKind,
    NeedsPerson,
    Observed,
    Outcome,
    Succeeded,
)
from orderwright.payments.gateways.reading.amounts import WireDecimals

DECIMALS: Final = WireDecimals(
    provider="Stripe",
    # ISK and UGX are written with two, which are always zero.
    without=frozenset(
        ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
    ),
    with_three=frozenset(["BHD", "JOD", "KWD", "OMR", "TND"]),
    last_of_three_is_zero=True,
)
_EXPIRED = frozenset({"expired", "automatic"})
_PAYMENT_INTENT = "payment_intent"


class Unreadable(Exception):
    """An answer lacks what it has to have."""


@contextmanager
def of_known_shape() -> Iterator[None]:
    """Raise Unreadable where reading trips over an answer of another shape than Stripe's reference gives.

    What is not understood is not known: a call then settles as one without an answer does, and nothing is left behind.
    """
    try:
        yield
    except (AttributeError, LookupError, TypeError, UnknownCurrency, ValueError) as error:
        raise Unreadable("Stripe’s answer could not be read.") from error


def captured(call: Call, intent: dict[str, Any], *, elsewhere: int) -> Outcome:
    """Return how the capture under our key went, by the PaymentIntent as it stands after it.

    What it came to is Stripe's own sum less what was captured under other keys of ours, or elsewhere before.
    """
    if call.key not in intent["metadata"]:
        raise Unreadable("Stripe’s answer does not name the capture.")
    currency = currency_of(intent)
    others = sum(minor for key, minor in _ours(intent).items() if key != call.key)
    return Succeeded(
        provider_ref=_capture_ref(intent, call.key),
        amount_minor=DECIMALS.from_wire(intent["amount_received"], currency) - others - elsewhere,
        currency=currency,
        at=machine_now(),
        released_minor=0 if is_multicapture(intent) else released_of(intent),
    )


def _ours(intent: dict[str, Any]) -> dict[str, int]:
    """Return what was captured under keys of ours. Unit: minor units."""
    return {key: int(said) for key, said in intent["metadata"].items() if key.startswith("op_") and said.isdigit()}


def captured_elsewhere(intent: dict[str, Any]) -> int:
    """Return what was captured by no call of ours, at Stripe's dashboard say. Unit: minor units, never negative."""
    return max(DECIMALS.from_wire(intent["amount_received"], currency_of(intent)) - sum(_ours(intent).values()), 0)


def outcome_of_refund(refund: dict[str, Any]) -> Outcome:
    """Return how a refund went, as it stands."""
    reference, status = str(refund["id"]), refund.get("status")
    if status == "succeeded":
        currency = currency_of(refund)
        return Succeeded(
            provider_ref=reference,
            amount_minor=DECIMALS.from_wire(refund["amount"], currency),
            currency=currency,
            at=time_of(refund.get("created")) or machine_now(),
        )
    if status in ("failed", "canceled"):
        ended = "failed" if status == "failed" else "was canceled"
        return Failed(code=str(refund.get("failure_reason") or status)[:60], message=f"The refund {ended} at Stripe.")
    if status == "requires_action":
        return NeedsPerson(why="Stripe waits for the customer to say where the money shall go.")
    return Accepted(provider_ref=reference)


def observed(intent: dict[str, Any], refunds: list[dict[str, Any]], disputes: list[dict[str, Any]]) -> Observed:
    """Return the PaymentIntent with its refunds and disputes, which come newest first, as the port wants it."""
    currency, reference = currency_of(intent), str(intent["id"])
    charge = charge_of(intent)
    card = _inner(_inner(charge, "payment_method_details"), "card")
    movements = [*_captures(intent), *_releases(intent)]
    awaited: set[str] = set()
    refused: dict[str, Failed] = {}
    for refund in reversed(refunds):
        key = str((refund.get("metadata") or {}).get("key", ""))
        match refund.get("status"):
            case "pending" | "requires_action":
                awaited.add(key)
            case "canceled":
                refused[key] = Failed(code="canceled", message="The refund was canceled at Stripe.")
            case status:
                movements += _refund_movements(refund, is_failed=status == "failed", currency=currency)
    for dispute in reversed(disputes):
        movements += _dispute_movements(dispute, str(charge.get("id", "")))
    return Observed(
        reference=reference,
        currency=currency,
        authorised_minor=DECIMALS.from_wire(intent["amount"], currency),
        expires_at=time_of(card.get("capture_before")),
        movements=tuple(movements),
        awaited=frozenset(awaited - {""}),
        refused={key: failed for key, failed in refused.items() if key},
    )


# What a transaction of the balance says of a payment, by its type; a dispute's is an adjustment, by its sign.
_LISTED: Final[dict[str, MovementKind]] = {
    "charge": "capture",
    "payment": "capture",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failed",
    "payment_failure_refund": "capture_failed",
}


def listed(transaction: dict[str, Any]) -> Listed | None:
    """Return a transaction of the balance as a movement on a payment, or None where it is none: a payout, a fee.

    The balance may be kept in another currency than the customer paid in, so what was paid is read from the charge,
    refund or dispute behind it. Of one among several captures on a charge only the balance's amount is known: in
    another currency that is no amount at all, and is told as 0. Source: Stripe, Balance transaction types.
    """
    source = transaction.get("source")
    kind = _listed_kind(transaction)
    if kind is None or not isinstance(source, dict):
        return None
    intent = source.get(_PAYMENT_INTENT)
    reference, of = str(intent or source.get("charge") or source["id"]), str(source["id"])
    names = {"refund_failed": f"{of}-failed", "dispute_won": f"{of}-won", "capture_failed": f"{of}-failed"}
    metadata = source.get("metadata") or {}
    parents = {"refund": str(metadata.get("capture", "")), "dispute": str(source.get("charge", "")), "capture": ""}
    return Listed(
        reference=reference,
        movement=Movement(
            kind=kind,
            provider_ref=names.get(kind, of),
            parent_ref=parents.get(kind, of),
            amount_minor=_listed_minor(transaction, source),
            currency=currency_of(source),
            key=str(metadata.get("key", "")) if kind == "refund" else "",
            at=time_of(transaction.get("created")) or machine_now(),
        ),
    )


def _listed_kind(transaction: dict[str, Any]) -> MovementKind | None:
    if transaction.get("type") == "adjustment" and _inner(transaction, "source").get("object") == "dispute":
        return "dispute" if transaction["amount"] < 0 else "dispute_won"
    return _LISTED.get(str(transaction.get("type")))


def _listed_minor(transaction: dict[str, Any], source: dict[str, Any]) -> int:
    currency = currency_of(source)
    if transaction["currency"] == source["currency"]:
        return DECIMALS.from_wire(abs(transaction["amount"]), currency)
    if source.get("object") != "charge":
        return DECIMALS.from_wire(source["amount"], currency)
    is_one = not _takes_several(source)
    return DECIMALS.from_wire(source["amount_captured"], currency) if is_one else 0


def _captures(intent: dict[str, Any]) -> list[Movement]:
    """Return the captures: those under keys of ours, and what is left of the sum as one that was made elsewhere."""
    currency, elsewhere = currency_of(intent), captured_elsewhere(intent)
    parts = [*_ours(intent).items(), *([("", elsewhere)] if elsewhere else [])]
    return [
        Movement(
            kind="capture",
            provider_ref=_capture_ref(intent, key),
            parent_ref="",
            amount_minor=minor,
            currency=currency,
            key=key,
            at=machine_now(),  # Stripe keeps no time per capture
        )
        for key, minor in parts
    ]


def _releases(intent: dict[str, Any]) -> list[Movement]:
    """Return what was let go of: by a cancellation, by the calendar, or with a capture that was the only one."""
    released = released_of(intent)
    if not released:
        return []
    captured = _captures(intent)
    is_expired = intent.get("cancellation_reason") in _EXPIRED
    with_capture = bool(captured) and not is_multicapture(intent)
    reference = f"{captured[-1].provider_ref}-rest" if with_capture else f"{intent['id']}-released"
    return [
        Movement(
            kind="expire" if is_expired else "reverse",
            provider_ref=f"expired-{intent['id']}" if is_expired else reference,
            parent_ref="",
            amount_minor=released,
            currency=currency_of(intent),
            key="",
            at=time_of(intent.get("canceled_at")) or machine_now(),
        )
    ]


def _refund_movements(refund: dict[str, Any], *, is_failed: bool, currency: str) -> list[Movement]:
    metadata = refund.get("metadata") or {}
    key, reference = str(metadata.get("key", "")), str(refund["id"])
    amount, at = DECIMALS.from_wire(refund["amount"], currency), time_of(refund.get("created")) or machine_now()
    done = Movement(
        kind="refund",
        provider_ref=reference,
        parent_ref=str(metadata.get("capture", "")),
        amount_minor=amount,
        currency=currency_of(refund),
        key=key,
        at=at,
    )
    undone = Movement(
        kind="refund_failed",
        provider_ref=f"{reference}-failed",
        parent_ref=reference,
        amount_minor=amount,
        currency=currency_of(refund),
        key="",
        at=at,
    )
    return [done, undone] if is_failed else [done]


def _dispute_movements(dispute: dict[str, Any], charge: str) -> list[Movement]:
    """Return the dispute, whose money is gone at once, and that it came back when the shop has won."""
    reference, currency = str(dispute["id"]), currency_of(dispute)
    amount, at = DECIMALS.from_wire(dispute["amount"], currency), time_of(dispute.get("created")) or machine_now()
    lost = Movement(
        kind="dispute", provider_ref=reference, parent_ref=charge, amount_minor=amount, currency=currency, key="", at=at
    )
    won = Movement(
        kind="dispute_won",
        provider_ref=f"{reference}-won",
        parent_ref=reference,
        amount_minor=amount,
        currency=currency,
        key="",
        at=at,
    )
    if str(dispute.get("status", "")).startswith("warning"):
        return []  # an inquiry: no money has moved
    return [lost, won] if dispute.get("status") == "won" else [lost]


def _capture_ref(intent: dict[str, Any], key: str) -> str:
    """Return a name for the capture: Stripe's charge, with our key where several captures are on one."""
    charge = str(charge_of(intent).get("id", ""))
    return f"{charge}/{key or 'elsewhere'}" if is_multicapture(intent) else charge


def is_multicapture(intent: dict[str, Any]) -> bool:
    """Tell whether the hold can be captured several times. Source: Stripe, Capture a payment multiple times."""
    return _takes_several(charge_of(intent))


def _takes_several(charge: dict[str, Any]) -> bool:
    card = _inner(_inner(charge, "payment_method_details"), "card")
    return bool((card.get("multicapture") or {}).get("status") == "available")


def released_of(intent: dict[str, Any]) -> int:
    """Return what was authorised and is neither captured nor can be any more. Unit: minor units."""
    if intent["status"] not in ("canceled", "succeeded"):
        return 0
    return DECIMALS.from_wire(
        intent["amount"] - intent["amount_received"] - intent["amount_capturable"], currency_of(intent)
    )


def is_expired(intent: dict[str, Any]) -> bool:
    """Tell whether the hold ran out, by which Stripe cancels the PaymentIntent."""
    return intent["status"] == "canceled" and intent.get("cancellation_reason") in _EXPIRED


def charge_of(intent: dict[str, Any]) -> dict[str, Any]:
    """Return the charge on which everything is captured and refunded, empty where it was not asked for."""
    charge = intent.get("latest_charge")
    return charge if isinstance(charge, dict) else {}


def currency_of(document: dict[str, Any]) -> str:
    """Return the currency's code as ISO 4217 writes it."""
    return str(document["currency"]).upper()


def time_of(seconds: Any) -> datetime | None:
    """Return a time that Stripe wrote, or None where there is none."""
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def plain(found: Any) -> dict[str, Any]:
    """Return an object of the SDK as plain values, checked for what every one of them has."""
    document: dict[str, Any] = found.to_dict()
    if not isinstance(document.get("id"), str) or not isinstance(document.get("currency", ""), str):
        raise Unreadable("Stripe’s answer could not be read.")
    return document


def event_of(text: str) -> dict[str, Any]:
    """Return a webhook's event. Raises: ValueError, Unreadable."""
    document = json.loads(text)
    if not isinstance(document, dict) or not isinstance(document.get("id"), str):
        raise Unreadable("The event cannot be read.")
    return document


def reference_of(event: dict[str, Any]) -> str:
    """Return the id of the PaymentIntent that an event is about, empty where it is about none."""
    document = _inner(_inner(event, "data"), "object")
    if document.get("object") == _PAYMENT_INTENT:
        return str(document.get("id", ""))
    found = document.get(_PAYMENT_INTENT)
    return str(found.get("id", "") if isinstance(found, dict) else found or "")


def _inner(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
