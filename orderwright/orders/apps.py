"""Registers this folder with Django."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """The app `orders`."""

    name = "orderwright.orders"
    label = "orders"
