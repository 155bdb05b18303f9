"""One row per committed change, chained by hash within its stream. Rows are only ever added."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """What changed, by whom, when, from what to what and why. Holds no personal strings: see docs/adr/0006."""

    stream = models.CharField(max_length=80)  # "order:17", "order_state:3": what the entry is about
    sequence = models.PositiveIntegerField()  # 1, 2, 3 … within the stream, without gaps
    kind = models.CharField(max_length=60)  # dotted past event, such as "payment.captured"
    version = models.PositiveIntegerField(default=0)  # the subject's version after this change
    actor_kind = models.CharField(max_length=10)
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.CharField(max_length=500, default="")
    # Whose people may see it: the order's site; null for what belongs to the whole desk. Follows from the stream, so
    # that it is no part of the hash; `verify` recomputes it.
    site_id = models.BigIntegerField(null=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="journal_one_entry_per_place"),
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=["person", "key", "provider", "rule", "system"]),
                name="journal_actor_is_known",
            ),
        ]
        # The audit is read newest first, whatever it is narrowed by.
        indexes = [
            models.Index(fields=["at", "id"], name="journal_by_time"),
            models.Index(fields=["kind", "at", "id"], name="journal_by_kind"),
            models.Index(fields=["actor_kind", "actor_ref", "at", "id"], name="journal_by_actor"),
            models.Index(fields=["site_id", "at", "id"], name="journal_by_site"),
        ]


class Head(models.Model):
    """A signed root over the journal as it was, also kept outside. Rows are only ever added. See docs/adr/0020."""

    number = models.PositiveIntegerField(unique=True)  # 1, 2, 3 … without gaps
    at = models.DateTimeField()
    entries = models.BigIntegerField()  # how many it covers
    last_entry = models.BigIntegerField()  # the id of the last one covered
    root = models.CharField(max_length=64)
    public_key = models.CharField(max_length=44)
    signature = models.CharField(max_length=88)


class Check(models.Model):
    """One check of every chain and every head: asked for by somebody, carried out by a worker."""

    state = models.CharField(max_length=8, default="running")  # running, done
    actor_kind = models.CharField(max_length=10)
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    entries = models.BigIntegerField(default=0)  # how many there are
    checked = models.BigIntegerField(default=0)  # how many of them have been looked at
    heads = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)  # sentences, the first of them
    faults_count = models.PositiveIntegerField(default=0)
    leased_by = models.CharField(max_length=80, default="")
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["running", "done"]), name="check_state_is_known"),
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="running"), name="check_one_at_a_time"),
        ]
