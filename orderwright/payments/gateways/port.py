"""The port: what every gateway offers, and what it may answer. Provider words end here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

# Why a hold can neither be captured nor reversed any more: it ran out, so the bank holds nothing on it.
HOLD_EXPIRED: Final = "hold_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One movement to be made. Unit: minor units. `key` is the idempotency key, the same on every repetition."""

    kind: Literal["capture", "reverse", "refund"]
    reference: str
    amount_minor: int
    currency: str
    capture_ref: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """The money moved. Amount and currency are the provider's own words, to be held against what was asked."""

    provider_ref: str
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The provider refused for good; nothing moved. The code HOLD_EXPIRED is the same for every provider."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider will do it and says later how it went."""

    provider_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """No usable answer: it may have happened or not. `retry_after` is the provider's own wish, where it gave one."""

    why: str
    retry_after: timedelta | None = None


Outcome = Succeeded | Failed | Accepted | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement as the provider tells it. `key` is ours where the provider keeps it, else empty."""

    kind: Literal["capture", "reverse", "refund"]
    provider_ref: str
    parent_ref: str
    amount_minor: int
    currency: str
    key: str
    at: datetime

    def as_outcome(self) -> Succeeded:
        """Return it as the answer to the call that made it."""
        return Succeeded(
            provider_ref=self.provider_ref, amount_minor=self.amount_minor, currency=self.currency, at=self.at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A hold as the provider tells it, with its movements in order."""

    reference: str
    currency: str
    authorised_minor: int
    expires_at: datetime | None
    movements: tuple[Movement, ...]


class Gateway(Protocol):
    """A way to speak to one kind of provider, and how it behaves when no answer comes."""

    name: str
    # replay: the same key repeats the first answer. lookup: the object tells what happened. none: a person must say.
    recovery: Literal["replay", "lookup", "none"]
    key_window: timedelta  # how long the provider remembers a key
    settles_later: bool
    captures_in_parts: bool
    can_move_money: bool

    def send(self, call: Call) -> Outcome:
        """Make the movement, or learn how an earlier try under this key went. Never raises for a network's faults."""

    def look_up(self, reference: str) -> Observed:
        """Return the hold as it stands there. Raises: ProviderUnreachable."""
