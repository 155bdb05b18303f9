"""The key under which what names a customer stands in the journal. Without it nobody reads those words any more."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class CustomerKey(models.Model):
    """One customer's key, sealed with the installation's. `sealed_key` is empty once the customer was erased."""

    sealed_key = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(sealed_key=""), name="customer_key_gone_once_erased"
            )
        ]
