"""Sample presenters' values of the audit, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.audit_page import (
    AuditPage,
    AuditRow,
    ChoiceGroup,
    JournalCheck,
    JournalHead,
    Standing,
)
from orderwright.web.presenters.order_page import Part
from orderwright.web.presenters.parts import Badge, Choice, Field, Link, Press, Select, Toast
from tests.web.gallery.samples import AT

STANDING = Standing(
    head=JournalHead(number="7", when=AT, about="over 1,284 entries", root="ab" * 32, key="k" * 43, href="/audit/head"),
    check=JournalCheck(badge=Badge("Holds", "green"), text="1,284 entries and 7 heads checked"),
    action="/audit/checks",
    press=Press(),
)
RUNNING = replace(
    STANDING,
    check=JournalCheck(
        badge=Badge("Checking", "blue", is_checking=True), text="2 of 4", poll_href="/audit/checks", done="2", whole="4"
    ),
)
BROKEN = replace(
    STANDING,
    head=None,
    check=JournalCheck(
        badge=Badge("Faults found", "red"), text="4 entries", faults=("order:1: entry 2 is gone",), more="and 3 more"
    ),
)
NEVER = replace(STANDING, head=None, check=None, press=Press(is_allowed=False, reason="Your role does not allow this."))
AUDIT = AuditPage(
    title="Audit",
    about="Everything that was ever changed.",
    action="/audit",
    first=Field("2026-11-01"),
    last=Field(),
    order=Field("1042"),
    who=Select((Choice("", "Everybody", is_selected=True), Choice("person:1", "Mia Chen"))),
    what=(
        ChoiceGroup("", (Choice("", "Everything", is_selected=True),)),
        ChoiceGroup("Order", (Choice("order.", "Order: everything"), Choice("order.taken_in", "Taken in"))),
    ),
    site=Select((Choice("", "All sites", is_selected=True),)),
    standing=STANDING,
    rows=(
        AuditRow(
            parts=(Part("Order State"), Part("New", "was"), Part("→"), Part("Processing", "now")),
            by="Mia Chen",
            when=AT,
            about=Link("#1042", "/orders/1042"),
            where="Cozy Home US",
            place="order:1, entry 2",
            note="Paid",
        ),
        AuditRow(
            parts=(Part("Capture declined"), Part("$5.00", "strong")),
            by="Breaker",
            when=AT,
            about=Link("On hold", ""),
            where="Order state",
            place="order_state:9, entry 1",
            mark="trouble",
        ),
    ),
    sorted_by="Newest first.",
    file_href="/audit/file",
    newest_href="/audit",
    older_href="/audit?after=x",
    clear_href="/audit",
    empty_title="No entries found",
    empty_text="No change matches this.",
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "audit": ("audit/list.html", {"audit": AUDIT}),
    "audit-empty": ("audit/list.html", {"audit": replace(AUDIT, rows=(), standing=NEVER)}),
    "audit-running": ("audit/list.html", {"audit": replace(AUDIT, standing=RUNNING)}),
    "audit-refused": (
        "audit/list.html",
        {"audit": replace(AUDIT, is_refused=True, first=Field("x", error="It must be a day."), standing=BROKEN)},
    ),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "audit-standing": ("audit/_answer.html", {"standing": RUNNING, "toasts": (Toast("Being checked"),)}),
}
