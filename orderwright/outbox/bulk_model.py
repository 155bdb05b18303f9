"""Bulk jobs: long work as rows, whose progress outlives the page, the process and the machine that began it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

# running: rows wait. done: every row has its outcome. stopped: somebody ended it, and waiting rows are left alone.
JOB_STATES = ("running", "done", "stopped")
# done: it happened. passed: there was nothing to do any more. refused: it could not be done, and why stands beside it.
ROW_STATES = ("waiting", "done", "passed", "refused")


class BulkJob(models.Model):
    """Something that is done to many rows, one after the other, by any worker. Counts change with each row."""

    kind = models.CharField(max_length=40)  # which action does a row, such as retire_state
    subject = models.CharField(max_length=80)  # what it is about, as its stream in the journal: order_state:7
    facts = models.JSONField(default=dict)  # what the action needs to know beside the row
    state = models.CharField(max_length=8, default="running")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # rows done or passed
    refused = models.PositiveIntegerField(default=0)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    actor_kind = models.CharField(max_length=10)
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    # In whose name it has gone on since somebody tried the refused rows again; who began it stays above.
    retrier_kind = models.CharField(max_length=10, default="", db_default="")
    retrier_ref = models.CharField(max_length=80, default="", db_default="")
    retrier_name = models.CharField(max_length=120, default="", db_default="")
    retried_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    turn_at = models.DateTimeField()  # when a worker last put it down: the longest waiting comes first
    leased_by = models.CharField(max_length=80, default="")
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JOB_STATES), name="bulk_job_state_is_known"),
            models.CheckConstraint(
                condition=Q(total__gte=F("done") + F("refused")), name="bulk_job_counts_within_total"
            ),
            models.CheckConstraint(
                condition=Q(state="running", finished_at__isnull=True)
                | Q(~Q(state="running"), finished_at__isnull=False),
                name="bulk_job_has_an_end_unless_running",
            ),
            models.CheckConstraint(
                condition=Q(retried_at__isnull=True, retrier_kind="")
                | Q(~Q(retrier_kind=""), retried_at__isnull=False),
                name="bulk_job_is_retried_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state="running"), name="bulk_job_runs_alone_on_its_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["turn_at"], condition=Q(state="running"), name="bulk_job_running"),
            models.Index(fields=["subject", "-id"], name="bulk_job_by_subject"),
        ]


class BulkRow(models.Model):
    """One row of a job and what became of it. `reference` names it for people and for the action, such as 1042."""

    job = models.ForeignKey(BulkJob, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=80)
    state = models.CharField(max_length=8, default="waiting")
    code = models.CharField(max_length=60, default="")  # why it was refused or passed
    message = models.CharField(max_length=300, default="")
    facts = models.JSONField(default=dict)  # what an undo needs to know
    tries = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="bulk_row_place_unique_in_job"),
            models.UniqueConstraint(fields=["job", "reference"], name="bulk_row_reference_unique_in_job"),
            models.CheckConstraint(condition=Q(state__in=ROW_STATES), name="bulk_row_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["job", "position"], condition=Q(state="waiting"), name="bulk_row_waiting"),
            models.Index(fields=["job", "position"], condition=Q(state="refused"), name="bulk_row_refused"),
        ]
