"""The table of moves: what staff let orders do, what no table may say, and that the log keeps what was allowed when."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from orderwright.actions import change_state, edit_moves
from orderwright.core.errors import Refused
from orderwright.journal.models import Entry
from orderwright.orders.errors import MoveLocked, MovesChanged, MovesTrapOrders, MoveUnknown
from orderwright.orders.models import OrderMove
from orderwright.orders.states import DEFAULT_MOVES
from orderwright.reads.invariants import violations
from orderwright.reads.order_moves import read_moves


def edit(who, *, version=None, **changes):
    """Set the default moves, except from the states that are named."""
    moves = {**DEFAULT_MOVES, **{state: set(ends) for state, ends in changes.items()}}
    edit_moves.run(moves=moves, actor=who.actor, now=who.now, version=version)


def test_a_fresh_desk_has_the_default_moves(db):  # G7 W3
    assert read_moves().moves == DEFAULT_MOVES


def test_a_move_that_is_switched_on_is_offered_at_once(clerk, order):  # W3
    edit(clerk, new=["processing", "fraud", "completed", "suspended"])

    offered = {move.slug for move in change_state.moves(clerk.sees(order), clerk.actor) if move.allowed}

    assert offered == {"new", "processing", "fraud", "completed", "canceled", "suspended"}
    assert clerk.change_state(order, "suspended").state.slug == "suspended"


def test_a_move_that_is_switched_off_is_grey_and_refused(clerk, order):  # W3
    edit(clerk, new=["processing"])

    fraud = next(move for move in change_state.moves(clerk.sees(order), clerk.actor) if move.slug == "fraud")

    assert (fraud.allowed, fraud.reason) == (False, "Fraud is reached from Processing or Suspended.")
    with pytest.raises(change_state.MoveNotAllowed):
        clerk.change_state(order, "fraud")
    assert clerk.sees(order).state.slug == "new"


def test_the_journal_keeps_what_was_and_what_is(clerk):  # W13
    edit(clerk, new=["processing"], completed=[])

    entry = Entry.objects.get(kind="order_moves.edited")
    assert (entry.stream, entry.version, entry.actor_name) == ("order_moves", 1, "Mia Chen")
    assert entry.before == {"new": ["completed", "fraud", "processing"], "completed": ["processing"]}
    assert entry.after == {"new": ["processing"], "completed": []}


def test_the_same_table_again_changes_nothing(clerk):
    edit(clerk)

    assert not Entry.objects.exists()


def test_the_log_is_held_against_the_table_of_its_time(clerk, order):  # I6
    edit(clerk, new=["processing", "suspended"])
    clerk.change_state(order, "suspended")
    edit(clerk)

    assert violations() == []


@pytest.mark.breaks_invariants
def test_a_move_past_the_table_is_found(clerk, order):  # I6
    OrderMove.objects.create(from_system="new", to_system="suspended")
    clerk.change_state(order, "suspended")

    assert violations() == [
        f"I6: order:{order.id} moves from new to suspended, which was not allowed",
        (
            "I6: the table lets new lead to ['completed', 'fraud', 'processing', 'suspended'], "
            "its log says ['completed', 'fraud', 'processing']"
        ),
    ]


@pytest.mark.parametrize(
    ("start", "end", "lock"),
    [
        ("canceled", "new", "final"),
        ("cancel_requested", "new", "cancellation_decides"),
        ("new", "canceled", "by_cancel_order"),
        ("completed", "canceled", "open_it_first"),
        ("new", "cancel_requested", "by_a_cancellation"),
        ("new", "new", "same_meaning"),
    ],
)
def test_no_table_leads_past_the_money(clerk, start, end, lock):  # G28
    with pytest.raises(MoveLocked) as refused:
        edit(clerk, **{start: [end]})

    assert refused.value.facts["lock"] == lock
    assert read_moves().moves == DEFAULT_MOVES


@pytest.mark.parametrize(("start", "end"), [("canceled", "new"), ("new", "canceled"), ("new", "new"), ("lost", "new")])
def test_the_database_itself_refuses_such_a_move(db, start, end):  # G28
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderMove.objects.create(from_system=start, to_system=end)


def test_a_table_that_traps_orders_is_refused_and_names_where(clerk):
    with pytest.raises(MovesTrapOrders) as refused:
        edit(clerk, fraud=["suspended"], suspended=["fraud"])

    assert refused.value.message == (
        "No way would lead from Fraud, Suspended to Completed; orders there could only be canceled."
    )
    assert read_moves().moves == DEFAULT_MOVES


@pytest.mark.parametrize(("changes", "pointer"), [({"lost": []}, "/moves/lost"), ({"new": ["lost"]}, "/moves/new/0")])
def test_a_state_that_there_is_not_is_refused_at_its_place(clerk, changes, pointer):
    with pytest.raises(MoveUnknown) as refused:
        edit(clerk, **changes)

    assert refused.value.fields[0].pointer == pointer


def test_who_saw_an_older_table_is_told_who_changed_it(clerk, colleague):
    edit(colleague, completed=[])

    with pytest.raises(MovesChanged) as stale:
        edit(clerk, version=0)

    assert (stale.value.message, stale.value.facts) == (
        "Ravi Patel changed the moves since you opened them.",
        {"version": 1},
    )
    assert read_moves().moves["completed"] == frozenset()


def test_a_viewer_changes_no_moves(viewer):
    with pytest.raises(Refused):
        edit(viewer, completed=[])

    assert read_moves().moves == DEFAULT_MOVES
