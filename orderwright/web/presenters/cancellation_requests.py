"""A request for a cancellation on the page: asking, the banner while nobody has decided, and declining."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions import cancel_order, decline_cancellation, request_cancellation, withdraw_request
from orderwright.core.actor import Actor
from orderwright.reads.personal import can_be_mailed
from orderwright.reads.rows import OrderDetail
from orderwright.web.presenters.cancellation import asked_because, reasons
from orderwright.web.presenters.order_dialogs import AskDialog, DeclineDialog
from orderwright.web.presenters.order_page import Banner
from orderwright.web.presenters.parts import Choice
from orderwright.web.presenters.press import press
from orderwright.web.presenters.words import when


def ask_href(order: OrderDetail, actor: Actor, *, base: str) -> str:
    """Return where somebody asks who may not decide; empty for others, and where nothing can be asked now."""
    may_decide = actor.at(order.site.id).can("orders.cancel")
    may_ask = request_cancellation.availability(order, actor).allowed
    return f"{base}/cancellation-request" if may_ask and not may_decide else ""


def request_banner(order: OrderDetail, actor: Actor, *, base: str, now: datetime) -> Banner | None:
    """Return the banner of an order whose cancellation is asked for: by whom, why, and what waits meanwhile. W5."""
    asked = order.open_request
    if asked is None:
        return None
    at = when(asked.asked_at, now=now, zone_name=order.site.time_zone)
    by = _("for the customer, by %(who)s") if asked.is_from_customer else _("by %(who)s")
    said = _(
        "Asked %(by)s on %(when)s. Shipments, refunds and the Order State wait for the decision; capturing asks first."
    )
    return Banner(
        title=_("Cancellation requested: waiting for a decision"),
        text=said % {"by": by % {"who": asked.actor_name}, "when": at.text},
        tone="amber",
        icon="message-circle-question-mark",
        quote=asked_because(asked),
        accept_href=f"{base}/cancel",
        accept=press(cancel_order.availability(order, actor)),
        decline_href=f"{base}/cancellation-request/decline",
        decline=press(decline_cancellation.availability(order, actor)),
        take_back_action=f"{base}/cancellation-request/withdraw"
        if withdraw_request.availability(order, actor).allowed
        else "",
    )


def ask_dialog(
    order: OrderDetail,
    actor: Actor,
    *,
    base: str,
    reason: str = "",
    words: str = "",
    errors: Mapping[str, str] | None = None,
) -> AskDialog:
    """Return the dialog in which somebody asks. `reason` is a word that is offered, `words` are somebody's own."""
    chosen = reason or reasons()[0][0]
    return AskDialog(
        title=_("Ask to cancel order #%(number)s?") % {"number": order.number},
        action=f"{base}/cancellation-request",
        back_href=base,
        version=str(order.version),
        tell=_("No money moves. The order waits in Cancel Requested until somebody who may cancel decides."),
        reasons=tuple(Choice(word, text, is_selected=word == chosen) for word, text in reasons()),
        words=words,
        longest=cancel_order.LONGEST_REASON,
        confirm=_("Ask for the cancellation"),
        press=press(request_cancellation.availability(order, actor)),
        errors=dict(errors or {}),
    )


def decline_dialog(
    order: OrderDetail,
    actor: Actor,
    *,
    base: str,
    is_emailing: bool = True,
    message: str = "",
    errors: Mapping[str, str] | None = None,
) -> DeclineDialog:
    """Return the dialog in which a request is declined: where the order goes, and whether the customer is told."""
    asked = order.open_request
    back = next((state.name for state in order.choices.states if asked and state.slug == asked.from_state), "")
    tell = _("The order goes back to %(state)s and goes on.") % {"state": back} if back else _("The order goes on.")
    return DeclineDialog(
        title=_("Decline to cancel order #%(number)s?") % {"number": order.number},
        action=f"{base}/cancellation-request/decline",
        back_href=base,
        version=str(order.version),
        tell=tell,
        quote=asked_because(asked) if asked else "",
        email=order.customer_email if can_be_mailed(order) else "",
        is_emailing=is_emailing and can_be_mailed(order),
        message=message,
        longest=decline_cancellation.LONGEST_MESSAGE,
        confirm=_("Decline, keep the order"),
        press=press(decline_cancellation.availability(order, actor)),
        errors=dict(errors or {}),
    )
