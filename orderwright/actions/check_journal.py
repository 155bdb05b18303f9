"""Check the journal: every chain and every head, asked for by a person or program, carried out by a worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks, require
from orderwright.core import clock
from orderwright.core.actor import Actor, stored_actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict
from orderwright.journal.models import Check, Entry, Head
from orderwright.journal.reads import faults
from orderwright.journal.roots import head_faults
from orderwright.journal.streams import Stream
from orderwright.journal.writes import append

# Longer than it takes to read and check a piece of two thousand entries on a slow machine.
LEASE: Final = timedelta(seconds=60)
# So many are kept and shown; all of them are counted.
MOST_FAULTS: Final = 20
AUDIT: Final = Stream("audit")


class CheckUnderWay(Conflict):
    """A check is being carried out; facts give its id."""

    code = "check_under_way"


class _LeaseLost(Exception):
    """Another worker has taken the check over."""


def availability(actor: Actor) -> Availability:
    """Return whether this actor may have the journal checked."""
    return lacks(actor, "audit.view") or allowed()


def ask(*, actor: Actor, now: datetime) -> int:
    """Ask for a check and return its id; a worker carries it out.

    Raises: CheckUnderWay; Refused. Effects: one row; the entry in the journal comes with the outcome.
    """
    require(actor, "audit.view")
    try:
        return in_write_transaction(
            lambda: (
                Check.objects.create(
                    actor_kind=actor.kind,
                    actor_ref=actor.ref,
                    actor_name=actor.name,
                    asked_at=now,
                    entries=Entry.objects.count(),
                ).pk
            )
        )
    except IntegrityError as error:
        running = Check.objects.filter(state="running").values_list("pk", flat=True).first()
        raise CheckUnderWay(_("A check is under way already."), facts={"check": running}) from error


def carry_out(*, worker: str, is_stopping: Callable[[], bool]) -> int:
    """Carry out the check that waits, if no other worker is at it, and return how many were looked after.

    Effects: how far it is, after every piece; at its end the outcome and one journal entry by whom it was asked for. A
    check whose worker died or was stopped is begun anew. Source: I10.
    """
    check = _take(worker, now=clock.now())
    if check is None:
        return 0
    try:
        found = _look(check, worker=worker, is_stopping=is_stopping)
        in_write_transaction(lambda: _finish(check, found, worker=worker, now=clock.now()))
    except _LeaseLost:
        return 0
    return 1


def _take(worker: str, *, now: datetime) -> Check | None:
    is_free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    taken = Check.objects.filter(is_free, state="running").update(leased_by=worker, leased_until=now + LEASE, checked=0)
    return Check.objects.filter(state="running", leased_by=worker).first() if taken else None


def _held(check: Check, worker: str) -> QuerySet[Check]:
    return Check.objects.filter(pk=check.pk, state="running", leased_by=worker)


def _look(check: Check, *, worker: str, is_stopping: Callable[[], bool]) -> list[str]:
    def seen(entries: int) -> None:
        until = clock.now() + LEASE
        if is_stopping():
            _held(check, worker).update(leased_until=None)
            raise _LeaseLost
        if not _held(check, worker).update(checked=F("checked") + entries, leased_until=until):
            raise _LeaseLost

    return [*faults(seen=seen), *head_faults(seen=seen)]


def _finish(check: Check, found: list[str], *, worker: str, now: datetime) -> None:
    entries, heads = Entry.objects.count(), Head.objects.count()
    ended = _held(check, worker).update(
        state="done",
        finished_at=now,
        entries=entries,
        checked=entries,
        heads=heads,
        faults=found[:MOST_FAULTS],
        faults_count=len(found),
        leased_by="",
        leased_until=None,
    )
    if not ended:
        raise _LeaseLost
    after = {"entries": entries, "heads": heads, "faults": len(found)}
    append(
        stream=AUDIT,
        kind="audit.checked",
        actor=stored_actor(kind=check.actor_kind, ref=check.actor_ref, name=check.actor_name),
        now=now,
        before=dict.fromkeys(after),
        after=after,
    )
