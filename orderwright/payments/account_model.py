"""Provider accounts: how one is reached and configured, and how its breaker stands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from orderwright.orders.models import Site


class ProviderAccount(models.Model):
    """An account at a payment provider, reached through one gateway (W8)."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    gateway = models.CharField(max_length=20)  # which module of payments/gateways speaks to it
    base_url = models.CharField(max_length=200, default="")  # empty: the installation's own setting
    is_live = models.BooleanField(default=False)
    is_enabled = models.BooleanField(default=True)
    sealed_credentials = models.TextField(default="")  # see payments/sealed.py; empty: the gateway needs none
    credentials_stored = models.JSONField(default=dict)  # when each of them was stored, by name, as RFC 3339 text
    sites = models.ManyToManyField(Site, related_name="provider_accounts")  # none: orders of every site
    priority = models.PositiveSmallIntegerField(default=100)  # the lowest comes first
    version = models.PositiveIntegerField(default=1)  # of what people configure; the breaker's state has none

    # The breaker: settings, then how it stands. See payments/breaker.py.
    breaker_failures = models.PositiveSmallIntegerField(default=3)
    breaker_wait_s = models.PositiveIntegerField(default=10)
    breaker_cool_down_s = models.PositiveIntegerField(default=15)
    failures_in_row = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    tried_by = models.CharField(max_length=64, default="")  # whose call is the trial
    last_failure = models.CharField(max_length=300, default="")
    last_failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(breaker_failures__gte=1, breaker_wait_s__gte=1, breaker_cool_down_s__gte=1),
                name="breaker_settings_above_zero",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, next_try_at__isnull=True)
                | Q(opened_at__isnull=False, next_try_at__isnull=False),
                name="open_breaker_has_a_next_try",
            ),
        ]
