"""The digest of holds that end soon: one mail a day to whom the settings name. Nobody is told unless named there."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError

from orderwright.core.actor import SYSTEM
from orderwright.core.db import in_write_transaction
from orderwright.outbox.addresses import is_mailable
from orderwright.outbox.compose import Composed, hold_digest
from orderwright.outbox.models import Mail
from orderwright.outbox.writes import enqueue_mail
from orderwright.reads.expiring_holds import HoldRow, list_holds

logger = logging.getLogger(__name__)

# Over a weekend, so that Friday's mail names what ends before Monday's.
AHEAD: Final = timedelta(days=3)
# Before people come to work in Europe and after they left in America.
FROM_HOUR: Final = 5  # UTC
MOST_HOLDS: Final = 100


def run(*, now: datetime) -> int:
    """Write the day's mail to each recipient, and return how many were written; no second time on the same day.

    Nothing is written before FROM_HOUR or where no hold ends. Effects: one mail in the outbox per recipient.
    """
    waiting = [each for each in settings.HOLD_DIGEST_TO if not _is_written(each, now=now)]
    if now.hour < FROM_HOUR or not waiting:
        return 0
    page = list_holds(now=now, within=AHEAD, limit=MOST_HOLDS, actor=SYSTEM)
    holds = [hold for hold in page.items if hold.expires_at > now]
    address = _sender(holds)
    if not holds or not address:
        return 0
    mail = hold_digest(holds=holds, address=address, is_more=page.next is not None)
    return sum(_write(mail, recipient, now=now) for recipient in waiting)


def _sender(holds: list[HoldRow]) -> str:
    address = next((hold.site_sender for hold in holds if is_mailable(hold.site_sender)), "")
    if holds and not address:
        logger.warning("no site has an address from which the digest of holds can be sent")
    return address


def _write(mail: Composed, recipient: str, *, now: datetime) -> int:
    def write() -> None:
        enqueue_mail(
            order_id=None,
            kind="hold_digest",
            sender=mail.sender,
            recipient=recipient,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            now=now,
            message_id=_message_id(recipient, now=now),
        )

    try:
        in_write_transaction(write)
    except IntegrityError:
        return 0  # another worker wrote it in this very moment
    return 1


def _is_written(recipient: str, *, now: datetime) -> bool:
    return Mail.objects.filter(message_id=_message_id(recipient, now=now)).exists()


def _message_id(recipient: str, *, now: datetime) -> str:
    """Return what names the day's mail to this recipient, so that the database keeps it from being written twice."""
    who = hashlib.sha256(recipient.lower().encode()).hexdigest()[:16]
    return f"<hold-digest-{now:%Y-%m-%d}-{who}@orderwright.invalid>"
