"""Email templates: see how a mail reads, made of a real order, and send it to oneself and nobody else."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.accounts.models import User
from orderwright.actions.email_template_rules import Place, availability, checked_wording
from orderwright.actions.permission import lacks_everywhere, require
from orderwright.actions.sample_occasions import sample_of
from orderwright.core.actor import Actor
from orderwright.core.availability import allowed
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict
from orderwright.journal.writes import append
from orderwright.outbox.addresses import is_mailable
from orderwright.outbox.compose import Composed
from orderwright.outbox.models import Mail
from orderwright.outbox.writes import enqueue_mail
from orderwright.outbox.writing.wording import Wording, compose_strictly
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail

__all__ = ["availability", "preview", "run"]

# In the outbox's list a test is told from what customers got.
KIND = "test"
_LONGEST_SUBJECT = 250  # the column's length


class NobodyToSendTo(Conflict):
    """Whoever asks has no address, or the site has none to send from."""

    code = "nobody_to_send_to"


def preview(*, place: Place, subject: str, text: str, html: str, number: str, actor: Actor) -> Composed:
    """Return the mail that these words would make of the order with this number. Nothing is kept or sent.

    What the occasion adds, such as an amount that is refunded, is taken from the order or made up from it.
    Raises: Invalid and TemplateBroken with a pointer; OrderNotFound; Refused.
    """
    (lacks_everywhere(actor, "configuration.view") or allowed()).require()
    wording = checked_wording(subject=subject, text=text, html=html, kind=place.kind)
    return _composed(place, _order(number, actor), wording)


def run(*, place: Place, subject: str, text: str, html: str, number: str, actor: Actor, now: datetime) -> Mail:
    """Put the mail that `preview` shows into the outbox, to whoever asks, and return it.

    Raises: as `preview`; NobodyToSendTo. Effects: one mail, which is in no list of the order's and is erased with its
    customer, one entry in the template's journal. Source: I17.
    """
    availability(place, actor).require()
    wording = checked_wording(subject=subject, text=text, html=html, kind=place.kind)
    order = _order(number, actor)
    mail = _composed(place, order, wording)
    recipient = _address_of(actor)
    if not mail.sender:
        raise NobodyToSendTo(_("This order’s site has no sender, so no mail goes out from it. Give it one first."))

    def change() -> Mail:
        stored = enqueue_mail(
            order_id=None,
            kind=KIND,
            sender=mail.sender,
            recipient=recipient,
            subject=(_("[Test] %(subject)s") % {"subject": mail.subject})[:_LONGEST_SUBJECT],
            text=mail.text,
            html=mail.html,
            logo_id=mail.logo_id,
            now=now,
            about=made_of(order.id),
        )
        append(
            stream=place.stream,
            kind="email_template.tested",
            actor=actor,
            now=now,
            before={"mail": None},
            after={"mail": {"id": stored.pk, "kind": KIND, "state": "due"}},
        )
        return stored

    return in_write_transaction(change)


def made_of(order_id: int) -> str:
    """Return what a test mail says it is about: the order whose customer it names."""
    return f"order:{order_id}"


def _order(number: str, actor: Actor) -> OrderDetail:
    order = read_order(number=number, actor=actor)
    require(actor, "orders.view", order.site.id)
    return order


def _composed(place: Place, order: OrderDetail, wording: Wording) -> Composed:
    in_language = place.language or order.site.locale.replace("_", "-").partition("-")[0]
    return compose_strictly(
        kind=place.kind,
        order=order,
        occasion=sample_of(place.kind.slug, order),
        wording=wording.in_language(in_language),
    )


def _address_of(actor: Actor) -> str:
    user = User.objects.filter(pk=int(actor.ref)).first() if actor.kind == "person" else None
    if user is None or not is_mailable(user.email):
        raise NobodyToSendTo(_("You have no e-mail address that a test could go to."))
    return user.email
