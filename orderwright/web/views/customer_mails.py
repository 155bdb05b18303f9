"""Mails that staff write to the customer of an order: shipped, and delayed."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.actions import tell_delayed, tell_shipped
from orderwright.actions.shipped_mail import shipped_occasion
from orderwright.actions.write_mail import composed
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import FieldError, Invalid, OrderwrightError
from orderwright.core.ids import form_token
from orderwright.outbox.writing.vocabulary import SHIPPED
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.framed import framed_mail
from orderwright.web.page import dialog
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.customer_mails import delay_dialog, delay_review, shipped_dialog
from orderwright.web.views.order_answers import act, base_of, done, refused

_TYPED = ("message", "expected_on", "request_ref")


@require_http_methods(["GET", "POST"])
@permission("shipments.update")
def shipped(request: StaffRequest, number: str, shipment: int) -> HttpResponse:
    """Show the mail about a shipment, or send it."""
    actor = request.user.actor()
    if request.method == "POST":

        def tell() -> str:
            tell_shipped.run(number=number, shipment=shipment, actor=actor, now=clock_now())
            return _("An email to the customer is in the outbox")

        return act(request, number, tell, control="")
    order = read_order(number=number, actor=actor)
    found = tell_shipped.shipment_of(order, shipment)
    try:
        tell_shipped.availability(order, actor, shipment=found).require()
    except OrderwrightError as error:
        return refused(request, number, error, control="")
    mail, _chosen = composed(order, kind=SHIPPED, occasion=shipped_occasion(order, found))
    shown = shipped_dialog(order, mail, shipment=shipment, base=base_of(number))
    return dialog(request, "orders/_mail.html", {"dialog": shown}, title=shown.title)


@require_GET
@permission("shipments.update")
def shipped_html(request: StaffRequest, number: str, shipment: int) -> HttpResponse:
    """Return the HTML of the mail about a shipment, for the frame in its dialog."""
    order = read_order(number=number, actor=request.user.actor())
    occasion = shipped_occasion(order, tell_shipped.shipment_of(order, shipment))
    mail, _chosen = composed(order, kind=SHIPPED, occasion=occasion)
    return framed_mail(mail)


@require_POST
@permission("shipments.update")
def shipped_choice(request: StaffRequest, number: str, shipment: int) -> HttpResponse:
    """Keep whether the customer is told by itself once a shipment has left."""
    wanted = posted.text(request, "emails_customer") == "yes"

    def choose() -> str:
        tell_shipped.choose(
            number=number, shipment=shipment, emails_customer=wanted, actor=request.user.actor(), now=clock_now()
        )
        if wanted:
            return _("The customer is emailed when Shipment %(number)s leaves") % {"number": shipment}
        return _("The customer is not emailed when Shipment %(number)s leaves") % {"number": shipment}

    return act(request, number, choose, control="")


@require_http_methods(["GET", "POST"])
@permission("shipments.update")
def delayed(request: StaffRequest, number: str) -> HttpResponse:
    """Ask what to say of a delay; show the mail; send it."""
    order = read_order(number=number, actor=request.user.actor())
    typed = {name: posted.text(request, name) for name in _TYPED}
    try:
        if request.method == "GET" or posted.text(request, "act") == "revise":
            tell_delayed.availability(order, request.user.actor()).require()
            return _ask(request, order, typed)
        if posted.text(request, "act") == "send":
            return _send(request, number, typed)
        return _review(request, order, typed)
    except Invalid as error:
        return _ask(request, order, typed, error=error)
    except OrderwrightError as error:
        return refused(request, number, error, control="")


@require_POST
@permission("shipments.update")
def delayed_html(request: StaffRequest, number: str) -> HttpResponse:
    """Return the HTML of the mail that the typed words make, for the frame in its dialog. Nothing is kept."""
    order = read_order(number=number, actor=request.user.actor())
    day = _day(posted.text(request, "expected_on"))
    return framed_mail(tell_delayed.preview(order, message=posted.text(request, "message"), expected_on=day))


def _send(request: StaffRequest, number: str, typed: dict[str, str]) -> HttpResponse:
    tell_delayed.run(
        number=number,
        message=typed["message"],
        expected_on=_day(typed["expected_on"]),
        actor=request.user.actor(),
        now=clock_now(),
        request_ref=posted.token(request, "request_ref"),
    )
    return done(request, number, _("An email to the customer is in the outbox"))


def _ask(
    request: StaffRequest, order: OrderDetail, typed: dict[str, str], *, error: OrderwrightError | None = None
) -> HttpResponse:
    shown = delay_dialog(
        order,
        base=base_of(order.number),
        typed=typed,
        errors={pointer_of(error): words_of(error)} if error else {},
        request_ref=typed.get("request_ref") or form_token(),
    )
    status = error.status if error else HTTPStatus.OK
    return dialog(request, "orders/_delay.html", {"dialog": shown}, title=shown.title, status=status)


def _review(request: StaffRequest, order: OrderDetail, typed: dict[str, str]) -> HttpResponse:
    tell_delayed.availability(order, request.user.actor()).require()
    mail = tell_delayed.preview(order, message=typed["message"], expected_on=_day(typed["expected_on"]))
    shown = delay_review(order, mail, base=base_of(order.number), typed=typed)
    return dialog(request, "orders/_mail.html", {"dialog": shown}, title=shown.title)


def _day(text: str) -> date | None:
    """Return the day that was typed, or None for an empty field. Raises: Invalid."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        message = _("Write a day as 2026-11-30.")
        fields = (FieldError(pointer="/expected_on", code="day_unreadable", message=message),)
        raise Invalid(message, code="day_unreadable", fields=fields) from error
