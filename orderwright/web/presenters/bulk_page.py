"""The shapes of the pages of bulk jobs: the list, one job with its progress, and its rows."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import Badge, Link, Press, When


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: so many of so many, and the same in words."""

    value: int
    most: int
    text: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job in the list."""

    href: str
    title: str
    progress: Progress
    state: Badge
    by: str
    when: When


@dataclass(frozen=True, slots=True)
class JobList:
    """Bulk jobs, newest first."""

    rows: tuple[JobLine, ...]
    sorted_by: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What became of one row of a job."""

    reference: Link
    state: Badge
    message: str
    when: When | None


@dataclass(frozen=True, slots=True)
class JobPage:
    """One job. `watch_href` is asked again and again while it runs; the acts are missing where they make no sense."""

    title: str
    tell: str
    state: Badge
    progress: Progress
    facts: str
    chips: tuple[Link, ...]
    rows: tuple[ReportRow, ...]
    empty: str
    sorted_by: str
    back: Link
    watch_href: str = ""
    newest_href: str = ""
    older_href: str = ""
    undo_action: str = ""
    undo: Press | None = None
    retry_action: str = ""
    retry: Press | None = None
    undone: Link | None = None
