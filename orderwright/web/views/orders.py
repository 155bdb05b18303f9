"""Open Orders, All Orders, search, and the order page to read."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from orderwright.core.clock import now as clock_now
from orderwright.orders.models import PAYMENT_STANDINGS
from orderwright.orders.states import CANCEL_REQUESTED
from orderwright.reads.counts import read_chips
from orderwright.reads.neighbours import read_neighbours
from orderwright.reads.order_detail import read_order
from orderwright.reads.order_list import ListQuery, read_list
from orderwright.reads.sites import list_sites
from orderwright.web.page import asked, fragment, is_htmx, page
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.lists import order_list
from orderwright.web.views.order_answers import base_of, popup_of, present, show

# A longer search is no piece of anything that is stored.
LONGEST_SEARCH = 200


@require_GET
@permission("orders.view")
def home(request: StaffRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Lead to Open Orders."""
    return redirect("open-orders")


@require_GET
@permission("orders.view")
def open_orders(request: StaffRequest) -> HttpResponse:
    """Show Open Orders. Source: G1, G2."""
    return _list(request, "open")


@require_GET
@permission("orders.view")
def all_orders(request: StaffRequest) -> HttpResponse:
    """Show All Orders, or what a search finds; a whole order number opens that order."""
    return _list(request, "all")


def _list(request: StaffRequest, view: Literal["open", "all"]) -> HttpResponse:
    now, actor = clock_now(), request.user.actor()
    query = _query(request, view)
    found = read_list(query, now=now, actor=actor)
    wanted = query.q.lstrip("#")
    if query.q and query.after is None and any(row.number == wanted for row in found.items):
        return redirect(base_of(wanted))
    chips = read_chips(view=view, now=now, site=query.site, actor=actor)
    place = "open-orders" if view == "open" else "all-orders"
    shown = order_list(
        found,
        query,
        chips=chips,
        sites=list_sites(actor=actor),
        here=reverse(place),
        order_href=reverse("order", args=["NUMBER"]).replace("NUMBER", "{number}"),
        now=now,
    )
    is_counted = view == "open" and query.site is None
    return page(
        request,
        "orders/list.html",
        {"list": shown},
        current=place,
        open_count=chips.total if is_counted else None,
        is_list=True,
    )


def _query(request: StaffRequest, view: Literal["open", "all"]) -> ListQuery:
    def one_of(name: str, words: tuple[str, ...]) -> str | None:
        value = request.GET.get(name)
        return value if value in words else None

    return ListQuery(
        view=view,
        state=_slug(request, "state"),
        site=_slug(request, "site"),
        payment=one_of("payment", PAYMENT_STANDINGS),
        delivery=one_of("delivery", ("unsent", "part", "sent")),
        hold=one_of("hold", ("ending",)),
        cancellation=one_of("cancellation", ("requested",)),
        q="".join(char for char in request.GET.get("q", "") if char.isprintable()).strip()[:LONGEST_SEARCH],
        after=request.GET.get("after") or None,
    )


def _slug(request: StaffRequest, name: str) -> str | None:
    value = request.GET.get(name, "")
    return value if value.isascii() and value.replace("-", "").replace("_", "").isalnum() else None


@require_GET
@permission("orders.view")
def detail(request: StaffRequest, number: str) -> HttpResponse:
    """Show the order page."""
    return show(request, number)


@require_GET
@permission("orders.view")
def timeline(request: StaffRequest, number: str) -> HttpResponse:
    """Show the timeline alone, all of it or money only; the page's address follows."""
    if not is_htmx(request):
        return redirect(f"{base_of(number)}?{urlencode({'timeline': request.GET.get('timeline', '')})}")
    order = read_order(number=number, actor=request.user.actor())
    is_money_only = request.GET.get("timeline") == "money"
    values = {"order": present(request, order, now=clock_now(), is_money_only=is_money_only)}
    answer = fragment(request, "orders/_timeline_answer.html", values)
    shown = {"payments": asked(request, "payments"), "timeline": "money" if is_money_only else ""}
    kept = urlencode({name: value for name, value in shown.items() if value not in ("", "status")})
    place = urlsplit(base_of(number)).path
    answer["HX-Replace-Url"] = f"{place}?{kept}" if kept else place
    return answer


@require_GET
@permission("orders.view")
def news(request: StaffRequest, number: str) -> HttpResponse:
    """Answer a page that waits for a provider: nothing while nothing changed, then the order anew."""
    order = read_order(number=number, actor=request.user.actor())
    if request.GET.get("version") == str(order.version):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    was_cancelling = request.GET.get("cancelling") == "yes"
    if not was_cancelling or order.state.system_state == CANCEL_REQUESTED:
        values = {"order": present(request, order, now=clock_now())}
        return fragment(request, "orders/_answer.html", values)
    return show(request, number, result=popup_of)


@require_GET
@permission("orders.view")
def neighbour(request: StaffRequest, number: str, step: str) -> HttpResponse:
    """Lead to the next or the previous order of Open Orders, or back to this one at the end."""
    around = read_neighbours(number=number, actor=request.user.actor())
    return redirect(base_of((around.next if step == "next" else around.previous) or number))
