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
