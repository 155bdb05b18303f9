"""Sample presenters' values of order states, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.list_page import LimitBox, RetireDialog, StateDialog, StateForm, StateList, StateRow
from orderwright.web.presenters.parts import Badge, Choice, Link, Press
from tests.web.gallery.samples import TONES

STATE_LIST = StateList(
    rows=(
        StateRow("1", Badge("New", "blue"), "New", "A new order is received.", (), True, "312 orders", True, "/e"),
        StateRow(
            "2",
            Badge("On hold: stock", "violet"),
            "Processing",
            "Waiting for a supplier; shipments stay open.",
            ("Not canceled from here",),
            True,
            "18 orders",
            False,
            "/e",
        ),
        StateRow(
            "3",
            Badge("Packed", "teal"),
            "Processing",
            "Boxed, label printed, not yet handed over.",
            (),
            False,
            "",
            False,
            "/e",
            "/d",
        ),
        StateRow(
            "4",
            Badge("Canceled", "grey"),
            "Canceled",
            "The order was canceled; money went back.",
            (),
            True,
            "2,204 orders",
            True,
            "/e",
        ),
    ),
    retired=(),
    here_href="/order-configurations",
    moves_href="/order-moves",
    add_href="/order-configurations/add",
    add=Press(),
)

STATE_FORM = StateForm(
    "Add Status",
    "/order-configurations/add",
    "/order-configurations",
    "Add Status",
    "On hold: stock",
    "",
    "violet",
    tuple(Choice(t, t.title(), t == "violet") for t in TONES),
    tuple(Choice(s.lower(), s, s == "Processing") for s in ("New", "Processing", "Fraud", "Suspended", "Completed")),
    "",
    (LimitBox("allows_cancel", "Orders may be canceled", "Otherwise Cancel Order says so.", is_ticked=True),),
    "",
    "We wait for your lamp.",
    True,
    {"name": "A state of this name exists already."},
    {"name": 40, "description": 200, "email_text": 500},
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
WITH_RETIRED = StateList(
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

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "states": ("configuration/states.html", {"states": STATE_LIST}),
    "state-add": (
        "dialog_page.html",
        {"title": "Add Status", "fragment": "configuration/_state_form.html", "form": STATE_FORM},
    ),
    "state-confirm": (
        "dialog_page.html",
        {
            "title": "Edit",
            "fragment": "configuration/_state_form.html",
            "form": replace(
                STATE_FORM,
                is_confirming=True,
                confirm="18 orders are in this state. They all show the change at once.",
                submit="Change it for 18 orders",
                errors={},
            ),
        },
    ),
    "state-delete": (
        "dialog_page.html",
        {
            "title": "Delete",
            "fragment": "configuration/_delete.html",
            "dialog": StateDialog(
                "Delete Packed?",
                "/x",
                "/y",
                "No order is in this state.",
                "Delete Packed",
            ),
        },
    ),
    "states-retired": ("configuration/states.html", {"states": WITH_RETIRED}),
    "state-retire": (
        "dialog_page.html",
        {"title": "Retire", "fragment": "configuration/_retire.html", "dialog": RETIRE},
    ),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "states": ("configuration/_answer.html", {"states": STATE_LIST, "toasts": ()}),
}
