"""Cancel Order: the rehearsal, the mail before it is sent, the act, resuming it and giving it up."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.actions import cancel_order, withdraw_cancellation
from orderwright.actions.write_mail import composed
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.core.ids import form_token
from orderwright.core.money import Money
from orderwright.orders.errors import OrderChanged
from orderwright.outbox.compose import Composed
from orderwright.outbox.writing.values import Canceled
from orderwright.outbox.writing.vocabulary import CANCELED as CANCELED_MAIL
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.framed import framed_mail
from orderwright.web.page import dialog, is_htmx, page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.cancellation import cancel_dialog, cancel_result, reasons, resume_dialog
from orderwright.web.presenters.order_dialogs import MailPreview
from orderwright.web.presenters.parts import Letter, Toast
from orderwright.web.views.order_answers import act, base_of, place_of, popup_of, refusal_of, refused, show

# Refusals that say that a cancellation was begun or is done: perhaps by the same form, sent twice.
_BEGUN = ("order_canceled", "cancellation_under_way", "no_cancellation_open", OrderChanged.code)


@require_http_methods(["GET", "POST"])
@permission("orders.cancel")
def cancel(request: StaffRequest, number: str) -> HttpResponse:
    """Show the Cancel Order dialog, or cancel. Source: G26, G27, G28, G29."""
    if request.method == "GET":
        return show_cancel_dialog(request, number)
    words = {word for word, _label in reasons()}
    reason = posted.text(request, "reason")
    try:
        cancel_order.run(
            number=number,
            email_customer=posted.text(request, "email_customer") == "yes",
            reason=reason if reason in words else "",
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
        )
    except OrderwrightError as error:
        return _refused(request, number, error)
    return _answer(request, number)


def show_cancel_dialog(request: StaffRequest, number: str, *, error: OrderwrightError | None = None) -> HttpResponse:
    """Return the dialog as things stand now, with what was chosen in it before."""
    shown = cancel_dialog(
        read_order(number=number, actor=request.user.actor()),
        request.user.actor(),
        base=base_of(number),
        now=clock_now(),
        request_ref=form_token(),
        reason=posted.text(request, "reason"),
        is_emailing=posted.text(request, "email_customer") != "no",
        error=refusal_of(request, number, error) if error else "",
    )
    status = error.status if error else 200
    return dialog(request, "orders/_cancel.html", {"dialog": shown}, title=shown.money.title, status=status)


def _refused(request: StaffRequest, number: str, error: OrderwrightError) -> HttpResponse:
    """Ask again when it can still be canceled; else show how it stands: perhaps the same form was sent twice."""
    order = read_order(number=number, actor=request.user.actor())
    if cancel_order.availability(order, request.user.actor()).allowed:
        return show_cancel_dialog(request, number, error=error)
    return _standing(request, order, error)


def _standing(request: StaffRequest, order: OrderDetail, error: OrderwrightError) -> HttpResponse:
    """Show how far the cancellation is where it was begun meanwhile, else why not."""
    if error.code in _BEGUN and order.cancellation is not None:
        return _answer(request, order.number)
    return refused(request, order.number, error, control="")


def _answer(request: StaffRequest, number: str) -> HttpResponse:
    if not is_htmx(request):
        return redirect("order-cancellation", number)
    return show(request, number, result=popup_of)


@require_GET
@permission("orders.view")
def cancellation(request: StaffRequest, number: str) -> HttpResponse:
    """Show what a cancellation has done so far: the pop-up as a page of its own. Source: G29."""
    order = read_order(number=number, actor=request.user.actor())
    if order.cancellation is None:
        return redirect(base_of(number))
    shown = cancel_result(order, order.cancellation, base=base_of(number))
    return dialog(request, "orders/_result.html", {"result": shown}, title=shown.title)


@require_http_methods(["GET", "POST"])
@permission("orders.cancel")
def resume(request: StaffRequest, number: str) -> HttpResponse:
    """Show what is left of a cancellation whose leg was refused, or resume it."""
    if request.method == "GET":
        return _show_resume_dialog(request, number)
    try:
        cancel_order.resume(number=number, actor=request.user.actor(), now=clock_now(), version=posted.version(request))
    except OrderwrightError as error:
        order = read_order(number=number, actor=request.user.actor())
        if cancel_order.resume_availability(order, request.user.actor()).allowed:
            return _show_resume_dialog(request, number, error=error)
        if not _is_from_exceptions(request):
            return _standing(request, order, error)
        say(request, Toast(words_of(error), is_bad=True))
        return redirect("exceptions")
    if _is_from_exceptions(request):
        return _back_to_exceptions(request, number)
    return _answer(request, number)


def _is_from_exceptions(request: StaffRequest) -> bool:
    values = request.GET if request.method == "GET" else request.POST
    return values.get("back") == "exceptions"


def _show_resume_dialog(request: StaffRequest, number: str, *, error: OrderwrightError | None = None) -> HttpResponse:
    is_from_exceptions = _is_from_exceptions(request)
    shown = resume_dialog(
        read_order(number=number, actor=request.user.actor()),
        request.user.actor(),
        base=base_of(number),
        now=clock_now(),
        is_from_exceptions=is_from_exceptions,
        back_href=reverse("exceptions") if is_from_exceptions else "",
        error=refusal_of(request, number, error) if error else "",
    )
    status = error.status if error else 200
    return dialog(request, "orders/_capture.html", {"dialog": shown}, title=shown.title, status=status)


def _back_to_exceptions(request: StaffRequest, number: str) -> HttpResponse:
    shown = popup_of(read_order(number=number, actor=request.user.actor()))
    if shown is not None:
        say(request, Toast(f"{shown.title}. {shown.text}", is_bad=not shown.is_done))
    return redirect("exceptions")


@require_POST
@permission("orders.cancel")
def withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """Give a stopped cancellation up and keep the order. Source: W5."""

    def keep() -> str:
        withdraw_cancellation.run(number=number, actor=request.user.actor(), now=clock_now())
        return _("Cancellation given up; the order goes on")

    return act(request, number, keep, control="")


@require_GET
@permission("orders.cancel")
def email(request: StaffRequest, number: str) -> HttpResponse:
    """Show the mail that the customer would get, before it is decided."""
    order = read_order(number=number, actor=request.user.actor())
    mail = _mail_of(order)
    shown = MailPreview(
        to=order.customer_email or _("nobody: the order has no e-mail address"),
        subject=mail.subject,
        letter=Letter(mail.text, f"{base_of(number)}/cancel/email/html" if mail.html else ""),
        back_href=f"{base_of(number)}/cancel",
    )
    return page(request, "orders/mail_preview.html", {"mail": shown}, current=place_of(order))


@require_GET
@permission("orders.cancel")
def email_html(request: StaffRequest, number: str) -> HttpResponse:
    """Return that mail's HTML, for the frame on its page."""
    return framed_mail(_mail_of(read_order(number=number, actor=request.user.actor())))


def _mail_of(order: OrderDetail) -> Composed:
    plan = cancel_order.rehearse(order)
    occasion = Canceled(
        refunded=Money(plan.refund_minor, plan.currency), reversed=Money(plan.reverse_minor, plan.currency)
    )
    mail, _chosen = composed(order, kind=CANCELED_MAIL, occasion=occasion)
    return mail
