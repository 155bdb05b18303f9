"""A worker that goes on with bulk jobs, in the test's own process."""

from __future__ import annotations

from datetime import datetime

from orderwright.actions import bulk_jobs


def work_on_jobs(*, now: datetime, worker: str = "worker-1", rows: int | None = None) -> int:
    """Do rows of bulk jobs until none waits, or so many of them; return how many were done."""
    done = 0
    while rows is None or done < rows:
        job = bulk_jobs.take(worker=worker, now=now)
        if job is None:
            break
        while (rows is None or done < rows) and bulk_jobs.do_next(job, now=now):
            done += 1
        bulk_jobs.put_down(job, now=now)
    return done
