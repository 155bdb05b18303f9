"""Capture Transaction with its rehearsal, and Sync Payments."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from orderwright.actions import capture as capture_action
from orderwright.actions import capture_order, sync_payments
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import Declined, OrderwrightError, Unavailable
from orderwright.core.ids import form_token
from orderwright.core.money import Money, format_money, parse_amount
from orderwright.payments.errors import AmountOutOfRange, PaymentNotFound, ReferenceNeeded, ReferenceTaken
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.operations import OperationResult
from orderwright.reads.money_rows import PaymentRow
from orderwright.reads.order_detail import read_order
from orderwright.reads.personal import why_declined
from orderwright.reads.rows import OrderDetail
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.page import dialog
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.money_dialogs import capture_dialog, capture_over_dialog, sync_dialog
from orderwright.web.presenters.outcomes import advice_after, said_of_open
from orderwright.web.presenters.parts import Field
from orderwright.web.views.order_answers import base_of, done, refused


@require_http_methods(["GET", "POST"])
@permission("payments.capture")
def capture(request: StaffRequest, number: str, payment_id: int) -> HttpResponse:
    """Rehearse a capture, or make it. Source: G23, G24, G25."""
    control = f"capture-{payment_id}"
    typed = (request.GET if request.method == "GET" else request.POST).get("amount", "")[:100]
    try:
        order = read_order(number=number, actor=request.user.actor())
        payment = _payment(order, payment_id)
        wanted = parse_amount(typed, currency=payment.currency, locale=order.site.locale).amount_minor
        if request.method == "GET":
            return _rehearse(request, order, payment, wanted, typed)
        try:
            outcome = capture_action.run(
                number=number,
                payment_id=payment_id,
                amount_minor=wanted,
                actor=request.user.actor(),
                now=clock_now(),
                version=posted.version(request),
                request_ref=posted.token(request, "request_ref"),
                reference=posted.text(request, "reference"),
                is_confirmed=posted.text(request, "confirmed") == "yes",
            )
        except (ReferenceNeeded, ReferenceTaken) as error:
            return _rehearse(request, order, payment, wanted, typed, error=error)
        said = _said(outcome, order)
    except OrderwrightError as error:
        return refused(request, number, error, control=control, value=typed)
    is_open = outcome.state not in ("succeeded", "pending")
    return done(request, number, said, is_bad=is_open, is_passing=outcome.state == "unknown")


@require_http_methods(["GET", "POST"])
@permission("payments.capture")
def capture_over(request: StaffRequest, number: str) -> HttpResponse:
    """Rehearse a capture over the payments of an order, or make it. Source: W7, G25."""
    typed = (request.GET if request.method == "GET" else request.POST).get("amount", "")[:100]
    now, actor = clock_now(), request.user.actor()
    try:
        order = read_order(number=number, actor=request.user.actor())
        wanted = parse_amount(typed, currency=order.currency, locale=order.site.locale).amount_minor
        if request.method == "GET":
            capture_order.availability(order, actor, now=now).require()
            shown = capture_over_dialog(
                order,
                capture_order.spread(order, amount_minor=wanted, actor=actor, now=now),
                typed=typed,
                base=base_of(number),
                request_ref=form_token(),
            )
            return dialog(request, "orders/_capture.html", {"dialog": shown}, title=shown.title)
        outcomes = capture_order.run(
            number=number,
            amount_minor=wanted,
            actor=actor,
            now=now,
            version=posted.version(request),
            request_ref=posted.token(request, "request_ref"),
            is_confirmed=posted.text(request, "confirmed") == "yes",
        )
        said = _said_over(outcomes, order)
    except OrderwrightError as error:
        return refused(request, number, error, control="capture-order", value=typed)
    is_open = any(outcome.state not in ("succeeded", "pending") for outcome in outcomes)
    return done(request, number, said, is_bad=is_open, is_passing=is_open)


def _said_over(outcomes: list[OperationResult], order: OrderDetail) -> str:
    """Return what to say of the captures. Raises: Declined when a provider refused its part."""

    def money(state: str) -> str:
        minor = sum(outcome.amount_minor for outcome in outcomes if outcome.state == state)
        return format_money(Money(minor, order.currency), locale=order.site.locale)

    states = {outcome.state for outcome in outcomes}
    if "failed" in states:
        words = _("Captured %(taken)s; %(declined)s was declined and stays held.")
        raise Declined(words % {"taken": money("succeeded"), "declined": money("failed")})
    if states == {"succeeded"}:
        return _("Captured %(amount)s") % {"amount": money("succeeded")}
    return _("Captured %(amount)s; the rest is being checked") % {"amount": money("succeeded")}


def _payment(order: OrderDetail, payment_id: int) -> PaymentRow:
    payment = order.payment(payment_id)
    if payment is None:
        raise PaymentNotFound(_("This order has no such payment."), facts={"payment": payment_id})
    return payment


def _rehearse(
    request: StaffRequest,
    order: OrderDetail,
    payment: PaymentRow,
    wanted: int,
    typed: str,
    *,
    error: OrderwrightError | None = None,
) -> HttpResponse:
    now = clock_now()
    availability = capture_action.availability(order, request.user.actor(), payment_id=payment.id, now=now)
    availability.require()
    if not 1 <= wanted <= payment.free_minor:
        most = format_money(Money(payment.free_minor, payment.currency), locale=order.site.locale)
        raise AmountOutOfRange(_("Capture Value must be above zero and at most %(most)s.") % {"most": most})
    shown = capture_dialog(
        order,
        payment,
        amount_minor=wanted,
        typed=typed,
        availability=availability,
        base=base_of(order.number),
        now=now,
        request_ref=form_token(),
        reference=_reference_field(request, payment, error),
    )
    status = error.status if error else 200
    return dialog(request, "orders/_capture.html", {"dialog": shown}, title=shown.title, status=status)


def _reference_field(request: StaffRequest, payment: PaymentRow, error: OrderwrightError | None) -> Field | None:
    if not gateway_kind(payment.gateway).is_recorded:
        return None
    return Field(value=posted.text(request, "reference"), error=words_of(error) if error else "")


def _said(outcome: OperationResult, order: OrderDetail) -> str:
    """Return what to say of a call that was not refused. Raises: Declined with the provider's words."""
    money = format_money(Money(outcome.amount_minor, outcome.currency), locale=order.site.locale)
    if outcome.state == "succeeded":
        return _("Captured %(amount)s") % {"amount": money}
    if outcome.state == "failed":
        why = why_declined(order, outcome.failure_message, state=outcome.state) or outcome.failure_code
        said = _("The provider declined %(amount)s: %(why)s The hold stays.") % {"amount": money, "why": _ended(why)}
        raise Declined(f"{said} {advice_after(outcome.failure_code)}".rstrip())
    if outcome.state == "pending":
        return _("The provider accepted %(amount)s and settles it later") % {"amount": money}
    return said_of_open(outcome.state, outcome.failure_code, money)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


@require_POST
@permission("payments.sync")
def sync(request: StaffRequest, number: str) -> HttpResponse:
    """Sync Payments: ask, show what differs, and book it once that is confirmed. Source: G22."""
    now, actor = clock_now(), request.user.actor()
    try:
        asked = sync_payments.ask(number=number, actor=actor, now=now)
        settled = sync_payments.settle_answers(asked, now=now)
        differing = sync_payments.show_answers(asked)
        seen = sync_payments.fingerprint(differing)
        if posted.text(request, "keep") == "yes":
            kept = sync_payments.keep_answers(asked, actor=actor, now=now)
            return done(request, number, _kept(len(kept.found)))
        if differing.bookable and posted.text(request, "seen") != seen:
            sync_payments.put_aside(asked, now=now)
            return _show_differences(request, number, differing, seen=seen)
        result = sync_payments.apply_answers(asked, actor=actor, now=now, shown=differing)
        if result.unreachable and not asked.answers:
            raise Unavailable(_("The provider does not answer. Nothing was changed; try again in a moment."))
    except OrderwrightError as error:
        return refused(request, number, error, control="")
    contradicting = sum(not found.is_applied for found in result.found)
    news = len(result.found) - contradicting + len(settled) + len(result.settled)
    said = _synced(news, contradicting)
    if result.unreachable:
        said = _("%(said)s. Another provider of this order does not answer; try again in a moment") % {"said": said}
    return done(request, number, said, is_bad=bool(contradicting) or result.unreachable)


def _show_differences(
    request: StaffRequest, number: str, differing: sync_payments.SyncResult, *, seen: str
) -> HttpResponse:
    order = read_order(number=number, actor=request.user.actor())
    shown = sync_dialog(order, differing.found, base=base_of(number), seen=seen, now=clock_now())
    return dialog(request, "orders/_sync.html", {"dialog": shown}, title=shown.title)


def _kept(differences: int) -> str:
    if not differences:
        return _("Nothing was booked; nothing differs any more")
    said = ngettext(
        "Nothing was booked; %(n)s difference waits on Provider drift",
        "Nothing was booked; %(n)s differences wait on Provider drift",
        differences,
    )
    return said % {"n": differences}


def _synced(news: int, contradicting: int) -> str:
    said = _("Payments synced; nothing new at the provider")
    if news:
        said = ngettext("Payments synced; %(n)s change found", "Payments synced; %(n)s changes found", news)
        said %= {"n": news}
    elif contradicting:
        said = _("Payments synced; nothing was booked")
    if not contradicting:
        return said
    besides = ngettext(
        "%(n)s difference contradicts the books: see Provider drift",
        "%(n)s differences contradict the books: see Provider drift",
        contradicting,
    )
    return f"{said}. {besides % {'n': contradicting}}"
