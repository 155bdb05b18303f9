"""A capture or a refund that the provider had reported done, and took back later (FG5). Needs the order's lock."""

from __future__ import annotations

from orderwright.actions.refund_progress import legs_changed
from orderwright.payments.comparison import Difference
from orderwright.payments.models import Operation, Payment
from orderwright.payments.rules import TAKES_BACK
from orderwright.payments.states import TAKEN_BACK


def take_back(payment: Payment, difference: Difference) -> None:
    """Mark the call of ours that did it, so that Exceptions shows it until somebody takes note.

    The call stays `succeeded`: it was, and the ledger undoes it by entries of its own. Nothing happens when the
    movement was not ours. Effects: one UPDATE; the refund that the call was a leg of counts it no more.
    """
    kind = TAKES_BACK[difference.kind]
    reference = difference.parent_ref or difference.provider_ref
    operation = Operation.objects.filter(payment=payment, kind=kind, state="succeeded", provider_ref=reference).first()
    if operation is None:
        return
    why = "The provider had reported it done, and took it back later."
    Operation.objects.filter(pk=operation.pk).update(failure_code=TAKEN_BACK, failure_message=why, dismissed_at=None)
    if operation.refund_id is not None:
        legs_changed(operation.refund_id)
