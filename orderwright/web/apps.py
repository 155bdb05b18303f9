"""Registers this folder with Django."""

from django.apps import AppConfig
from django.urls import register_converter

from orderwright.web.converters import RowId


class WebConfig(AppConfig):
    """The app `web`."""

    name = "orderwright.web"
    label = "web"

    def ready(self) -> None:
        """Let addresses say `<id:…>`."""
        register_converter(RowId, "id")
