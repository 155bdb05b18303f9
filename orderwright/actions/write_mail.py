"""Writing a mail to the customer of an order, in the transaction of what it tells of. Needs the order's lock."""

from __future__ import annotations

from datetime import datetime

from orderwright.core.actor import Actor
from orderwright.journal.writes import append
from orderwright.orders.models import Order
from orderwright.orders.writes import stream_of
from orderwright.outbox.addresses import is_mailable
from orderwright.outbox.compose import Composed
from orderwright.outbox.models import Mail
from orderwright.outbox.templates import Chosen, choose_wording
from orderwright.outbox.writes import enqueue_mail
from orderwright.outbox.writing.values import Occasion
from orderwright.outbox.writing.vocabulary import MAIL_KINDS
from orderwright.outbox.writing.wording import compose
from orderwright.reads.personal import can_be_mailed, require_whole
from orderwright.reads.rows import OrderDetail


def can_be_written(order: OrderDetail) -> bool:
    """Return whether the customer and the site have addresses between which a mail can go."""
    return can_be_mailed(order) and is_mailable(order.site.sender)


def composed(order: OrderDetail, *, kind: str, occasion: Occasion) -> tuple[Composed, Chosen]:
    """Return the mail that the customer would get now, and whose words it has. Cost: one statement."""
    chosen = choose_wording(
        kind=kind, site_id=order.site.id, site_locale=order.site.locale, language=order.customer_language
    )
    wording = chosen.wording if chosen.template_id is not None else None
    return compose(kind=MAIL_KINDS[kind], order=order, occasion=occasion, wording=wording), chosen


def write_mail(
    row: Order, order: OrderDetail, *, kind: str, occasion: Occasion, actor: Actor, now: datetime, about: str = ""
) -> Mail | None:
    """Put the mail into the outbox and return it; None where no mail can go between customer and site.

    An address that no mail can be sent to must not keep what the mail tells of from happening. `about` names what is
    told once: None, too, when the customer was told already.
    Raises: as `put_into_outbox`. Effects: as `put_into_outbox`, or none. Source: G27, I11.
    """
    if not can_be_written(order):
        return None
    if about and Mail.objects.filter(order=row, kind=kind, about=about, resend_of=None).exists():
        return None
    return put_into_outbox(row, order, kind=kind, occasion=occasion, actor=actor, now=now, about=about)


def put_into_outbox(
    row: Order, order: OrderDetail, *, kind: str, occasion: Occasion, actor: Actor, now: datetime, about: str = ""
) -> Mail:
    """Write the mail for who has asked already whether it can be written and the customer does not know, and return it.

    Raises: RuntimeError for an order whose personal data are hidden: read it with `read_whole_order`.
    Effects: one mail, one entry in the order's journal; the order's version stays.
    """
    require_whole(order)
    mail, chosen = composed(order, kind=kind, occasion=occasion)
    stored = enqueue_mail(
        order_id=row.pk,
        kind=kind,
        sender=mail.sender,
        recipient=order.customer_email,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        logo_id=mail.logo_id,
        now=now,
        template_id=chosen.template_id,
        template_version=chosen.version,
        template_fault=mail.fault,
        about=about,
    )
    append(
        stream=stream_of(row.pk),
        kind="mail.written",
        actor=actor,
        now=now,
        before={"mail": None},
        after={"mail": {"id": stored.pk, "kind": kind, "state": "due"}},
        version=row.version,
    )
    return stored
