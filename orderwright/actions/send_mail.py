"""Sending one due mail: lease, SMTP outside any transaction, record. What a mail says was settled as it was written."""

from __future__ import annotations

import logging
import random
import smtplib
from datetime import datetime
from email.mime.image import MIMEImage
from typing import Literal

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from orderwright.core.actor import SYSTEM
from orderwright.core.db import in_write_transaction, outside_transaction
from orderwright.journal.writes import append
from orderwright.orders.writes import lock_order, stream_of
from orderwright.outbox import leases
from orderwright.outbox.leases import LeasedMail
from orderwright.outbox.writing.markup import html_fault

logger = logging.getLogger(__name__)

# How the tries of a mail can end: taken by the server, refused for good, or given up.
End = Literal["sent", "bounced", "dead"]
_PERMANENT = range(500, 600)  # RFC 5321: the same mail would be refused again
_WORN_OUT = "Every try ended without an answer; the workers that tried were stopped."


class _Message(EmailMultiAlternatives):
    """A mail with which goes what its HTML shows: that is a part of it, and no attachment to be saved."""

    mixed_subtype = "related"


def run(*, now: datetime, worker: str, randomness: random.Random | None = None) -> int:
    """Look after the mail that is due longest: it is sent, tried again later, or given up. Returns 1, or 0 without one.

    Sent at least once, always with the same Message-ID; a later mail of the same order waits for an earlier one.
    Effects: a lease of its own for the time of sending; at the end `mail.sent`, `mail.bounced` or `mail.dead` in the
    order's journal.
    Source: I11, FM1, FM2.
    """
    if not leases.has_due(now=now):
        return 0
    leased = in_write_transaction(lambda: leases.take(worker=worker, now=now))
    if leased is None:
        return 0
    if leased.is_worn_out:
        _give_up(leased, now=now, error=_WORN_OUT)
        return 1
    try:
        with outside_transaction():
            _hand_to_server(leased)
    except (smtplib.SMTPException, OSError, ValueError) as failure:
        error = _words_of(failure)
        if _is_permanent(failure):
            # What the server never saw cannot bounce: a header that cannot be written is a fault of ours.
            _give_up(leased, now=now, error=error, state="dead" if isinstance(failure, ValueError) else "bounced")
        elif leased.attempts >= leases.MOST_ATTEMPTS:
            _give_up(leased, now=now, error=error)
        else:
            _try_again(leased, now=now, error=error, randomness=randomness or random.SystemRandom())
    else:
        if not _record(leased, now=now, state="sent"):
            logger.warning("mail %s was sent after its lease had passed on: it may arrive twice", leased.id)
    return 1


def _hand_to_server(leased: LeasedMail) -> None:
    message = _Message(
        subject=leased.subject,
        body=leased.text,
        from_email=leased.sender,
        to=[leased.recipient],
        reply_to=[leased.sender],
        headers={"Message-ID": leased.message_id, "Auto-Submitted": "auto-generated"},
    )
    html = _html_of(leased)
    if html:
        message.attach_alternative(html, "text/html")
    if html and leased.logo is not None:
        picture = MIMEImage(leased.logo, "png")
        picture["Content-ID"] = "<logo>"
        picture["Content-Disposition"] = 'inline; filename="logo.png"'
        message.attach(picture)
    with EmailBackend(timeout=settings.EMAIL_TIMEOUT) as server:
        server.send_messages([message])


def _html_of(leased: LeasedMail) -> str:
    # A mail may be older than the rules: written before they were what they are, or sent again from one that was.
    if html_fault(leased.html) is None:
        return leased.html
    logger.warning("mail %s goes out as plain text alone: its HTML has what no mail may have", leased.id)
    return ""


def _record(leased: LeasedMail, *, now: datetime, state: End, error: str = "") -> bool:
    def change() -> bool:
        # The order is locked first, as in every action; its version stays, for nothing that a clerk edits changes.
        order = lock_order(number=leased.order_number, actor=SYSTEM) if leased.order_number is not None else None
        if state == "sent":
            is_ours = leases.mark_sent(leased, now=now)
        else:
            is_ours = leases.mark_undelivered(leased, state=state, error=error)
        if is_ours and order is not None:
            mail = {"id": leased.id, "kind": leased.kind}
            append(
                stream=stream_of(order.pk),
                kind=f"mail.{state}",
                actor=SYSTEM,
                now=now,
                before={"mail": {**mail, "state": "due"}},
                after={"mail": {**mail, "state": state}},
                version=order.version,
            )
        return is_ours

    return in_write_transaction(change)


def _give_up(leased: LeasedMail, *, now: datetime, error: str, state: End = "dead") -> None:
    if _record(leased, now=now, state=state, error=error):
        logger.error("mail %s is given up at try %s: %s", leased.id, leased.attempts, error)


def _try_again(leased: LeasedMail, *, now: datetime, error: str, randomness: random.Random) -> None:
    due_at = now + leases.next_delay(attempts=leased.attempts, randomness=randomness)
    if in_write_transaction(lambda: leases.mark_due_again(leased, error=error, due_at=due_at)):
        logger.warning("mail %s is tried again at %s: %s", leased.id, due_at.isoformat(timespec="seconds"), error)


def _is_permanent(failure: Exception) -> bool:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code in _PERMANENT for code, _words in failure.recipients.values())
    return isinstance(failure, BadHeaderError) or (
        isinstance(failure, smtplib.SMTPDataError) and failure.smtp_code in _PERMANENT
    )


def _words_of(failure: Exception) -> str:
    """Return what a person may read about a failure: the server's code and words, without control characters."""
    match failure:
        case smtplib.SMTPRecipientsRefused(recipients=refused) if refused:
            code, words = next(iter(refused.values()))
            text = f"{code} {_decoded(words)}"
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            text = f"{code} {_decoded(words)}"
        case smtplib.SMTPServerDisconnected() if not isinstance(failure.__context__, TimeoutError):
            text = "The mail server broke off."
        case TimeoutError() | smtplib.SMTPServerDisconnected():
            text = "The mail server did not answer in time."
        case OSError(strerror=str(reason)):
            text = f"The mail server cannot be reached: {reason}."
        case _:
            text = f"{type(failure).__name__}: {failure}"
    if settings.EMAIL_HOST_PASSWORD:
        text = text.replace(settings.EMAIL_HOST_PASSWORD, "…")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _decoded(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
