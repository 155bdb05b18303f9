"""Registers this folder with Django."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    """The app `cli`."""

    name = "orderwright.cli"
    label = "cli"
