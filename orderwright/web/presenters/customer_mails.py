"""What the order page says of mails to the customer: by shipment, of a delay, and each before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions import tell_delayed, tell_shipped
from orderwright.core.actor import Actor
from orderwright.core.dates import day
from orderwright.outbox.compose import Composed
from orderwright.reads.rows import MailRef, OrderDetail, ShipmentRow
from orderwright.web.presenters.order_dialogs import DelayDialog, MailDialog
from orderwright.web.presenters.order_page import ShipmentMail
from orderwright.web.presenters.parts import Field, Letter, Press
from orderwright.web.presenters.press import press

_NOTHING_TO_DELAY = frozenset({"order_closed", "all_sent"})


def shipment_mails(
    order: OrderDetail, actor: Actor, *, base: str, emails_href: str, now: datetime
) -> dict[int, ShipmentMail]:
    """Return by shipment whether the customer was told, can be told now, or will be told by itself."""
    return {
        shipment.number: mail
        for shipment in order.shipments
        if (mail := _of(shipment, order, actor, base=base, emails_href=emails_href, now=now)) is not None
    }


def _of(
    shipment: ShipmentRow, order: OrderDetail, actor: Actor, *, base: str, emails_href: str, now: datetime
) -> ShipmentMail | None:
    if shipment.told is not None:
        return _told(shipment.told, order, emails_href=emails_href, now=now)
    href = f"{base}/shipments/{shipment.number}/email"
    if tell_shipped.availability(order, actor, shipment=shipment).allowed:
        return ShipmentMail("tell", _("Tell the customer: shipped"), href)
    if order.is_open and tell_shipped.choice_availability(order, actor, shipment=shipment).allowed:
        return ShipmentMail("choice", _("Email when it leaves"), f"{href}/choice", is_on=shipment.emails_customer)
    return None


def _told(mail: MailRef, order: OrderDetail, *, emails_href: str, now: datetime) -> ShipmentMail:
    is_trouble = mail.state in ("bounced", "dead")
    said = day(mail.created_at, now=now, zone_name=order.site.time_zone)
    words = _("The email could not be delivered") if is_trouble else _("Customer emailed %(day)s") % {"day": said}
    href = f"{emails_href}/{mail.id}" if emails_href else ""
    return ShipmentMail("told", words, href, is_trouble=is_trouble)


def delay_press(order: OrderDetail, actor: Actor) -> Press | None:
    """Return the button "Tell the customer: delayed", or None where nothing is left that could be delayed."""
    answer = tell_delayed.availability(order, actor)
    return None if answer.code in _NOTHING_TO_DELAY else press(answer)


def shipped_dialog(order: OrderDetail, mail: Composed, *, shipment: int, base: str, error: str = "") -> MailDialog:
    """Return the mail about a shipment, before it is sent."""
    return MailDialog(
        title=_("Tell the customer that Shipment %(number)s has left?") % {"number": shipment},
        action=f"{base}/shipments/{shipment}/email",
        back_href=base,
        to=order.customer_email,
        subject=mail.subject,
        letter=Letter(mail.text, f"{base}/shipments/{shipment}/email/html" if mail.html else ""),
        confirm=_("Send the email"),
        error=error,
    )


def delay_dialog(
    order: OrderDetail, *, base: str, typed: Mapping[str, str], errors: Mapping[str, str], request_ref: str
) -> DelayDialog:
    """Return the dialog in which staff write of a delay; `errors` has a message per field."""
    return DelayDialog(
        title=_("Tell the customer: delayed"),
        action=f"{base}/delay",
        back_href=base,
        to=order.customer_email,
        message=Field(typed.get("message", ""), error=errors.get("message", "")),
        expected_on=Field(typed.get("expected_on", ""), error=errors.get("expected_on", "")),
        longest=tell_delayed.LONGEST_MESSAGE,
        request_ref=request_ref,
        error=errors.get("", ""),
    )


def delay_review(order: OrderDetail, mail: Composed, *, base: str, typed: Mapping[str, str]) -> MailDialog:
    """Return the mail of a delay, before it is sent."""
    kept = tuple((name, typed[name]) for name in ("message", "expected_on", "request_ref") if typed.get(name))
    return MailDialog(
        title=_("Send this to %(name)s?") % {"name": order.customer_name},
        action=f"{base}/delay",
        back_href=base,
        to=order.customer_email,
        subject=mail.subject,
        letter=Letter(mail.text, f"{base}/delay/html" if mail.html else "", typed=kept),
        confirm=_("Send the email"),
        hidden=kept,
        is_revisable=True,
    )
