"""Logos of sites. A mail names the one that it was written with, so that it is shown as it was sent."""

from __future__ import annotations

from django.db import models


class Logo(models.Model):
    """A PNG image, written anew by us (see `core.png`). Append-only: another image is another row."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of `png`
    png = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    stored_at = models.DateTimeField()
