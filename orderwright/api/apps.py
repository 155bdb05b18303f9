"""Registers this folder with Django."""

from django.apps import AppConfig
from typing_extensions import override


class ApiConfig(AppConfig):
    """The app `api`."""

    name = "orderwright.api"
    label = "api"

    @override
    def ready(self) -> None:
        """Have kept answers forget a customer who is erased."""
        from orderwright.api.forgetting import forget_answers  # noqa: PLC0415 - models exist only by now
        from orderwright.core.forgetting import on_erasure  # noqa: PLC0415 - as above

        on_erasure(forget_answers)
