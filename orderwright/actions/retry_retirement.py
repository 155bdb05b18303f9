"""Try again what a retirement was refused, or the undo of one, in the name of whoever asks for it (W2)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from orderwright.actions import retire_state, undo_retirement
from orderwright.actions.order_state_rules import StateDeleted, lock_state_of
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.states import OFFERED, RETIRING
from orderwright.outbox import bulk
from orderwright.outbox.models import BulkJob
from orderwright.reads.bulk_jobs import BulkJobRow, read_job

_TOLD_AS: Final = {
    retire_state.KIND: "order_state.retirement_retried",
    undo_retirement.KIND: "order_state.undo_retried",
}


def availability(job: BulkJobRow, actor: Actor) -> Availability:
    """Return whether this actor may have the job's refused rows tried again now."""
    refusal = next(filter(None, (lacks(actor, permission) for permission in retire_state.PERMISSIONS)), None)
    return refusal or _problem(job) or allowed(orders=job.refused)


def is_retryable(job: BulkJobRow) -> bool:
    """Return whether rows of this job can be tried again, by whoever may."""
    return _problem(job) is None


def run(*, job_id: int, actor: Actor, now: datetime) -> None:
    """Let the orders that could not be moved, or put back, be tried again, in this actor's name from then on.

    Raises: NotFound; Conflict with the reason of `availability`; Refused.
    Effects: the job's refused rows wait, and it goes on; one journal entry. Source: W2.
    """

    def change() -> None:
        availability(read_job(job_id=job_id), actor).require()
        job = BulkJob.objects.get(pk=job_id)
        state = lock_state_of(job.subject)
        availability(read_job(job_id=job_id), actor).require()
        orders = bulk.wait_again(job, actor=actor, now=now)
        append(
            stream=job.subject,
            kind=_TOLD_AS[job.kind],
            actor=actor,
            now=now,
            before={"orders": None},
            after={"orders": orders},
            version=state.version,
        )

    in_write_transaction(change)


def _problem(job: BulkJobRow) -> Availability | None:
    """Return why no row of this job can be tried again, or None when some can.

    A later job about the state, such as an undo or another retirement, has the last word about its orders.
    """
    if job.undone_by is not None:
        return refused("undone_already", _("This is undone already; retire the state again to move its orders."))
    if job.stage is None:
        return refused(StateDeleted.code, _("The state is deleted."))
    if job.latest != job.id:
        return refused("job_overtaken", _("A later job is about this state by now."))
    if not _has_a_rest(job):
        return refused("nothing_to_retry", _("Nothing of this job is left to be tried again."))
    return None


def _has_a_rest(job: BulkJobRow) -> bool:
    """Return whether the job has ended with rows refused that another try can change.

    What an undo was refused, somebody has touched, which no further try changes; unless it was that whoever asked for
    it lost the right.
    """
    if job.state != "done":
        return False
    if job.kind == undo_retirement.KIND:
        return job.stage == OFFERED and job.beyond_rights > 0
    return job.stage == RETIRING and job.refused > 0
