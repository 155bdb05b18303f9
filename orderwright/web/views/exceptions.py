"""Exceptions: the list, Check again now, settling by hand, Dismiss."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.actions import check_operation, dismiss_failure, settle_by_hand
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.payments.errors import OperationNotFound
from orderwright.reads.exceptions import (
    PROBLEMS,
    ExceptionRow,
    count_exceptions,
    find_exception,
    list_exceptions,
)
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import asked, dialog
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.exceptions import exception_list, settle_dialog
from orderwright.web.presenters.money_pages import MoneyList
from orderwright.web.presenters.outcomes import why_waiting
from orderwright.web.presenters.parts import Toast
from orderwright.web.views.money_answers import changed, order_href, shown

PLACE = "exceptions"


@require_GET
@permission("orders.view")
def exceptions(request: StaffRequest) -> HttpResponse:
    """Show Exceptions, the longest waiting first."""
    return shown(request, _list(request), template="money/exceptions.html", place=PLACE)


@require_POST
@permission("payments.sync")
def check(request: StaffRequest, key: str) -> HttpResponse:
    """Check again now."""

    def do() -> Toast:
        result = check_operation.run(key=key, actor=request.user.actor(), now=clock_now())
        words = {
            "succeeded": _("It happened; the money is booked"),
            "failed": _("The provider refused it; nothing moved"),
            "manual": why_waiting(result.failure_code),
        }
        return Toast(words.get(result.state, _("No answer yet; the desk keeps asking")))

    return _act(request, do)


@require_POST
@permission("payments.capture")
def dismiss(request: StaffRequest, key: str) -> HttpResponse:
    """Dismiss a refused call."""

    def do() -> Toast:
        dismiss_failure.run(key=key, actor=request.user.actor(), now=clock_now())
        return Toast(_("Dismissed; the order’s timeline keeps it"))

    return _act(request, do)


@require_http_methods(["GET", "POST"])
@permission("payments.settle")
def settle(request: StaffRequest, key: str) -> HttpResponse:
    """Ask for a person's word on an operation, or take it."""
    values = request.GET if request.method == "GET" else request.POST
    happened = values.get("happened") == "yes"
    if request.method == "GET":
        return _ask(request, _row(request, key), happened=happened)
    try:
        settle_by_hand.run(
            key=key,
            happened=happened,
            reason=posted.text(request, "reason"),
            provider_ref=posted.text(request, "reference"),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except OrderwrightError as error:
        row = find_exception(key=key, now=clock_now(), actor=request.user.actor())
        if row is None:
            return _answer(request, Toast(words_of(error), is_bad=True), status=error.status)
        return _ask(request, row, happened=happened, error=error)
    said = _("Booked as done at the provider") if happened else _("Freed; it can be asked for again")
    return _answer(request, Toast(said))


def _row(request: StaffRequest, key: str) -> ExceptionRow:
    row = find_exception(key=key, now=clock_now(), actor=request.user.actor())
    if row is None:
        raise OperationNotFound(_("This operation is settled, or there is none."), facts={"key": key})
    return row


def _ask(
    request: StaffRequest, row: ExceptionRow, *, happened: bool, error: OrderwrightError | None = None
) -> HttpResponse:
    question = settle_dialog(
        row,
        actor=request.user.actor(),
        happened=happened,
        here=reverse(PLACE),
        now=clock_now(),
        reason=posted.text(request, "reason"),
        reference=posted.text(request, "reference"),
        errors={pointer_of(error) or "act": words_of(error)} if error else None,
    )
    status = error.status if error else 200
    return dialog(request, "money/_word.html", {"dialog": question}, title=question.title, status=status, current=PLACE)


def _act(request: StaffRequest, do: Callable[[], Toast]) -> HttpResponse:
    try:
        return _answer(request, do())
    except OrderwrightError as error:
        return _answer(request, Toast(words_of(error), is_bad=True), status=error.status)


def _answer(request: StaffRequest, toast: Toast, *, status: int = 200) -> HttpResponse:
    return changed(
        request, lambda: _list(request), toast=toast, fragment="money/_exceptions.html", place=PLACE, status=status
    )


def _list(request: StaffRequest) -> MoneyList:
    now = clock_now()
    wanted = asked(request, "problem")
    problem = wanted if wanted in PROBLEMS else None
    after = asked(request, "after") or None
    return exception_list(
        list_exceptions(now=now, problem=problem, after=after, actor=request.user.actor()),
        count_exceptions(now=now, actor=request.user.actor()),
        actor=request.user.actor(),
        problem=problem,
        here=reverse(PLACE),
        order_href=order_href(),
        is_first=after is None,
        now=now,
    )
