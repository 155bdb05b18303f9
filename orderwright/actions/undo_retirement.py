"""Undo a retirement: the state is offered again, and the orders that nobody has touched since are put back into it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from orderwright.actions import retire_state
from orderwright.actions.order_state_rules import StateDeleted, lock_state_of
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.orders.states import OFFERED
from orderwright.outbox import bulk
from orderwright.outbox.models import BulkJob
from orderwright.reads.bulk_jobs import BulkJobRow, read_job

KIND: Final = "undo_retirement"

_ROWS = """
INSERT INTO outbox_bulkrow (job_id, position, reference, state, code, message, facts, tries)
SELECT %s, r.position, r.reference, 'waiting', '', '', r.facts, 0 FROM outbox_bulkrow r
WHERE r.job_id = %s AND r.state = 'done'
"""


def availability(job: BulkJobRow, actor: Actor) -> Availability:
    """Return whether this actor may undo the job now: a retirement, not undone yet, whose state is still there."""
    refusal = next(filter(None, (lacks(actor, permission) for permission in retire_state.PERMISSIONS)), None)
    if refusal is not None:
        return refusal
    if job.kind != retire_state.KIND:
        return refused("not_undone", _("This job cannot be undone."))
    if job.undone_by is not None:
        return refused("undone_already", _("This is undone already."))
    if job.stage is None:
        return refused(StateDeleted.code, _("The state is deleted."))
    return allowed(orders=job.done)


def run(*, job_id: int, actor: Actor, now: datetime) -> int:
    """Offer the state again, begin to put its orders back, and return the id of the job that does.

    A retirement that still runs is stopped at the row that it is at. Orders that somebody has touched since stay where
    they are, and the job's report names them and who did.
    Raises: NotFound; Conflict with the reason of `availability`; Refused.
    Effects: the state's stage and version, one journal entry, one job with a row per order that was moved.
    """

    def change() -> int:
        seen = read_job(job_id=job_id)
        availability(seen, actor).require()
        undone = BulkJob.objects.get(pk=job_id)
        state = lock_state_of(undone.subject)
        availability(read_job(job_id=job_id), actor).require()
        bulk.finish(undone.pk, state="stopped", now=now)
        job = bulk.open_job(kind=KIND, subject=undone.subject, facts=undone.facts, actor=actor, now=now, undoes=undone)
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, [job.pk, undone.pk])
        orders = bulk.count_rows(job)
        retire_state.set_stage(state, OFFERED, kind="order_state.offered_again", actor=actor, now=now, orders=orders)
        if orders == 0:
            bulk.finish(job.pk, state="done", now=now)
        return job.pk

    return in_write_transaction(change)
