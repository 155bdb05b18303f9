"""Putting mail into the outbox, in the transaction of the change that causes it. Sending does not belong here."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import Max

from orderwright.core.db import assert_in_transaction
from orderwright.core.errors import FieldError
from orderwright.core.text import text_problem
from orderwright.outbox.addresses import LONGEST_ADDRESS, address_in, is_mailable
from orderwright.outbox.errors import MailUnfit
from orderwright.outbox.models import Mail

_LONGEST_SUBJECT = 250
# What the column holds, less the random part and the brackets around it.
_LONGEST_DOMAIN = 80


def enqueue_mail(
    *,
    order_id: int | None,
    kind: str,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    now: datetime,
    message_id: str = "",
    template_id: int | None = None,
    template_version: int | None = None,
    template_fault: str = "",
    about: str = "",
    resend_of: int | None = None,
    logo_id: int | None = None,
) -> Mail:
    """Add one mail to the order's sequence, due at once, with the Message-ID that it keeps for ever.

    A mail about no order has no sequence to keep; a `message_id` of one's own makes that it is written once.

    Shape: `sender` may carry a name, `recipient` is one bare address; `logo_id` is what the HTML shows. `about` names
    what is told once: a second mail of the kind about the same is an IntegrityError, unless it is sent again,
    `resend_of` the first.
    Raises: MailUnfit for a control character in a header, or where sender or recipient is not exactly one address.
    Effects: one row, which is gone again when the transaction is rolled back; the caller's lock on the order keeps the
    sequence straight, the unique key proves it. Source: I11.
    """
    assert_in_transaction("a mail belongs to the transaction of the change that causes it")
    _require_fit(sender=sender, recipient=recipient, subject=subject)
    last = None
    if order_id is not None:
        last = Mail.objects.filter(order_id=order_id).aggregate(last=Max("sequence"))["last"]
    return Mail.objects.create(
        order_id=order_id,
        sequence=(last or 0) + 1,
        kind=kind,
        sender=sender,
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        message_id=message_id or _new_message_id(sender),
        template_id=template_id,
        template_version=template_version,
        template_fault=template_fault,
        about=about,
        resend_of_id=resend_of,
        logo_id=logo_id,
        due_at=now,
        created_at=now,
    )


def _require_fit(*, sender: str, recipient: str, subject: str) -> None:
    headers = (("sender", sender, LONGEST_ADDRESS), ("recipient", recipient, LONGEST_ADDRESS))
    faults = [
        FieldError(pointer=f"/{name}", code=problem[0], message=problem[1])
        for name, value, longest in (*headers, ("subject", subject, _LONGEST_SUBJECT))
        if (problem := text_problem(value, longest=longest, is_reference=True))
    ]
    faults += [
        FieldError(pointer=f"/{name}", code="not_an_address", message="Write exactly one e-mail address.")
        for name, address in (("sender", address_in(sender)), ("recipient", recipient))
        if not is_mailable(address)
    ]
    if faults:
        raise MailUnfit("This e-mail cannot be sent as it stands.", fields=tuple(faults))


def _new_message_id(sender: str) -> str:
    domain = address_in(sender).rpartition("@")[2]
    if len(domain) > _LONGEST_DOMAIN or not domain.isascii():
        domain = "orderwright.invalid"
    return f"<{secrets.token_hex(16)}@{domain}>"
