"""Registers this folder with Django."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The app `payments`."""

    name = "orderwright.payments"
    label = "payments"
