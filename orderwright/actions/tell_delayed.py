"""Tell the customer: delayed. Staff say why in their own words, and by when, if they know."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks
from orderwright.actions.shipment_facts import PERMISSION
from orderwright.actions.write_mail import can_be_written, composed, put_into_outbox
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.days import today
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import FieldError, Invalid
from orderwright.core.text import clean_text
from orderwright.orders.states import CANCEL_REQUESTED, is_open
from orderwright.orders.writes import lock_order
from orderwright.outbox.compose import Composed
from orderwright.outbox.models import Mail
from orderwright.outbox.writing.values import Delayed
from orderwright.outbox.writing.vocabulary import DELAYED
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.rows import OrderDetail

LONGEST_MESSAGE = 2_000


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether the customer can be told that the order takes longer."""
    refusal = lacks(actor, PERMISSION, order.site.id)
    if refusal is not None:
        return refusal
    system_state = order.state.system_state
    if not is_open(system_state) or system_state == CANCEL_REQUESTED:
        reason = _("An order is delayed while it is open; this one is %(state)s.")
        return refused("order_closed", reason % {"state": order.state.name}, state=order.state.slug)
    if order.shipments_total and order.shipments_sent == order.shipments_total:
        return refused("all_sent", _("Everything has been sent already."))
    if not can_be_written(order):
        return refused("no_address", _("There is no e-mail address that the customer could be written to."))
    return allowed(longest=LONGEST_MESSAGE)


def preview(order: OrderDetail, *, message: str, expected_on: date | None) -> Composed:
    """Return the mail that the customer would get. Raises: Invalid for the text."""
    mail, _chosen = composed(order, kind=DELAYED, occasion=_occasion(message, expected_on))
    return mail


def run(
    *,
    number: str,
    message: str,
    actor: Actor,
    now: datetime,
    expected_on: date | None = None,
    request_ref: str | None = None,
) -> Mail:
    """Put the mail into the outbox and return it; the same `request_ref` again returns the first one.

    Raises: Invalid with a pointer for the text or a day that has passed; Conflict with the reason of `availability`;
    OrderNotFound; Refused.
    Effects: one mail, one journal entry; the order's version stays.
    """
    occasion = _occasion(message, expected_on)
    about = f"delay:{request_ref}"[:80] if request_ref else ""

    def change() -> Mail:
        row = lock_order(number=number, actor=actor)
        order = read_whole_order(number=number, actor=actor)
        earlier = Mail.objects.filter(order=row, kind=DELAYED, about=about, resend_of=None).first() if about else None
        if earlier is not None:
            return earlier
        availability(order, actor).require()
        if expected_on is not None and expected_on < today(now, zone_name=order.site.time_zone):
            message = _("This day has passed.")
            fields = (FieldError(pointer="/expected_on", code="day_has_passed", message=message),)
            raise Invalid(message, code="day_has_passed", fields=fields)
        return put_into_outbox(row, order, kind=DELAYED, occasion=occasion, actor=actor, now=now, about=about)

    return in_write_transaction(change)


def _occasion(message: str, expected_on: date | None) -> Delayed:
    told = clean_text(message, pointer="/message", longest=LONGEST_MESSAGE, block=True, required=True)
    return Delayed(message=told, expected_on=expected_on)
