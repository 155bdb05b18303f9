"""I6: the order's own log, replayed, leads by documented moves to the state that its row shows."""

from __future__ import annotations

from collections.abc import Iterator

from orderwright.journal.models import Entry
from orderwright.orders.models import Order
from orderwright.orders.states import CANCELLATION_MOVES, MOVES
from orderwright.orders.writes import stream_of

_KINDS = ("order.taken_in", "order.state_changed", "order.cancel_requested", "order.cancel_withdrawn", "order.canceled")


def log_does_not_lead_here() -> Iterator[str]:
    """Yield orders whose log makes a move that is not in the table, has a gap, or ends in another state."""
    reached: dict[str, tuple[str, str]] = {}
    entries = Entry.objects.filter(kind__in=_KINDS).order_by("stream", "sequence")
    for stream, kind, before, after in entries.values_list("stream", "kind", "before", "after").iterator():
        came_from = reached.get(stream)
        if kind != "order.taken_in":
            if came_from is None or came_from[0] != before.get("state"):
                yield f"I6: {stream} leaves {before.get('state')}, where its log had not led"
            elif not _is_documented(kind, came_from[1], after.get("system_state", "")):
                yield f"I6: {stream} moves from {came_from[1]} to {after.get('system_state')}, no documented move"
        # Somebody may have written entries past the code: what they lack is told, and stops nothing.
        reached[stream] = (after.get("state", ""), after.get("system_state", ""))
    for pk, number, slug in Order.objects.values_list("pk", "number", "state__slug").iterator():
        if reached.get(stream_of(pk), ("", ""))[0] != slug:
            yield f"I6: order #{number} is {slug}, its log says {reached.get(stream_of(pk), ('nothing',))[0]}"


def _is_documented(kind: str, from_system: str, to_system: str) -> bool:
    if kind == "order.state_changed":
        return from_system == to_system or to_system in MOVES.get(from_system, ())
    return to_system in CANCELLATION_MOVES.get(from_system, ())
