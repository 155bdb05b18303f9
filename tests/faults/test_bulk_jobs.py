"""A bulk job whose workers are killed at every step of a row: each row happens once, and the report is whole (FB1)."""

from __future__ import annotations

import pytest

from orderwright.actions import add_state, retire_state, undo_retirement
from orderwright.core.crash import BULK_POINTS
from orderwright.journal.models import Entry
from orderwright.outbox.bulk import LEASE
from orderwright.reads.bulk_jobs import read_job, read_rows
from orderwright.reads.invariants import violations

pytestmark = pytest.mark.fault

ORDERS, HOLDING = 24, 2


def go_on_until_done(nursery, job, now):
    """Let workers come by, each killed at another step of its second row, until the job has ended; return the kills."""
    kills = 0
    while read_job(job_id=job).state == "running":
        step = BULK_POINTS[kills % len(BULK_POINTS)]
        ended = nursery.act("jobs", now=now, crash_at=f"{step}:2")
        kills += ended.was_killed
        assert violations() == []
        now += LEASE
    return kills


def test_a_retirement_whose_workers_are_killed_moves_each_order_once(nursery, take_in, clerk, figure):  # FB1
    slug = add_state.run(
        name="Packed", color="teal", description="", system_state="processing", actor=clerk.actor, now=clerk.now
    )
    numbers = []
    for place in range(ORDERS):
        order = take_in(held=None if place < HOLDING else 0, shipping={"method": "pick-up", "price": 0})
        for line in order.lines:
            order = clerk.set_delivery_state(order, line.sku, "shipped")
        numbers.append(clerk.change_state(order, slug).number)
    before = Entry.objects.filter(kind="order.state_changed").count()

    job = retire_state.run(slug=slug, to="completed", actor=clerk.actor, now=clerk.now)
    kills = go_on_until_done(nursery, job, clerk.now)

    moved = Entry.objects.filter(kind="order.state_changed").count() - before
    rows = read_rows(job_id=job, limit=ORDERS).items
    figure(
        "FB1", "kill -9 at every step of a bulk job", kills=kills, rows=len(rows), done_twice=moved - (ORDERS - HOLDING)
    )
    assert kills >= ORDERS // 2
    assert [row.reference for row in rows if row.state == "refused"] == numbers[:HOLDING]
    assert [row.reference for row in rows if row.state == "done"] == numbers[HOLDING:]
    assert moved == ORDERS - HOLDING

    undoing = undo_retirement.run(job_id=job, actor=clerk.actor, now=clerk.now)
    go_on_until_done(nursery, undoing, clerk.now)

    assert Entry.objects.filter(kind="order.state_restored").count() == ORDERS - HOLDING
    assert {clerk.sees(number).state.slug for number in numbers} == {slug}
