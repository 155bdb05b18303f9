"""How a refund goes on when one of its legs has ended. Needs the order's transaction and lock."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from orderwright.actions.reasons import as_told
from orderwright.core.actor import Actor, stored_actor
from orderwright.journal.writes import append
from orderwright.orders.models import Order
from orderwright.orders.writes import change_order, stream_of
from orderwright.payments.models import Operation, Refund
from orderwright.payments.states import FINAL_STATES, TAKEN_BACK


def advance_refund(order: Order, *, refund_id: int, now: datetime, by: Actor | None = None) -> str:
    """Return the refund's state after looking at its legs: running, done, partly or failed.

    `by` is who settled the last leg, where it was not by the provider's answer to who asked.
    Effects: what has gone back is kept on the refund; when every leg has ended, its state and one journal entry.
    """
    refund = Refund.objects.get(pk=refund_id)
    legs = Operation.objects.filter(refund_id=refund_id)
    refund.refunded_minor = _gone_back(refund_id)
    if not legs.exclude(state__in=FINAL_STATES).exists():
        refund.finished_at = now
        refund.state = _ended(refund)
    refund.save(update_fields=["refunded_minor", "state", "finished_at"])
    if refund.state != "running":
        change_order(order)
        append(
            stream=stream_of(order.pk),
            kind=f"order.refund_{refund.state}",
            actor=by or stored_actor(kind=refund.actor_kind, ref=refund.actor_ref, name=refund.actor_name),
            now=now,
            before={f"refund:{refund.position}": {"state": "running"}},
            after={
                f"refund:{refund.position}": {
                    "state": refund.state,
                    "refunded_minor": refund.refunded_minor,
                    "amount_minor": refund.amount_minor,
                }
            },
            why=as_told(refund.reason),
            version=order.version,
        )
    return refund.state


def legs_changed(refund_id: int) -> None:
    """Count anew what went back, after the provider took a leg back that it had reported done. Effects: one UPDATE."""
    refund = Refund.objects.get(pk=refund_id)
    refund.refunded_minor = _gone_back(refund_id)
    if refund.state != "running":
        refund.state = _ended(refund)
    refund.save(update_fields=["refunded_minor", "state"])


def _gone_back(refund_id: int) -> int:
    legs = Operation.objects.filter(refund_id=refund_id, state="succeeded").exclude(failure_code=TAKEN_BACK)
    return legs.aggregate(Sum("amount_minor"))["amount_minor__sum"] or 0


def _ended(refund: Refund) -> str:
    if refund.refunded_minor == refund.amount_minor:
        return "done"
    return "partly" if refund.refunded_minor else "failed"
