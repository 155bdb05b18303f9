"""Sign the journal's head once an hour, keep it, and mail it to whom the settings name."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.actions.staff_mail import staff_sender
from orderwright.core.db import in_write_transaction
from orderwright.journal.heads import SignedHead, document, is_signed, sign
from orderwright.journal.models import Head
from orderwright.journal.roots import Newest, is_settled, last_head, newest, root_since
from orderwright.journal.signing import signing_key, trusted_keys
from orderwright.outbox.writes import enqueue_mail

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(hours=1)
# What was begun before the last entry is over in a moment; if not, the next look comes in a minute.
_TRIES: Final = 20
_BETWEEN_S: Final = 0.05


def run(*, now: datetime, is_forced: bool = False) -> SignedHead | None:
    """Sign what the journal holds when the last head is an hour old, and return the new head, else None.

    Nothing is signed when nothing was written since, and nothing on top of a last head that is not ours: then somebody
    has been at the books, which `verify` tells. `is_forced`: at once, however young the last head is.
    Effects: one head, and one mail to each of AUDIT_HEAD_TO. Cost: reads the hashes since the last head. Source: I10.
    """
    last = last_head()
    if last is not None and not is_forced and now < last.at + EVERY:
        return None
    seen = newest()
    if seen.entry_id == (last.last_entry if last else 0):
        return None
    if last is not None and not (is_signed(last) and last.public_key in trusted_keys()):
        logger.error("head %s is not signed by a key of this desk; none is signed on top of it", last.number)
        return None
    if not _is_settled_soon(seen):
        return None
    root, entries = root_since(last, until=seen.entry_id)
    head = sign(
        SignedHead(number=last.number + 1 if last else 1, at=now, entries=entries, last_entry=seen.entry_id, root=root),
        signing_key(),
    )
    return head if _store(head, now=now) else None


def _is_settled_soon(seen: Newest) -> bool:
    for _try in range(_TRIES):
        if is_settled(seen):
            return True
        time.sleep(_BETWEEN_S)
    return False


def _store(head: SignedHead, *, now: datetime) -> bool:
    def write() -> None:
        Head.objects.create(
            number=head.number,
            at=head.at,
            entries=head.entries,
            last_entry=head.last_entry,
            root=head.root,
            public_key=head.public_key,
            signature=head.signature,
        )
        _mail(head, now=now)

    try:
        in_write_transaction(write)
    except IntegrityError:
        return False  # another worker signed it in this very moment
    return True


def _mail(head: SignedHead, *, now: datetime) -> None:
    if not settings.AUDIT_HEAD_TO:
        return
    sender = staff_sender()
    if not sender:
        logger.warning("no site has an address from which the head can be sent")
        return
    for recipient in settings.AUDIT_HEAD_TO:
        enqueue_mail(
            order_id=None,
            kind="audit_head",
            sender=sender,
            recipient=recipient,
            subject=_("Signed head %(number)s of the journal") % {"number": head.number},
            text=_text(head),
            html="",
            now=now,
            message_id=_message_id(head, recipient),
        )


def _text(head: SignedHead) -> str:
    told = _(
        "Keep this mail. Up to %(at)s the journal had %(entries)s entries. Whether they are still the same, this "
        "command says, with the mail saved as a file:\n\n    orderwright verify --head FILE\n"
    ) % {"at": f"{head.at:%Y-%m-%d %H:%M} UTC", "entries": head.entries}
    return f"{told}\n{json.dumps(document(head), indent=1)}\n"


def _message_id(head: SignedHead, recipient: str) -> str:
    who = hashlib.sha256(recipient.lower().encode()).hexdigest()[:16]
    return f"<audit-head-{head.number}-{head.root[:16]}-{who}@orderwright.invalid>"
