"""How pages, fragments and dialogs are answered: a frame round a page, none for htmx. What they say is elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from orderwright.core.clock import now as clock_now
from orderwright.reads.counts import read_menu_counts
from orderwright.web.permission import StaffRequest, page_address
from orderwright.web.presenters.parts import Toast
from orderwright.web.presenters.shell import Shell, roles_in_words, shell

_PLACES = (
    "overview",
    "open-orders",
    "all-orders",
    "exceptions",
    "expiring-holds",
    "provider-drift",
    "ledger",
    "emails",
    "bulk-jobs",
    "order-configurations",
    "shipping",
    "payment-providers",
    "sites",
    "users-and-roles",
    "api-keys",
    "audit",
    "email-templates",
)


def is_htmx(request: HttpRequest) -> bool:
    """Return whether a part of the page asks, not the browser's address bar."""
    return "HX-Request" in request.headers


def page(
    request: StaffRequest,
    template: str,
    values: Mapping[str, Any],
    *,
    current: str = "",
    status: int = 200,
    open_count: int | None = None,
    is_list: bool = False,
) -> HttpResponse:
    """Return a whole page for who is signed in. Cost: one statement; `open_count` where it is known already."""
    context = {
        "shell": frame_of(request, current=current, open_count=open_count, is_list=is_list),
        "toasts": waiting_toasts(request),
        "search_href": reverse("all-orders"),
        "result": None,
        **values,
    }
    return HttpResponse(render_to_string(template, context, request), status=status)


def frame_of(request: StaffRequest, *, current: str, open_count: int | None = None, is_list: bool = False) -> Shell:
    """Return what stands round a page of this place. Cost: one statement; `open_count` where it is known already."""
    # Whatever door led here, the menu counts what its entries will show.
    seeing = request.user.whole_actor().through("orders.view")
    counts = read_menu_counts(now=clock_now(), actor=seeing, open_orders=open_count)
    return shell(
        request.user,
        role=roles_in_words(request.user.held_roles),
        hrefs={place: reverse(place) for place in _PLACES},
        current=current,
        counts={
            "open-orders": counts.open_orders,
            "exceptions": counts.exceptions,
            "expiring-holds": counts.holds_ending,
            "provider-drift": counts.drift,
        },
        query=request.GET.get("q", "")[:200],
        is_list=is_list,
    )


def waiting_toasts(request: HttpRequest) -> list[Toast]:
    """Return what was kept to be said on the next whole page; it is said once."""
    return [Toast(str(each), is_bad=each.level >= messages.ERROR) for each in messages.get_messages(request)]


def dialog(
    request: StaffRequest, fragment: str, values: Mapping[str, Any], *, title: str, status: int = 200, current: str = ""
) -> HttpResponse:
    """Return a dialog: what goes into the page's dialog for htmx, else the same content as a page of its own."""
    if not is_htmx(request):
        return page(
            request,
            "dialog_page.html",
            {"fragment": fragment, "title": title, **values},
            current=current,
            status=status,
        )
    answer = HttpResponse(render_to_string(fragment, dict(values), request), status=status)
    answer["HX-Retarget"] = "#dialog"
    answer["HX-Reswap"] = "innerHTML"
    return answer


def fragment(
    request: HttpRequest,
    template: str,
    values: Mapping[str, Any],
    *,
    toasts: Iterable[Toast] = (),
    status: int = 200,
    target: str = "",
    is_closing_dialog: bool = False,
) -> HttpResponse:
    """Return a part of a page for htmx, with what to say about it; it replaces `target`, whatever had asked."""
    context = {"toasts": list(toasts), "result": None, **values}
    answer = HttpResponse(render_to_string(template, context, request), status=status)
    if target:
        answer["HX-Retarget"], answer["HX-Reswap"] = target, "outerHTML"
    if is_closing_dialog:
        answer["HX-Trigger-After-Swap"] = json.dumps({"dialog:close": {}})
    return answer


def asked(request: HttpRequest, name: str) -> str:
    """Return a value of the page's address, also when a part of that page asks."""
    if name in request.GET:
        return request.GET[name]
    values = parse_qs(page_address(request).query).get(name, [""])
    return values[-1]


def say(request: HttpRequest, toast: Toast) -> None:
    """Keep a toast for the next whole page, after a redirect."""
    messages.add_message(request, messages.ERROR if toast.is_bad else messages.SUCCESS, toast.text)
