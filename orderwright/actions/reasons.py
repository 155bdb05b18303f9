"""Why somebody cancels or refunds: the words that dialogs offer, which name nobody. What is typed may name anybody."""

from __future__ import annotations

from typing import Final

from orderwright.journal.streams import Plain

# Stored words, in the order in which dialogs offer them; their labels stand with the dialogs.
CANCEL_REASONS: Final = (
    *("customer asked", "item unavailable", "payment problem", "suspected fraud", "duplicate order", "other"),
)
REFUND_REASONS: Final = ("returned", "damaged", "not delivered", "goodwill", "other")
_OFFERED: Final = frozenset({*CANCEL_REASONS, *REFUND_REASONS})


def as_told(reason: str) -> str:
    """Return the reason for a journal entry: one that is offered stands there as it is, a typed one is sealed."""
    return Plain(reason) if reason in _OFFERED else reason


def is_offered(reason: str) -> bool:
    """Return whether the reason is one that a dialog offers, or none."""
    return reason in _OFFERED or not reason
