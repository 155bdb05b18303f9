"""Registers this folder with Django."""

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    """The app `shipping`."""

    name = "orderwright.shipping"
    label = "shipping"
