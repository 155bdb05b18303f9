"""Asking for a cancellation, declining it, and taking it back. Accepting is Cancel Order itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orderwright.actions import decline_cancellation, request_cancellation, withdraw_request
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import Invalid, OrderwrightError
from orderwright.reads.order_detail import read_order
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import dialog
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.cancellation_requests import ask_dialog, decline_dialog
from orderwright.web.views.order_answers import base_of, done, refused


@require_http_methods(["GET", "POST"])
@permission("orders.request_cancel")
def ask(request: StaffRequest, number: str) -> HttpResponse:
    """Show the dialog in which a cancellation is asked for, or ask. Source: W5."""
    if request.method == "GET":
        return _ask(request, number)
    words = posted.text(request, "words")
    try:
        request_cancellation.run(
            number=number,
            reason=words if words.strip() else posted.text(request, "reason"),
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
        )
    except Invalid as error:
        return _ask(request, number, error=error)
    except OrderwrightError as error:
        return refused(request, number, error, control="")
    return done(request, number, _("Cancellation requested; the order waits for a decision"))


@require_http_methods(["GET", "POST"])
@permission("orders.cancel")
def decline(request: StaffRequest, number: str) -> HttpResponse:
    """Show the dialog in which a request is declined, or decline it. Source: W5."""
    if request.method == "GET":
        return _decline(request, number)
    try:
        declined = decline_cancellation.run(
            number=number,
            email_customer=posted.text(request, "email_customer") == "yes",
            message=posted.text(request, "message"),
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
        )
    except Invalid as error:
        return _decline(request, number, error=error)
    except OrderwrightError as error:
        return refused(request, number, error, control="")
    said = _("Declined; the customer is emailed") if declined.is_emailed else _("Declined; the order goes on")
    return done(request, number, said)


@require_POST
@permission("orders.request_cancel")
def withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """Take back what oneself has asked for. Source: W5."""
    try:
        withdraw_request.run(
            number=number, actor=request.user.actor(), now=clock_now(), version=posted.version(request)
        )
    except OrderwrightError as error:
        return refused(request, number, error, control="")
    return done(request, number, _("Taken back; the order goes on"))


def _ask(request: StaffRequest, number: str, *, error: OrderwrightError | None = None) -> HttpResponse:
    shown = ask_dialog(
        read_order(number=number, actor=request.user.actor()),
        request.user.actor(),
        base=base_of(number),
        reason=posted.text(request, "reason"),
        words=posted.text(request, "words"),
        errors=_errors(error),
    )
    status = error.status if error else 200
    return dialog(request, "orders/_ask_cancel.html", {"dialog": shown}, title=shown.title, status=status)


def _decline(request: StaffRequest, number: str, *, error: OrderwrightError | None = None) -> HttpResponse:
    shown = decline_dialog(
        read_order(number=number, actor=request.user.actor()),
        request.user.actor(),
        base=base_of(number),
        is_emailing=posted.text(request, "email_customer") != "no",
        message=posted.text(request, "message"),
        errors=_errors(error),
    )
    status = error.status if error else 200
    return dialog(request, "orders/_decline_cancel.html", {"dialog": shown}, title=shown.title, status=status)


def _errors(error: OrderwrightError | None) -> dict[str, str]:
    return {} if error is None else {pointer_of(error): words_of(error)}
