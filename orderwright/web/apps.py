"""Registers this folder with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app `web`."""

    name = "orderwright.web"
    label = "web"
