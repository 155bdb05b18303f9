"""Retirements that meet each other, a rival or a worker that dies: each row happens once, and nothing is half done."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from orderwright.actions import add_state, bulk_jobs, delete_state, retire_state, retry_retirement, undo_retirement
from orderwright.core.db import DatabaseBusy
from orderwright.core.errors import Conflict
from orderwright.orders.models import OrderState
from orderwright.outbox.models import BulkJob, BulkRow
from orderwright.reads.bulk_jobs import read_job, read_rows
from orderwright.reads.order_states import read_state
from tests.support.rivals import meanwhile
from tests.support.working import work_on_jobs


@pytest.fixture
def held(clerk):
    """Add a state of the shop's own, On hold, and return its slug."""
    return add_state.run(
        name="On hold", color="violet", description="", system_state="processing", actor=clerk.actor, now=clerk.now
    )


@pytest.fixture
def three(take_in, clerk, held):
    """Put three orders on hold."""
    return [clerk.change_state(take_in(held=0), held) for _ in range(3)]


def retire(who, slug, to="processing"):
    return retire_state.run(slug=slug, to=to, actor=who.actor, now=who.now)


def undo(who, job):
    return undo_retirement.run(job_id=job, actor=who.actor, now=who.now)


def outcomes(job):
    return [(row.reference, row.state, row.code) for row in read_rows(job_id=job).items]


def each_row(monkeypatch, do):
    """Let workers do this with each order; it is given what they would have done."""
    kind = bulk_jobs.KINDS["retire_state"]

    def instead(job, row, *, now):
        do(lambda: kind.do(job, row, now=now), row)

    monkeypatch.setitem(bulk_jobs.KINDS, "retire_state", replace(kind, do=instead))


# One after the other --------------------------------------------------------------------------------------------------


def test_while_orders_are_put_back_their_state_is_not_retired_again(clerk, three, held):
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now)
    undo(clerk, job)

    with pytest.raises(retire_state.RetirementUnderWay):
        retire(clerk, held)

    assert (read_state(slug=held).stage, BulkJob.objects.count()) == ("offered", 2)


def test_what_an_earlier_retirement_left_is_not_tried_again_while_a_later_one_goes_on(clerk, take_in, held):
    holding = clerk.change_state(take_in(), held)
    first = retire(clerk, held, to="completed")
    work_on_jobs(now=clerk.now)
    undo(clerk, first)
    retire(clerk, held)

    with pytest.raises(Conflict) as refused:
        retry_retirement.run(job_id=first, actor=clerk.actor, now=clerk.now)

    assert refused.value.code == "undone_already"
    assert outcomes(first) == [(holding.number, "refused", "completion_needs_confirmation")]
    assert read_job(job_id=first).state == "done"


def test_a_state_that_was_deleted_and_added_anew_is_not_the_one_that_was_retired(clerk, held):
    job = retire(clerk, held)
    delete_state.run(slug=held, actor=clerk.actor, now=clerk.now)
    add_state.run(
        name="On hold", color="teal", description="", system_state="processing", actor=clerk.actor, now=clerk.now
    )

    with pytest.raises(Conflict) as refused:
        undo(clerk, job)

    assert refused.value.code == "state_deleted"
    assert (read_state(slug=held).version, BulkJob.objects.count()) == (1, 1)


def test_orders_are_not_put_back_into_a_state_that_is_deleted_meanwhile(clerk, three, held):
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now)
    undoing = undo(clerk, job)
    delete_state.run(slug=held, actor=clerk.actor, now=clerk.now)

    work_on_jobs(now=clerk.now)

    rows = read_rows(job_id=undoing).items
    assert [(row.state, row.message) for row in rows] == [("refused", "The state is not offered any more.")] * 3
    assert [clerk.sees(order).state.slug for order in three] == ["processing"] * 3


def test_a_job_whose_state_is_deleted_meanwhile_ends_and_leaves_its_namesake_alone(clerk, three, held):
    job = retire(clerk, held)
    for order in three:
        clerk.change_state(order, "processing")
    delete_state.run(slug=held, actor=clerk.actor, now=clerk.now)
    namesake = add_state.run(
        name="On hold", color="teal", description="", system_state="processing", actor=clerk.actor, now=clerk.now
    )
    clerk.change_state(three[0], namesake)

    work_on_jobs(now=clerk.now)

    assert namesake == held
    assert read_job(job_id=job).state == "done"
    assert [row[1:] for row in outcomes(job)] == [("passed", "left_already")] * 3
    assert (read_state(slug=held).stage, clerk.sees(three[0]).state.slug) == ("offered", held)


# In the same moment ---------------------------------------------------------------------------------------------------


def test_of_two_who_undo_at_once_one_does(clerk, colleague, three, held, both_at_once):
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now)

    ended = both_at_once(lambda: undo(clerk, job), lambda: undo(colleague, job))

    assert sorted(ended) == ["done", "undone_already"]
    assert BulkJob.objects.filter(kind="undo_retirement").count() == 1


def test_a_state_that_a_rival_deletes_in_this_moment_is_not_offered_again(clerk, held, monkeypatch):
    job = retire(clerk, held)
    meanwhile(monkeypatch, undo_retirement, "read_job", OrderState.objects.filter(slug=held).delete)

    with pytest.raises(Conflict) as refused:
        undo(clerk, job)

    assert refused.value.code == "state_deleted"
    assert BulkJob.objects.count() == 1


# Rows and workers -----------------------------------------------------------------------------------------------------


def test_a_row_at_which_workers_die_is_given_to_a_person(clerk, three, held, monkeypatch):  # FJ2
    job = retire(clerk, held)

    def die(plain, row):
        if row.reference == three[0].number:
            raise RuntimeError("nobody anticipated this")
        plain()

    each_row(monkeypatch, die)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            work_on_jobs(now=clerk.now)
    work_on_jobs(now=clerk.now)

    assert outcomes(job) == [
        (three[0].number, "refused", "worn_out"),
        (three[1].number, "done", ""),
        (three[2].number, "done", ""),
    ]


def test_a_job_that_another_worker_has_is_left_to_it_until_its_lease_ends(clerk, three, held):  # FJ1
    retire(clerk, held)
    job = bulk_jobs.take(worker="worker-1", now=clerk.now)
    bulk_jobs.do_next(job, now=clerk.now)

    early = bulk_jobs.take(worker="worker-2", now=clerk.now)
    later = clerk.at(bulk_jobs.bulk.LEASE).now
    late = bulk_jobs.take(worker="worker-2", now=later)

    assert (early, late.id) == (None, job.id)
    with pytest.raises(bulk_jobs.RowTaken):
        bulk_jobs.do_next(job, now=later)
    assert BulkRow.objects.filter(state="done").count() == 1


def test_a_row_whose_job_is_stopped_in_this_moment_changes_nothing(clerk, three, held, monkeypatch):
    retire(clerk, held)
    job = bulk_jobs.take(worker="worker-1", now=clerk.now)
    stop = partial(bulk_jobs.bulk.finish, job.id, state="stopped", now=clerk.now)
    meanwhile(monkeypatch, bulk_jobs.bulk, "next_row", stop)

    with pytest.raises(bulk_jobs.RowTaken):
        bulk_jobs.do_next(job, now=clerk.now)

    assert BulkRow.objects.filter(state="waiting").count() == 3
    assert [clerk.sees(order).state.slug for order in three] == [held] * 3


def test_a_row_for_which_the_database_is_too_busy_waits_as_if_it_had_not_been_tried(clerk, three, held, monkeypatch):
    job = retire(clerk, held)
    busy = [DatabaseBusy("The database is busy.")]

    def do(plain, _row):
        if busy:
            raise busy.pop()
        plain()

    each_row(monkeypatch, do)
    with pytest.raises(DatabaseBusy):
        work_on_jobs(now=clerk.now)
    assert list(BulkRow.objects.order_by("position").values_list("state", "tries")) == [("waiting", 0)] * 3

    work_on_jobs(now=clerk.now)

    assert [row[1] for row in outcomes(job)] == ["done"] * 3
