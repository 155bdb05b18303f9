"""Comparing our books with the practice provider's effect log, which is the judge (I3)."""

from __future__ import annotations

from orderwright.payments.models import Operation, Payment
from orderwright.payments.states import UNDER_WAY
from tests.support.practice import BY_HAND, Practice

# How operations are called in the effect log.
KINDS = {"capture": "capture", "reverse": "reversal", "refund": "refund"}


def differences(practice: Practice) -> list[str]:
    """Return where operations and the provider's log disagree, as sentences; empty when the books are right.

    Every succeeded operation has exactly one effect of its kind, amount and currency, every failed one has none, one
    under way has at most one, and nothing moved on our holds that no operation asked for. What was done before the
    order was handed in, or by hand at the provider, is left out.
    """
    payments = {row.reference: row.pk for row in Payment.objects.filter(account__gateway="practice")}
    effects: dict[str, list[tuple[str, int, str, int]]] = {}
    for effect in practice.movements():
        if effect["authorisation"] in payments and not effect["idempotency_key"].startswith(BY_HAND):
            what = (effect["kind"], effect["amount"], effect["currency"], payments[effect["authorisation"]])
            effects.setdefault(effect["idempotency_key"], []).append(what)

    found = []
    for operation in Operation.objects.filter(payment__in=payments.values()).exclude(kind="lookup"):
        moved = effects.pop(operation.key, [])
        expected = (KINDS[operation.kind], operation.amount_minor, operation.currency, operation.payment_id)
        allowed = {"succeeded": [[expected]], "failed": [[]]}.get(operation.state, [[], [expected]])
        assert operation.state in UNDER_WAY or len(allowed) == 1
        if moved not in allowed:
            found.append(f"I3: {operation.kind} {operation.key} is {operation.state}, the provider has {moved}")
    return found + [
        f"I3: the provider has {moved} under {key}, which is no operation" for key, moved in effects.items()
    ]
