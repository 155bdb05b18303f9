"""The moves between system states, walked whole, and the six states that every desk begins with."""

from __future__ import annotations

import itertools

import pytest

from orderwright.orders.models import OrderState
from orderwright.orders.rules import (
    BY_A_CANCELLATION,
    BY_CANCEL_ORDER,
    CANCELLATION_DECIDES,
    FINAL,
    OPEN_IT_FIRST,
    SAME_MEANING,
    cell_lock,
    dead_ends,
    move_problem,
    moves_from,
)
from orderwright.orders.states import (
    CANCEL_REQUESTED,
    CANCELED,
    CANCELLATION_MOVES,
    CLOSED,
    COLORS,
    COMPLETED,
    DEFAULT_MOVES,
    DEFAULT_STATES,
    FRAUD,
    MAPPABLE,
    NEW,
    PROCESSING,
    SHIPMENTS_OPEN,
    SUSPENDED,
    SYSTEM_STATES,
    is_open,
)

# What a person may choose in the dropdown, by hand from the rules: from, then to. Staying is no move.
ALLOWED = {
    (NEW, PROCESSING),
    (NEW, FRAUD),
    (NEW, COMPLETED),
    (PROCESSING, NEW),
    (PROCESSING, FRAUD),
    (PROCESSING, SUSPENDED),
    (PROCESSING, COMPLETED),
    (FRAUD, NEW),
    (FRAUD, PROCESSING),
    (FRAUD, SUSPENDED),
    (SUSPENDED, NEW),
    (SUSPENDED, PROCESSING),
    (SUSPENDED, FRAUD),
    (COMPLETED, PROCESSING),
}
# Choosing Canceled opens the Cancel Order dialog, from every state of an open order.
OPENS_CANCEL_ORDER = {(state, CANCELED) for state in (NEW, PROCESSING, FRAUD, SUSPENDED)}
PAIRS = [pair for pair in itertools.product(SYSTEM_STATES, repeat=2) if pair[0] != pair[1]]


def problem_of(from_system, to_system):
    return move_problem(from_system=from_system, to_system=to_system, moves=DEFAULT_MOVES)


@pytest.mark.parametrize(("from_system", "to_system"), PAIRS)
def test_every_pair_of_states_is_a_move_or_says_why_not(from_system, to_system):
    problem = move_problem(from_system=from_system, to_system=to_system, moves=DEFAULT_MOVES)

    if (from_system, to_system) in ALLOWED | OPENS_CANCEL_ORDER:
        assert problem is None
    else:
        assert problem is not None
        assert problem.endswith(".")


def test_the_table_holds_exactly_these_moves():
    assert {(start, end) for start, ends in DEFAULT_MOVES.items() for end in ends} == ALLOWED
    assert set(DEFAULT_MOVES) == MAPPABLE
    assert set(CANCELLATION_MOVES) == set(SYSTEM_STATES)


def test_suspended_is_reached_from_processing_or_fraud_alone():  # G7
    assert {start for start, ends in DEFAULT_MOVES.items() if SUSPENDED in ends} == {PROCESSING, FRAUD}
    assert problem_of(NEW, SUSPENDED) == "Suspended is reached from Processing or Fraud."


@pytest.mark.parametrize("end", [CANCELED, CANCEL_REQUESTED])
def test_a_person_never_leaves_or_enters_a_cancellation_by_the_dropdown(end):
    assert end not in DEFAULT_MOVES
    assert not any(end in ends for ends in DEFAULT_MOVES.values())


def test_the_cancellation_ends_in_canceled_from_every_open_state_and_begins_from_none_that_is_closed():
    assert {start for start, ends in CANCELLATION_MOVES.items() if CANCELED in ends} == set(SYSTEM_STATES) - CLOSED
    assert CANCELLATION_MOVES[CANCELED] == CANCELLATION_MOVES[COMPLETED] == frozenset()


def test_canceled_is_final_and_completed_can_be_opened_again():
    assert problem_of(CANCELED, NEW) == "The order is canceled; that is final."
    assert problem_of(COMPLETED, PROCESSING) is None
    assert problem_of(COMPLETED, CANCELED) == "The order is completed. Set it to Processing to open it again."


@pytest.mark.parametrize("state", sorted(set(SYSTEM_STATES) - {CANCELED, CANCEL_REQUESTED}))
def test_a_custom_state_of_the_same_meaning_can_always_be_chosen(state):
    assert problem_of(state, state) is None


def test_orders_are_open_unless_completed_or_canceled():  # W4
    assert {state for state in SYSTEM_STATES if not is_open(state)} == {COMPLETED, CANCELED}


def test_shipments_are_open_in_new_and_processing_alone():  # G13, G14
    assert {NEW, PROCESSING} == SHIPMENTS_OPEN


def test_custom_states_map_to_all_but_those_of_the_cancellation():  # W1
    assert set(SYSTEM_STATES) - MAPPABLE == {CANCELED, CANCEL_REQUESTED}


def test_the_six_defaults_are_spelled_as_in_the_guide():  # G4
    assert {state.name for state in DEFAULT_STATES} == {
        "New",
        "Completed",
        "Canceled",
        "Fraud",
        "Processing",
        "Suspended",
    }
    assert all(state.color in COLORS and state.description for state in DEFAULT_STATES)


def test_a_fresh_desk_has_the_defaults_and_the_state_of_a_cancellation_under_way(db):  # G4
    states = list(OrderState.objects.order_by("position").values_list("name", "system_state", "is_default"))

    assert states == [
        ("New", "new", True),
        ("Processing", "processing", True),
        ("Fraud", "fraud", True),
        ("Suspended", "suspended", True),
        ("Completed", "completed", True),
        ("Canceled", "canceled", True),
        ("Cancel Requested", "cancel_requested", True),
    ]


def test_reasons_follow_the_table():  # W3
    table = {**DEFAULT_MOVES, NEW: frozenset({PROCESSING}), COMPLETED: frozenset(), FRAUD: frozenset({NEW})}

    assert (
        move_problem(from_system=NEW, to_system=FRAUD, moves=table) == "Fraud is reached from Processing or Suspended."
    )
    assert move_problem(from_system=COMPLETED, to_system=NEW, moves=table) == "The order is completed; that is final."
    table[PROCESSING] = frozenset({COMPLETED})
    assert move_problem(from_system=NEW, to_system=SUSPENDED, moves=table) == (
        "Suspended is not reached from any other state."
    )


def test_what_no_table_decides_is_locked():  # G28
    locks = {
        pair: cell_lock(from_system=pair[0], to_system=pair[1]) for pair in itertools.product(SYSTEM_STATES, repeat=2)
    }

    assert {pair for pair, lock in locks.items() if lock is None} == set(itertools.permutations(MAPPABLE, 2))
    assert {lock for (start, _end), lock in locks.items() if start == CANCELED} == {FINAL}
    assert {lock for (start, _end), lock in locks.items() if start == CANCEL_REQUESTED} == {CANCELLATION_DECIDES}
    assert {locks[state, CANCELED] for state in (NEW, PROCESSING, FRAUD, SUSPENDED)} == {BY_CANCEL_ORDER}
    assert locks[COMPLETED, CANCELED] == OPEN_IT_FIRST
    assert {locks[state, CANCEL_REQUESTED] for state in MAPPABLE} == {BY_A_CANCELLATION}
    assert {locks[state, state] for state in MAPPABLE} == {SAME_MEANING}


def test_the_defaults_trap_no_order():
    assert dead_ends(DEFAULT_MOVES) == []


def test_states_that_only_lead_to_each_other_are_dead_ends():
    circle = moves_from([(NEW, PROCESSING), (PROCESSING, COMPLETED), (FRAUD, SUSPENDED), (SUSPENDED, FRAUD)])

    assert dead_ends(circle) == [FRAUD, SUSPENDED]
    assert dead_ends(moves_from([])) == [NEW, PROCESSING, FRAUD, SUSPENDED]
