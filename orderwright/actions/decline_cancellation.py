"""Decline a request for a cancellation: the order goes back to the state that it came from, and goes on (W5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.cancel_requested import end_request
from orderwright.actions.permission import lacks
from orderwright.actions.write_mail import write_mail
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.text import clean_text
from orderwright.orders.writes import lock_order
from orderwright.outbox.writing.values import CancellationDeclined
from orderwright.outbox.writing.vocabulary import CANCELLATION_DECLINED
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.personal import can_be_mailed
from orderwright.reads.rows import OrderDetail

LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """Where the order is now, and whether the customer is told."""

    state: str
    is_emailed: bool


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether this actor may decline: who may cancel decides on requests, and one has to be open."""
    refusal = lacks(actor, "orders.cancel", order.site.id)
    if refusal is not None:
        return refusal
    if order.open_request is None:
        return refused("no_cancellation_requested", _("Nobody waits for a decision on a cancellation of this order."))
    return allowed(can_email=can_be_mailed(order), longest=LONGEST_MESSAGE)


def run(
    *,
    number: str,
    actor: Actor,
    now: datetime,
    email_customer: bool = False,
    message: str = "",
    version: int | None = None,
) -> Declined:
    """Decline the request and put the order back; `message` is what a mail tells the customer beside that.

    Raises: Conflict with the reason of `availability`; Invalid for the message; OrderChanged when somebody decided
    since `version`; OrderNotFound; Refused.
    Effects: the order's state and version, the request, one journal entry; one mail, if wished. Source: W5.
    """
    told = clean_text(message, pointer="/message", longest=LONGEST_MESSAGE, block=True)

    def change() -> Declined:
        row = lock_order(number=number, actor=actor, version=version, touches=frozenset({"cancellation_request"}))
        order = read_whole_order(number=number, actor=actor)
        availability(order, actor).require()
        state = end_request(row, order, state="declined", kind="order.cancel_declined", actor=actor, now=now)
        if not email_customer:
            return Declined(state=state, is_emailed=False)
        occasion = CancellationDeclined(message=told)
        mail = write_mail(row, order, kind=CANCELLATION_DECLINED, occasion=occasion, actor=actor, now=now)
        return Declined(state=state, is_emailed=mail is not None)

    return in_write_transaction(change)
