"""Payments that another platform keeps: the desk shows their history and moves nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import Call, Failed, Observed, Outcome


class ExternalGateway:
    """The gateway of orders that were imported from a storefront platform."""

    name = "external"
    recovery: Literal["replay", "lookup", "none"] = "none"
    key_window = timedelta(0)
    settles_later = False
    captures_in_parts = False
    can_move_money = False

    def send(self, call: Call) -> Outcome:
        """Refuse: nothing can be moved from here."""
        return Failed(code="kept_elsewhere", message=f"{call.reference} is kept by the platform it came from.")

    def look_up(self, reference: str) -> Observed:
        """Raise ProviderUnreachable: there is nobody to ask."""
        raise ProviderUnreachable(f"{reference} is kept by the platform it came from; there is nothing to ask here.")
