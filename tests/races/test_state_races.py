"""Who moves an order while somebody changes what orders may do: the log never shows what was not allowed then."""

from __future__ import annotations

from functools import partial

import pytest

from orderwright.actions import edit_moves
from orderwright.orders.states import DEFAULT_MOVES
from orderwright.reads.invariants import violations
from tests.support.rounds import rounds

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
