"""Bulk jobs as rows: who goes on with one, for how long, and what became of each row. What a row is, actions know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from orderwright.core.actor import Actor, stored_actor
from orderwright.core.db import assert_in_transaction
from orderwright.core.errors import Conflict
from orderwright.outbox.models import BulkJob, BulkRow

# A row takes far less; the lease is renewed with each of them.
LEASE = timedelta(seconds=60)
# A row at which so many workers died, or met an error that nobody anticipated, is left to a person.
MOST_TRIES = 3
_LONGEST_MESSAGE = 300
# Why a row was refused that somebody else can still have done; the stored word is never renamed.
STARTER_LACKS_RIGHTS = "starter_lacks_rights"


class RowTaken(Conflict):
    """Another worker did this row, or somebody stopped the job, while it was being worked on: nothing was written."""

    code = "bulk_row_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenJob:
    """One job that one worker may go on with. `actor`: in whose name, as remembered, without any right."""

    id: int
    kind: str
    subject: str
    facts: Mapping[str, Any]
    actor: Actor
    undoes: int | None
    worker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRow:
    """One row that is worked on. `tries` counts this one."""

    id: int
    job_id: int
    position: int
    reference: str
    facts: Mapping[str, Any]
    tries: int

    @property
    def is_worn_out(self) -> bool:
        """Whether it was tried often enough, as by workers that died at it."""
        return self.tries > MOST_TRIES


def open_job(
    *,
    kind: str,
    subject: str,
    facts: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    undoes: BulkJob | None = None,
) -> BulkJob:
    """Begin a job without rows yet, in the transaction of the change that asks for it.

    Raises: IntegrityError when another job runs on the same subject.
    """
    assert_in_transaction("a job belongs to the transaction of the change that asks for it")
    return BulkJob.objects.create(
        kind=kind,
        subject=subject,
        facts=dict(facts),
        undoes=undoes,
        actor_kind=actor.kind,
        actor_ref=actor.ref,
        actor_name=actor.name,
        started_at=now,
        turn_at=now,
    )


def count_rows(job: BulkJob) -> int:
    """Note how many rows were added to the job, and return it. Effects: one statement each way."""
    job.total = job.rows.count()
    BulkJob.objects.filter(pk=job.pk).update(total=job.total)
    return job.total


def has_running() -> bool:
    """Return whether any job has rows to do. Cost: one statement on the index of running jobs, no lock."""
    return BulkJob.objects.filter(state="running").exists()


def take(*, worker: str, now: datetime) -> TakenJob | None:
    """Lease the running job that has waited longest for a worker, or return None. Needs an open transaction.

    A lease that ran out is taken over. Effects: one row. Source: FJ1.
    """
    assert_in_transaction("a job is leased inside a transaction")
    is_free = Q(leased_until__isnull=True) | Q(leased_until__lte=now) | Q(leased_by=worker)
    waiting = BulkJob.objects.select_for_update(skip_locked=True, of=("self",)).filter(is_free, state="running")
    job = waiting.order_by("turn_at", "id").first()
    if job is None:
        return None
    BulkJob.objects.filter(pk=job.pk).update(leased_by=worker, leased_until=now + LEASE)
    return TakenJob(
        id=job.pk,
        kind=job.kind,
        subject=job.subject,
        facts=job.facts,
        actor=_in_whose_name(job),
        undoes=job.undoes_id,
        worker=worker,
    )


def next_row(job: TakenJob, *, now: datetime) -> TakenRow | None:
    """Return the next row that waits, its try counted and the lease renewed, or None when no row waits any more.

    Effects: two statements, committed before the row is worked on, so that a row at which workers die is known.
    Raises: RowTaken when the job is not this worker's any more.
    """
    if _own(job).update(leased_until=now + LEASE) != 1:
        raise RowTaken("The job has passed on to another worker, or was stopped.")
    row = BulkRow.objects.filter(job_id=job.id, state="waiting").order_by("position").first()
    if row is None:
        return None
    BulkRow.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    return TakenRow(
        id=row.pk, job_id=job.id, position=row.position, reference=row.reference, facts=row.facts, tries=row.tries + 1
    )


def mark_done(row: TakenRow, *, now: datetime, facts: Mapping[str, Any] | None = None) -> None:
    """Note that the row's change happened; `facts` is what an undo needs. In the transaction of that change.

    Raises: RowTaken, which takes the change back, when the row had its outcome already or the job was stopped.
    """
    _finish_row(row, now=now, state="done", facts=dict(facts or {}))


def mark_passed(row: TakenRow, *, now: datetime, code: str, message: str) -> None:
    """Note that there was nothing to do any more, and why. Raises: RowTaken, as `mark_done`."""
    _finish_row(row, now=now, state="passed", code=code, message=message)


def mark_refused(row: TakenRow, *, now: datetime, code: str, message: str) -> None:
    """Note that it could not be done, and why, for a person to read. Raises: RowTaken, as `mark_done`."""
    _finish_row(row, now=now, state="refused", code=code, message=message)


def hand_back(row: TakenRow) -> None:
    """Let the row wait as if it had not been tried: what it needs is out of reach for now, and it is not to blame."""
    BulkRow.objects.filter(pk=row.id, state="waiting").update(tries=row.tries - 1)


def finish(job_id: int, *, state: str, now: datetime) -> bool:
    """End a running job, and return whether this call did. Needs an open transaction."""
    ended = BulkJob.objects.filter(pk=job_id, state="running").update(
        state=state, finished_at=now, leased_by="", leased_until=None
    )
    return ended == 1


def wait_again(job: BulkJob, *, actor: Actor, now: datetime) -> int:
    """Let the refused rows of a job that has ended wait once more, and return how many. Needs an open transaction.

    From then on it goes on in this actor's name; who began it stays known.
    Raises: IntegrityError when another job runs on the same subject by now.
    """
    rows = job.rows.filter(state="refused").update(state="waiting", code="", message="", tries=0, finished_at=None)
    BulkJob.objects.filter(pk=job.pk).update(
        state="running",
        finished_at=None,
        refused=0,
        turn_at=now,
        retrier_kind=actor.kind,
        retrier_ref=actor.ref,
        retrier_name=actor.name,
        retried_at=now,
    )
    return rows


def put_down(job: TakenJob, *, now: datetime) -> None:
    """Give the lease back, so that any worker can go on and other jobs have their turn. Effects: one UPDATE."""
    _own(job).update(leased_by="", leased_until=None, turn_at=now)


def _in_whose_name(job: BulkJob) -> Actor:
    if job.retried_at is None:
        return stored_actor(kind=job.actor_kind, ref=job.actor_ref, name=job.actor_name)
    return stored_actor(kind=job.retrier_kind, ref=job.retrier_ref, name=job.retrier_name)


def _own(job: TakenJob) -> QuerySet[BulkJob]:
    return BulkJob.objects.filter(pk=job.id, state="running", leased_by=job.worker)


def _finish_row(row: TakenRow, *, now: datetime, state: str, message: str = "", **columns: Any) -> None:
    waiting = BulkRow.objects.filter(pk=row.id, state="waiting")
    changed = waiting.update(state=state, finished_at=now, message=message[:_LONGEST_MESSAGE], **columns)
    counter = "refused" if state == "refused" else "done"
    job = BulkJob.objects.filter(pk=row.job_id, state="running")
    if changed != 1 or job.update(**{counter: F(counter) + 1}) != 1:
        raise RowTaken("The row was done already, or its job was stopped.")
