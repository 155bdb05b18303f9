"""Send a mail again as it was sent, to the same address or to a corrected one. The order keeps its own."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import FieldError
from orderwright.core.text import clean_text
from orderwright.journal.streams import Plain
from orderwright.journal.writes import append
from orderwright.orders.models import Order
from orderwright.orders.writes import lock_order, stream_of
from orderwright.outbox.addresses import LONGEST_ADDRESS, is_mailable
from orderwright.outbox.errors import MailUnfit
from orderwright.outbox.models import Mail
from orderwright.outbox.writes import enqueue_mail
from orderwright.reads.mails import MailDetail, read_mail
from orderwright.reads.personal import PERMISSION as PERSONAL

PERMISSION = "emails.resend"


def availability(mail: MailDetail, actor: Actor) -> Availability:
    """Return whether the mail can be sent again: it is about an order and no longer waits to go out."""
    refusal = lacks(actor, PERMISSION, mail.site_id)
    if refusal is not None:
        return refusal
    if mail.order_number is None:
        return refused("not_about_an_order", _("Only what a customer was told can be sent again."))
    if not mail.recipient:
        return refused("email_erased", _("What it said was erased with the customer."))
    if mail.state == "due":
        return refused("email_waits", _("This email has not gone out yet; the desk tries again."))
    return allowed()


def readdressing(mail: MailDetail, actor: Actor) -> Availability:
    """Return whether the actor may name the address: a mail to oneself would tell all that it says of the customer.

    Asked of every address that is named, the mail's own too, so that nobody finds that out by trying.
    """
    return lacks(actor, PERSONAL, mail.site_id) or availability(mail, actor)


def run(*, mail_id: int, actor: Actor, now: datetime, recipient: str = "") -> int:
    """Put the same subject, text and HTML into the outbox once more, and return the new mail's id.

    Without a `recipient` it goes to the address that it went to, which who sends it again need not be allowed to see.

    It has a Message-ID of its own, so that no mailbox takes it for one that it has; what it says is not written anew.
    Raises: MailNotFound; MailUnfit with the pointer /recipient; Conflict with the reason of `availability`, or of
    `readdressing` where a recipient is named; Refused.
    Effects: one mail, one entry in the order's journal, without the address; the order's own address stays.
    """
    wanted = clean_text(recipient, pointer="/recipient", longest=LONGEST_ADDRESS, is_reference=True)
    if wanted and not is_mailable(wanted):
        message = _("Write exactly one e-mail address.")
        raise MailUnfit(message, fields=(FieldError(pointer="/recipient", code="not_an_address", message=message),))

    decide = readdressing if wanted else availability

    def change() -> int:
        seen = read_mail(id=mail_id, actor=actor)
        decide(seen, actor).require()
        row = lock_order(number=seen.order_number or "", actor=actor)
        # Once more, under the lock: it may have been taken up meanwhile.
        mail = read_mail(id=mail_id, actor=actor)
        decide(mail, actor).require()
        return _again(row, mail, wanted, actor=actor, now=now)

    return in_write_transaction(change)


def _again(row: Order, mail: MailDetail, recipient: str, *, actor: Actor, now: datetime) -> int:
    original = Mail.objects.get(pk=mail.id)
    to = recipient or original.recipient
    stored = enqueue_mail(
        order_id=row.pk,
        kind=original.kind,
        sender=original.sender,
        recipient=to,
        subject=original.subject,
        text=original.text,
        html=original.html,
        logo_id=original.logo_id,
        now=now,
        template_id=original.template_id,
        template_version=original.template_version,
        template_fault=original.template_fault,
        about=original.about,
        resend_of=original.pk,
    )
    is_same = to.lower() == original.recipient.lower()
    append(
        stream=stream_of(row.pk),
        kind="mail.resent",
        actor=actor,
        now=now,
        before={"mail": {"id": original.pk, "kind": original.kind, "state": original.state}},
        after={"mail": {"id": stored.pk, "kind": stored.kind, "state": "due"}},
        why=Plain("" if is_same else "another address"),
        version=row.version,
    )
    return stored.pk
