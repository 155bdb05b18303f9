"""What providers tell by themselves, kept as it came until it was acted on. Writes need an open transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db.models import QuerySet

from orderwright.payments.gateways.port import Failed, Movement, MovementKind, Notice
from orderwright.payments.models import ProviderAccount, ProviderNotice
from orderwright.payments.rules import TAKES_BACK, retry_wait

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


def let_rest(notice: ProviderNotice, *, until: datetime) -> None:
    """Let the notice wait until its provider account may be asked; the try is not counted. Effects: one UPDATE."""
    ProviderNotice.objects.filter(pk=notice.pk).update(due_at=until, tries=notice.tries - 1)


def postpone(notice: ProviderNotice, *, now: datetime, in_the_end: str) -> None:
    """Try again later; after MOST_TRIES its state is `in_the_end` for good. Effects: one UPDATE."""
    is_over = notice.tries >= MOST_TRIES
    changes = {"state": in_the_end, "due_at": None} if is_over else {"due_at": now + retry_wait(notice.tries)}
    ProviderNotice.objects.filter(pk=notice.pk).update(**changes)


def hints(notice: ProviderNotice, *, until: datetime) -> QuerySet[ProviderNotice]:
    """Return the open notices that one look at the payment answers together: hints that came before it was made."""
    return ProviderNotice.objects.filter(
        account_id=notice.account_id,
        reference=notice.reference,
        state="new",
        movement="",
        failure_code="",
        received_at__lte=until,
    )


def told_by(notice: ProviderNotice) -> Movement | Failed | None:
    """Return what moved, or how the call under the notice's key failed; None where the provider has to be asked."""
    if notice.failure_code:
        return Failed(code=notice.failure_code, message=notice.failure_message)
    if not notice.movement:
        return None
    return Movement(
        kind=cast("MovementKind", notice.movement),
        provider_ref=notice.provider_ref,
        parent_ref=notice.parent_ref,
        amount_minor=notice.amount_minor,
        currency=notice.currency,
        key="" if notice.movement in TAKES_BACK else notice.key,  # no call of ours asked to take anything back
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
    match notice.told:
        case Movement() as moved:
            row.movement, row.amount_minor, row.happened_at = moved.kind, moved.amount_minor, moved.at
            row.provider_ref, row.parent_ref = moved.provider_ref[:120], moved.parent_ref[:120]
            row.currency = moved.currency[:3]
        case Failed() as refused:
            row.failure_code, row.failure_message = refused.code[:60], refused.message[:300]
        case _:
            pass  # a hint: the payment is looked up
    return row
