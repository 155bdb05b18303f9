"""The order page from the whole order: what stands where, and what may be used. Sections have files of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import (
    add_note,
    cancel_order,
    capture,
    capture_order,
    change_state,
    refund,
    reverse_hold,
    save_invoice,
    set_delivery_state,
    set_tracking,
    sync_payments,
    undo_change,
    update_shipment,
)
from orderwright.actions.undo_change import Change
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability
from orderwright.orders.states import CANCEL_REQUESTED
from orderwright.reads.rows import OrderDetail
from orderwright.web.presenters.cancellation import cancel_banner
from orderwright.web.presenters.cancellation_requests import ask_href, request_banner
from orderwright.web.presenters.customer import customer_card
from orderwright.web.presenters.customer_mails import delay_press, shipment_mails
from orderwright.web.presenters.order_page import Note, OrderPage, TotalRow
from orderwright.web.presenters.parts import Badge, Choice, Clash, Press
from orderwright.web.presenters.payments import is_waiting, payments
from orderwright.web.presenters.press import field, press, select
from orderwright.web.presenters.shipments import shipment_blocks
from orderwright.web.presenters.timeline import timeline
from orderwright.web.presenters.typed import NOTHING_TYPED, Typed
from orderwright.web.presenters.words import amount, source_text, standing, when


def order_page(
    order: OrderDetail,
    entries: Sequence[Change],
    *,
    actor: Actor,
    now: datetime,
    base: str,
    typed: Typed = NOTHING_TYPED,
    payments_view: str = "status",
    is_money_only: bool = False,
    problem: str = "",
    open_href: str,
    all_href: str,
    exceptions_href: str,
    emails_href: str,
) -> OrderPage:
    """Return the page. `typed` is a form that was refused and stands as it was typed, with the reason beside it."""
    shipping, tracking = update_shipment.availability(order, actor), set_tracking.availability(order, actor)
    state_clash = _state_clash(order, actor, typed, here=base)
    invoice_clash = typed.clash_of(
        "invoice-number", "invoice_number", mine=typed.value.strip(), theirs=order.invoice_number, here=base
    )
    return OrderPage(
        number=order.number,
        base=base,
        version=str(order.version),
        state=Badge(order.state.name, order.state.color),
        badges=_badges(order, now=now),
        placed=_placed(order, now=now),
        back_text=_("Open Orders") if order.is_open else _("All Orders"),
        back_href=open_href if order.is_open else all_href,
        state_choice=select(
            change_state.availability(order, actor),
            choices=_moves(order, actor),
            error=typed.error_of("order-state", state_clash),
            clash=state_clash,
        ),
        may_email_state=any(move.emails_customer for move in change_state.moves(order, actor)),
        cancel=press(cancel_order.availability(order, actor)),
        ask_cancel_href=ask_href(order, actor, base=base),
        update_shipment=press(shipping),
        shipments_tell=_shipments_tell(shipping, tracking),
        shipments=shipment_blocks(
            order,
            base=base,
            delivery=set_delivery_state.availability(order, actor),
            tracking=tracking,
            mails=shipment_mails(order, actor, base=base, emails_href=emails_href, now=now),
            typed=typed,
            now=now,
        ),
        payments=payments(
            order,
            base=base,
            captures_over=capture_order.availability(order, actor, now=now),
            captures={pay.id: capture.availability(order, actor, payment_id=pay.id, now=now) for pay in order.payments},
            reversals={
                pay.id: reverse_hold.availability(order, actor, payment_id=pay.id, now=now) for pay in order.payments
            },
            refund=refund.availability(order, actor),
            sync=sync_payments.availability(order, actor),
            exceptions_href=exceptions_href,
            typed=typed,
            now=now,
            view=payments_view,
        ),
        timeline=timeline(
            entries,
            order,
            now=now,
            is_money_only=is_money_only,
            emails_href=emails_href,
            undoable=() if is_money_only else _undoable(order, entries, actor, now=now),
        ),
        customer=customer_card(order, actor, base=base),
        totals=_totals(order),
        invoice=field(
            save_invoice.availability(order, actor),
            value=typed.value_of("invoice-number", order.invoice_number),
            error=typed.error_of("invoice-number", invoice_clash),
            clash=invoice_clash,
        ),
        note=field(add_note.availability(order, actor), value=typed.value_of("note", ""), error=typed.error_of("note")),
        tell_delayed=delay_press(order, actor),
        notes=tuple(
            Note(note.text, note.author_name, when(note.written_at, now=now, zone_name=order.site.time_zone))
            for note in order.notes
        ),
        banner=request_banner(order, actor, base=base, now=now) or cancel_banner(order, actor, base=base),
        watch_href=_watch_href(order, base=base),
        problem=problem,
    )


def _undoable(order: OrderDetail, entries: Sequence[Change], actor: Actor, *, now: datetime) -> set[int]:
    """Return the places of the entries that the actor can undo now; `entries` are the newest ones, newest first."""
    young = [entry for entry in entries if now - entry.at <= undo_change.WITHIN]
    return {
        entry.sequence
        for place, entry in enumerate(young)
        if undo_change.availability(order, entry, entries[:place], actor, now=now).allowed
    }


def _shipments_tell(shipping: Availability, tracking: Availability) -> str:
    if shipping.allowed:
        return ""
    return f"{shipping.reason} {_('Tracking numbers can still be set.')}" if tracking.allowed else shipping.reason


def _watch_href(order: OrderDetail, *, base: str) -> str:
    if not is_waiting(order):
        return ""
    is_cancelling = order.state.system_state == CANCEL_REQUESTED and order.open_request is None
    return f"{base}/news?version={order.version}{'&cancelling=yes' if is_cancelling else ''}"


def _badges(order: OrderDetail, *, now: datetime) -> tuple[Badge, ...]:
    badges = [standing(order.payment_standing, hold_ends_at=order.hold_ends_at, now=now)]
    if order.shipments_total:
        tone = "green" if order.shipments_sent == order.shipments_total else "blue" if order.shipments_sent else "grey"
        text = ngettext(
            "%(sent)s of %(total)s shipment sent", "%(sent)s of %(total)s shipments sent", order.shipments_total
        )
        text %= {"sent": order.shipments_sent, "total": order.shipments_total}
        in_part = order.shipments_partly
        if in_part:
            tone = "blue"
            if order.shipments_total == 1:
                text = _("Partly sent")
            else:
                text += ngettext(", %(n)s partly", ", %(n)s partly", in_part) % {"n": in_part}
        badges.append(Badge(text, tone))
    badges.extend(Badge(tag, "grey") for tag in order.tags)
    return tuple(badges)


def _placed(order: OrderDetail, *, now: datetime) -> str:
    placed = when(order.placed_at, now=now, zone_name=order.site.time_zone)
    said = _("Placed %(when)s") % {"when": placed.full}
    return " · ".join((said, order.site.name, source_text(order.source, order.external_id)))


def _not_now(name: str, reason: str) -> str:
    """Return a greyed entry: the name and why, without the name twice."""
    return reason if reason.startswith(name) else f"{name} — {reason}"


def _move_text(move: change_state.Move) -> str:
    if not move.allowed:
        return _not_now(move.name, move.reason)
    return _("%(state)s (emails the customer)") % {"state": move.name} if move.emails_customer else move.name


def _moves(order: OrderDetail, actor: Actor) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            value=move.slug,
            text=_move_text(move),
            is_selected=move.is_current,
            is_allowed=move.allowed,
        )
        for move in change_state.moves(order, actor)
    )


def _state_clash(order: OrderDetail, actor: Actor, typed: Typed, *, here: str) -> Clash | None:
    """Return the choice between two states; what is not allowed from where the order is now says why."""
    wanted = next((move for move in change_state.moves(order, actor) if move.slug == typed.value), None)
    if wanted is None:
        return None
    keep = Press(is_allowed=wanted.allowed, reason=wanted.reason)
    return typed.clash_of("order-state", "state", mine=wanted.name, theirs=order.state.name, here=here, keep=keep)


def _totals(order: OrderDetail) -> tuple[TotalRow, ...]:
    def money(minor: int) -> str:
        return amount(minor, order.currency, order.site.locale)

    rows = [TotalRow(_("Items (%(pieces)s)") % {"pieces": order.pieces}, money(order.items_minor))]
    if order.discount_minor:
        codes = " ".join(str(each.get("code") or "") for each in order.discounts).strip()
        rows.append(TotalRow(" ".join(filter(None, (_("Discount"), codes))), money(-order.discount_minor)))
    rows.append(TotalRow(_("Shipping"), money(order.shipping_minor)))
    tax = _("Tax, included") if order.prices_include_tax else _("Tax")
    rows.extend((TotalRow(tax, money(order.tax_minor)), TotalRow(_("Total"), money(order.total_minor), is_sum=True)))
    return tuple(rows)
