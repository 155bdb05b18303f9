"""What was written to an order's customer: how many mails have gone out, and how many wait. For edits and privacy."""

from __future__ import annotations

from django.db.models import Count, Q

from orderwright.outbox.models import Mail
from orderwright.reads.row import Row


class WrittenTo(Row, frozen=True, kw_only=True):
    """Mails of one order that went out, and that wait to go out, whatever address they bear."""

    sent: int
    waiting: int


def written_to(order_id: int) -> WrittenTo:
    """Return how much was written to the order's customer. Cost: one statement."""
    counted = Mail.objects.filter(order_id=order_id).aggregate(
        sent=Count("pk", filter=Q(state="sent")), waiting=Count("pk", filter=Q(state="due"))
    )
    return WrittenTo(**counted)
