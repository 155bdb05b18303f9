"""What the figures of payments mean: pure functions, no Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# Each movement takes an amount out of one account and puts it into another, so that every transaction sums to zero.
POSTINGS: Final[dict[str, tuple[str, str]]] = {
    "authorise": ("customer", "held"),
    "capture": ("held", "captured"),
    "reverse": ("held", "released"),
    "expire": ("held", "released"),  # nobody reversed it: the bank let the hold run out
    "refund": ("captured", "refunded"),
    # Taken back days later: new entries undo the old ones, which stay as they are.
    "capture_failed": ("captured", "held"),
    "refund_failed": ("refunded", "captured"),
    # A cardholder who disputes is given the money back by their bank, and loses it again when the shop wins.
    "dispute": ("captured", "refunded"),
    "dispute_won": ("refunded", "captured"),
}

# What takes back which movement: a capture or refund that the provider reported done and the bank refused later.
TAKES_BACK: Final = {"capture_failed": "capture", "refund_failed": "refund"}

# What each movement does to the cached figures of a payment.
FIGURE_OF: Final[dict[str, tuple[str, int]]] = {
    "capture": ("captured_minor", 1),
    "reverse": ("released_minor", 1),
    "expire": ("released_minor", 1),
    "refund": ("refunded_minor", 1),
    "capture_failed": ("captured_minor", -1),
    "refund_failed": ("refunded_minor", -1),
    "dispute": ("refunded_minor", 1),
    "dispute_won": ("refunded_minor", -1),
}

# The first repetition comes soon, because a clerk is waiting; later ones spare the provider.
FIRST_RETRY: Final = timedelta(seconds=2)
LONGEST_RETRY: Final = timedelta(minutes=15)
# A hold that ends within this time is worth a warning.
ENDING_SOON: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a payment stands at. Unit: minor units. `captured` is all ever captured, refunded or not."""

    authorised: int = 0
    captured: int = 0
    released: int = 0
    refunded: int = 0

    @property
    def held(self) -> int:
        """What the bank still holds."""
        return self.authorised - self.captured - self.released


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStanding:
    """What the order's standing needs to know of one payment."""

    figures: Figures
    expires_at: datetime | None
    is_unsettled: bool
    has_expired: bool = False  # the bank let the hold run out, and nobody had reversed it


def standing_of(payments: Iterable[PaymentStanding]) -> str:
    """Return what the list shows of an order's money, one of PAYMENT_STANDINGS. An unknown outcome comes before all."""
    known = list(payments)
    if any(payment.is_unsettled for payment in known):
        return "unknown"
    if not known:
        return "none"
    captured = sum(payment.figures.captured for payment in known)
    refunded = sum(payment.figures.refunded for payment in known)
    held = sum(payment.figures.held for payment in known)
    if refunded:
        return "refunded" if refunded == captured and held == 0 else "partly_refunded"
    if captured:
        return "partly_captured" if held else "captured"
    if held:
        return "authorised"
    return "expired" if any(payment.has_expired for payment in known) else "reversed"


def hold_end(payments: Iterable[PaymentStanding]) -> datetime | None:
    """Return when the first hold with money still in it ends, or None."""
    return min(
        (payment.expires_at for payment in payments if payment.expires_at is not None and payment.figures.held > 0),
        default=None,
    )


def retry_wait(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, up to a quarter of an hour."""
    return min(FIRST_RETRY * (1 << min(attempts, 12)), LONGEST_RETRY)
