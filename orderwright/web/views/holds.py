"""Expiring holds: what a bank will let go, the first to end first."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from orderwright.core.clock import now as clock_now
from orderwright.reads.expiring_holds import list_holds
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.holds import SPANS, hold_list
from orderwright.web.views.money_answers import order_href, shown

PLACE = "expiring-holds"
_WEEK = 7


@require_GET
@permission("orders.view")
def holds(request: StaffRequest) -> HttpResponse:
    """Show holds that end within some days; a week unless asked otherwise."""
    wanted = request.GET.get("days", "")
    days = next((span for span in SPANS if str(span) == wanted), _WEEK)
    now, after = clock_now(), request.GET.get("after") or None
    values = hold_list(
        list_holds(now=now, within=timedelta(days=days), after=after, actor=request.user.actor()),
        days=days,
        here=reverse(PLACE),
        order_href=order_href(),
        is_first=after is None,
        actor=request.user.actor(),
        now=now,
    )
    return shown(request, values, template="money/holds.html", place=PLACE)
