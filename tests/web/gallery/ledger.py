"""Sample presenters' values of the ledger, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.ledger import LedgerFigure, LedgerPage, LedgerRow
from orderwright.web.presenters.parts import Badge, Choice, Field, Link, Select

LEDGER_ROW = LedgerRow(
    title="20 Nov 2026",
    iso="2026-11-20",
    where="Cozy Home US",
    zone="America/New_York",
    provider="Practice provider",
    mode=Badge("Test"),
    figures=(
        LedgerFigure("Captured", "$309.00", is_zero=False, is_balance=False),
        LedgerFigure("Held at the end", "$0.00", is_zero=True, is_balance=True),
    ),
    transactions="2 transactions",
)

LEDGER = LedgerPage(
    title="Ledger",
    about="What moved on each day.",
    action="/ledger",
    first=Field("2026-10-01"),
    last=Field("2026-11-21"),
    site=Select((Choice("", "All sites", is_selected=True),)),
    provider=Select((Choice("", "All provider accounts", is_selected=True),)),
    columns=("Captured", "Held at the end"),
    rows=(LEDGER_ROW,),
    totals=(replace(LEDGER_ROW, title="USD", iso="", zone="", where="All days"),),
    files=(Link("Export CSV", "/ledger/file?format=csv"),),
    span="1 Oct 2026 – 21 Nov 2026",
    control="2 transactions, the last one no. 2",
    sorted_by="Newest day first.",
)

LEDGER_REFUSED = replace(
    LEDGER,
    last=Field("soon", error="It must be a day."),
    site=replace(LEDGER.site, error="There is no such site."),
    is_refused=True,
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "ledger": ("money/ledger.html", {"ledger": LEDGER}),
    "ledger-empty": ("money/ledger.html", {"ledger": replace(LEDGER, rows=(), totals=(), control="")}),
    "ledger-refused": ("money/ledger.html", {"ledger": LEDGER_REFUSED}),
}
