"""What the worker looks after: which action takes which due rows. What happens to a row, the action decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from orderwright.actions import (
    apply_notice,
    bulk_jobs,
    check_journal,
    reconcile_provider,
    send_hold_digest,
    send_mail,
    settle_operation,
    sign_head,
    sweep_provider,
)
from orderwright.core import clock
from orderwright.payments import notices
from orderwright.worker.survival import Resting, survived

# Few at a time, so that a turn ends now and then; what is left is due in the next one.
ROWS_PER_TURN = 20
# What happens once a day is not asked about every second.
LONG_WAIT = timedelta(minutes=1)


class Duty(Protocol):
    """One kind of due rows."""

    name: str

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Look after some due rows and return how many; asks `is_stopping` between two of them.

        Does not raise for what one row meets: the error is logged, and the row stays due.
        """


class Operations:
    """Calls to providers that nobody waits for any more: prepared, sent or unknown, and due."""

    name = "operations"

    def __init__(self) -> None:
        self._resting = Resting()

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Bring due operations to their end, or closer to it, the longest waiting first."""
        resting = self._resting.at(clock.now())
        keys = [
            key
            for key in settle_operation.due(now=clock.now(), limit=ROWS_PER_TURN + len(resting))
            if key not in resting
        ]
        looked_after = 0
        for key in keys[:ROWS_PER_TURN]:
            if is_stopping():
                break
            with survived(f"operation {key} stays due") as attempt:
                settle_operation.run(key=key, now=clock.now())
            if attempt.error is not None:
                self._resting.add(key, now=clock.now())
            looked_after += 1
        return looked_after


class Mails:
    """Mail that is to go out. A mail whose try ends in an error of ours keeps its lease, and so comes back later."""

    name = "mail"

    def __init__(self, *, worker: str) -> None:
        self._worker = worker

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Send due mails, the longest waiting first."""
        looked_after = 0
        while looked_after < ROWS_PER_TURN and not is_stopping():
            with survived("a mail stays due") as attempt:
                if not send_mail.run(now=clock.now(), worker=self._worker):
                    break
            looked_after += 1
            if attempt.error is not None:
                break
        return looked_after


class Notices:
    """What providers told by themselves and nobody has acted on."""

    name = "notices"

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Act on due notices, the longest waiting first."""
        looked_after = 0
        for notice_id in notices.due(now=clock.now(), limit=ROWS_PER_TURN):
            if is_stopping():
                break
            with survived(f"notice {notice_id} comes back later"):
                apply_notice.run(notice_id=notice_id, now=clock.now())
            looked_after += 1
        return looked_after


class Sweep:
    """Once a night and provider account, a look at every payment that may have moved there. Any worker goes on."""

    name = "sweep"

    def __init__(self, *, worker: str) -> None:
        self._worker = worker
        self._next_look: datetime | None = None

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Look at some payments of an account whose night is not done, in the order of their ids."""
        now = clock.now()
        if self._next_look is not None and now < self._next_look:
            return 0
        batch = sweep_provider.take(worker=self._worker, now=now, limit=ROWS_PER_TURN)
        if batch is None:
            self._next_look = now + LONG_WAIT
            return 0
        looked_after = 0
        for payment_id in batch.payments:
            if is_stopping() or batch.is_resting:
                break
            with survived(f"payment {payment_id} is passed over this night") as attempt:
                sweep_provider.look_at(batch, payment_id=payment_id, now=clock.now())
            if attempt.error is not None:
                sweep_provider.pass_over(batch, payment_id=payment_id, now=clock.now())
            looked_after += 1
        sweep_provider.put_down(batch)
        return looked_after


class Reconciliations:
    """Once a day and provider account, the provider's list of what moved, held against the ledger."""

    name = "reconciliation"

    def __init__(self) -> None:
        self._next_look: datetime | None = None

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Compare one day that is due."""
        now = clock.now()
        if is_stopping() or (self._next_look is not None and now < self._next_look):
            return 0
        with survived("a day of a provider is compared later") as attempt:
            if reconcile_provider.run_due(now=now):
                return 1
        self._next_look = now + LONG_WAIT * (1 if attempt.error is None else 15)
        return 0


class HoldDigest:
    """Once a day, a mail to staff about holds that end soon, where somebody wants it."""

    name = "hold digest"

    def __init__(self) -> None:
        self._next_look: datetime | None = None

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Write the day's digest unless it is written."""
        now = clock.now()
        if is_stopping() or (self._next_look is not None and now < self._next_look):
            return 0
        self._next_look = now + LONG_WAIT
        with survived("the digest of holds is not written"):
            return send_hold_digest.run(now=now)
        return 0


class Heads:
    """Once an hour, a signed head over all that the journal holds, to be kept outside."""

    name = "heads"

    def __init__(self) -> None:
        self._next_look: datetime | None = None

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Sign the journal's head unless the last one is young."""
        now = clock.now()
        if is_stopping() or (self._next_look is not None and now < self._next_look):
            return 0
        self._next_look = now + LONG_WAIT
        with survived("the journal's head is not signed"):
            return 1 if sign_head.run(now=now) else 0
        return 0


class Checks:
    """Checks of the journal that somebody asked for."""

    name = "checks"

    def __init__(self, *, worker: str) -> None:
        self._worker = worker

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Carry out the check that waits."""
        with survived("a check of the journal is begun anew later"):
            return check_journal.carry_out(worker=self._worker, is_stopping=is_stopping)
        return 0


class BulkJobs:
    """Rows of bulk jobs. A job is worked on by one worker at a time; a worker that died is replaced after its lease."""

    name = "bulk jobs"

    def __init__(self, *, worker: str) -> None:
        self._worker = worker

    def turn(self, *, is_stopping: Callable[[], bool]) -> int:
        """Do some rows of the job that has waited longest."""
        job = bulk_jobs.take(worker=self._worker, now=clock.now())
        if job is None:
            return 0
        looked_after, has_more = 0, True
        while has_more and looked_after < ROWS_PER_TURN and not is_stopping():
            with survived(f"a row of bulk job {job.id} waits") as attempt:
                has_more = bulk_jobs.do_next(job, now=clock.now())
            if attempt.error is not None:
                break
            looked_after += 1
        bulk_jobs.put_down(job, now=clock.now())
        return looked_after


def duties(*, worker: str) -> tuple[Duty, ...]:
    """Return every duty of a worker; its name marks the leases that it takes."""
    return (
        Operations(),
        Notices(),
        Mails(worker=worker),
        Sweep(worker=worker),
        Reconciliations(),
        HoldDigest(),
        Heads(),
        Checks(worker=worker),
        BulkJobs(worker=worker),
    )
