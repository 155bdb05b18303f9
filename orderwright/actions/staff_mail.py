"""Mails to colleagues: from which address they go out."""

from __future__ import annotations

from orderwright.orders.models import Site
from orderwright.outbox.addresses import is_mailable


def staff_sender() -> str:
    """Return the address of the first site that mail can be sent from, or nothing where there is none."""
    senders = Site.objects.order_by("pk").values_list("sender", flat=True)
    return next((each for each in senders if is_mailable(each)), "")
