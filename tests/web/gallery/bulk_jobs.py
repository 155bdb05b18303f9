"""Sample presenters' values of bulk jobs, for the gallery. No behaviour here."""

from __future__ import annotations

from typing import Any

from orderwright.web.presenters.bulk_page import JobLine, JobList, JobPage, Progress, ReportRow
from orderwright.web.presenters.parts import Badge, Link, Press
from tests.web.gallery.samples import AT

PROGRESS = Progress(31, 44, "31 of 44 orders · 1 not done", is_running=True)

TITLE = "Retire On hold: stock: move its orders to Processing"

JOBS = JobList((JobLine("/bulk-jobs/1", TITLE, PROGRESS, Badge("Running", "blue", True), "Anna Kovac", AT),), "Newest.")

JOB = JobPage(
    title=TITLE,
    tell="You may leave this page: it goes on by itself.",
    state=Badge("Running", "blue", is_checking=True),
    progress=PROGRESS,
    facts="Begun on 20 Nov 2026, 16:42 UTC, in the name of Anna Kovac "
    "· Tried again on 21 Nov 2026, 09:05 UTC, in the name of Mia Chen",
    chips=(Link("All", "/bulk-jobs/1", is_current=True, count="44"), Link("Not done", "?outcome=refused", count="1")),
    rows=(
        ReportRow(Link("#1042", "/orders/1042"), Badge("Done", "green"), "", AT),
        ReportRow(Link("#1043", "/orders/1043"), Badge("Not done", "amber"), "Money is still held.", None),
    ),
    empty="No order is in this part of the report.",
    sorted_by="In the order in which they are worked on.",
    back=Link("Order Configurations", "/order-configurations"),
    watch_href="/bulk-jobs/1",
    older_href="/bulk-jobs/1?after=x",
    newest_href="/bulk-jobs/1",
    undo_action="/bulk-jobs/1/undo",
    undo=Press(),
    retry_action="/bulk-jobs/1/retry",
    retry=Press(),
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "bulk-jobs": ("bulk/list.html", {"jobs": JOBS}),
    "bulk-jobs-empty": ("bulk/list.html", {"jobs": JobList((), "Newest.")}),
    "bulk-job": ("bulk/detail.html", {"job": JOB}),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "bulk-job": ("bulk/_answer.html", {"job": JOB, "toasts": ()}),
}
