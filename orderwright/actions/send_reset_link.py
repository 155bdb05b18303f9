"""Somebody asked for a link to choose a new password: a mail to the person whose address it is, and an entry."""

from __future__ import annotations

import logging
from datetime import datetime

from orderwright.accounts.models import User
from orderwright.actions.people import stream_of_user
from orderwright.actions.staff_mail import staff_sender
from orderwright.core.actor import SYSTEM
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.outbox.addresses import is_mailable
from orderwright.outbox.compose import reset_link
from orderwright.outbox.writes import enqueue_mail

logger = logging.getLogger(__name__)


def run(*, user_id: int, link: str, now: datetime) -> bool:
    """Write the mail, and return whether there was a way to send one. `link` is the whole address.

    Who asked is not known, so the entry names nobody, and whoever asks is told the same in every case.
    Effects: one mail, one journal entry. Source: W13.
    """

    def change() -> bool:
        user = User.objects.get(pk=user_id)
        sender = staff_sender()
        if not sender or not is_mailable(user.email):
            logger.warning("no reset link for user %s: no address to send it from or to", user_id)
            return False
        mail = reset_link(name=user.name, link=link, email=user.email, address=sender)
        enqueue_mail(
            order_id=None,
            kind="reset_link",
            sender=mail.sender,
            recipient=user.email,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            now=now,
        )
        append(stream=stream_of_user(user.pk), kind="user.reset_link_sent", actor=SYSTEM, now=now)
        return True

    return in_write_transaction(change)
