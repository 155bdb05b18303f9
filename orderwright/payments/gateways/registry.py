"""Which gateway speaks for a provider account. A new gateway is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings

from orderwright.payments.gateways.external import ExternalGateway
from orderwright.payments.gateways.port import Gateway
from orderwright.payments.gateways.practice import PracticeGateway

GATEWAYS: dict[str, Callable[[str], Gateway]] = {
    "practice": lambda base_url: PracticeGateway(base_url or settings.PRACTICE_URL),
    "external": lambda _base_url: ExternalGateway(),
}


def gateway_for(*, gateway: str, base_url: str = "") -> Gateway:
    """Return the gateway of this name for this address; an empty address means the installation's own setting."""
    return _made(gateway, base_url or settings.PRACTICE_URL if gateway == "practice" else base_url)


@cache
def _made(gateway: str, base_url: str) -> Gateway:
    return GATEWAYS[gateway](base_url)
