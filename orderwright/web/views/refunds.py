"""Refund and Reverse, each with its rehearsal."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orderwright.actions import refund as refund_action
from orderwright.actions import reverse_hold
from orderwright.actions.refund_plan import Wish
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import Declined, FieldError, OrderwrightError
from orderwright.core.ids import form_token
from orderwright.core.money import Money, format_money, parse_amount
from orderwright.payments.errors import PaymentNotFound, RefundInvalid
from orderwright.payments.gateways.port import HOLD_EXPIRED
from orderwright.reads.order_detail import read_order
from orderwright.reads.personal import why_declined
from orderwright.reads.rows import OrderDetail
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import dialog
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.outcomes import said_of_open
from orderwright.web.presenters.refunds import refund_dialog, refund_rehearsal, reversal_rehearsal
from orderwright.web.views.order_answers import base_of, done, refused

_FIELDS = ("shipping", "other", "reason", "email_customer")


@require_http_methods(["GET", "POST"])
@permission("payments.refund")
def refund(request: StaffRequest, number: str) -> HttpResponse:
    """Ask what to refund; rehearse it; refund. Source: W7."""
    order = read_order(number=number, actor=request.user.actor())
    sent = request.GET if request.method == "GET" else request.POST
    try:
        if request.method == "GET":
            refund_action.availability(order, request.user.actor()).require()
            return _rehearse(request, order) if "review" in sent else _ask(request, order, sent)
        outcome = refund_action.run(
            number=number,
            wish=_wish(order, sent),
            actor=request.user.actor(),
            now=clock_now(),
            reason=posted.text(request, "reason"),
            version=posted.version(request),
            request_ref=posted.token(request, "request_ref"),
            email_customer=posted.text(request, "email_customer") == "yes",
        )
    except RefundInvalid as error:
        return _ask(request, order, sent, error=error)
    except OrderwrightError as error:
        return refused(request, number, error, control="")
    return _answer(request, order, outcome)


def _ask(
    request: StaffRequest, order: OrderDetail, sent: QueryDict, *, error: OrderwrightError | None = None
) -> HttpResponse:
    shown = refund_dialog(
        order,
        base=base_of(order.number),
        typed=_typed(sent),
        picked=frozenset(sent.getlist("item")),
        error=words_of(error) if error else "",
        error_at=pointer_of(error) if error else "",
    )
    status = error.status if error else 200
    return dialog(request, "orders/_refund.html", {"dialog": shown}, title=shown.title, status=status)


def _rehearse(request: StaffRequest, order: OrderDetail) -> HttpResponse:
    wish = _wish(order, request.GET)
    plan = refund_action.planned(order, wish, now=clock_now())
    kept = [("item", each) for each in request.GET.getlist("item")]
    kept += [(name, value) for name, value in _typed(request.GET).items() if value]
    shown = refund_rehearsal(
        order,
        plan,
        wish=wish,
        reason=request.GET.get("reason", ""),
        is_emailing=request.GET.get("email_customer") == "yes",
        base=base_of(order.number),
        hidden=tuple(kept),
        request_ref=form_token(),
        now=clock_now(),
    )
    return dialog(request, "orders/_capture.html", {"dialog": shown}, title=shown.title)


def _answer(request: StaffRequest, order: OrderDetail, outcome: refund_action.RefundResult) -> HttpResponse:
    def money(minor: int) -> str:
        return format_money(Money(minor, outcome.currency), locale=order.site.locale)

    asked, back = money(outcome.amount_minor), money(outcome.refunded_minor)
    if outcome.state in ("failed", "partly"):
        words = _("The provider refunded %(back)s of %(asked)s and declined the rest.")
        error = Declined(words % {"back": back, "asked": asked})
        return refused(request, order.number, error, control="")
    if outcome.state == "done":
        return done(request, order.number, _("Refunded %(amount)s") % {"amount": asked})
    payments = read_order(number=order.number, actor=request.user.actor()).payments
    legs = [op for payment in payments for op in payment.operations]
    waiting = [leg for leg in legs if leg.refund_id == outcome.refund_id and leg.state == "manual"]
    if waiting:
        said = said_of_open("manual", waiting[0].failure_code, money(waiting[0].amount_minor))
    else:
        said = _("No answer for all of %(amount)s yet: outcome unknown, checking") % {"amount": asked}
    return done(request, order.number, said, is_bad=True, is_passing=not waiting)


def _typed(sent: QueryDict) -> dict[str, str]:
    names = [name for name in sent if name in _FIELDS or name.startswith(("quantity-", "share-"))]
    return {name: sent.get(name, "")[:200] for name in names}


def _wish(order: OrderDetail, sent: QueryDict) -> Wish:
    """Return what was asked for. Raises: RefundInvalid, AmountUnreadable."""
    typed = _typed(sent)
    shares = {
        payment.id: _amount(order, typed, f"share-{payment.id}", at="by_payment")
        for payment in order.payments
        if typed.get(f"share-{payment.id}", "").strip()
    }
    return Wish(
        lines=[(posted.whole(each) or 0, _pieces(typed, each)) for each in sent.getlist("item")],
        shipping_minor=_amount(order, typed, "shipping", at="shipping"),
        other_minor=_amount(order, typed, "other", at="other"),
        by_payment=shares,
    )


def _pieces(typed: Mapping[str, str], line: str) -> int:
    return posted.whole(typed.get(f"quantity-{line}", "1")) or 0


def _amount(order: OrderDetail, typed: Mapping[str, str], name: str, *, at: str) -> int:
    text = typed.get(name, "").strip()
    if not text:
        return 0
    try:
        return parse_amount(text, currency=order.currency, locale=order.site.locale).amount_minor
    except OrderwrightError as error:
        fields = (FieldError(pointer=f"/{at}", code=error.code, message=error.message),)
        raise RefundInvalid(error.message, fields=fields) from error


@require_http_methods(["GET", "POST"])
@permission("payments.reverse")
def reverse(request: StaffRequest, number: str, payment_id: int) -> HttpResponse:
    """Rehearse the reversal of a hold, or make it. Source: W6."""
    order = read_order(number=number, actor=request.user.actor())
    try:
        if request.method == "GET":
            return _rehearse_reversal(request, order, payment_id)
        outcome = reverse_hold.run(
            number=number,
            payment_id=payment_id,
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
            request_ref=posted.token(request, "request_ref"),
        )
        money = format_money(Money(outcome.amount_minor, outcome.currency), locale=order.site.locale)
        if outcome.failure_code == HOLD_EXPIRED:
            words = _("The hold of %(amount)s had ended; there was nothing left to reverse.")
            raise Declined(words % {"amount": money})
        if outcome.state == "failed":
            words = _("The provider did not reverse %(amount)s: %(why)s")
            why = why_declined(order, outcome.failure_message, state=outcome.state) or outcome.failure_code
            raise Declined(words % {"amount": money, "why": why})
    except OrderwrightError as error:
        return refused(request, number, error, control="")
    if outcome.state in ("succeeded", "pending"):
        return done(request, number, _("Reversed %(amount)s") % {"amount": money})
    said = said_of_open(outcome.state, outcome.failure_code, money)
    return done(request, number, said, is_bad=True, is_passing=outcome.state == "unknown")


def _rehearse_reversal(request: StaffRequest, order: OrderDetail, payment_id: int) -> HttpResponse:
    answer = reverse_hold.availability(order, request.user.actor(), payment_id=payment_id)
    answer.require()
    payment = order.payment(payment_id)
    if payment is None:
        raise PaymentNotFound(_("This order has no such payment."), facts={"payment": payment_id})
    shown = reversal_rehearsal(
        order,
        payment,
        amount_minor=answer.limits["amount_minor"],
        base=base_of(order.number),
        request_ref=form_token(),
    )
    return dialog(request, "orders/_capture.html", {"dialog": shown}, title=shown.title)
