"""Registers this folder with Django."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The app `outbox`."""

    name = "orderwright.outbox"
    label = "outbox"
