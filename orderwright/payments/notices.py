"""What providers tell by themselves, kept as it came until it was acted on. Writes need an open transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from orderwright.payments.gateways.port import Failed, Notice, Succeeded
from orderwright.payments.models import ProviderAccount, ProviderNotice
from orderwright.payments.rules import retry_wait

# After so many tries a notice waits for a person; the nightly comparison finds what it was about all the same.
MOST_TRIES = 20


def keep(notices: Sequence[Notice], *, account: ProviderAccount, now: datetime) -> int:
    """Store each notice that was not told before, due at once, and return how many were new.

    Effects: one INSERT that leaves out what is known by its event id, however many notices.
    """
    known = set(
        ProviderNotice.objects.filter(
            account=account, event_id__in=[notice.event_id for notice in notices]
        ).values_list("event_id", flat=True)
    )
    fresh = {notice.event_id: notice for notice in notices if notice.event_id not in known}
    rows = [_row(notice, account=account, now=now) for notice in fresh.values()]
    ProviderNotice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def due(*, now: datetime, limit: int) -> list[int]:
    """Return the ids of notices to act on by now, the longest waiting first."""
    rows = ProviderNotice.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def take(notice_id: int, *, now: datetime, patience: timedelta) -> ProviderNotice | None:
    """Return the notice when this process may act on it now, and keep others off it for `patience`.

    Effects: one UPDATE, a compare-and-set on its due time.
    """
    notice = ProviderNotice.objects.select_related("account").filter(pk=notice_id, due_at__lte=now).first()
    if notice is None:
        return None
    mine = ProviderNotice.objects.filter(pk=notice_id, due_at=notice.due_at)
    if not mine.update(due_at=now + patience, tries=notice.tries + 1):
        return None
    notice.due_at, notice.tries = now + patience, notice.tries + 1
    return notice


def close(notice: ProviderNotice, *, state: str) -> None:
    """Mark the notice as applied, or as one that no payment of this desk is meant by. Effects: one UPDATE."""
    ProviderNotice.objects.filter(pk=notice.pk).update(state=state, due_at=None)


def postpone(notice: ProviderNotice, *, now: datetime) -> None:
    """Try again later; after MOST_TRIES it stays for a person. Effects: one UPDATE."""
    is_over = notice.tries >= MOST_TRIES
    changes = {"state": "stuck", "due_at": None} if is_over else {"due_at": now + retry_wait(notice.tries)}
    ProviderNotice.objects.filter(pk=notice.pk).update(**changes)


def outcome_of(notice: ProviderNotice) -> Succeeded | Failed | None:
    """Return how the call under the notice's key went, or None where the provider has to be asked."""
    if not notice.key:
        return None
    if notice.failure_code:
        return Failed(code=notice.failure_code, message=notice.failure_message)
    return Succeeded(
        provider_ref=notice.provider_ref,
        amount_minor=notice.amount_minor,
        currency=notice.currency,
        at=notice.happened_at or notice.received_at,
    )


def _row(notice: Notice, *, account: ProviderAccount, now: datetime) -> ProviderNotice:
    row = ProviderNotice(
        account=account,
        event_id=notice.event_id[:200],
        kind=notice.kind[:80],
        reference=notice.reference[:120],
        key=notice.key[:64],
        received_at=now,
        due_at=now,
    )
    match notice.outcome:
        case Succeeded() as done:
            row.provider_ref, row.amount_minor = done.provider_ref[:120], done.amount_minor
            row.currency, row.happened_at = done.currency[:3], done.at
        case Failed() as refused:
            row.failure_code, row.failure_message = refused.code[:60], refused.message[:300]
        case None:
            pass
    return row
