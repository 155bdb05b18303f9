"""Sample presenters' values of lists about money, for the gallery. No behaviour here."""

from __future__ import annotations

from typing import Any

from orderwright.web.presenters.money_pages import (
    Act,
    DriftRow,
    ExceptionRow,
    HoldRow,
    MoneyList,
    SyncDialog,
    WordDialog,
)
from orderwright.web.presenters.parts import Badge, Choice, Field, Leg, Link, Press, Select, Toast
from orderwright.web.presenters.reconciliation import Line, Reconciliations
from tests.web.gallery.samples import GATE, when

EXCEPTIONS = MoneyList(
    "Exceptions",
    "Captures, refunds and reversals that do not go their way.",
    (Link("All", "/exceptions", is_current=True, count="2"),),
    (
        ExceptionRow(
            id="7",
            problem=Badge("Needs a person", "red"),
            act="Capture",
            amount="$309.00",
            order=Link("#1042", "/orders/1042"),
            customer="Bob Norman",
            payment="Visa •••• 4242 · Practice provider",
            told="Asked for 30900 USD, was told 30901 USD.",
            facts="wrong_echo · tried once",
            key="op_81bd",
            since=when("20 Nov 16:42"),
            age="3 h",
            acts=(
                Act(
                    "e-7-yes",
                    "It happened",
                    "/exceptions/op_81bd/settle",
                    is_asking=True,
                    hidden=(("happened", "yes"),),
                ),
                Act("e-7-no", "It did not happen", "/exceptions/op_81bd/settle", Press(is_allowed=False, reason=GATE)),
                Act("e-7-resume", "Resume cancellation", "/orders/1042/cancel/resume", is_asking=True),
            ),
        ),
    ),
    "Longest waiting first.",
    "/exceptions",
    "/exceptions?after=x",
)

DRIFT = MoneyList(
    "Provider drift",
    "Where a provider and our books disagree.",
    (),
    (
        DriftRow(
            id="7",
            state=Badge("To decide", "amber"),
            act="Capture",
            there="$400.00",
            here="nothing",
            provider="Practice provider",
            happened=when("20 Nov 16:42"),
            reference="cap_81",
            order=Link("#1042", "/orders/1042"),
            customer="Bob Norman",
            payment="Visa •••• 4242",
            told="The amounts differ.",
            found=when("21 Nov 02:00"),
            note="Mia Chen: asked support",
            acts=(Act("d-7", "Accept", "/provider-drift/7", is_asking=True, hidden=(("decision", "accept"),)),),
        ),
    ),
    "Newest first.",
    reconciliations=Reconciliations(
        (
            Line("Practice provider", Badge("1 difference", "amber"), "Last reconciled: 20 Nov 2026.", ("USD: …",)),
            Line("Adyen", Badge("No list"), "Adyen has no list that can be asked for."),
        ),
        "/provider-drift/reconcile",
        Select((Choice("practice", "Practice provider", is_selected=True),)),
        Field("2026-11-20"),
    ),
)

HOLDS = MoneyList(
    "Expiring holds",
    "Money that a bank lets go.",
    (),
    (
        HoldRow(
            order=Link("#1042", "/orders/1042"),
            customer="Bob Norman",
            payment="Visa •••• 4242",
            state=Badge("New"),
            site="Cozy Home US",
            ends=Badge("Ends in 10 h", "amber"),
            ends_at=when("21 Nov 14:00"),
            held="$598.94",
            href="/orders/1042#payment-7",
            can_capture=True,
        ),
    ),
    "The first to end stands first.",
)

NOTHING = MoneyList("Exceptions", "", (), (), "", empty_title="Nothing needs you", empty_text="It stands here.")

WORD_DIALOG = WordDialog(
    title="Book this capture of $309.00 as done?",
    action="/exceptions/op_81bd/settle",
    back_href="/exceptions",
    target="#money-list",
    tell="Look it up first.",
    legs=(Leg("Capture", "Visa •••• 4242", "$309.00"),),
    confirm="Book $309.00",
    press=Press(),
    reason="",
    reason_label="Reason",
    reference="cap_81",
    is_reference_asked=True,
    hidden=(("happened", "yes"),),
    errors={"reason": "It must not be empty."},
)

SYNC_DIALOG = SyncDialog(
    title="1 change at the provider is not in the books",
    action="/orders/1042/payments/sync",
    back_href="/orders/1042",
    tell="No money moves.",
    legs=(Leg("Capture", "on Visa •••• 4242", "$50.00", "done at Practice provider"),),
    contradictions=(Leg("Refund", "on Visa •••• 4242", "$900.00"),),
    confirm="Apply 1 change",
    seen="5f",
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "exceptions": ("money/exceptions.html", {"list": EXCEPTIONS}),
    "no-exceptions": ("money/exceptions.html", {"list": NOTHING}),
    "drift": ("money/drift.html", {"list": DRIFT}),
    "holds": ("money/holds.html", {"list": HOLDS}),
    "word": ("dialog_page.html", {"title": "Book", "fragment": "money/_word.html", "dialog": WORD_DIALOG}),
    "sync": ("dialog_page.html", {"title": "Sync", "fragment": "orders/_sync.html", "dialog": SYNC_DIALOG}),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "exceptions": ("money/_answer.html", {"list": EXCEPTIONS, "fragment": "money/_exceptions.html", "toasts": ()}),
    "drift": ("money/_answer.html", {"list": DRIFT, "fragment": "money/_drift.html", "toasts": (Toast("Noted"),)}),
}
