"""What a call is a leg of, a cancellation or a refund, goes on when the call has ended. Needs the order's lock."""

from __future__ import annotations

from datetime import datetime

from orderwright.actions.cancellation_progress import advance_cancellation
from orderwright.actions.refund_progress import advance_refund
from orderwright.core.actor import Actor
from orderwright.orders.models import Order
from orderwright.payments.models import Operation


def leg_ended(order: Order, operation: Operation, *, now: datetime, by: Actor | None = None) -> None:
    """Let the cancellation or the refund go on, if the call is a leg of one. `by`: who settled it."""
    if operation.cancellation_id is not None:
        advance_cancellation(order, cancellation_id=operation.cancellation_id, now=now, by=by)
    if operation.refund_id is not None:
        advance_refund(order, refund_id=operation.refund_id, now=now, by=by)
