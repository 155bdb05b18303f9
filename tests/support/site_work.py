"""What several files about sites share: another site's fields, and what was written of it."""

from __future__ import annotations

from orderwright.actions.site_fields import SiteFields
from orderwright.journal.models import Entry
from orderwright.orders.models import Order

OUTLET = SiteFields(name="Cozy Home Outlet", currency="USD", number_prefix="OUT-", sender="out@cozy-home.example.com")


def entry(kind: str = "site.edited") -> Entry:
    return Entry.objects.filter(kind=kind).latest("id")


def numbers() -> list[str]:
    return list(Order.objects.order_by("id").values_list("number", flat=True))
