"""I6: the order's own log, replayed, leads to the state of its row, by moves that were allowed as they were made."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from orderwright.journal.models import Entry
from orderwright.orders.models import Order
from orderwright.orders.rules import Moves
from orderwright.orders.states import CANCEL_REQUESTED, CANCELLATION_MOVES, DEFAULT_MOVES
from orderwright.orders.writes import MOVES_STREAM, stream_of
from orderwright.reads.order_moves import read_moves

_KINDS = (
    *("order.taken_in", "order.state_changed", "order.state_restored"),
    *("order.cancel_asked", "order.cancel_declined", "order.cancel_request_withdrawn"),
    *("order.cancel_requested", "order.cancel_withdrawn", "order.canceled"),
    "order.undone",
)
# These go where the order came from, whatever the table says by now.
_BACKWARDS = ("order.state_restored", "order.undone")
_TABLE_EDITED = "order_moves.edited"


def log_does_not_lead_here() -> Iterator[str]:
    """Yield orders whose log makes a move that was not allowed then, has a gap, or ends in another state.

    Whoever moves an order holds the move in the table until the entry is written, and whoever edits the table waits for
    that: so the order of the entries' ids is the order in which both happened.
    """
    moves = dict(DEFAULT_MOVES)
    reached: dict[str, tuple[str, str, str]] = {}  # state, its system state, and the state before
    undid_something_else = Q(kind="order.undone") & ~Q(after__has_key="state")
    entries = Entry.objects.filter(~undid_something_else, kind__in=(*_KINDS, _TABLE_EDITED)).order_by("id")
    for stream, kind, before, after in entries.values_list("stream", "kind", "before", "after").iterator():
        if stream == MOVES_STREAM:
            moves |= {state: frozenset(ends) for state, ends in after.items()}
            continue
        came_from = reached.get(stream)
        if kind != "order.taken_in":
            if came_from is None or came_from[0] != before.get("state"):
                yield f"I6: {stream} leaves {before.get('state')}, where its log had not led"
            elif kind in _BACKWARDS:
                if after.get("state") != came_from[2]:
                    yield f"I6: {stream} is put back into {after.get('state')}, but came from {came_from[2]}"
            elif not _is_allowed(kind, came_from[1], after.get("system_state", ""), moves):
                yield f"I6: {stream} moves from {came_from[1]} to {after.get('system_state')}, which was not allowed"
        # Somebody may have written entries past the code: what they lack is told, and stops nothing.
        reached[stream] = (after.get("state", ""), after.get("system_state", ""), before.get("state") or "")
    for pk, number, slug in Order.objects.values_list("pk", "number", "state__slug").iterator():
        if reached.get(stream_of(pk), ("",))[0] != slug:
            yield f"I6: order #{number} is {slug}, its log says {reached.get(stream_of(pk), ('nothing',))[0]}"
    for state, ends in read_moves().moves.items():
        if ends != moves[state]:
            yield f"I6: the table lets {state} lead to {sorted(ends)}, its log says {sorted(moves[state])}"


def _is_allowed(kind: str, from_system: str, to_system: str, moves: Moves) -> bool:
    if kind == "order.state_changed":
        return from_system == to_system or to_system in moves.get(from_system, ())
    if kind == "order.cancel_requested" and from_system == CANCEL_REQUESTED:
        return to_system == CANCEL_REQUESTED  # a request for it was accepted
    return to_system in CANCELLATION_MOVES.get(from_system, ())
