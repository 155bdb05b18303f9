"""Sample presenters' values for Order Configurations beyond its list: moves between states. No behaviour here."""

from __future__ import annotations

from typing import Any

from orderwright.web.presenters.bulk_page import JobLine, JobList, JobPage, Progress, ReportRow
from orderwright.web.presenters.list_page import RetireDialog, StateList, StateRow
from orderwright.web.presenters.moves_page import Edge, Graph, MoveCell, MoveRow, MovesPage, Node, RestoreQuestion
from orderwright.web.presenters.order_dialogs import AskDialog, DeclineDialog
from orderwright.web.presenters.parts import Badge, Choice, Link, Press, When

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

WHEN = When(iso="2026-11-20T21:42:11Z", text="20 Nov 16:42", full="20 Nov 2026, 16:42 UTC")
PROGRESS = Progress(31, 44, "31 of 44 orders · 1 not done", is_running=True)
TITLE = "Retire On hold: stock: move its orders to Processing"
JOBS = JobList(
    (JobLine("/bulk-jobs/1", TITLE, PROGRESS, Badge("Running", "blue", True), "Anna Kovac", WHEN),), "Newest."
)
JOB = JobPage(
    title=TITLE,
    tell="You may leave this page: it goes on by itself.",
    state=Badge("Running", "blue", is_checking=True),
    progress=PROGRESS,
    facts="Begun on 20 Nov 2026, 16:42 UTC, in the name of Anna Kovac",
    chips=(Link("All", "/bulk-jobs/1", is_current=True, count="44"), Link("Not done", "?outcome=refused", count="1")),
    rows=(
        ReportRow(Link("#1042", "/orders/1042"), Badge("Done", "green"), "", WHEN),
        ReportRow(Link("#1043", "/orders/1043"), Badge("Not done", "amber"), "Money is still held.", None),
    ),
    empty="No order is in this part of the report.",
    sorted_by="In the order in which they are worked on.",
    back=Link("Order Configurations", "/order-configurations"),
    watch_href="/bulk-jobs/1",
    older_href="/bulk-jobs/1?after=x",
    newest_href="/bulk-jobs/1",
    undo_action="/bulk-jobs/1/undo",
    undo=Press(),
    retry_action="/bulk-jobs/1/retry",
)
RETIRE = RetireDialog(
    title="Retire On hold: stock?",
    action="/order-configurations/on-hold-stock/retire",
    back_href="/order-configurations",
    tell="18 orders move to the state that you choose.",
    targets=(
        Choice("processing", "Processing", is_selected=True),
        Choice("fraud", "Fraud — It is retired.", is_allowed=False),
    ),
    confirm="Retire it and move 18 orders",
    press=Press(),
    error="Choose another state, one that is offered.",
)
RETIRED = StateRow(
    "9",
    Badge("Packed", "teal"),
    "Processing",
    "Boxed.",
    (),
    False,
    "",
    False,
    delete_href="/d",
    stage=Badge("Retired"),
    job=Link("See what was moved", "/bulk-jobs/1"),
)
STATES = StateList(
    rows=(
        StateRow(
            "8",
            Badge("On hold", "violet"),
            "Processing",
            "",
            (),
            True,
            "3 orders",
            False,
            "/e",
            "",
            "/r",
            Badge("Being retired"),
        ),
    ),
    retired=(RETIRED,),
    here_href="/order-configurations",
    moves_href="/order-moves",
    add_href="/order-configurations/add",
    add=Press(),
)

REASONS = (Choice("customer asked", "Customer asked for it", is_selected=True), Choice("other", "Another reason"))
ASK = AskDialog(
    title="Ask to cancel order #1042?",
    action="/orders/1042/cancellation-request",
    back_href="/orders/1042",
    version="12",
    tell="No money moves.",
    reasons=REASONS,
    words="\t",
    confirm="Ask for the cancellation",
    press=Press(),
    errors={"reason": "It has a control character or half of a character pair."},
)
DECLINE = DeclineDialog(
    title="Decline to cancel order #1042?",
    action="/orders/1042/cancellation-request/decline",
    back_href="/orders/1042",
    version="12",
    tell="The order goes back to Processing and goes on.",
    quote="My sister bought the same.",
    email="bob.norman@mail.example.com",
    is_emailing=True,
    message="It left us this morning.",
    longest=500,
    confirm="Decline, keep the order",
    press=Press(),
    errors={"message": "At most 500 characters; this has 501."},
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "moves": ("configuration/moves.html", {"moves": MOVES}),
    "moves-restore": (
        "dialog_page.html",
        {"title": "Restore", "fragment": "configuration/_restore_moves.html", "question": RESTORE},
    ),
    "states-retired": ("configuration/states.html", {"states": STATES}),
    "state-retire": (
        "dialog_page.html",
        {"title": "Retire", "fragment": "configuration/_retire.html", "dialog": RETIRE},
    ),
    "cancel-ask": ("dialog_page.html", {"title": "Ask", "fragment": "orders/_ask_cancel.html", "dialog": ASK}),
    "cancel-decline": (
        "dialog_page.html",
        {"title": "Decline", "fragment": "orders/_decline_cancel.html", "dialog": DECLINE},
    ),
    "bulk-jobs": ("bulk/list.html", {"jobs": JOBS}),
    "bulk-jobs-empty": ("bulk/list.html", {"jobs": JobList((), "Newest.")}),
    "bulk-job": ("bulk/detail.html", {"job": JOB}),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "moves": ("configuration/_moves_answer.html", {"moves": MOVES, "toasts": ()}),
    "bulk-job": ("bulk/_answer.html", {"job": JOB, "toasts": ()}),
}
