"""Going on with bulk jobs: which action does a row of which kind, and what its outcome is. Rows and leases: outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from django.utils.translation import gettext as _

from orderwright.actions import retire_state, retirement_rows, undo_retirement
from orderwright.core import crash
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import OrderwrightError, Unavailable
from orderwright.outbox import bulk
from orderwright.outbox.bulk import RowTaken, TakenJob, TakenRow


class DoesRow(Protocol):
    """Does one row and marks its outcome in the transaction of its change; raises what it would raise by hand.

    In that transaction, once what the row is about is locked, it asks `starter_now` in whose name it acts.
    """

    def __call__(self, job: TakenJob, row: TakenRow, *, now: datetime) -> None: ...  # noqa: D102 - as above


class Ends(Protocol):
    """Ends a job of which no row waits any more."""

    def __call__(self, job: TakenJob, *, now: datetime) -> None: ...  # noqa: D102 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of job. `needs` is the permission without which nobody looks at it."""

    do: DoesRow
    end: Ends
    needs: str


KINDS: Final[dict[str, Kind]] = {
    retire_state.KIND: Kind(
        do=retirement_rows.move_order,
        end=retirement_rows.end_retirement,
        needs="configuration.view",
    ),
    undo_retirement.KIND: Kind(
        do=retirement_rows.put_order_back,
        end=retirement_rows.end_undoing,
        needs="configuration.view",
    ),
}


def take(*, worker: str, now: datetime) -> TakenJob | None:
    """Return the job that this worker goes on with, or None when no job has rows. Effects: a lease."""
    return in_write_transaction(partial(bulk.take, worker=worker, now=now)) if bulk.has_running() else None


def do_next(job: TakenJob, *, now: datetime) -> bool:
    """Do the job's next row, or end the job; return whether there was a row.

    It is done in the name of whoever asked, with the rights that they have at this moment. What an action refuses is
    the row's outcome, with its code and words. What is out of reach for now is raised, and the row waits. A row at
    which workers died too often is refused.
    Raises: RowTaken when the job is another worker's by now, or was stopped; Unavailable; what nobody anticipated.
    """
    kind = KINDS[job.kind]
    row = in_write_transaction(partial(bulk.next_row, job, now=now))
    if row is None:
        kind.end(job, now=now)
        return False
    crash.point("bulk.taken")
    if row.is_worn_out:
        _refuse(row, now=now, code="worn_out", message=_("Every try ended without an outcome; look at it by hand."))
        return True
    try:
        kind.do(job, row, now=now)
    except RowTaken:
        raise
    except Unavailable:
        in_write_transaction(partial(bulk.hand_back, row))
        raise
    except OrderwrightError as error:
        _refuse(row, now=now, code=error.code, message=error.message)
    crash.point("bulk.finished")
    return True


def put_down(job: TakenJob, *, now: datetime) -> None:
    """Let any worker go on with the job."""
    in_write_transaction(partial(bulk.put_down, job, now=now))


def _refuse(row: TakenRow, *, now: datetime, code: str, message: str) -> None:
    note: Callable[[], None] = partial(bulk.mark_refused, row, now=now, code=code, message=message)
    in_write_transaction(note)
