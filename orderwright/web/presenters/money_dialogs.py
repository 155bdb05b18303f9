"""Rehearsals before money moves or an order is completed: what will happen, in amounts, before the confirm button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions.book_differences import Found
from orderwright.actions.capture_order import Share
from orderwright.core.availability import Availability
from orderwright.core.dates import day
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.reads.money_rows import PaymentRow
from orderwright.reads.rows import OrderDetail
from orderwright.shipping.states import SENT_PHASES
from orderwright.web.presenters.money_pages import SyncDialog
from orderwright.web.presenters.order_dialogs import CompletionDialog, MoneyDialog
from orderwright.web.presenters.outcomes import act_text
from orderwright.web.presenters.parts import Field, Leg
from orderwright.web.presenters.payments import payment_name
from orderwright.web.presenters.press import press
from orderwright.web.presenters.words import amount, until, when


def capture_dialog(
    order: OrderDetail,
    payment: PaymentRow,
    *,
    amount_minor: int,
    typed: str,
    availability: Availability,
    base: str,
    now: datetime,
    request_ref: str,
    error: str = "",
    reference: Field | None = None,
) -> MoneyDialog:
    """Return the rehearsal of a capture; its confirm button says the act, such as `Capture $289.94`. Source: G25.

    `reference`: the field for what staff record themselves, else None.
    """
    money = amount(amount_minor, payment.currency, order.site.locale)
    rest = payment.free_minor - amount_minor
    if reference is not None:
        tell = _("Nobody is called: by recording it you say that the money has arrived.")
    elif rest > 0 and gateway_kind(payment.gateway).may_release_rest:
        left = amount(rest, payment.currency, order.site.locale)
        tell = _("%(provider)s may let go of the %(left)s that are left, unless several captures are agreed with it.")
        tell %= {"provider": payment.account_name, "left": left}
    elif rest > 0:
        left = amount(rest, payment.currency, order.site.locale)
        tell = _("%(left)s stays held and can be captured later.") % {"left": left}
        if payment.expires_at is not None:
            tell += " " + _("The hold ends %(when)s.") % {"when": until(payment.expires_at, now=now)}
    else:
        tell = _("That is all that is held; nothing is left to capture afterwards.")
    authorised = day(payment.authorised_at, now=now, zone_name=order.site.time_zone)
    hint = _("%(provider)s takes it from the customer now, on the hold of %(day)s.")
    facts = {"provider": payment.account_name, "day": authorised}
    leg = Leg(
        act=_("Capture") if reference is None else _("Received"),
        to=_("from %(method)s") % {"method": payment_name(payment)},
        amount=money,
        hint=hint % facts if reference is None else payment.account_name,
    )
    title = _("Capture %(amount)s on order #%(number)s?")
    confirm = _("Capture %(amount)s")
    if reference is not None:
        title, confirm = _("Record %(amount)s as received on order #%(number)s?"), _("Record %(amount)s")
    return MoneyDialog(
        title=title % {"amount": money, "number": order.number},
        action=f"{base}/payments/{payment.id}/capture",
        back_href=base,
        version=str(order.version),
        request_ref=request_ref,
        tell=_warned(tell, order),
        legs=(leg,),
        confirm=confirm % {"amount": money},
        keep=_("Do not capture") if reference is None else _("Do not record"),
        reference=reference,
        hidden=(("amount", typed), *_confirmed(order)),
        error=error,
        press=press(availability),
    )


def capture_over_dialog(
    order: OrderDetail, shares: Sequence[Share], *, typed: str, base: str, request_ref: str
) -> MoneyDialog:
    """Return the rehearsal of a capture over several payments, a line for each that gives something. Source: W7."""
    money = amount(sum(share.amount_minor for share in shares), order.currency, order.site.locale)
    names = {payment.id: payment for payment in order.payments}
    return MoneyDialog(
        title=_("Capture %(amount)s on order #%(number)s?") % {"amount": money, "number": order.number},
        action=f"{base}/capture",
        back_href=base,
        version=str(order.version),
        request_ref=request_ref,
        tell=_warned(_("The first payment gives what it holds, then the next. What is left stays held."), order),
        legs=tuple(
            Leg(
                act=_("Capture"),
                to=_("from %(method)s") % {"method": payment_name(names[share.payment_id])},
                amount=amount(share.amount_minor, order.currency, order.site.locale),
                hint=names[share.payment_id].account_name,
            )
            for share in shares
        ),
        confirm=_("Capture %(amount)s") % {"amount": money},
        keep=_("Do not capture"),
        hidden=(("amount", typed), *_confirmed(order)),
    )


def sync_dialog(order: OrderDetail, found: Sequence[Found], *, base: str, seen: str, now: datetime) -> SyncDialog:
    """Return what was done at the provider and is not in the books, before it is booked. Source: G22."""
    fitting = [one for one in found if one.fits]
    title = ngettext(
        "%(n)s change at the provider is not in the books",
        "%(n)s changes at the provider are not in the books",
        len(fitting),
    )
    confirm = ngettext("Apply %(n)s change", "Apply %(n)s changes", len(fitting))
    return SyncDialog(
        title=title % {"n": len(fitting)},
        action=f"{base}/payments/sync",
        back_href=base,
        tell=ngettext(
            "Applying books it with the provider’s date, marked as done there. No money moves.",
            "Applying books them with the provider’s dates, marked as done there. No money moves.",
            len(fitting),
        ),
        legs=tuple(_difference(one, order, now=now) for one in fitting),
        contradictions=tuple(_difference(one, order, now=now) for one in found if not one.fits),
        confirm=confirm % {"n": len(fitting)},
        seen=seen,
    )


def _difference(found: Found, order: OrderDetail, *, now: datetime) -> Leg:
    payment = next(each for each in order.payments if each.id == found.payment_id)
    provider = payment.account_name
    if found.there_minor is None:
        hint = _("in our books, not shown by %(provider)s") % {"provider": provider}
    elif found.here_minor is not None:
        here = amount(found.here_minor, payment.currency, order.site.locale)
        hint = _("%(provider)s says so; our books have %(here)s") % {"provider": provider, "here": here}
    elif found.at is not None:
        at = when(found.at, now=now, zone_name=order.site.time_zone).full
        hint = _("done at %(provider)s, %(when)s") % {"provider": provider, "when": at}
    else:
        hint = _("done at %(provider)s") % {"provider": provider}
    return Leg(
        act=act_text(found.kind),
        to=_("on %(method)s") % {"method": payment_name(payment)},
        amount=amount(found.amount_minor, found.currency, order.site.locale),
        hint=f"{hint} · {found.provider_ref}",
    )


def completion_dialog(
    order: OrderDetail, *, state: str, base: str, now: datetime, is_silent: bool = False, error: str = ""
) -> CompletionDialog:
    """Return what is still open on an order that is to be completed: money held, and items that have not left.

    `is_silent`: the customer is not to be e-mailed, as was ticked beside the dropdown.
    """
    held = tuple(
        Leg(_("Held"), _("on %(method)s") % {"method": payment_name(pay)}, _money(order, pay.held_at(now)))
        for pay in order.payments
        if pay.held_at(now) > 0
    )
    name = next((each.name for each in order.choices.states if each.slug == state), state)
    return CompletionDialog(
        title=_("Set order #%(number)s to %(state)s?") % {"number": order.number, "state": name},
        action=f"{base}/state",
        back_href=base,
        version=str(order.version),
        state=state,
        is_silent=is_silent,
        open_money=held,
        open_items=_unsent(order),
        confirm=_("Set to %(state)s anyway") % {"state": name},
        error=error,
    )


def _warned(tell: str, order: OrderDetail) -> str:
    """Return what a capture says beforehand, with what speaks against it while a cancellation is requested (W5)."""
    if order.open_request is None:
        return tell
    return f"{_('A cancellation is requested; what is captured now would have to be refunded.')} {tell}"


def _confirmed(order: OrderDetail) -> tuple[tuple[str, str], ...]:
    return (("confirmed", "yes"),) if order.open_request is not None else ()


def _money(order: OrderDetail, minor: int) -> str:
    return amount(minor, order.currency, order.site.locale)


def _unsent(order: OrderDetail) -> tuple[str, ...]:
    lines = {line.id: line.name for line in order.lines}
    said = []
    for shipment in order.shipments:
        for part in shipment.parts:
            state = order.delivery_state(part.delivery_state_id)
            if state.phase not in SENT_PHASES:
                said.append(f"{part.quantity} × {lines[part.line_id]} · {state.name}")
    return tuple(said)
