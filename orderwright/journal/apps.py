"""Registers this folder with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The app `journal`."""

    name = "orderwright.journal"
    label = "journal"
