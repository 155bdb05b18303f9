"""Cancel Order on the page: the rehearsal, the banner while legs are open, and the pop-up with both amounts."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import cancel_order, request_cancellation, withdraw_cancellation
from orderwright.core.actor import Actor
from orderwright.core.dates import day
from orderwright.orders.states import CANCEL_REQUESTED
from orderwright.payments.gateways.port import HOLD_EXPIRED
from orderwright.reads.money_rows import OperationRow
from orderwright.reads.rows import CancellationRequestRow, CancellationRow, OrderDetail
from orderwright.web.presenters.order_dialogs import CancelDialog, MoneyDialog, Result
from orderwright.web.presenters.order_page import Banner
from orderwright.web.presenters.outcomes import outcome_badge
from orderwright.web.presenters.parts import Badge, Choice, Leg
from orderwright.web.presenters.payments import payment_name
from orderwright.web.presenters.press import press
from orderwright.web.presenters.words import amount


def reasons() -> tuple[tuple[str, str], ...]:
    """Return the reasons that the dialog offers: stored word and label."""
    return (
        ("customer asked", _("Customer asked for it")),
        ("item unavailable", _("Item unavailable")),
        ("payment problem", _("Payment problem")),
        ("suspected fraud", _("Suspected fraud")),
        ("duplicate order", _("Ordered twice by mistake")),
        ("other", _("Another reason")),
    )


def asked_because(asked: CancellationRequestRow) -> str:
    """Return why a cancellation was asked for: the words of a reason that is offered, or somebody's own."""
    return dict(reasons()).get(asked.reason, asked.reason)


def _money(order: OrderDetail, minor: int) -> str:
    return amount(minor, order.currency, order.site.locale)


def cancel_dialog(
    order: OrderDetail,
    actor: Actor,
    *,
    base: str,
    now: datetime,
    request_ref: str,
    reason: str = "",
    is_emailing: bool = True,
    error: str = "",
) -> CancelDialog:
    """Return the dialog: every leg with its amount, and a confirm button that says the act. Source: G26, G27."""
    plan = cancel_order.rehearse(order)
    dialog = MoneyDialog(
        title=_("Cancel order #%(number)s?") % {"number": order.number},
        action=f"{base}/cancel",
        back_href=base,
        version=str(order.version),
        request_ref=request_ref,
        tell=_sent(plan.sent_shipments, plan.shipments),
        legs=tuple(_planned(leg, order, now=now) for leg in sorted(plan.legs, key=lambda leg: leg.kind)),
        confirm=_act(_("Cancel order"), plan, order),
        keep=_("Keep order"),
        error=error,
        is_stop=True,
        about=_given_back(order),
        press=press(cancel_order.availability(order, actor)),
    )
    asked = order.open_request.reason if order.open_request is not None else ""
    words = {word for word, _label in reasons()}
    chosen = reason or (asked if asked in words else reasons()[0][0])
    return CancelDialog(
        money=dialog,
        reasons=tuple(Choice(word, text, is_selected=word == chosen) for word, text in reasons()),
        quote=asked_because(order.open_request) if order.open_request is not None else "",
        email=order.customer_email if plan.can_email else "",
        email_href=f"{base}/cancel/email",
        is_emailing=is_emailing and plan.can_email,
        ask_href=f"{base}/cancellation-request" if request_cancellation.availability(order, actor).allowed else "",
    )


def _act(first: str, plan: cancel_order.Rehearsal, order: OrderDetail) -> str:
    """Return what a press does, with both amounts: `Cancel order, refund $309.00, reverse $289.94`."""
    act = [first]
    if plan.refund_minor:
        act.append(_("refund %(amount)s") % {"amount": _money(order, plan.refund_minor)})
    if plan.reverse_minor:
        act.append(_("reverse %(amount)s") % {"amount": _money(order, plan.reverse_minor)})
    return ", ".join(act)


def resume_dialog(
    order: OrderDetail,
    actor: Actor,
    *,
    base: str,
    now: datetime,
    is_from_exceptions: bool = False,
    back_href: str = "",
    error: str = "",
) -> MoneyDialog:
    """Return the rehearsal of what is left of a stopped cancellation, below what has been given back already."""
    plan = cancel_order.rehearse(order)
    done = [_done(leg, order) for leg in _last_legs(order) if has_settled(leg)]
    return MoneyDialog(
        title=_("Resume the cancellation of order #%(number)s?") % {"number": order.number},
        action=f"{base}/cancel/resume",
        back_href=back_href or base,
        version=str(order.version),
        request_ref="",
        tell=_resumed(order),
        legs=(*done, *(_planned(leg, order, now=now) for leg in sorted(plan.legs, key=lambda leg: leg.kind))),
        confirm=_act(_("Resume"), plan, order),
        keep=_("Not now"),
        hidden=(("back", "exceptions"),) if is_from_exceptions else (),
        error=error,
        is_stop=True,
        press=press(cancel_order.resume_availability(order, actor)),
        is_leading_away=is_from_exceptions,
    )


def _resumed(order: OrderDetail) -> str:
    tell = _("What is still held or kept is tried again; the order is canceled when all of it has gone back.")
    if order.cancellation is not None and order.cancellation.email_customer and order.customer_email:
        tell += " " + _("Then %(address)s gets an email, as was chosen.") % {"address": order.customer_email}
    return tell


def _method(order: OrderDetail, payment_id: int) -> str:
    return next(payment_name(payment) for payment in order.payments if payment.id == payment_id)


def _sent(sent: int, total: int) -> str:
    if not sent:
        return ""
    if sent == total:
        return _("Everything has already been sent; its items are not taken back by canceling.")
    text = ngettext(
        "%(sent)s of %(total)s shipments has already been sent; its items are not taken back by canceling.",
        "%(sent)s of %(total)s shipments have already been sent; their items are not taken back by canceling.",
        sent,
    )
    return text % {"sent": sent, "total": total}


def _given_back(order: OrderDetail) -> tuple[Leg, ...]:
    """Return what went back of each payment already, and is not given back once more."""
    return tuple(
        Leg(
            _("Given back before"),
            _("to %(method)s") % {"method": payment_name(payment)},
            _money(order, payment.refunded_minor),
        )
        for payment in order.payments
        if payment.refunded_minor
    )


def _planned(leg: cancel_order.Leg, order: OrderDetail, *, now: datetime) -> Leg:
    name = _method(order, leg.payment_id)
    if leg.kind == "refund":
        captured = day(leg.captured_at, now=now, zone_name=order.site.time_zone) if leg.captured_at else ""
        hint = _("What was captured on %(day)s. Usually 5–10 days on the customer’s statement.") % {"day": captured}
        return Leg(_("Refund"), _("to %(method)s") % {"method": name}, _money(order, leg.amount_minor), hint)
    payment = order.payment(leg.payment_id)
    hint = _("Never charged; the bank frees it.")
    if payment is not None and payment.expires_at is not None and payment.expires_at <= now:
        ended = day(payment.expires_at, now=now, zone_name=order.site.time_zone)
        hint = _("The hold ended on %(day)s; the bank has let it go already.") % {"day": ended}
    return Leg(_("Reverse"), _("the hold on %(method)s") % {"method": name}, _money(order, leg.amount_minor), hint)


def _done(operation: OperationRow, order: OrderDetail) -> Leg:
    name = _method(order, operation.payment_id)
    is_refund = operation.kind == "refund"
    to = (_("to %(method)s") if is_refund else _("the hold on %(method)s")) % {"method": name}
    status = outcome_badge(operation)
    has_expired = operation.failure_code == HOLD_EXPIRED
    if has_expired:
        status = Badge(_("Hold had ended"), "grey")
    elif operation.state == "succeeded":
        status = Badge(_("Refunded") if is_refund else _("Reversed"), "green")
    return Leg(
        act=_("Refund") if is_refund else _("Reverse"),
        to=to,
        amount=_money(order, operation.amount_minor),
        hint=operation.failure_message if operation.state == "failed" and not has_expired else "",
        status=status,
    )


def has_settled(leg: OperationRow) -> bool:
    """Return whether nothing is left to do of a leg: it has gone back, or the bank had let it go before."""
    return leg.state == "succeeded" or leg.failure_code == HOLD_EXPIRED


def _last_legs(order: OrderDetail) -> list[OperationRow]:
    """Return each leg's last try: a resumed one replaces the one that was refused."""
    last = {(leg.payment_id, leg.kind, leg.capture_ref): leg for leg in order.legs}
    # Refunds before reversals, as the guide names them and as the rehearsal did.
    return sorted(last.values(), key=lambda leg: leg.kind)


def cancel_banner(order: OrderDetail, actor: Actor, *, base: str) -> Banner | None:
    """Return the banner of an order in Cancel Requested: a status per leg and, after a refusal, Resume."""
    if order.state.system_state != CANCEL_REQUESTED or order.cancellation is None:
        return None
    legs = _last_legs(order)
    done = sum(has_settled(leg) for leg in legs)
    has_failed = order.cancellation.state == "failed"
    if has_failed:
        title = _("Cancellation under way: a part of the money could not be given back")
        text = _(
            "%(done)s of %(all)s done. Resume tries the rest again; Keep the order gives up. What is done stays done."
        )
    else:
        title = _("Cancellation under way: waiting for the provider")
        text = _(
            "%(done)s of %(all)s done. The order is canceled as soon as the rest has settled; this page keeps looking."
        )
    resume = cancel_order.resume_availability(order, actor)
    return Banner(
        title=title,
        text=text % {"done": done, "all": len(legs)},
        tone="red" if has_failed else "violet",
        legs=tuple(_done(leg, order) for leg in legs),
        resume_href=f"{base}/cancel/resume",
        resume=press(resume),
        resume_text=_("Resume"),
        withdraw_action=f"{base}/cancel/withdraw" if withdraw_cancellation.availability(order, actor).allowed else "",
        icon="circle-alert" if has_failed else "clock",
    )


def cancel_result(order: OrderDetail, cancellation: CancellationRow, *, base: str) -> Result:
    """Return the pop-up after cancelling: both amounts, or what is still awaited. Source: G29."""
    legs = tuple(_done(leg, order) for leg in _last_legs(order))
    if cancellation.state != "done":
        has_failed = cancellation.state == "failed"
        return Result(
            title=_("The cancellation is not finished"),
            text=_stopped(order)
            if has_failed
            else _("The provider has not answered for every amount yet; the order waits in Cancel Requested."),
            legs=legs,
            mail="",
            back_href=base,
            icon="circle-alert" if has_failed else "clock",
        )
    mail = ""
    if cancellation.email_customer and order.customer_email:
        mail = _("An email to %(address)s is in the outbox.") % {"address": order.customer_email}
    elif order.customer_email:
        mail = _("The customer is not emailed.")
    return Result(
        title=_("Order #%(number)s is canceled") % {"number": order.number},
        text=_went_back(order, cancellation),
        legs=legs,
        mail=mail,
        back_href=base,
    )


def _stopped(order: OrderDetail) -> str:
    """Return what a refused leg means, and what to do about it."""
    if any(has_settled(leg) for leg in _last_legs(order)):
        text = _("A part of the money could not be given back; the order waits in Cancel Requested.")
    else:
        text = _("The money could not be given back; the order waits in Cancel Requested.")
    return text + " " + _("Press Resume on the order when the reason is gone.")


def _went_back(order: OrderDetail, cancellation: CancellationRow) -> str:
    """Return what the cancellation gave back: only what it did. Source: G29."""
    if cancellation.refunded_minor and cancellation.reversed_minor:
        text = _(
            "The captured amount of %(refunded)s has been refunded, the authorised amount of %(reversed)s reversed."
        )
    elif cancellation.refunded_minor:
        text = _("The captured amount of %(refunded)s has been refunded.")
    elif cancellation.reversed_minor:
        text = _("The authorised amount of %(reversed)s has been reversed.")
    else:
        text = _("No money was held or kept, so none went back.")
    return text % {
        "refunded": _money(order, cancellation.refunded_minor),
        "reversed": _money(order, cancellation.reversed_minor),
    }
