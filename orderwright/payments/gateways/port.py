"""The port: what every gateway offers, and what it may answer. Provider words end here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Final, Literal, Protocol

# Why a hold can neither be captured nor reversed any more: it ran out, so the bank holds nothing on it.
HOLD_EXPIRED: Final = "hold_expired"

# What can happen to a hold. The last four take back what was done before: the bank or the scheme refused a capture or a
# refund days after the provider had reported it done, or the cardholder disputed it and lost or won.
MovementKind = Literal[
    "capture", "reverse", "expire", "refund", "capture_failed", "refund_failed", "dispute", "dispute_won"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One thing that an account at this kind of provider has to know, as configuration asks for it."""

    name: str
    label: str
    is_secret: bool = True
    is_needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a gateway is told of the account that it speaks for. The only place where credentials lie open."""

    base_url: str = ""  # empty: the provider's own address
    is_live: bool = False
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One movement to be made. Unit: minor units. `key` is the idempotency key, the same on every repetition.

    `known_ref` is the reference that a person typed, where they record what has happened already.
    """

    kind: Literal["capture", "reverse", "refund"]
    reference: str
    amount_minor: int
    currency: str
    capture_ref: str
    key: str
    known_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """The money moved. Amount and currency are the provider's own words, to be held against what was asked.

    `amount_minor` is None where the provider does not say it, as with a reversal of all that is left.
    `released_minor` is what the provider let go of the hold in the same breath, where it captures only once.
    """

    provider_ref: str
    amount_minor: int | None
    currency: str
    at: datetime
    released_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The provider refused for good; nothing moved. The code HOLD_EXPIRED is the same for every provider."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """The provider did not look at the request: its credentials or its form were at fault.

    The first time nothing moved by it. Of an earlier try under the same key it says nothing.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsPerson:
    """No machine can do it: `why` says what a person is to do, and the amount stays reserved until they have."""

    why: str


Outcome = Succeeded | Failed | NotTaken | Accepted | NeedsPerson | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement as the provider tells it. `key` is ours where the provider keeps it, else empty.

    `amount_minor` is 0 where the provider does not say it, as with a reversal of all that is left.
    `parent_ref`: the capture that a refund, a dispute or a failed capture is about; of a failed refund, the refund; of
    a dispute that was won, the dispute.
    Of a reversal without a key, it is the capture with which the rest of the hold was let go.
    """

    kind: MovementKind
    provider_ref: str
    parent_ref: str
    amount_minor: int
    currency: str
    key: str
    at: datetime

    def as_outcome(self) -> Succeeded:
        """Return it as the answer to the call that made it."""
        return Succeeded(
            provider_ref=self.provider_ref, amount_minor=self.amount_minor or None, currency=self.currency, at=self.at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A hold as the provider tells it, with its movements in order.

    `awaited` and `refused` are calls of ours, by key, that it has accepted and not settled, or did not carry out.
    `is_whole` unless this is only what a notice told, which says nothing of what else there is.
    """

    reference: str
    currency: str
    authorised_minor: int
    expires_at: datetime | None
    movements: tuple[Movement, ...]
    awaited: frozenset[str] = frozenset()
    refused: Mapping[str, Failed] = field(default_factory=dict)
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One movement of money on the provider's own list, at its time there, and the payment on which it is.

    `movement.provider_ref` may be another name than a look-up gives it: where several captures share one document.
    """

    reference: str
    movement: Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a provider says by itself, verified to be its own words.

    `event_id` is the same on every delivery. Where the provider can be asked, the notice is a hint to look `reference`
    up and `told` is None; where it cannot, `told` is what moved, or why the call under our `key` was not carried out.
    """

    event_id: str
    kind: str
    reference: str
    key: str = ""
    told: Movement | Failed | None = None


class NoticeRefused(Exception):
    """A message did not come from the provider: no signature, a wrong one, or too old. Its text names which."""


class Gateway(Protocol):
    """A way to speak to one kind of provider, and how it behaves when no answer comes."""

    name: ClassVar[str]
    title: ClassVar[str]
    credentials: ClassVar[tuple[Credential, ...]]
    # replay: the same key repeats the first answer. lookup: the object tells what happened. none: a person must say.
    recovery: ClassVar[Literal["replay", "lookup", "none"]]
    key_window: ClassVar[timedelta]  # how long the provider remembers a key
    # How long a hold lasts by the provider's manual, for those handed in without its end; None: for as long as it is.
    hold_lasts: ClassVar[timedelta | None]
    settles_later: ClassVar[bool]
    captures_in_parts: ClassVar[bool]
    may_release_rest: ClassVar[bool]  # whether a capture in part may let go of the rest of the hold
    can_move_money: ClassVar[bool]
    can_be_asked: ClassVar[bool]  # whether look_up has anybody to ask
    can_list: ClassVar[bool]  # whether movements_between has a list to read
    is_recorded: ClassVar[bool]  # whether a capture records what a person saw arrive, under a reference that they type

    def __init__(self, account: Account) -> None: ...

    def send(self, call: Call) -> Outcome:
        """Make the movement, or learn how an earlier try under this key went. Never raises for a network's faults."""

    def look_up(self, reference: str) -> Observed:
        """Return the hold as it stands there. Raises: ProviderUnreachable."""

    def movements_between(self, start: datetime, end: datetime) -> Iterator[Listed]:
        """Yield what moved at the account from `start` until before `end`, whoever did it, page by page, in no order.

        Shape: captures, refunds, disputes and what takes them back; holds and their end are no money and not listed.
        Raises: ProviderUnreachable, at any page, and where `can_list` is false.
        """

    def read_notices(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Notice]:
        """Return what a message of the provider tells. Raises: NoticeRefused."""
