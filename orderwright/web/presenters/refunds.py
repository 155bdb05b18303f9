"""The Refund dialog, its rehearsal, and the rehearsal of reversing a hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.refund_plan import RefundPlan, Wish, free_of, pieces_left, shipping_left
from orderwright.actions.write_mail import can_be_written
from orderwright.core.dates import day
from orderwright.reads.money_rows import PaymentRow
from orderwright.reads.rows import OrderDetail
from orderwright.web.presenters.order_dialogs import MoneyDialog, PickRow
from orderwright.web.presenters.parts import Choice, Leg
from orderwright.web.presenters.payments import payment_name
from orderwright.web.presenters.words import amount


@dataclass(frozen=True, slots=True)
class ShareField:
    """What of the refund goes back on one payment; empty leaves it to the proportion."""

    name: str
    label: str
    hint: str
    value: str


@dataclass(frozen=True, slots=True)
class RefundDialog:
    """What to refund: pieces of items, shipping, another amount; with several payments how it is shared."""

    title: str
    action: str
    back_href: str
    version: str
    currency: str
    tell: str
    rows: tuple[PickRow, ...]
    shipping: str
    shipping_hint: str
    other: str
    reasons: tuple[Choice, ...]
    shares: tuple[ShareField, ...]
    email: str = ""  # the customer's address, empty where none can be written to
    is_emailing: bool = False
    error: str = ""
    error_at: str = ""


def reasons() -> tuple[tuple[str, str], ...]:
    """Return the reasons that the dialog offers: stored word and label."""
    return (
        ("returned", _("Items were returned")),
        ("damaged", _("Arrived damaged or wrong")),
        ("not delivered", _("Not delivered")),
        ("goodwill", _("Goodwill")),
        ("other", _("Another reason")),
    )


def refund_dialog(
    order: OrderDetail,
    *,
    base: str,
    typed: Mapping[str, str],
    picked: frozenset[str],
    error: str = "",
    error_at: str = "",
) -> RefundDialog:
    """Return the dialog; `typed` is what stands in its fields by name, `picked` the ids of the ticked items."""
    free = free_of(order)
    most = sum(free.values())
    left = shipping_left(order)
    return RefundDialog(
        title=_("Refund on order #%(number)s") % {"number": order.number},
        action=f"{base}/refund",
        back_href=base,
        version=str(order.version),
        currency=order.currency,
        tell=_("At most %(most)s can be refunded.") % {"most": _money(order, most)},
        rows=tuple(
            PickRow(
                id=str(line.id),
                name=line.name,
                hint=_("%(each)s each with its share of discount and tax, %(left)s left to refund")
                % {"each": _money(order, line.unit_price_minor), "left": pieces},
                most=pieces,
                quantity=typed.get(f"quantity-{line.id}", "") or str(pieces),
                is_picked=str(line.id) in picked,
            )
            for line in order.lines
            if (pieces := pieces_left(order, line)) > 0
        ),
        shipping=typed.get("shipping", ""),
        shipping_hint=_("up to %(most)s") % {"most": _money(order, left)} if left else "",
        other=typed.get("other", ""),
        reasons=tuple(Choice(word, text, is_selected=word == typed.get("reason")) for word, text in reasons()),
        shares=tuple(_share(order, payment, free, typed) for payment in order.payments if payment.id in free)
        if len(free) > 1
        else (),
        email=order.customer_email if can_be_written(order) else "",
        is_emailing=typed.get("email_customer") == "yes",
        error=error,
        error_at=error_at,
    )


def _share(order: OrderDetail, payment: PaymentRow, free: Mapping[int, int], typed: Mapping[str, str]) -> ShareField:
    name = f"share-{payment.id}"
    return ShareField(
        name=name,
        label=payment_name(payment),
        hint=_("up to %(most)s") % {"most": _money(order, free[payment.id])},
        value=typed.get(name, ""),
    )


def refund_rehearsal(
    order: OrderDetail,
    plan: RefundPlan,
    *,
    base: str,
    wish: Wish,
    reason: str,
    is_emailing: bool,
    hidden: tuple[tuple[str, str], ...],
    request_ref: str,
    now: datetime,
) -> MoneyDialog:
    """Return what refunding would do, leg by leg; the confirm button says the act, such as `Refund $49.13`."""
    money = _money(order, plan.amount_minor)
    going = sum(payment.refunded_minor + payment.refund_pending_minor for payment in order.payments)
    kept = sum(payment.captured_minor for payment in order.payments) - going - plan.amount_minor
    names = {payment.id: payment_name(payment) for payment in order.payments}
    return MoneyDialog(
        title=_("Refund %(amount)s on order #%(number)s?") % {"amount": money, "number": order.number},
        action=f"{base}/refund",
        back_href=base,
        version=str(order.version),
        request_ref=request_ref,
        tell=_("%(left)s stays captured.") % {"left": _money(order, kept)},
        legs=tuple(
            Leg(
                act=_("Refund"),
                to=_("to %(method)s") % {"method": names[leg.payment_id]},
                amount=_money(order, leg.amount_minor),
                hint=_("captured %(day)s") % {"day": day(leg.captured_at, now=now, zone_name=order.site.time_zone)},
            )
            for leg in plan.legs
        ),
        confirm=_("Refund %(amount)s") % {"amount": money},
        keep=_("Do not refund"),
        hidden=hidden,
        about=_made_of(order, plan, wish, reason=reason, is_emailing=is_emailing),
        is_revisable=True,
        is_stop=True,
    )


def _made_of(order: OrderDetail, plan: RefundPlan, wish: Wish, *, reason: str, is_emailing: bool) -> tuple[Leg, ...]:
    """Return what goes back for what: items with their share of discount and tax, shipping, another amount."""
    names = {line.id: line.name for line in order.lines}
    rows = [
        Leg(act=f"{line.quantity} ×", to=names[line.line_id], amount=_money(order, line.amount_minor))
        for line in plan.lines
    ]
    if wish.shipping_minor:
        rows.append(Leg(act=_("Shipping"), to="", amount=_money(order, wish.shipping_minor)))
    if wish.other_minor:
        rows.append(Leg(act=_("Another amount"), to="", amount=_money(order, wish.other_minor)))
    text = dict(reasons()).get(reason, "")
    if text:
        rows.append(Leg(act=_("Reason:"), to=text, amount=""))
    if is_emailing and can_be_written(order):
        rows.append(Leg(act=_("Email, once it has gone back:"), to=order.customer_email, amount=""))
    return tuple(rows)


def reversal_rehearsal(
    order: OrderDetail, payment: PaymentRow, *, amount_minor: int, base: str, request_ref: str, error: str = ""
) -> MoneyDialog:
    """Return what reversing a hold would do; the confirm button says the act, such as `Reverse $289.94`."""
    money = amount(amount_minor, payment.currency, order.site.locale)
    return MoneyDialog(
        title=_("Reverse %(amount)s on order #%(number)s?") % {"amount": money, "number": order.number},
        action=f"{base}/payments/{payment.id}/reversal",
        back_href=base,
        version=str(order.version),
        request_ref=request_ref,
        tell=_("The bank frees it for the customer; it cannot be captured afterwards. The order goes on."),
        legs=(Leg(act=_("Reverse"), to=_("the hold on %(method)s") % {"method": payment_name(payment)}, amount=money),),
        confirm=_("Reverse %(amount)s") % {"amount": money},
        keep=_("Do not reverse"),
        error=error,
        is_stop=True,
    )


def _money(order: OrderDetail, minor: int) -> str:
    return amount(minor, order.currency, order.site.locale)
