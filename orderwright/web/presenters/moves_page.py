"""The shapes of the page of moves between states: its table and its picture. How they are filled is in `moves`."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import Press


@dataclass(frozen=True, slots=True)
class MoveCell:
    """One cell of the table. `note` is the letter of the reason for which nobody can change it, empty otherwise.

    `is_itself`: from a system state to the same one.
    """

    value: str
    label: str
    to: str
    is_allowed: bool
    is_itself: bool
    note: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoveRow:
    """From one system state to each other one. `reason` stands in place of the cells where none can be changed."""

    name: str
    tone: str
    cells: tuple[MoveCell, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A system state in the picture, with the shop's own states inside it. Unit: pixels of the view box."""

    name: str
    tone: str
    left: int
    top: int
    width: int
    height: int
    lines: tuple[str, ...]

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.left + self.width // 2


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two boxes, with an arrow at its end and, when one may go back, at its beginning."""

    x1: int
    y1: int
    x2: int
    y2: int
    is_two_way: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """The picture of the moves. `lanes` are the lines of a cancellation, dashed, and `lane` the words at them."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    lanes: tuple[Edge, ...]
    lane: str
    lane_at: tuple[int, int]
    about: str


@dataclass(frozen=True, slots=True)
class MovesPage:
    """Moves between states. `notes` are letter and reason of the locked cells."""

    action: str
    states_href: str
    version: str
    columns: tuple[str, ...]
    rows: tuple[MoveRow, ...]
    notes: tuple[tuple[str, str], ...]
    graph: Graph
    save: Press
    restore: Press
    restore_href: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class RestoreQuestion:
    """Restore the defaults: which moves would be `gone` and which would come `back`, by name."""

    title: str
    action: str
    back_href: str
    version: str
    tell: str
    gone: tuple[str, ...]
    back: tuple[str, ...]
    press: Press
    error: str = ""
