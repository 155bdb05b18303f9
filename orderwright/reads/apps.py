"""Registers this folder with Django."""

from django.apps import AppConfig


class ReadsConfig(AppConfig):
    """The app `reads`."""

    name = "orderwright.reads"
    label = "reads"
