"""Bulk jobs: the list, one job with its progress and report, undoing it, and trying again what was refused."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from orderwright.actions import retry_retirement, undo_retirement
from orderwright.actions.bulk_jobs import KINDS
from orderwright.actions.permission import require
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import Conflict, OrderwrightError
from orderwright.reads.bulk_jobs import BulkJobRow, list_jobs, read_job, read_rows
from orderwright.web.page import asked, fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.bulk_jobs import OUTCOMES, job_list, job_page
from orderwright.web.presenters.bulk_page import JobPage
from orderwright.web.presenters.parts import Toast

PLACE = "bulk-jobs"


@require_GET
@permission("orders.view")
def jobs(request: StaffRequest) -> HttpResponse:
    """Show the last jobs of the kinds that this person may see."""
    may_see = request.user.actor().at(None)
    kinds = [name for name, kind in KINDS.items() if may_see.can(kind.needs)]
    shown = job_list(list_jobs(kinds=kinds), job_href=_job_href, now=clock_now())
    return page(request, "bulk/list.html", {"jobs": shown}, current=PLACE)


@require_GET
@permission("configuration.view")
def job(request: StaffRequest, job_id: int) -> HttpResponse:
    """Show how far a job is and what became of its rows; while it runs, the page asks for this again and again."""
    seen = _seen(request, job_id)
    shown = _shown(request, seen)
    if is_htmx(request):
        return fragment(request, "bulk/_answer.html", {"job": shown}, target="#job")
    return page(request, "bulk/detail.html", {"job": shown}, current=PLACE)


@require_POST
@permission("configuration.edit")
def undo(request: StaffRequest, job_id: int) -> HttpResponse:
    """Undo a retirement, and show the job that does. Source: W2."""
    seen = _seen(request, job_id)
    try:
        undoing = undo_retirement.run(job_id=job_id, actor=request.user.actor(), now=clock_now())
    except OrderwrightError as error:
        return _back(request, job_id, Toast(error.message, is_bad=True), status=error.status)
    say(request, Toast(_("%(name)s is offered again; its orders are put back") % seen.facts))
    return _to(request, undoing)


@require_POST
@permission("configuration.edit")
def retry(request: StaffRequest, job_id: int) -> HttpResponse:
    """Try again what was refused. Source: W2."""
    _seen(request, job_id)
    try:
        retry_retirement.run(job_id=job_id, actor=request.user.actor(), now=clock_now())
    except Conflict as error:
        return _back(request, job_id, Toast(error.message, is_bad=True), status=error.status)
    return _back(request, job_id, Toast(_("The rest is tried again")))


def _seen(request: StaffRequest, job_id: int) -> BulkJobRow:
    """Return the job, unless this person may not see its kind. Raises: NotFound; Refused."""
    seen = read_job(job_id=job_id)
    require(request.user.actor(), KINDS[seen.kind].needs)
    return seen


def _shown(request: StaffRequest, seen: BulkJobRow) -> JobPage:
    outcome = asked(request, "outcome")
    outcome = outcome if outcome in OUTCOMES else ""
    after = asked(request, "after") or None
    return job_page(
        seen,
        read_rows(job_id=seen.id, state=outcome or None, after=after),
        request.user.actor(),
        outcome=outcome or None,
        here=_job_href(seen.id),
        back_href=reverse("order-configurations"),
        job_href=_job_href,
        order_href=lambda number: reverse("order", args=[number]),
        is_first=after is None,
        now=clock_now(),
    )


def _back(request: StaffRequest, job_id: int, toast: Toast, *, status: int = 200) -> HttpResponse:
    if not is_htmx(request):
        say(request, toast)
        return redirect("bulk-job", job_id)
    values = {"job": _shown(request, read_job(job_id=job_id))}
    return fragment(request, "bulk/_answer.html", values, toasts=[toast], status=status, target="#job")


def _to(request: StaffRequest, job_id: int) -> HttpResponse:
    if not is_htmx(request):
        return redirect("bulk-job", job_id)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = _job_href(job_id)
    return answer


def _job_href(job_id: int) -> str:
    return reverse("bulk-job", args=[job_id])
