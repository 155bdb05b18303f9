"""How a refund goes on when one of its legs has ended. Needs the order's transaction and lock."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from orderwright.actions.reasons import as_told
from orderwright.actions.write_mail import write_mail
from orderwright.core.actor import SYSTEM, Actor, stored_actor
from orderwright.core.money import Money
from orderwright.journal.writes import append
from orderwright.orders.models import Order
from orderwright.orders.writes import change_order, stream_of
from orderwright.outbox.writing.values import Pieces, Refunded
from orderwright.outbox.writing.vocabulary import REFUNDED
from orderwright.payments.models import Operation, Refund
from orderwright.payments.states import FINAL_STATES, TAKEN_BACK
from orderwright.reads.order_detail import read_whole_order


def advance_refund(order: Order, *, refund_id: int, now: datetime, by: Actor | None = None) -> str:
    """Return the refund's state after looking at its legs: running, done, partly or failed.

    `by` is who settled the last leg, where it was not by the provider's answer to who asked.
    Effects: what has gone back is kept on the refund; when every leg has ended, its state and one journal entry and, if
    so wished and anything went back, the customer's mail.
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
        if refund.email_customer and refund.refunded_minor:
            _tell(order, refund, now=now, by=by)
    return refund.state


def _tell(order: Order, refund: Refund, *, now: datetime, by: Actor | None) -> None:
    detail = read_whole_order(number=order.number, actor=SYSTEM)
    names = {line.id: line.name for line in detail.lines}
    lines = refund.lines.order_by("id").values_list("line_id", "quantity")
    occasion = Refunded(
        refunded=Money(refund.refunded_minor, order.currency),
        items=[Pieces(quantity=quantity, name=names[line_id]) for line_id, quantity in lines],
    )
    write_mail(
        order,
        detail,
        kind=REFUNDED,
        occasion=occasion,
        actor=by or stored_actor(kind=refund.actor_kind, ref=refund.actor_ref, name=refund.actor_name),
        now=now,
        about=f"refund:{refund.position}",
    )


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
