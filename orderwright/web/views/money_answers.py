"""How Exceptions, Expiring holds and Provider drift answer: whole, or their list anew after an act."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from orderwright.web.page import fragment as part
from orderwright.web.page import is_htmx, page, say
from orderwright.web.permission import StaffRequest
from orderwright.web.presenters.money_pages import MoneyList
from orderwright.web.presenters.parts import Toast


def order_href() -> str:
    """Return an order's path with `{number}` in it."""
    return reverse("order", args=["NUMBER"]).replace("NUMBER", "{number}")


def shown(request: StaffRequest, values: MoneyList, *, template: str, place: str, status: int = 200) -> HttpResponse:
    """Return the whole page."""
    return page(request, template, {"list": values}, current=place, is_list=True, status=status)


def changed(
    request: StaffRequest,
    values: Callable[[], MoneyList],
    *,
    toast: Toast,
    fragment: str,
    place: str,
    status: int = 200,
) -> HttpResponse:
    """Return the answer to an act: the list anew with a toast, closing the dialog, or a redirect to the page."""
    if not is_htmx(request):
        say(request, toast)
        return redirect(place)
    context = {"list": values(), "fragment": fragment}
    return part(
        request,
        "money/_answer.html",
        context,
        toasts=[toast],
        status=status,
        target="#money-list",
        is_closing_dialog=True,
    )
