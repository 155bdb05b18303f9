"""What somebody else did to an order meanwhile, for whoever is refused because of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orderwright.web.presenters.order_page import OrderPage
from orderwright.web.presenters.timeline import timeline
from orderwright.web.presenters.timeline_money import JournalRow, OrderFacts

# An older change is in the timeline; a refusal is to be read at a glance.
MOST_TOLD = 3


def told(rows: Sequence[JournalRow], order: OrderFacts, *, now: datetime) -> str:
    """Return what these entries say, newest first, each with its time; empty for none."""
    entries = timeline(rows, order, now=now, is_money_only=False).entries[:MOST_TOLD]
    return " ".join(f"{entry.when.text}: {' '.join(part.text for part in entry.parts)}." for entry in entries)


def is_shown(page: OrderPage, control: str) -> bool:
    """Return whether the page has this field. Pieces that somebody moved meanwhile have another one."""
    lines = {f"{line.id}-delivery" for block in page.shipments for line in block.lines}
    parcels = {parcel.id for block in page.shipments for parcel in (*block.parcels, block.next_parcel) if parcel}
    money = {f"capture-{payment.id}" for payment in page.payments.rows}
    over = {"capture-order"} if page.payments.over else set()
    return control in {"order-state", "invoice-number", "note"} | lines | parcels | money | over
