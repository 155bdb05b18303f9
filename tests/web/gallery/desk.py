"""Sample presenters' values of what belongs to no page: keys, faults, signing in. No behaviour here."""

from __future__ import annotations

from typing import Any

from orderwright.web.presenters.list_page import Fault
from orderwright.web.presenters.parts import Link

KEYS = (
    (("/",), "Search from anywhere"),
    (("J", "K"), "Next, previous order"),
    (("Enter",), "Open the order"),
    (("S",), "Order State"),
    (("?",), "This list"),
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "keys": ("dialog_page.html", {"title": "Keys", "fragment": "help/_keys.html", "rows": KEYS}),
    "fault": (
        "errors/page.html",
        {
            "fault": Fault(
                404, "There is no order #9999", "It may have been typed differently.", "order_not_found", "req-81"
            )
        },
    ),
    "fault-plain": (
        "errors/plain.html",
        {"fault": Fault(503, "The desk is busy", "Try again in a moment.", "database_busy")},
    ),
    "sign-in": (
        "accounts/sign_in.html",
        {
            "next": "/",
            "email": "anna@desk.example",
            "error": "E-mail or password is wrong.",
            "sso": Link("Use single sign-on", "/sign-in/staff"),
        },
    ),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "fault": ("errors/_fault.html", {"fault": PAGES["fault"][1]["fault"]}),
}
