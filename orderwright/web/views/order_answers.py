"""The order page and its parts as answers: whole, after an act, after a refusal, and its pop-ups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from orderwright.core.clock import now as clock_now
from orderwright.core.errors import NotFound, OrderwrightError, Unavailable
from orderwright.orders.errors import OrderChanged
from orderwright.reads.order_detail import read_order
from orderwright.reads.personal import may_see
from orderwright.reads.rows import OrderDetail
from orderwright.reads.timeline import read_timeline
from orderwright.web.errors import RETRY_AFTER_SECONDS, words_of
from orderwright.web.page import asked, fragment, frame_of, is_htmx, page, say
from orderwright.web.permission import StaffRequest
from orderwright.web.presenters.cancellation import cancel_result
from orderwright.web.presenters.meanwhile import is_shown, told
from orderwright.web.presenters.order import order_page
from orderwright.web.presenters.order_dialogs import Result
from orderwright.web.presenters.order_page import OrderPage
from orderwright.web.presenters.parts import Toast
from orderwright.web.presenters.typed import NOTHING_TYPED, Typed
from orderwright.web.presenters.words import when


def base_of(number: str) -> str:
    """Return the path of an order's page."""
    return reverse("order", args=[number])


def place_of(order: OrderDetail) -> str:
    """Return the entry of the menu under which an order stands."""
    return "open-orders" if order.is_open else "all-orders"


def present(
    request: StaffRequest,
    order: OrderDetail,
    *,
    now: datetime,
    typed: Typed = NOTHING_TYPED,
    problem: str = "",
    is_money_only: bool | None = None,
) -> OrderPage:
    """Return the order page's values as this person sees them. Cost: one statement, the timeline's."""
    if is_money_only is None:
        is_money_only = asked(request, "timeline") == "money"
    actor = request.user.actor()
    sees_customer = may_see(actor, order.site.id)
    return order_page(
        order,
        read_timeline(order_id=order.id, sees_customer=sees_customer, money_only=is_money_only),
        actor=actor,
        now=now,
        base=base_of(order.number),
        typed=typed,
        payments_view=asked(request, "payments"),
        is_money_only=is_money_only,
        problem=problem,
        open_href=reverse("open-orders"),
        all_href=reverse("all-orders"),
        exceptions_href=reverse("exceptions"),
        emails_href=reverse("emails") if request.user.actor().at(order.site.id).can("emails.view") else "",
    )


def show(
    request: StaffRequest,
    number: str,
    *,
    typed: Typed = NOTHING_TYPED,
    problem: str = "",
    toast: Toast | None = None,
    result: Callable[[OrderDetail], Result | None] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Return the order anew: in place for htmx, closing the dialog and opening the pop-up, else as a whole page."""
    order = read_order(number=number, actor=request.user.actor())
    shown = present(request, order, now=clock_now(), typed=typed)
    values = {"order": shown if is_shown(shown, typed.control) else replace(shown, problem=problem)}
    if not is_htmx(request):
        return page(request, "orders/detail.html", values, current=place_of(order), status=status)
    popup = result(order) if result is not None else None
    newest = values["order"].timeline.entries[:1]
    if toast is not None and newest and newest[0].undo:
        toast = replace(toast, undo=newest[0].undo, undo_action=f"{base_of(number)}/undo")
    return fragment(
        request,
        "orders/_answer.html",
        # An act may close the order or open it again: the menu says where it stands then, and counts it there.
        {**values, "result": popup, "shell": frame_of(request, current=place_of(order))},
        toasts=[toast] if toast else [],
        status=status,
        target="#order",
        is_closing_dialog=popup is None,
    )


def popup_of(order: OrderDetail) -> Result | None:
    """Return the pop-up that says what a cancellation has done, or None when there was none. Source: G29."""
    if order.cancellation is None:
        return None
    return cancel_result(order, order.cancellation, base=base_of(order.number))


def done(
    request: StaffRequest, number: str, said: str, *, is_bad: bool = False, is_passing: bool = False
) -> HttpResponse:
    """Return the answer to an act that worked: the order anew with a toast, or a redirect to it."""
    toast = Toast(said, is_bad=is_bad, is_passing=is_passing)
    if is_htmx(request):
        return show(request, number, toast=toast)
    say(request, toast)
    return redirect(base_of(number))


def refused(
    request: StaffRequest, number: str, error: OrderwrightError, *, control: str, value: str = ""
) -> HttpResponse:
    """Return the answer to an act that was refused: the reason beside its cause, and what was typed kept.

    Raises: the error itself when there is no such order, for then there is no page to stand on.
    """
    if isinstance(error, NotFound) and error.code == "order_not_found":
        raise error
    words = refusal_of(request, number, error)
    typed = Typed(control=control, value=value, message=words, late=_late(request, number, error))
    answer = show(request, number, typed=typed, problem=words, status=error.status)
    if isinstance(error, Unavailable):
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def refusal_of(request: StaffRequest, number: str, error: OrderwrightError) -> str:
    """Return what to say of a refusal; of one because somebody was faster, also what was done, and when."""
    if not isinstance(error, OrderChanged):
        return words_of(error)
    order = read_order(number=number, actor=request.user.actor())
    sees_customer = may_see(request.user.actor(), order.site.id)
    meanwhile = {change["sequence"] for change in error.facts["changes"]}
    rows = [
        each for each in read_timeline(order_id=order.id, sees_customer=sees_customer) if each.sequence in meanwhile
    ]
    return " ".join(filter(None, (error.message, told(rows, order, now=clock_now()))))


def _late(request: StaffRequest, number: str, error: OrderwrightError) -> str:
    """Return who set a field last and when, for beside the choice between both values; empty when nobody did."""
    if not isinstance(error, OrderChanged) or not error.facts["changes"]:
        return ""
    last, site = error.facts["changes"][-1], read_order(number=number, actor=request.user.actor()).site
    at = when(datetime.fromisoformat(last["at"]), now=clock_now(), zone_name=site.time_zone).text
    return _("%(by)s changed this order since you opened it, %(when)s.") % {"by": last["by"], "when": at}


def act(request: StaffRequest, number: str, do: Callable[[], str], *, control: str, value: str = "") -> HttpResponse:
    """Run an action and return its answer; `do` returns what to say. `control` is the field that asked for it."""
    try:
        said = do()
    except OrderwrightError as error:
        return refused(request, number, error, control=control, value=value)
    return done(request, number, said)
