"""Mail that is to go out, as rows written with the change that causes it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from orderwright.orders.models import Order


class Mail(models.Model):
    """One e-mail, kept as sent. Delivered at least once, always with the same Message-ID."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="mails")
    sequence = models.PositiveIntegerField()  # within the order: a later mail waits for an earlier one
    kind = models.CharField(max_length=40)  # which occasion, such as order_canceled
    sender = models.CharField(max_length=254)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(default="")
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, default="due")  # due, sent, dead
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, default="")
    last_error = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="mail_sequence_unique_in_order"),
            models.CheckConstraint(condition=Q(state__in=["due", "sent", "dead"]), name="mail_state_is_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="due"), name="mail_due")]
