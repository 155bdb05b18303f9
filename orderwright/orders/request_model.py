"""Requests that an order be canceled, which somebody has to decide (W5). The cancellation itself has legs: payments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

# open: nobody has decided. accepted: it became a cancellation. declined, or withdrawn by whoever asked: the order went
# back where it came from.
REQUEST_STATES = ("open", "accepted", "declined", "withdrawn")


class CancellationRequest(models.Model):
    """Somebody asks that the order be canceled: the customer, through a program, or staff. No money moves for it."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="cancellation_requests")
    state = models.CharField(max_length=10, default="open")
    reason = models.CharField(max_length=200, default="")
    from_state = models.SlugField(max_length=60)  # where the order goes back to when it is declined
    actor_kind = models.CharField(max_length=10)
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=120, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=REQUEST_STATES), name="cancellation_request_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | Q(~Q(state="open"), decided_at__isnull=False),
                name="cancellation_request_is_open_until_decided",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="open"), name="cancellation_request_is_open_once_per_order"
            ),
        ]
        indexes = [models.Index(fields=["order", "-id"], name="cancellation_request_by_order")]
