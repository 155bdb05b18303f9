"""Sample presenters' values of the moves between states, for the gallery. No behaviour here."""

from __future__ import annotations

from typing import Any

from orderwright.web.presenters.moves_page import Edge, Graph, MoveCell, MoveRow, MovesPage, Node, RestoreQuestion
from orderwright.web.presenters.parts import Press

MOVES = MovesPage(
    action="/order-moves",
    states_href="/order-configurations",
    version="3",
    columns=("New", "Canceled"),
    rows=(
        MoveRow(
            "New",
            "grey",
            (
                MoveCell("new:new", "New to New", "New", False, True, "a", "They always lead to each other."),
                MoveCell("new:processing", "New to Processing", "Processing", True, False),
            ),
        ),
        MoveRow("Canceled", "grey", (), "Canceled is final: the money has gone back."),
    ),
    notes=(("a", "They always lead to each other."),),
    graph=Graph(
        width=420,
        height=560,
        nodes=(Node("New", "grey", 135, 34, 150, 52, ("Waiting for a sup…",)),),
        edges=(Edge(10, 10, 40, 60, is_two_way=True),),
        lanes=(Edge(10, 90, 40, 90, is_two_way=False),),
        lane="Cancel Order, from every open state",
        lane_at=(210, 436),
        about="Picture of the moves",
    ),
    save=Press(),
    restore=Press(is_allowed=False, reason="These are the defaults."),
    restore_href="/order-moves/defaults",
    error="No way would lead from Suspended to Completed.",
)

RESTORE = RestoreQuestion(
    title="Restore the default moves?",
    action="/order-moves/defaults",
    back_href="/order-moves",
    version="3",
    tell="The whole table is written anew.",
    gone=("New to Suspended",),
    back=("Completed to Processing", "Suspended to New"),
    press=Press(),
    error="Ravi Patel changed the moves since you opened them.",
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "moves": ("configuration/moves.html", {"moves": MOVES}),
    "moves-restore": (
        "dialog_page.html",
        {"title": "Restore", "fragment": "configuration/_restore_moves.html", "question": RESTORE},
    ),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "moves": ("configuration/_moves_answer.html", {"moves": MOVES, "toasts": ()}),
}
