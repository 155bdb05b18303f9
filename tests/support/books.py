"""Comparing our books with the practice provider's effect log, which is the judge (I3)."""

from __future__ import annotations

from orderwright.payments.models import Operation, Payment
from orderwright.payments.states import TAKEN_BACK, UNDER_WAY
from tests.support.practice import BY_HAND, Practice

# How operations are called in the effect log.
KINDS = {"capture": "capture", "reverse": "reversal", "refund": "refund"}


# Gateways whose accounts the practice provider stands behind, under its own interface or a face.
GATEWAYS = ("practice", "stripe", "adyen")
# What takes a movement back, as the effect log calls it.
TAKEN_BACK_AS = {"capture": "capture_failed", "refund": "refund_failed"}

Moved = tuple[str, int, str, int]


def differences(practice: Practice) -> list[str]:
    """Return where operations and the provider's log disagree, as sentences; empty when the books are right.

    Every succeeded operation has exactly one effect of its kind, amount and currency, every failed one has none, one
    under way has at most one, and nothing moved on our holds that no operation asked for. What was taken back later is
    known here too, and what a capture let go of counts as released. What was done before the order was handed in, or by
    hand at the provider, is left out.
    """
    payments = {row.reference: row for row in Payment.objects.filter(account__gateway__in=GATEWAYS)}
    effects: dict[str, list[Moved]] = {}
    for effect in practice.movements():
        if effect["authorisation"] in payments and not effect["idempotency_key"].startswith(BY_HAND):
            what = (effect["kind"], effect["amount"], effect["currency"], payments[effect["authorisation"]].pk)
            effects.setdefault(effect["idempotency_key"], []).append(what)

    found: list[str] = []
    held = {payment.pk: payment for payment in payments.values()}
    for operation in Operation.objects.filter(payment__in=held).exclude(kind="lookup"):
        told = f"{operation.kind} {operation.key} is {operation.state}"
        moved = effects.pop(operation.key, [])
        taken_back = effects.pop(f"{operation.key}:taken-back", [])
        expected = (KINDS[operation.kind], operation.amount_minor, operation.currency, operation.payment_id)
        undone = (TAKEN_BACK_AS.get(operation.kind, ""), *expected[1:])
        if (moved, taken_back) not in _allowed(operation, expected, undone):
            found.append(f"I3: {told}, the provider has {[*moved, *taken_back]}")
        for _kind, amount, _currency, payment_id in effects.pop(f"{operation.key}:rest", []):
            if held[payment_id].released_minor < amount:
                found.append(f"I3: {told}, and let go of {amount}, which is not in the books")
    return found + [
        f"I3: the provider has {moved} under {key}, which is no operation" for key, moved in effects.items()
    ]


def _allowed(operation: Operation, expected: Moved, undone: Moved) -> list[tuple[list[Moved], list[Moved]]]:
    """Return what the log may have of an operation: what it moved, and what took that back."""
    nothing: tuple[list[Moved], list[Moved]] = ([], [])
    if operation.failure_code == TAKEN_BACK:  # it failed by it, or had succeeded before
        return [([expected], [undone]), *([nothing] if operation.state == "failed" else [])]
    if operation.state == "succeeded":
        return [([expected], [])]
    if operation.state == "failed":
        return [nothing]
    assert operation.state in UNDER_WAY
    return [nothing, ([expected], []), ([expected], [undone])]
