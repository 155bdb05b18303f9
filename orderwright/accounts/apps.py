"""Registers this folder with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app `accounts`."""

    name = "orderwright.accounts"
    label = "accounts"
