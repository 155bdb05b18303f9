"""What a provider tells of a payment, held against our books: pure functions, no Django. What follows is elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from orderwright.payments.gateways.port import Movement, Observed
from orderwright.payments.rules import TAKES_BACK

# A movement as both sides name it.
Name = tuple[str, str]
# What both sides say of it.
Figures = tuple[str, str, int | None, int | None, str]
# That a hold ran out is the calendar's doing: few providers show it as a movement, and nobody decides about it.
CALENDARS: Final = "expire"


# What each movement takes its amount from, and what it adds the amount to.
_TAKES_FROM: Final = {
    "capture": "free_minor",
    "reverse": "free_minor",
    "expire": "free_minor",
    "refund": "refundable_minor",
    "dispute": "refundable_minor",
    "capture_failed": "refundable_minor",
    "refund_failed": "returned_minor",
    "dispute_won": "returned_minor",
}
_ADDS_TO: Final = {
    "capture": "refundable_minor",
    "refund": "returned_minor",
    "dispute": "returned_minor",
    "capture_failed": "free_minor",
    "refund_failed": "refundable_minor",
    "dispute_won": "refundable_minor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much can still move on a payment, what is under way left out. Unit: minor units."""

    free_minor: int
    refundable_minor: int
    returned_minor: int

    def of(self, kind: str) -> int:
        """Return how much a movement of this kind may be without breaking I1; 0 for what never moves."""
        return getattr(self, _TAKES_FROM[kind]) if kind in _TAKES_FROM else 0

    def after(self, kind: str, amount_minor: int) -> Room:
        """Return the room that such a movement leaves."""
        left = {_TAKES_FROM[kind]: self.of(kind) - amount_minor}
        target = _ADDS_TO.get(kind)
        return replace(self, **left, **({target: getattr(self, target) + amount_minor} if target else {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What our side says of one payment. Unit: minor units of `currency`.

    `booked`: amounts in the ledger by kind and provider's reference. `asked_after`: the part of it that was booked
    before the provider was asked, so that it should have known it. `under_way` and `ended`: keys of our operations.
    `reversing`: the key of a reversal under way by its amount, for providers that name no keys on reversals.
    """

    currency: str
    reference: str
    authorised_minor: int
    room: Room
    booked: Mapping[Name, int]
    asked_after: Collection[Name]
    under_way: Collection[str]
    ended: Collection[str]
    reversing: Mapping[int, str] = field(default_factory=dict)

    def key_of(self, movement: Movement) -> str:
        """Return the key of our call that made the movement, or nothing when none of ours did."""
        if movement.key or movement.kind != "reverse":
            return movement.key
        return self.reversing.get(movement.amount_minor, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One movement on which the two sides disagree. Unit: minor units; None where a side has nothing.

    `fits` where booking it as the provider's keeps the books right (I1); whatever does not fit contradicts them.
    """

    kind: str
    provider_ref: str
    parent_ref: str
    there_minor: int | None
    here_minor: int | None
    currency: str
    at: datetime | None
    fits: bool
    key: str = ""  # of the call of ours that made it, where the provider tells

    @property
    def name(self) -> Name:
        """The movement as both sides name it."""
        return self.kind, self.provider_ref

    @property
    def figures(self) -> Figures:
        """What both sides say of it: a decision that was made on other figures is not one on these."""
        return self.kind, self.provider_ref, self.there_minor, self.here_minor, self.currency

    @property
    def amount_minor(self) -> int:
        """What the provider says, or, where it has nothing, what we say."""
        return self.there_minor if self.there_minor is not None else self.here_minor or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of comparing: movements that end calls of ours still under way, and differences in their order."""

    settling: tuple[Movement, ...]
    differences: tuple[Difference, ...]


def compare(books: Books, observed: Observed) -> Comparison:
    """Return how the provider's account of a payment differs from ours. Source: G22, I3, I16."""
    settling: list[Movement] = []
    differences: list[Difference] = []
    room = books.room
    is_same_hold = (observed.authorised_minor, observed.currency) == (books.authorised_minor, books.currency)
    if observed.is_whole and not is_same_hold:
        differences.append(_other_hold(books, observed))
    for movement in _standing(books, observed.movements):
        here = books.booked.get((movement.kind, movement.provider_ref))
        key = books.key_of(movement)
        if here is None and key and key in books.under_way:
            settling.append(replace(movement, key=key))
            continue
        is_same_currency = movement.currency == books.currency
        # An amount of 0 was not told, as with a reversal of ours of all that was left.
        if here is not None and movement.amount_minor in (here, 0) and is_same_currency:
            continue
        # What we asked for under a key of ours and booked otherwise is no news of somebody else's: a person looks.
        is_strange = here is not None or not is_same_currency or (bool(movement.key) and movement.key in books.ended)
        fits = not is_strange and 1 <= movement.amount_minor <= room.of(movement.kind)
        if movement.kind == CALENDARS and not is_strange and not fits:
            continue  # a call is under way on the rest: how much ran out shows when that has ended
        if fits:
            room = room.after(movement.kind, movement.amount_minor)
        differences.append(_found(movement, here=here, fits=fits))
    shown = {(movement.kind, movement.provider_ref) for movement in observed.movements}
    differences.extend(
        _missing(name, amount_minor, books.currency)
        for name, amount_minor in books.booked.items()
        if observed.is_whole and name in books.asked_after and name not in shown and name[0] != CALENDARS
    )
    return Comparison(settling=tuple(settling), differences=tuple(differences))


def _standing(books: Books, movements: Sequence[Movement]) -> list[Movement]:
    """Leave out what was taken back before we had booked it, and the taking back: together they moved nothing."""
    undone = {(TAKES_BACK[one.kind], one.parent_ref) for one in movements if one.kind in TAKES_BACK} - set(books.booked)
    return [
        one
        for one in movements
        if (one.kind, one.provider_ref) not in undone and (TAKES_BACK.get(one.kind, ""), one.parent_ref) not in undone
    ]


def _other_hold(books: Books, observed: Observed) -> Difference:
    return Difference(
        kind="authorise",
        provider_ref=books.reference,
        parent_ref="",
        there_minor=observed.authorised_minor,
        here_minor=books.authorised_minor,
        currency=observed.currency[:3],
        at=None,
        fits=False,
    )


def _found(movement: Movement, *, here: int | None, fits: bool) -> Difference:
    return Difference(
        kind=movement.kind,
        provider_ref=movement.provider_ref,
        parent_ref=movement.parent_ref,
        there_minor=movement.amount_minor,
        here_minor=here,
        currency=movement.currency[:3],  # what the column holds; a longer one is strange anyway
        at=movement.at,
        fits=fits,
        key=movement.key,
    )


def _missing(name: Name, amount_minor: int, currency: str) -> Difference:
    kind, provider_ref = name
    return Difference(
        kind=kind,
        provider_ref=provider_ref,
        parent_ref="",
        there_minor=None,
        here_minor=amount_minor,
        currency=currency,
        at=None,
        fits=False,
    )
