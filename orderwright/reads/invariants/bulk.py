"""Bulk jobs: their counts are those of their rows, and none has ended while rows wait that nobody stopped."""

from __future__ import annotations

from collections.abc import Iterator

from orderwright.reads.invariants.sql import rows

_COUNTS = """
SELECT b.id, b.state, b.total, b.done, b.refused, count(r.id),
  coalesce(sum(CASE WHEN r.state IN ('done', 'passed') THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN r.state = 'refused' THEN 1 ELSE 0 END), 0)
FROM outbox_bulkjob b LEFT JOIN outbox_bulkrow r ON r.job_id = b.id
GROUP BY b.id, b.state, b.total, b.done, b.refused
"""


def counts_differ() -> Iterator[str]:
    """Yield jobs that say something else of their rows than the rows do."""
    for job, state, *told_and_found in rows(_COUNTS):
        told, found = tuple(told_and_found[:3]), tuple(int(each) for each in told_and_found[3:])
        if told != found:
            yield f"bulk job {job} says {told} of total, done and refused; its rows say {found}"
        waiting = found[0] - found[1] - found[2]
        if state == "done" and waiting:
            yield f"bulk job {job} has ended, but {waiting} of its rows wait"
