"""Who moves an order while somebody changes what orders may do: the log never shows what was not allowed then."""

from __future__ import annotations

from functools import partial

import pytest

from orderwright.actions import add_state, edit_moves, retire_state, undo_retirement
from orderwright.orders.states import DEFAULT_MOVES
from orderwright.outbox.bulk import RowTaken
from orderwright.reads.invariants import violations
from orderwright.reads.order_states import read_state
from tests.support.rounds import rounds
from tests.support.working import work_on_jobs

pytestmark = pytest.mark.race


def set_moves(who, moves):
    return edit_moves.run(moves=moves, actor=who.actor, now=who.now)


def test_a_move_against_the_table_that_takes_it_away_comes_first_or_not_at_all(take_in, both_at_once, clerk, colleague):
    without = {**DEFAULT_MOVES, "new": frozenset({"processing", "completed"})}
    for _ in rounds(15):
        order = take_in(held=0)
        set_moves(colleague, DEFAULT_MOVES)

        moved, edited = both_at_once(
            partial(clerk.asks.change_state, order, "fraud"), partial(set_moves, colleague, without)
        )

        assert (moved in {"done", "move_not_allowed"}, edited) == (True, "done")
        assert clerk.sees(order).state.slug == ("fraud" if moved == "done" else "new")
        assert violations() == []


def test_two_tables_at_once_are_written_one_after_the_other(both_at_once, clerk, colleague):
    fewer = {**DEFAULT_MOVES, "completed": frozenset()}
    more = {**DEFAULT_MOVES, "new": frozenset({"processing", "suspended"})}
    for _ in rounds(15):
        set_moves(clerk, DEFAULT_MOVES)

        outcomes = both_at_once(partial(set_moves, clerk, fewer), partial(set_moves, colleague, more))

        assert outcomes == ["done", "done"]
        assert violations() == []


def add(who, name):
    return add_state.run(
        name=name, color="teal", description="", system_state="processing", actor=who.actor, now=who.now
    )


def retire(who, slug):
    return retire_state.run(slug=slug, to="processing", actor=who.actor, now=who.now)


def test_an_order_that_comes_in_while_its_state_is_retired_is_moved_or_refused(take_in, both_at_once, clerk, colleague):
    for turn in rounds(10):
        slug = add(clerk, f"Packed {turn}")
        order = take_in(held=0)

        moved, _job = both_at_once(partial(clerk.asks.change_state, order, slug), partial(retire, colleague, slug))
        work_on_jobs(now=clerk.now)

        assert moved in {"done", "state_not_offered"}
        assert clerk.sees(order).state.slug == ("processing" if moved == "done" else "new")
        assert read_state(slug=slug).stage == "retired"


def test_two_workers_at_one_job_do_each_row_once(take_in, both_at_once, clerk, journal_kinds):
    for turn in rounds(5):
        slug = add(clerk, f"Packed {turn}")
        orders = [clerk.change_state(take_in(held=0), slug) for _ in range(4)]
        retire(clerk, slug)

        both_at_once(
            partial(work_on_jobs, now=clerk.now, worker="worker-1"),
            partial(work_on_jobs, now=clerk.now, worker="worker-2"),
        )

        assert [journal_kinds(order).count("order.state_changed") for order in orders] == [2] * 4
        assert read_state(slug=slug).stage == "retired"


def test_an_undo_against_the_worker_that_moves_leaves_no_order_half_way(take_in, both_at_once, clerk, colleague):
    for turn in rounds(5):
        slug = add(clerk, f"Packed {turn}")
        orders = [clerk.change_state(take_in(held=0), slug) for _ in range(4)]
        job = retire(clerk, slug)

        both_at_once(
            partial(work_or_be_stopped, clerk.now),
            partial(undo_retirement.run, job_id=job, actor=colleague.actor, now=clerk.now),
        )
        work_on_jobs(now=clerk.now)

        assert {clerk.sees(order).state.slug for order in orders} == {slug}
        assert read_state(slug=slug).stage == "offered"


def work_or_be_stopped(now):
    """Work as a worker does: a row that was taken from it, or a job that was stopped, is no failure."""
    try:
        work_on_jobs(now=now, rows=2)
    except RowTaken:
        return "stopped"
    return "done"
