"""Why an order in Cancel Requested waits: for a decision on a request, or for a cancellation that is under way."""

from __future__ import annotations

from django.utils.translation import gettext as _

from orderwright.core.availability import Availability, refused
from orderwright.reads.rows import OrderDetail


def waits(order: OrderDetail) -> Availability:
    """Return the refusal of what cannot be done meanwhile: cancellation_requested or cancellation_under_way."""
    if order.open_request is not None:
        return refused("cancellation_requested", _("A cancellation is requested; accept or decline it first."))
    return refused("cancellation_under_way", _("A cancellation is under way; it must be settled first."))
