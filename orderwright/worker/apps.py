"""Registers this folder with Django, for its command."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """The app `worker`."""

    name = "orderwright.worker"
    label = "worker"
