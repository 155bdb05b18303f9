"""Bulk jobs: how far each is, and what became of its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from orderwright.core.errors import NotFound
from orderwright.outbox.bulk import STARTER_LACKS_RIGHTS
from orderwright.reads import cursors
from orderwright.reads.dialect import Dialect, current
from orderwright.reads.row import Row


class BulkJobRow(Row, frozen=True, kw_only=True):
    """One job. `stage` is how far the order state is that it is about, None where there is none any more.

    `beyond_rights`: how many of its refused rows are because whoever asked for it may not do it any more.
    `actor_name`: who began it. `retrier_name`: in whose name it has gone on since `retried_at`, empty where nobody
    tried it again. `latest`: the last job about the same state, maybe this one.
    """

    id: int
    kind: str
    facts: dict[str, Any]
    state: str
    total: int
    done: int
    refused: int
    beyond_rights: int
    undoes: int | None
    undone_by: int | None
    latest: int
    stage: str | None
    actor_name: str
    started_at: datetime
    retrier_name: str
    retried_at: datetime | None
    finished_at: datetime | None

    @property
    def in_whose_name(self) -> str:
        """The name of whoever's rights count for its rows now."""
        return self.retrier_name or self.actor_name


class BulkRowRow(Row, frozen=True, kw_only=True):
    """What became of one row of a job."""

    position: int
    reference: str
    state: str
    code: str
    message: str
    finished_at: datetime | None


class BulkRowPage(Row, frozen=True, kw_only=True):
    """Rows in their order, and the cursor of the next page, or None at the end."""

    items: list[BulkRowRow]
    next: str | None


_jobs = msgspec.json.Decoder(list[BulkJobRow])
_rows = msgspec.json.Decoder(list[BulkRowRow])


def read_job(*, job_id: int) -> BulkJobRow:
    """Return one job. Raises: NotFound. Cost: one statement."""
    found = _read("WHERE b.id = %s", [job_id])
    if not found:
        raise NotFound(_("There is no such bulk job."), code="bulk_job_not_found", facts={"job": job_id})
    return found[0]


def list_jobs(*, kinds: list[str], limit: int = 50) -> list[BulkJobRow]:
    """Return the last jobs of these kinds, newest first. Cost: one statement."""
    marks = ", ".join(["%s"] * len(kinds))
    return _read(f"WHERE b.kind IN ({marks}) ORDER BY b.id DESC LIMIT %s", [*kinds, limit]) if kinds else []


def read_rows(*, job_id: int, state: str | None = None, after: str | None = None, limit: int = 50) -> BulkRowPage:
    """Return a page of the job's rows, all or those with one outcome. Raises: CursorInvalid. Cost: one statement."""
    d = current()
    conditions = ["r.job_id = %s"]
    values: list[Any] = [job_id]
    if state is not None:
        conditions.append("r.state = %s")
        values.append(state)
    if after is not None:
        conditions.append("r.position > %s")
        values.append(cursors.decode_id(after))
    row = d.obj(
        **{name: f"r.{name}" for name in ("position", "reference", "state", "code", "message")},
        finished_at=d.time("r.finished_at"),
    )
    source = f"outbox_bulkrow r WHERE {' AND '.join(conditions)} ORDER BY r.position LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {d.text(d.array(row, source))}", [*values, limit + 1])
        found = _rows.decode(cursor.fetchone()[0])
    items = found[:limit]
    return BulkRowPage(items=items, next=cursors.encode(items[-1].position) if len(found) > limit else None)


def _read(tail: str, values: list[Any]) -> list[BulkJobRow]:
    d = current()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {d.text(d.array(_job(d), f'{_SOURCE} {tail}'))}", values)
        return _jobs.decode(cursor.fetchone()[0])


_SOURCE = (
    "outbox_bulkjob b LEFT JOIN outbox_bulkjob u ON u.undoes_id = b.id "
    "LEFT JOIN orders_orderstate s ON b.subject = 'order_state:' || s.id"
)


_LATEST = "(SELECT MAX(l.id) FROM outbox_bulkjob l WHERE l.subject = b.subject)"
_BEYOND_RIGHTS = (
    "(SELECT COUNT(*) FROM outbox_bulkrow r "
    f"WHERE r.job_id = b.id AND r.state = 'refused' AND r.code = '{STARTER_LACKS_RIGHTS}')"
)


def _job(d: Dialect) -> str:
    return d.obj(
        **{name: f"b.{name}" for name in ("id", "kind", "state", "total", "done", "refused")},
        **{name: f"b.{name}" for name in ("actor_name", "retrier_name")},
        beyond_rights=_BEYOND_RIGHTS,
        facts=d.json("b.facts"),
        undoes="b.undoes_id",
        undone_by="u.id",
        latest=_LATEST,
        stage="s.stage",
        started_at=d.time("b.started_at"),
        retried_at=d.time("b.retried_at"),
        finished_at=d.time("b.finished_at"),
    )
