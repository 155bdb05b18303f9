"""What the timeline says of a value that was erased, or is hidden from whoever reads: never how that is stored."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from orderwright.orders.customer_keys import ERASED, HIDDEN
from orderwright.web.presenters.timeline import sentence

LAMP: Any = SimpleNamespace(lines=[SimpleNamespace(id=7, name="Lamp", quantity=1)])


def said(kind: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    row: Any = SimpleNamespace(kind=kind, before=before, after=after)
    parts, _mark = sentence(row, LAMP)
    return " ".join(part.text for part in parts)


@pytest.mark.parametrize(("mark", "word"), [(ERASED, "erased"), (HIDDEN, "•••")])
@pytest.mark.parametrize(
    ("kind", "field", "label"),
    [
        ("order.invoice_saved", "invoice_number", "Invoice Number"),
        ("shipment.tracking_set", "tracking_number:1", "Tracking Number of Shipment 1"),
        ("item.delivery_state_changed", "delivery_state:7", "Delivery State of Lamp"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_word(kind: str, field: str, label: str, mark: Any, word: str) -> None:
    assert said(kind, {field: mark}, {field: mark}) == f"{label} {word} → {word}"
    assert said(kind, {field: ""}, {field: mark}) == f"{label} set to {word}"
    assert said(kind, {field: mark}, {field: ""}) == f"{label} removed: {word}"
