"""What follows from the table of moves: why a move is not allowed, what no table may say, which tables trap orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from orderwright.orders.states import (
    CANCEL_REQUESTED,
    CANCELED,
    COMPLETED,
    MAPPABLE,
    SYSTEM_STATES,
)

# From each system state that the table knows, where an order may be moved to by hand.
Moves = Mapping[str, frozenset[str]]

# Why a cell of the table is locked. Stored words: the API answers with them.
SAME_MEANING: Final = "same_meaning"
FINAL: Final = "final"
CANCELLATION_DECIDES: Final = "cancellation_decides"
BY_CANCEL_ORDER: Final = "by_cancel_order"
BY_A_CANCELLATION: Final = "by_a_cancellation"
OPEN_IT_FIRST: Final = "open_it_first"


_OF_CANCELLATION: Final = {
    CANCELED: "The order is canceled; that is final.",
    CANCEL_REQUESTED: "A cancellation is under way; it must be settled first.",
    "into": "Cancel Requested is set by Cancel Order alone.",
}


def moves_from(pairs: Iterable[tuple[str, str]]) -> Moves:
    """Return the table that these moves make, from and to; each state that it knows has its entry."""
    table: dict[str, set[str]] = {state: set() for state in SYSTEM_STATES if state in MAPPABLE}
    for from_system, to_system in pairs:
        table[from_system].add(to_system)
    return {state: frozenset(ends) for state, ends in table.items()}


def cell_lock(*, from_system: str, to_system: str) -> str | None:
    """Return why nobody may tick or clear this cell of the table, or None for one that can be edited.

    Shape: one of the words above. Whether a locked move can be made at all, `move_problem` says. Source: W3, G28.
    """
    if from_system == CANCELED:
        return FINAL
    if from_system == CANCEL_REQUESTED:
        return CANCELLATION_DECIDES
    if from_system == to_system:
        return SAME_MEANING
    if to_system == CANCEL_REQUESTED:
        return BY_A_CANCELLATION
    if to_system == CANCELED:
        return OPEN_IT_FIRST if from_system == COMPLETED else BY_CANCEL_ORDER
    return None


def dead_ends(moves: Moves) -> list[str]:
    """Return the system states from which no way leads to Completed: orders there could only be canceled.

    Shape: in the order of the dropdown; empty for a table that can be used.
    """
    leads: set[str] = {COMPLETED}
    while True:
        further = {state for state, ends in moves.items() if state not in leads and ends & leads}
        if not further:
            return [state for state in SYSTEM_STATES if state in MAPPABLE and state not in leads]
        leads |= further


def move_problem(*, from_system: str, to_system: str, moves: Moves) -> str | None:
    """Return why a person may not move an order so, or None when they may. Source: W3, G7."""
    if from_system in (CANCELED, CANCEL_REQUESTED):
        return _OF_CANCELLATION[from_system]
    if from_system == to_system or to_system in moves[from_system]:
        return None
    if from_system == COMPLETED:
        return completed_reason(moves)
    if to_system == CANCELED:
        return None  # the dropdown leads to Cancel Order
    return _OF_CANCELLATION["into"] if to_system == CANCEL_REQUESTED else _reached_from(to_system, moves)


def completed_reason(moves: Moves) -> str:
    """Return how a completed order is opened again, as a sentence."""
    ways = _names(moves[COMPLETED])
    return (
        f"The order is completed. Set it to {ways} to open it again."
        if ways
        else "The order is completed; that is final."
    )


def _reached_from(to_system: str, moves: Moves) -> str:
    starts = _names({state for state, ends in moves.items() if to_system in ends})
    name = SYSTEM_STATES[to_system]
    return f"{name} is reached from {starts}." if starts else f"{name} is not reached from any other state."


def _names(states: Iterable[str]) -> str:
    """Return the states' names in the order of the dropdown: `New, Processing or Fraud`."""
    wanted = set(states)
    *first, last = [name for state, name in SYSTEM_STATES.items() if state in wanted] or [""]
    return f"{', '.join(first)} or {last}" if first else last
