"""Registers this folder with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The app `api`."""

    name = "orderwright.api"
    label = "api"
