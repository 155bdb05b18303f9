"""Mail that is to go out, as rows written with the change that causes it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from orderwright.orders.models import Logo, Order, Site
from orderwright.outbox.bulk_model import BulkJob as BulkJob  # noqa: PLC0414 - models like the others
from orderwright.outbox.bulk_model import BulkRow as BulkRow  # noqa: PLC0414 - as above
from orderwright.outbox.writing.vocabulary import MAIL_KINDS


class EmailTemplate(models.Model):
    """Where a shop's own wording is used: one kind of mail, for one site or all, in one language or any.

    What it says stands in its versions, which are never changed or removed; `version` is the one in use. One that is
    not in use any more keeps them.
    """

    kind = models.CharField(max_length=40)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="email_templates")  # null: all
    language = models.CharField(max_length=12, default="")  # "": any
    version = models.PositiveIntegerField(default=1)
    is_used = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "site", "language"],
                condition=Q(site__isnull=False),
                name="email_template_one_per_site_and_language",
            ),
            models.UniqueConstraint(
                fields=["kind", "language"],
                condition=Q(site__isnull=True),
                name="email_template_one_for_all_per_language",
            ),
            models.CheckConstraint(condition=Q(kind__in=list(MAIL_KINDS)), name="email_template_kind_is_known"),
        ]


class EmailTemplateVersion(models.Model):
    """What a template said from some moment on. Append-only."""

    template = models.ForeignKey(EmailTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(default="")
    restored_from = models.PositiveIntegerField(null=True)  # an earlier number, whose words these are
    actor_kind = models.CharField(max_length=10)
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="email_template_version_number_unique")
        ]


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
    logo = models.ForeignKey(Logo, on_delete=models.PROTECT, null=True, related_name="+")  # what cid:logo stands for
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, default="due")  # due, sent, bounced (refused for good), dead (given up)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, default="")
    last_error = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # Which words it was written in; neither: the built-in ones. `template_fault`: why they took the template's place.
    template = models.ForeignKey(EmailTemplate, on_delete=models.PROTECT, null=True, related_name="mails")
    template_version = models.PositiveIntegerField(null=True)
    template_fault = models.CharField(max_length=300, default="", db_default="")
    # What it tells of where that is told once, such as shipment:2; empty where it may be told again and again.
    about = models.CharField(max_length=80, default="", db_default="")
    resend_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="resent")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="mail_sequence_unique_in_order"),
            models.UniqueConstraint(
                fields=["order", "kind", "about"],
                condition=Q(resend_of__isnull=True) & ~Q(about=""),
                name="mail_told_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "sent", "bounced", "dead"]), name="mail_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(state="due"), name="mail_due")]
