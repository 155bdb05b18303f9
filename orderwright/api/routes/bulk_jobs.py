"""Bulk jobs: retiring a state begins one; how far it is, what became of its rows, undoing it, trying the rest again."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router

from orderwright.actions import retire_state, retry_retirement, undo_retirement
from orderwright.actions.bulk_jobs import KINDS
from orderwright.actions.permission import require
from orderwright.api import shapes
from orderwright.api.answers import answer
from orderwright.api.declaring import IDEMPOTENCY_KEY, declared
from orderwright.api.door import Call
from orderwright.api.fields import PathId, PathSlug
from orderwright.api.idempotency import once
from orderwright.api.queries import BulkRowFilters, cursor_refused
from orderwright.api.state_bodies import RetirementBody
from orderwright.core.clock import now
from orderwright.core.errors import NotFound
from orderwright.orders.errors import StateUnknown
from orderwright.reads.bulk_jobs import BulkJobRow, list_jobs, read_job, read_rows
from orderwright.reads.cursors import CursorInvalid
from orderwright.reads.order_states import read_state

routes = Router(tags=["Bulk jobs"])


@routes.post(
    "/order-states/{slug}/retirement",
    **declared(
        needs="configuration.edit",
        answers={202: shapes.BulkJob},
        problems={409},
        headers=(IDEMPOTENCY_KEY,),
        has_body=True,
    ),
)
def retire_order_state(request: Call, slug: PathSlug, body: RetirementBody) -> HttpResponse:
    """Retire an order state.

    It is offered no more at once, and a bulk job moves its orders to another state, each as if it were moved by hand.
    Once none is left it is retired. Needs the permission to change order states of orders, too. Nobody is e-mailed.
    """

    def work(_reference: str | None) -> HttpResponse:
        try:
            read_state(slug=slug)
        except StateUnknown as error:
            raise NotFound(error.message, code=error.code, facts=error.facts) from error
        job = retire_state.run(slug=slug, to=body.to, actor=request.auth, now=now())
        return _accepted(job)

    return once(request, {"slug": slug, **body.model_dump()}, work)


@routes.get("/bulk-jobs", **declared(needs="configuration.view", answers={200: shapes.BulkJobs}))
def list_bulk_jobs(request: Call) -> HttpResponse:
    """List bulk jobs. The last fifty, newest first, of the kinds that the key may see."""
    here = request.auth.at(None)
    found = list_jobs(kinds=[name for name, kind in KINDS.items() if here.can(kind.needs)])
    return answer(shapes.BulkJobs(items=[_shape(job) for job in found]))


@routes.get("/bulk-jobs/{job}", **declared(needs="configuration.view", answers={200: shapes.BulkJob}))
def show_bulk_job(request: Call, job: PathId) -> HttpResponse:
    """Look at a bulk job. Its counts change while it runs; it has ended once `finished_at` is set."""
    return answer(_shape(_seen(request, job)))


@routes.get(
    "/bulk-jobs/{job}/rows",
    **declared(needs="configuration.view", answers={200: shapes.BulkRowPage}, query=BulkRowFilters),
)
def list_bulk_rows(request: Call, job: PathId, filters: Annotated[BulkRowFilters, Query()]) -> HttpResponse:
    """List what became of each row of a bulk job. With the code and the words of what was refused."""
    _seen(request, job)
    try:
        found = read_rows(job_id=job, state=filters.outcome, after=filters.after, limit=filters.limit)
    except CursorInvalid as error:
        raise cursor_refused(error.message) from error
    items = [
        shapes.BulkRow(
            reference=row.reference,
            state=row.state,
            code=row.code or None,
            message=row.message or None,
            finished_at=row.finished_at,
        )
        for row in found.items
    ]
    return answer(shapes.BulkRowPage(items=items, next=found.next))


@routes.post(
    "/bulk-jobs/{job}/undo",
    **declared(needs="configuration.edit", answers={202: shapes.BulkJob}, problems={409}, headers=(IDEMPOTENCY_KEY,)),
)
def undo_bulk_job(request: Call, job: PathId) -> HttpResponse:
    """Undo a bulk job.

    For a retirement: the state is offered again, and another job puts back the orders that nobody has changed since.
    What was changed stays, and that job's rows name it.
    """

    def work(_reference: str | None) -> HttpResponse:
        _seen(request, job)
        return _accepted(undo_retirement.run(job_id=job, actor=request.auth, now=now()))

    return once(request, {"undo": job}, work)


@routes.post(
    "/bulk-jobs/{job}/retry",
    **declared(needs="configuration.edit", answers={202: shapes.BulkJob}, problems={409}, headers=(IDEMPOTENCY_KEY,)),
)
def retry_bulk_job(request: Call, job: PathId) -> HttpResponse:
    """Try again what a bulk job was refused.

    In the name of the key that asks, from then on. Not once it was undone, or a later job is about the same state.
    """

    def work(_reference: str | None) -> HttpResponse:
        _seen(request, job)
        retry_retirement.run(job_id=job, actor=request.auth, now=now())
        return _accepted(job)

    return once(request, {"retry": job}, work)


def _seen(request: Call, job_id: int) -> BulkJobRow:
    """Return the job, unless this key may not see its kind. Raises: NotFound; Refused."""
    job = read_job(job_id=job_id)
    require(request.auth, KINDS[job.kind].needs)
    return job


def _accepted(job_id: int) -> HttpResponse:
    location = reverse("api:show_bulk_job", kwargs={"job": job_id})
    return answer(_shape(read_job(job_id=job_id)), status=202, headers={"Location": location})


def _shape(job: BulkJobRow) -> shapes.BulkJob:
    return shapes.BulkJob(
        id=job.id,
        kind=job.kind,
        state=job.state,
        facts={name: str(value) for name, value in job.facts.items()},
        total=job.total,
        done=job.done,
        refused=job.refused,
        undoes=job.undoes,
        undone_by=job.undone_by,
        by=job.actor_name,
        started_at=job.started_at,
        retried_by=job.retrier_name or None,
        retried_at=job.retried_at,
        finished_at=job.finished_at,
    )
