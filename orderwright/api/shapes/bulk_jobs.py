"""Bulk jobs: how far one is, and what became of its rows."""

from __future__ import annotations

from orderwright.api.shapes.base import Shape, Time


class BulkJob(Shape):
    """A bulk job. `state`: running, done or stopped. `done` counts rows that needed nothing too.

    `by` began it. `retried_by` is in whose name it has gone on since `retried_at`, null where nobody tried it again.
    """

    id: int
    kind: str
    state: str
    facts: dict[str, str]
    total: int
    done: int
    refused: int
    undoes: int | None
    undone_by: int | None
    by: str
    started_at: Time
    retried_by: str | None
    retried_at: Time | None
    finished_at: Time | None


class BulkJobs(Shape):
    """The last bulk jobs, newest first."""

    items: list[BulkJob]


class BulkRow(Shape):
    """What became of one row. `state`: waiting, done, passed (nothing was left to do) or refused."""

    reference: str
    state: str
    code: str | None
    message: str | None
    finished_at: Time | None


class BulkRowPage(Shape):
    """Rows of a job, in the order in which they are worked on."""

    items: list[BulkRow]
    next: str | None
