"""Retiring a state: its orders are moved row by row, what cannot be moved is named, and all of it can be undone."""

from __future__ import annotations

import pytest

from orderwright.actions import (
    add_state,
    change_state,
    delete_state,
    edit_moves,
    edit_state,
    retire_state,
    retry_retirement,
    undo_retirement,
)
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.orders.errors import StateIsDefault, StateNameTaken, StateNotOffered, StateUnknown
from orderwright.orders.models import OrderState
from orderwright.orders.states import DEFAULT_MOVES
from orderwright.outbox.models import BulkJob, Mail
from orderwright.reads.bulk_jobs import read_job, read_rows
from orderwright.reads.order_moves import read_moves
from orderwright.reads.order_states import list_states, read_state
from tests.support.working import work_on_jobs


@pytest.fixture
def held(clerk):
    """Add a state of the shop's own, On hold, and return its slug."""
    return add(clerk, "On hold")


@pytest.fixture
def three(take_in, clerk, held):
    """Put three orders on hold."""
    return [clerk.change_state(take_in(held=0), held) for _ in range(3)]


def add(who, name, system_state="processing"):
    return add_state.run(
        name=name, color="violet", description="", system_state=system_state, actor=who.actor, now=who.now
    )


def retire(who, slug, to="processing"):
    return retire_state.run(slug=slug, to=to, actor=who.actor, now=who.now)


def undo(who, job):
    return undo_retirement.run(job_id=job, actor=who.actor, now=who.now)


def outcomes(job):
    return [(row.reference, row.state, row.code) for row in read_rows(job_id=job).items]


def test_the_orders_are_moved_and_the_state_is_retired(clerk, three, held, journal_kinds):  # W2
    job = retire(clerk, held)
    assert (read_state(slug=held).stage, read_job(job_id=job).total) == ("retiring", 3)

    work_on_jobs(now=clerk.now)

    assert [clerk.sees(order).state.slug for order in three] == ["processing"] * 3
    assert read_state(slug=held).stage == "retired"
    done = read_job(job_id=job)
    assert (done.state, done.total, done.done, done.refused) == ("done", 3, 3, 0)
    assert journal_kinds(three[0])[-1] == "order.state_changed"
    entry = Entry.objects.filter(kind="order.state_changed").latest("id")
    assert (entry.actor_name, entry.why) == ("Mia Chen", "On hold retired")
    kinds = Entry.objects.filter(stream=f"order_state:{OrderState.objects.get(slug=held).pk}").order_by("sequence")
    assert list(kinds.values_list("kind", flat=True)) == [
        "order_state.added",
        "order_state.retiring",
        "order_state.retired",
    ]


def test_from_the_first_moment_no_order_comes_into_it(clerk, three, held, take_in):  # W2
    retire(clerk, held)
    order = take_in(held=0)

    assert held not in {move.slug for move in change_state.moves(order, clerk.actor)}
    with pytest.raises(StateNotOffered):
        clerk.change_state(order, held)
    with pytest.raises(Invalid) as refused:
        take_in(held=0, state=held)
    assert [(field.pointer, field.code) for field in refused.value.fields] == [("/state", "state_not_offered")]


def test_an_order_that_waits_for_its_turn_can_be_worked_on(clerk, three, held):
    job = retire(clerk, held)
    clerk.change_state(three[1], "fraud")

    work_on_jobs(now=clerk.now)

    assert clerk.sees(three[1]).state.slug == "fraud"
    assert outcomes(job)[1] == (three[1].number, "passed", "left_already")
    assert read_state(slug=held).stage == "retired"


def test_a_state_without_orders_is_retired_at_once(clerk, held):
    job = retire(clerk, held)

    assert (read_state(slug=held).stage, read_job(job_id=job).state) == ("retired", "done")


def test_what_cannot_be_moved_stays_and_is_named_and_tried_again(clerk, take_in, held):
    fine, holding = clerk.change_state(take_in(held=0), held), take_in()
    holding = clerk.change_state(holding, held)
    sent = clerk.set_delivery_state
    for line in fine.lines:
        fine = sent(fine, line.sku, "shipped")
    job = retire(clerk, held, to="completed")

    work_on_jobs(now=clerk.now)

    assert outcomes(job) == [
        (fine.number, "done", ""),
        (holding.number, "refused", "completion_needs_confirmation"),
    ]
    assert (read_state(slug=held).stage, read_job(job_id=job).refused) == ("retiring", 1)
    assert not clerk.sees(fine).is_open
    clerk.change_state(holding, "completed", is_confirmed=True)

    retry_retirement.run(job_id=job, actor=clerk.actor, now=clerk.now)
    work_on_jobs(now=clerk.now)

    assert outcomes(job)[1] == (holding.number, "passed", "left_already")
    assert read_state(slug=held).stage == "retired"


def test_a_job_of_which_nothing_was_refused_is_not_tried_again(clerk, three, held):
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now)

    with pytest.raises(Conflict) as refused:
        retry_retirement.run(job_id=job, actor=clerk.actor, now=clerk.now)

    assert refused.value.code == "nothing_to_retry"


def test_nobody_is_mailed(clerk, three, held):
    retire(clerk, held)
    work_on_jobs(now=clerk.now)

    assert not Mail.objects.exists()


def test_a_move_that_the_table_takes_away_meanwhile_is_refused_row_by_row(clerk, three, held):  # W3
    job = retire(clerk, held, to="suspended")
    work_on_jobs(now=clerk.now, rows=1)
    edit_moves.run(moves={**DEFAULT_MOVES, "processing": {"new", "completed"}}, actor=clerk.actor, now=clerk.now)

    work_on_jobs(now=clerk.now)

    assert [row[1:] for row in outcomes(job)] == [("done", ""), *[("refused", "move_not_allowed")] * 2]
    assert read_state(slug=held).stage == "retiring"


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ("lost", StateUnknown),
        ("on-hold", retire_state.RetirementTarget),
        ("canceled", retire_state.RetirementTarget),
        ("cancel-requested", retire_state.RetirementTarget),
        ("fraud", retire_state.RetirementTarget),
    ],
)
def test_a_state_that_orders_could_not_be_moved_to_by_hand_is_refused(clerk, three, held, to, error):  # W3
    edit_moves.run(moves={**DEFAULT_MOVES, "processing": {"completed"}}, actor=clerk.actor, now=clerk.now)

    with pytest.raises(error):
        retire(clerk, held, to=to)

    assert (read_state(slug=held).stage, BulkJob.objects.exists()) == ("offered", False)


def test_a_retired_state_takes_no_orders_of_another(clerk, held):
    other = add(clerk, "Packed")
    retire(clerk, other)

    with pytest.raises(retire_state.RetirementTarget):
        retire(clerk, held, to=other)


def test_a_state_is_retired_once(clerk, three, held):
    job = retire(clerk, held)

    with pytest.raises(StateNotOffered):
        retire(clerk, held, to="fraud")

    assert (BulkJob.objects.get().pk, read_job(job_id=job).facts["to"]) == (job, "processing")


def test_a_retired_state_is_named_among_the_others_with_why_not(clerk, held):
    other = add(clerk, "Packed")
    retire(clerk, other)

    state, moves = read_state(slug=held), read_moves().moves
    others = retire_state.targets(state, list_states())
    why = {each.slug: retire_state.target_problem(state, each, moves) for each in others}

    assert (why[other], why["processing"]) == ("It is retired.", None)
    assert held not in why


@pytest.mark.parametrize("slug", ["new", "processing", "completed", "canceled"])
def test_a_default_state_is_not_retired(clerk, slug):  # W2
    with pytest.raises(StateIsDefault):
        retire(clerk, slug, to="fraud")


def test_a_state_that_is_being_filled_is_neither_retired_nor_deleted(clerk, three, held):
    other = add(clerk, "Packed")
    retire(clerk, held, to=other)

    with pytest.raises(retire_state.RetirementUnderWay):
        retire(clerk, other)
    with pytest.raises(retire_state.RetirementUnderWay):
        delete_state.run(slug=other, actor=clerk.actor, now=clerk.now)
    assert read_state(slug=other).stage == "offered"


def test_a_retired_state_is_not_edited_and_keeps_its_name_until_it_is_deleted(clerk, held):
    retire(clerk, held)

    with pytest.raises(StateNotOffered):
        edit_state.run(
            slug=held,
            name="x",
            color="red",
            description="",
            system_state="processing",
            actor=clerk.actor,
            now=clerk.now,
        )
    with pytest.raises(StateNameTaken) as refused:
        add(clerk, "on hold")
    assert refused.value.message == "A retired state has the name “on hold”."
    delete_state.run(slug=held, actor=clerk.actor, now=clerk.now)
    assert add(clerk, "on hold") == held


def test_a_cancellation_that_is_given_up_does_not_lead_into_a_retired_state(clerk, take_in, held, practice):  # W5
    order = clerk.change_state(take_in(), held)
    practice.fault("decline", "reversal")
    clerk.cancel(order)
    retire(clerk, held, to="fraud")

    assert clerk.withdraw_cancellation(order).state.slug == "processing"


def test_who_may_not_configure_or_not_move_orders_retires_nothing(viewer, finance, held):
    for nobody in (viewer, finance):
        with pytest.raises(Refused):
            retire(nobody, held)

    assert read_state(slug=held).stage == "offered"


# Undo -----------------------------------------------------------------------------------------------------------------


def test_undo_offers_the_state_again_and_puts_untouched_orders_back(clerk, colleague, three, held, journal_kinds):  # W2
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now)

    undoing = undo(colleague, job)
    assert read_state(slug=held).stage == "offered"
    work_on_jobs(now=clerk.now)

    assert [clerk.sees(order).state.slug for order in three] == [held] * 3
    assert journal_kinds(three[0])[-1] == "order.state_restored"
    assert (read_job(job_id=undoing).done, read_job(job_id=job).undone_by) == (3, undoing)


def test_undo_leaves_what_was_touched_and_names_who_did(clerk, colleague, three, held):  # W2
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now)
    colleague.add_note(three[0], "Called the customer.")
    colleague.change_state(three[1], "fraud")

    undoing = undo(clerk, job)
    work_on_jobs(now=clerk.now)

    assert [clerk.sees(order).state.slug for order in three] == ["processing", "fraud", held]
    rows = read_rows(job_id=undoing).items
    assert [(row.state, row.code, row.message) for row in rows[:2]] == [
        ("refused", "touched_since", "Ravi Patel changed it since; it is Processing."),
        ("refused", "touched_since", "Ravi Patel changed it since; it is Fraud."),
    ]
    assert rows[2].state == "done"


def test_undo_goes_back_where_the_table_has_no_way(clerk, take_in):  # I6
    fresh = add(clerk, "Just in", system_state="new")
    order = clerk.change_state(take_in(held=0), fresh)
    for line in order.lines:
        order = clerk.set_delivery_state(order, line.sku, "shipped")
    job = retire(clerk, fresh, to="completed")
    work_on_jobs(now=clerk.now)

    undo(clerk, job)
    work_on_jobs(now=clerk.now)

    back = clerk.sees(order)
    assert (back.state.slug, back.is_open) == (fresh, True)


def test_undo_stops_a_retirement_that_still_runs(clerk, three, held):
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now, rows=1)

    undo(clerk, job)
    work_on_jobs(now=clerk.now)

    assert read_job(job_id=job).state == "stopped"
    assert [row[1] for row in outcomes(job)] == ["done", "waiting", "waiting"]
    assert [clerk.sees(order).state.slug for order in three] == [held] * 3


def test_an_undo_is_done_once_and_not_undone(clerk, three, held):
    job = retire(clerk, held)
    work_on_jobs(now=clerk.now)
    undoing = undo(clerk, job)
    work_on_jobs(now=clerk.now)

    for again, code in ((job, "undone_already"), (undoing, "not_undone")):
        with pytest.raises(Conflict) as refused:
            undo(clerk, again)
        assert refused.value.code == code


def test_a_retirement_whose_state_is_deleted_is_not_undone(clerk, held):
    job = retire(clerk, held)
    delete_state.run(slug=held, actor=clerk.actor, now=clerk.now)

    with pytest.raises(Conflict) as refused:
        undo(clerk, job)

    assert refused.value.code == "state_deleted"


def test_a_state_can_be_retired_again_after_an_undo(clerk, three, held):
    undo(clerk, retire(clerk, held))
    work_on_jobs(now=clerk.now)

    retire(clerk, held)
    work_on_jobs(now=clerk.now)

    assert read_state(slug=held).stage == "retired"
