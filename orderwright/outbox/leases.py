"""Who sends a mail, for how long, and when it is tried again. Speaking to a mail server does not belong here."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from orderwright.core.db import assert_in_transaction, walk_indexes
from orderwright.outbox.models import Mail

# Longer than the longest conversation with a mail server: eight waits, each ended by EMAIL_TIMEOUT after ten seconds.
LEASE = timedelta(seconds=90)
# With the delays below the last try comes some eighteen hours after the first: a server may be down for a night.
MOST_ATTEMPTS = 8
_FIRST_DELAY_S = 10
_DELAY_FACTOR = 5
_LONGEST_DELAY_S = 8 * 3600
_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedMail:
    """One mail that one worker may send until `leased_until`. `attempts` counts this try and guards the finish.

    `logo`: the PNG that its HTML shows as `cid:logo`.
    """

    id: int
    order_number: str | None
    kind: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    logo: bytes | None
    message_id: str
    attempts: int
    leased_by: str
    leased_until: datetime

    @property
    def is_worn_out(self) -> bool:
        """Whether every try was used up without an end, as by workers that died: it is not to be tried again."""
        return self.attempts > MOST_ATTEMPTS


def has_due(*, now: datetime) -> bool:
    """Return whether a mail can be taken. Cost: one statement on the index of due mails, no lock."""
    return _due(now).exists()


def take(*, worker: str, now: datetime) -> LeasedMail | None:
    """Lease the mail that is due longest to this worker, or return None. Needs an open transaction.

    A mail waits while an earlier one of its order is neither sent nor dead. A lease that ran out is taken over.
    Effects: one row. On PostgreSQL rows that another worker is just taking are skipped; SQLite lets one worker write at
    a time. Source: I11, FJ1.
    """
    assert_in_transaction("a mail is leased inside a transaction")
    walk_indexes()
    mail = longest_due(now).first()
    if mail is None:
        return None
    leased = LeasedMail(
        id=mail.pk,
        order_number=mail.order.number if mail.order else None,
        kind=mail.kind,
        sender=mail.sender,
        recipient=mail.recipient,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        logo=bytes(mail.logo.png) if mail.logo is not None else None,
        message_id=mail.message_id,
        attempts=mail.attempts + 1,
        leased_by=worker,
        leased_until=now + LEASE,
    )
    Mail.objects.filter(pk=mail.pk).update(
        attempts=F("attempts") + 1, leased_by=worker, leased_until=leased.leased_until
    )
    return leased


def longest_due(now: datetime) -> QuerySet[Mail]:
    """Return, as a query that locks it, the mail that is due longest. Cost: a few rows of its index, however many wait.

    Needs `walk_indexes`.
    """
    waiting = _due(now).select_for_update(skip_locked=True, of=("self",)).select_related("order", "logo")
    return waiting.order_by("due_at", "id")[:1]


def mark_sent(leased: LeasedMail, *, now: datetime) -> bool:
    """Record that the mail server took the mail. False when the lease had passed to another worker: nothing changed."""
    return _finish(leased, state="sent", sent_at=now, last_error="")


def mark_undelivered(leased: LeasedMail, *, state: Literal["bounced", "dead"], error: str) -> bool:
    """Record that the mail was refused for good, or give it up, for a person to see.

    False when the lease had passed to another worker: nothing changed.
    """
    return _finish(leased, state=state, last_error=error[:_LONGEST_ERROR])


def mark_due_again(leased: LeasedMail, *, error: str, due_at: datetime) -> bool:
    """Hand the mail back, to be tried again from `due_at`. False when the lease had passed to another worker."""
    return _finish(leased, due_at=due_at, last_error=error[:_LONGEST_ERROR])


def next_delay(*, attempts: int, randomness: random.Random) -> timedelta:
    """Return how long to wait after so many tries: ten seconds, then five times longer each time, at most eight hours.

    Up to half as much again is drawn on top, so that mails that failed together do not come back together.
    """
    seconds = min(_FIRST_DELAY_S * _DELAY_FACTOR ** (attempts - 1), _LONGEST_DELAY_S)
    return timedelta(seconds=seconds + randomness.randrange(seconds // 2))


def _due(now: datetime) -> QuerySet[Mail]:
    of_its_order = Mail.objects.filter(order=OuterRef("order"), state="due").order_by("sequence")
    # As a value and not as an anti-join: of a burst, PostgreSQL would join all with all until it has counted them.
    is_first = Q(order__isnull=True) | Q(sequence=Subquery(of_its_order.values("sequence")[:1]))
    is_free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return Mail.objects.filter(is_free, is_first, state="due", due_at__lte=now)


def _finish(leased: LeasedMail, **columns: object) -> bool:
    # The number of tries tells this lease from a later one of the same worker.
    still_ours = Mail.objects.filter(
        pk=leased.id, state="due", leased_by=leased.leased_by, attempts=leased.attempts
    ).update(leased_by="", leased_until=None, **columns)
    return still_ours == 1
