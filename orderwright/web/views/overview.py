"""Overview: what waits for somebody, at a glance."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from orderwright.core.clock import now as clock_now
from orderwright.reads.overview import read_overview
from orderwright.web.page import page
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.overview import overview_tiles

PLACE = "overview"
_HOURS_48 = "?days=2"


@require_GET
@permission("orders.view")
def overview(request: StaffRequest) -> HttpResponse:
    """Show a tile for each page on which something may wait."""
    facts = read_overview(now=clock_now(), actor=request.user.actor())
    hrefs = {
        "open-orders": reverse("open-orders"),
        "requests": reverse("open-orders") + "?cancellation=requested",
        "exceptions": reverse("exceptions"),
        "expiring-holds": reverse("expiring-holds") + _HOURS_48,
        "provider-drift": reverse("provider-drift"),
    }
    if request.user.has_perm("emails.view"):
        hrefs["emails"] = reverse("emails")
    tiles = overview_tiles(facts, hrefs=hrefs)
    return page(request, "overview.html", {"tiles": tiles}, current=PLACE, open_count=facts.open_orders)
