"""What a retirement, or its undo, was refused is tried again while nothing later has the last word about the orders."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.accounts.models import User
from orderwright.actions import (
    add_state,
    delete_state,
    retire_state,
    retry_retirement,
    undo_retirement,
)
from orderwright.core.errors import Conflict, Refused
from orderwright.journal.models import Entry
from orderwright.outbox.models import BulkJob
from orderwright.reads.bulk_jobs import read_job, read_rows
from orderwright.reads.order_states import read_state
from tests.support.rivals import look_too_early
from tests.support.working import work_on_jobs


def add(who: Any, name: str) -> str:
    return add_state.run(
        name=name, color="violet", description="", system_state="processing", actor=who.actor, now=who.now
    )


def retire(who: Any, slug: str, to: str = "completed") -> int:
    return retire_state.run(slug=slug, to=to, actor=who.actor, now=who.now)


def undo(who: Any, job: int) -> int:
    return undo_retirement.run(job_id=job, actor=who.actor, now=who.now)


def retry(who: Any, job: int) -> None:
    retry_retirement.run(job_id=job, actor=who.actor, now=who.now)


def outcomes(job: int) -> list[tuple[str, str]]:
    return [(row.state, row.code) for row in read_rows(job_id=job).items]


@pytest.fixture
def held(clerk: Any) -> str:
    """Add a state of the shop's own, On hold, and return its slug."""
    return add(clerk, "On hold")


@pytest.fixture
def holding(take_in: Any, clerk: Any, held: str) -> list[Any]:
    """Put two orders on hold whose money is held, so that no job completes them."""
    return [clerk.change_state(take_in(), held) for _ in range(2)]


@pytest.fixture
def left(clerk: Any, holding: list[Any], held: str) -> int:
    """Retire On hold by a job that is refused both orders, and return the job's id."""
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now)
    assert outcomes(job) == [("refused", "completion_needs_confirmation")] * 2
    return job


def test_a_retirement_that_was_undone_is_not_tried_again_whatever_came_after(
    clerk: Any, holding: list[Any], held: str, left: int
) -> None:
    undo(clerk, left)
    packing = add(clerk, "Packing")
    later = retire(clerk, held, to=packing)
    User.objects.filter(pk=clerk.user.pk).update(is_active=False)
    work_on_jobs(now=clerk.now)
    assert (outcomes(later), read_state(slug=held).stage) == ([("refused", "starter_lacks_rights")] * 2, "retiring")
    User.objects.filter(pk=clerk.user.pk).update(is_active=True)

    with pytest.raises(Conflict) as refused:
        retry(clerk, left)
    work_on_jobs(now=clerk.now)

    assert refused.value.code == "undone_already"
    assert [clerk.sees(order).state.slug for order in holding] == [held, held]
    assert (read_job(job_id=left).refused, BulkJob.objects.filter(state="running").exists()) == (2, False)
    assert not Entry.objects.filter(kind="order_state.retirement_retried").exists()
    retry(clerk, later)
    work_on_jobs(now=clerk.now)
    assert [clerk.sees(order).state.slug for order in holding] == [packing, packing]


def test_a_retirement_that_a_rival_undoes_in_this_moment_is_not_tried_again(
    clerk: Any, colleague: Any, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_job(job_id=left)
    undo(colleague, left)
    look_too_early(monkeypatch, retry_retirement, "read_job", seeing=before)

    with pytest.raises(Conflict) as refused:
        retry(clerk, left)

    assert refused.value.code == "undone_already"
    assert read_job(job_id=left).refused == 2


def test_an_undo_is_not_tried_again_once_a_later_job_is_about_the_state(
    clerk: Any, colleague: Any, take_in: Any, held: str
) -> None:
    order = clerk.change_state(take_in(held=0), held)
    first = retire(clerk, held, to="processing")
    work_on_jobs(now=clerk.now)
    undoing = undo(colleague, first)
    User.objects.filter(pk=colleague.user.pk).update(is_active=False)
    work_on_jobs(now=clerk.now)
    assert outcomes(undoing) == [("refused", "starter_lacks_rights")]
    undo(clerk, retire(clerk, held))
    work_on_jobs(now=clerk.now)
    assert read_state(slug=held).stage == "offered"

    with pytest.raises(Conflict) as refused:
        retry(clerk, undoing)
    work_on_jobs(now=clerk.now)

    assert refused.value.code == "job_overtaken"
    assert clerk.sees(order).state.slug == "processing"


def test_a_retirement_whose_state_is_deleted_is_not_tried_again(
    clerk: Any, holding: list[Any], held: str, left: int
) -> None:
    for order in holding:
        clerk.change_state(order, "processing")
    delete_state.run(slug=held, actor=clerk.actor, now=clerk.now)
    add(clerk, "On hold")

    with pytest.raises(Conflict) as refused:
        retry(clerk, left)

    assert (refused.value.code, read_job(job_id=left).state) == ("state_deleted", "done")


def test_a_job_that_runs_has_nothing_to_be_tried_again(clerk: Any, holding: list[Any], held: str) -> None:
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now, rows=1)

    with pytest.raises(Conflict) as refused:
        retry(clerk, job)

    assert (refused.value.code, outcomes(job)[1]) == ("nothing_to_retry", ("waiting", ""))


def test_who_may_not_configure_tries_nothing_again(viewer: Any, left: int) -> None:
    with pytest.raises(Refused):
        retry(viewer, left)

    assert read_job(job_id=left).refused == 2


def test_a_further_try_is_told_and_does_not_hide_who_began(clerk: Any, colleague: Any, held: str, left: int) -> None:
    retry(colleague, left)

    job = read_job(job_id=left)
    assert (job.actor_name, job.started_at) == ("Mia Chen", clerk.now)
    assert (job.retrier_name, job.retried_at) == ("Ravi Patel", colleague.now)
    entry = Entry.objects.get(kind="order_state.retirement_retried")
    assert (entry.stream, entry.actor_name, entry.after) == (
        BulkJob.objects.get(pk=left).subject,
        "Ravi Patel",
        {"orders": 2},
    )
    assert entry.version == read_state(slug=held).version


def test_a_further_try_of_an_undo_is_told_as_one(clerk: Any, colleague: Any, take_in: Any, held: str) -> None:
    clerk.change_state(take_in(held=0), held)
    job = retire(clerk, held, to="processing")
    work_on_jobs(now=clerk.now)
    undoing = undo(colleague, job)
    User.objects.filter(pk=colleague.user.pk).update(is_active=False)
    work_on_jobs(now=clerk.now)

    retry(clerk, undoing)
    work_on_jobs(now=clerk.now)

    entry = Entry.objects.get(kind="order_state.undo_retried")
    assert (entry.actor_name, entry.after) == ("Mia Chen", {"orders": 1})
    put_back = Entry.objects.get(kind="order.state_restored")
    assert put_back.actor_name == "Mia Chen"
