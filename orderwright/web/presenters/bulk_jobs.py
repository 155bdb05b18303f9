"""Bulk jobs from their rows: what each does in words, how far it is, and what became of each of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import retire_state, retry_retirement, undo_retirement
from orderwright.core.actor import Actor
from orderwright.reads.bulk_jobs import BulkJobRow, BulkRowPage, BulkRowRow
from orderwright.web.presenters.bulk_page import JobLine, JobList, JobPage, Progress, ReportRow
from orderwright.web.presenters.parts import Badge, Link
from orderwright.web.presenters.press import press
from orderwright.web.presenters.words import count, when

# Jobs are about orders of every site, so their times are shown in the one zone that no site has.
_ZONE: Final = "UTC"
# What the chips ask for, by the row's outcome.
OUTCOMES: Final = ("refused", "done", "passed", "waiting")

OrderHref = Callable[[str], str]


def job_list(jobs: Sequence[BulkJobRow], *, job_href: Callable[[int], str], now: datetime) -> JobList:
    """Return the last jobs, newest first."""
    return JobList(
        rows=tuple(
            JobLine(
                href=job_href(job.id),
                title=job_title(job),
                progress=_progress(job),
                state=_state(job),
                by=_by(job),
                when=when(job.started_at, now=now, zone_name=_ZONE, is_zone_shown=True),
            )
            for job in jobs
        ),
        sorted_by=_("Newest first, by when it was asked for."),
    )


def job_page(
    job: BulkJobRow,
    report: BulkRowPage,
    actor: Actor,
    *,
    outcome: str | None,
    here: str,
    back_href: str,
    job_href: Callable[[int], str],
    order_href: OrderHref,
    is_first: bool,
    now: datetime,
) -> JobPage:
    """Return the job with a page of its rows, all or those with one outcome."""
    undoing = undo_retirement.availability(job, actor)
    query = f"&outcome={outcome}" if outcome else ""
    is_running = job.state == "running"
    return JobPage(
        title=job_title(job),
        tell=_tell(job),
        state=_state(job),
        progress=_progress(job),
        facts=_facts(job, now=now),
        chips=_chips(job, outcome, here),
        rows=tuple(_row(row, order_href, now=now) for row in report.items),
        empty=_("No order is in this part of the report."),
        sorted_by=_("In the order in which they are worked on."),
        back=Link(_("Order Configurations"), back_href),
        watch_href=f"{here}?{query.strip('&')}" if is_running else "",
        newest_href="" if is_first else f"{here}?{query.strip('&')}",
        older_href=f"{here}?after={report.next}{query}" if report.next else "",
        undo_action=f"{here}/undo" if job.kind == retire_state.KIND and job.undone_by is None else "",
        undo=press(undoing),
        retry_action=f"{here}/retry" if retry_retirement.is_retryable(job) else "",
        retry=press(retry_retirement.availability(job, actor)),
        undone=Link(_("Undone: see how"), job_href(job.undone_by)) if job.undone_by is not None else None,
    )


def job_title(job: BulkJobRow) -> str:
    """Return what the job does, in a few words."""
    words = {
        retire_state.KIND: _("Retire %(name)s: move its orders to %(to_name)s"),
        undo_retirement.KIND: _("Undo: put orders back into %(name)s"),
    }
    return words[job.kind] % job.facts


def _by(job: BulkJobRow) -> str:
    if job.retried_at is None:
        return job.actor_name
    return _("%(first)s, then %(second)s") % {"first": job.actor_name, "second": job.retrier_name}


def _facts(job: BulkJobRow, *, now: datetime) -> str:
    begun = when(job.started_at, now=now, zone_name=_ZONE).full
    facts = _("Begun on %(when)s, in the name of %(who)s") % {"who": job.actor_name, "when": begun}
    if job.retried_at is None:
        return facts
    again = when(job.retried_at, now=now, zone_name=_ZONE).full
    retried = _("Tried again on %(when)s, in the name of %(who)s") % {"who": job.retrier_name, "when": again}
    return f"{facts} · {retried}"


def _tell(job: BulkJobRow) -> str:
    name = job.facts["name"]
    if job.state == "running":
        return _("You may leave this page: it goes on by itself, and the report stays here.")
    if job.beyond_rights and retry_retirement.is_retryable(job):
        lost = ngettext(
            "%(n)s order was left, because %(who)s may not do this any more. Try the rest again to do it in your name.",
            "%(n)s orders were left, because %(who)s may not do this any more. Try the rest again to do it in your "
            "name.",
            job.beyond_rights,
        )
        return lost % {"n": count(job.beyond_rights), "who": job.in_whose_name}
    if job.kind == undo_retirement.KIND:
        return _("Orders that somebody has changed since stay where they are.")
    if retry_retirement.is_retryable(job):
        left = ngettext(
            "%(n)s order is left in %(name)s. Move it by hand and try the rest again, or undo all of it.",
            "%(n)s orders are left in %(name)s. Move them by hand and try the rest again, or undo all of it.",
            job.refused,
        )
        return left % {"n": count(job.refused), "name": name}
    if job.stage == "retired" and job.undone_by is None:
        retired = _("%(name)s is retired: no order is in it, and none comes into it.") % {"name": name}
        undo = _("Undo offers it again, and puts back the orders that nobody has changed since.")
        return f"{retired} {undo}"
    return ""


def _progress(job: BulkJobRow) -> Progress:
    ended = job.done + job.refused
    text = _("%(ended)s of %(total)s orders") % {"ended": count(ended), "total": count(job.total)}
    if job.refused:
        text += " · " + _("%(n)s not done") % {"n": count(job.refused)}
    return Progress(value=ended, most=max(job.total, 1), text=text, is_running=job.state == "running")


def _state(job: BulkJobRow) -> Badge:
    if job.state == "running":
        return Badge(_("Running"), "blue", is_checking=True)
    if job.state == "stopped":
        return Badge(_("Stopped"), "grey")
    return Badge(_("Done, not all"), "amber") if job.refused else Badge(_("Done"), "green")


def _chips(job: BulkJobRow, outcome: str | None, here: str) -> tuple[Link, ...]:
    waiting = job.total - job.done - job.refused
    counts = {"refused": job.refused, "done": job.done, "waiting": waiting}
    words = {"refused": _("Not done"), "done": _("Done"), "waiting": _("Waiting")}
    return (
        Link(_("All"), here, is_current=outcome is None, count=count(job.total)),
        *(
            Link(words[name], f"{here}?outcome={name}", is_current=outcome == name, count=count(counts[name]))
            for name in words
            if counts[name] or outcome == name
        ),
    )


def _row(row: BulkRowRow, order_href: OrderHref, *, now: datetime) -> ReportRow:
    badges = {
        "waiting": Badge(_("Waiting"), "grey"),
        "done": Badge(_("Done"), "green"),
        "passed": Badge(_("Nothing to do"), "grey"),
        "refused": Badge(_("Not done"), "amber"),
    }
    ended = row.finished_at
    return ReportRow(
        reference=Link(f"#{row.reference}", order_href(row.reference)),
        state=badges[row.state],
        message=row.message,
        when=when(ended, now=now, zone_name=_ZONE, is_zone_shown=True) if ended is not None else None,
    )
