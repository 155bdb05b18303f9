"""The provider's rules on plain facts: what a capture, reversal or refund does to a hold. Nothing is stored.

Amounts are whole minor units of the hold's currency; times are instants (see ``instants``).
"""

from dataclasses import dataclass, replace

from practice_provider.currencies import is_known
from practice_provider.refusals import (
    AmountExceedsCapture,
    AmountExceedsHold,
    AmountInvalid,
    CurrencyUnknown,
    HoldExpired,
    HoldReversed,
    InvalidRequest,
    NothingToRelease,
)
from practice_provider.words import gettext as _

MOST = 10**12  # above any order, and far inside SQLite's and JavaScript's exact integers
DEFAULT_EXPIRY_S = 7 * 24 * 3600  # what card networks commonly grant for online purchases

HELD, CAPTURED, PART_CAPTURED, REVERSED, EXPIRED = "held", "captured", "part_captured", "reversed", "expired"


@dataclass(frozen=True, slots=True)
class Hold:
    """One authorisation: what was held, and the sums of what happened to it since."""

    id: str
    amount: int
    currency: str
    card_brand: str
    card_last4: str
    authorised_at: int
    expires_at: int
    captured: int = 0
    released: int = 0
    refunded: int = 0

    @property
    def rest(self) -> int:
        """Return what is neither captured nor released."""
        return self.amount - self.captured - self.released

    @property
    def moved(self) -> int:
        """Return the sum of all that happened to the hold, which only grows."""
        return self.captured + self.released + self.refunded


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture and how much of it went back."""

    id: str
    authorisation: str
    amount: int
    refunded: int
    at: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of money, as the effect log keeps it; its kinds are those of ``calls``.

    ``capture`` is what a refund or a dispute is about, ``undoes`` what is taken back.
    """

    id: str
    kind: str
    authorisation: str
    amount: int
    currency: str
    capture: str | None
    idempotency_key: str
    made_by: str
    at: int
    sequence: int = 0
    undoes: str | None = None


def check_amount(amount: int) -> None:
    """Refuse an amount that nobody can move.

    Raises: AmountInvalid below 1 and above ``MOST``.
    """
    if not 1 <= amount <= MOST:
        raise AmountInvalid(most=MOST)


def authorise(hold: Hold) -> Hold:
    """Return the new hold when it may be made.

    Raises: AmountInvalid; CurrencyUnknown.
    """
    check_amount(hold.amount)
    if not is_known(hold.currency):
        raise CurrencyUnknown
    return hold


def capture(hold: Hold, *, amount: int, at: int) -> Hold:
    """Return the hold after capturing a part or all of its rest.

    Raises: AmountInvalid; HoldReversed after any reversal; HoldExpired from the expiry on; AmountExceedsHold.
    """
    check_amount(amount)
    _check_order(at=at, after=hold.authorised_at)
    if hold.released:
        raise HoldReversed
    if at >= hold.expires_at:
        raise HoldExpired(expires_at=hold.expires_at)
    if amount > hold.rest:
        raise AmountExceedsHold(available=hold.rest, currency=hold.currency)
    return replace(hold, captured=hold.captured + amount)


def reverse(hold: Hold, *, amount: int | None, at: int) -> Hold:
    """Return the hold after releasing an amount of its rest, or all of it when no amount is given.

    Raises: AmountInvalid; NothingToRelease when no rest is left; HoldExpired from the expiry on; AmountExceedsHold.
    """
    if amount is not None:
        check_amount(amount)
    _check_order(at=at, after=hold.authorised_at)
    if not hold.rest:
        raise NothingToRelease
    if at >= hold.expires_at:
        raise HoldExpired(expires_at=hold.expires_at)
    released = hold.rest if amount is None else amount
    if released > hold.rest:
        raise AmountExceedsHold(available=hold.rest, currency=hold.currency)
    return replace(hold, released=hold.released + released)


def refund(hold: Hold, of: Capture | None, *, amount: int, at: int) -> Hold:
    """Return the hold after sending back a part or all of one of its captures, or of all of them without one.

    Raises: AmountInvalid; AmountExceedsCapture.
    """
    check_amount(amount)
    _check_order(at=at, after=of.at if of else hold.authorised_at)
    left = of.amount - of.refunded if of else hold.captured - hold.refunded
    if amount > left:
        raise AmountExceedsCapture(available=left, currency=hold.currency)
    return replace(hold, refunded=hold.refunded + amount)


def take_back_capture(hold: Hold, *, amount: int) -> Hold:
    """Return the hold after the bank refused a capture that had been reported done; its money is held again.

    Raises: AmountExceedsCapture when it was given back in the meantime.
    """
    left = hold.captured - hold.refunded
    if amount > left:
        raise AmountExceedsCapture(available=left, currency=hold.currency)
    return replace(hold, captured=hold.captured - amount)


def take_back_refund(hold: Hold, *, amount: int) -> Hold:
    """Return the hold after a refund that had been reported done, or a dispute, came to nothing."""
    return replace(hold, refunded=hold.refunded - amount)


def state_of(hold: Hold, *, now: int) -> str:
    """Return the one word for where a hold stands: held, captured, part_captured, reversed or expired.

    What was captured decides first: a hold captured in part stays so when its rest is released or runs out.
    """
    if hold.captured:
        return CAPTURED if hold.captured == hold.amount else PART_CAPTURED
    if hold.released:
        return REVERSED
    return EXPIRED if now >= hold.expires_at else HELD


def _check_order(*, at: int, after: int) -> None:
    if at < after:
        raise InvalidRequest(_("“at” lies before what it follows."))
