"""The picture of the moves between states: where each box stands and where each line begins and ends. Pure geometry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from django.utils.translation import gettext as _

from orderwright.orders.rules import Moves
from orderwright.orders.state_words import system_state_name
from orderwright.orders.states import (
    CANCEL_REQUESTED,
    CANCELED,
    COMPLETED,
    FRAUD,
    NEW,
    PROCESSING,
    SUSPENDED,
    SYSTEM_STATES,
)
from orderwright.reads.rows import StateRow
from orderwright.web.presenters.moves_page import Edge, Graph, Node

# Unit: pixels of the view box. Five boxes in a ring, so that no line between two of them crosses a third.
_WIDTH: Final = 420
_HEIGHT: Final = 530
_PLACES: Final = {
    NEW: (210, 52),
    PROCESSING: (76, 170),
    FRAUD: (344, 170),
    COMPLETED: (120, 336),
    SUSPENDED: (300, 336),
    CANCEL_REQUESTED: (120, 490),
    CANCELED: (300, 490),
}
_BOX: Final = 140
_HEAD: Final = 36
_LINE: Final = 16
_LANE: Final = (210, 416)
_MOST_LINES: Final = 2
_LONGEST_LINE: Final = 18
# Between a line's end and the box: room for the arrow.
_AIR: Final = 4


def graph(moves: Moves, states: Sequence[StateRow]) -> Graph:
    """Return the picture: a box per system state, a line per move or pair of moves.

    In a box stand the shop's own states that orders may come into.
    """
    nodes = {system: _node(system, states) for system in SYSTEM_STATES}
    return Graph(
        width=_WIDTH,
        height=_HEIGHT,
        nodes=tuple(nodes.values()),
        edges=tuple(_edge(nodes[start], nodes[end], is_two_way=both) for start, end, both in _lines(moves)),
        lanes=(
            *(_from_lane(nodes[end]) for end in (CANCEL_REQUESTED, CANCELED)),
            _edge(nodes[CANCEL_REQUESTED], nodes[CANCELED], is_two_way=False),
        ),
        lane=_("Cancel Order, from every open state"),
        lane_at=_LANE,
        about=_("Picture of the moves that the table allows"),
    )


def _lines(moves: Moves) -> Iterator[tuple[str, str, bool]]:
    """Yield each line once: from, to, and whether one may go back along it."""
    for start, end in combinations(moves, 2):
        there, back = end in moves[start], start in moves[end]
        if there:
            yield start, end, back
        elif back:
            yield end, start, False


def _node(system: str, states: Sequence[StateRow]) -> Node:
    default = next(state for state in states if state.system_state == system and state.is_default)
    own = [state.name for state in states if state.system_state == system and not state.is_default and state.is_offered]
    lines = [_shortened(name) for name in own[:_MOST_LINES]]
    if len(own) > _MOST_LINES:
        lines.append(_("and %(n)s more") % {"n": len(own) - _MOST_LINES})
    height = _HEAD + _LINE * len(lines)
    left, middle = _PLACES[system]
    return Node(
        name=system_state_name(system),
        tone=default.color,
        left=left - _BOX // 2,
        top=middle - height // 2,
        width=_BOX,
        height=height,
        lines=tuple(lines),
    )


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_LINE else f"{name[: _LONGEST_LINE - 1].rstrip()}…"


def _edge(start: Node, end: Node, *, is_two_way: bool) -> Edge:
    x1, y1 = _border(start, towards=_centre(end))
    x2, y2 = _border(end, towards=_centre(start))
    return Edge(x1, y1, x2, y2, is_two_way=is_two_way)


def _from_lane(end: Node) -> Edge:
    x, y = _LANE
    side = x - 48 if _centre(end)[0] < x else x + 48
    return Edge(side, y + 10, *_border(end, towards=(side, y)), is_two_way=False)


def _centre(node: Node) -> tuple[int, int]:
    return node.left + node.width // 2, node.top + node.height // 2


def _border(node: Node, *, towards: tuple[int, int]) -> tuple[int, int]:
    """Return where the line from the box's middle towards a point leaves the box, a little outside of it."""
    x, y = _centre(node)
    across, down = towards[0] - x, towards[1] - y
    half_width, half_height = node.width // 2 + _AIR, node.height // 2 + _AIR
    # Compared as products, so that no fraction is needed: does it leave by a side, or by top or bottom?
    if abs(across) * half_height > abs(down) * half_width:
        step = half_width if across > 0 else -half_width
        return x + step, y + down * step // across
    step = half_height if down > 0 else -half_height
    return x + across * step // down, y + step
