"""Requests that a program may send again: what was asked under a key, and what was answered."""

from __future__ import annotations

from django.db import models

from orderwright.accounts.models import ApiKey


class IdempotentRequest(models.Model):
    """One request under an Idempotency-Key. `answered_at` is null while the first one is still running (I12)."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="requests")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # of method, path and body
    rights = models.JSONField(default=dict)  # {"sites": ids or null for all, "permissions": names} of who asked
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(default=0)
    body = models.TextField(default="")
    headers = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "key"], name="idempotency_key_unique_per_api_key")]
        indexes = [models.Index(fields=["started_at"], name="idempotent_request_by_time")]
