"""What a provider tells of a payment, held against our books: pure functions, no Django. What follows is elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from orderwright.payments.gateways.port import Movement, Observed

# A movement as both sides name it.
Name = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What our side says of one payment. Unit: minor units of `currency`.

    `booked`: amounts in the ledger by kind and provider's reference. `asked_after`: the part of it that was booked
    before the provider was asked, so that it should have known it. `under_way` and `ended`: keys of our operations.
    """

    currency: str
    reference: str
    authorised_minor: int
    free_minor: int
    refundable_minor: int
    booked: Mapping[Name, int]
    asked_after: Collection[Name]
    under_way: Collection[str]
    ended: Collection[str]


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

    @property
    def name(self) -> Name:
        """The movement as both sides name it."""
        return self.kind, self.provider_ref

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
    free, refundable = books.free_minor, books.refundable_minor
    if (observed.authorised_minor, observed.currency) != (books.authorised_minor, books.currency):
        differences.append(_other_hold(books, observed))
    for movement in observed.movements:
        here = books.booked.get((movement.kind, movement.provider_ref))
        if here is None and movement.key and movement.key in books.under_way:
            settling.append(movement)
            continue
        is_same_currency = movement.currency == books.currency
        if here == movement.amount_minor and is_same_currency:
            continue
        room = refundable if movement.kind == "refund" else free
        # What we asked for under a key of ours and booked otherwise is no news of somebody else's: a person looks.
        is_strange = here is not None or not is_same_currency or (bool(movement.key) and movement.key in books.ended)
        fits = not is_strange and 1 <= movement.amount_minor <= room
        if fits and movement.kind == "refund":
            refundable -= movement.amount_minor
        elif fits:
            free -= movement.amount_minor
            refundable += movement.amount_minor if movement.kind == "capture" else 0
        differences.append(_found(movement, here=here, fits=fits))
    shown = {(movement.kind, movement.provider_ref) for movement in observed.movements}
    differences.extend(
        _missing(name, amount_minor, books.currency)
        for name, amount_minor in books.booked.items()
        if name in books.asked_after and name not in shown
    )
    return Comparison(settling=tuple(settling), differences=tuple(differences))


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
