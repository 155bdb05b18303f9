"""A provider's list of what moved, held against our books: pure functions, no Django. What follows is elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from orderwright.payments.gateways.port import Listed

# What lists have: money that flows. Holds, their reversal and their end move none.
FLOWS: Final = ("capture", "refund", "capture_failed", "refund_failed", "dispute", "dispute_won")
# How each counts in a day's figures: which one, and which way.
_COUNTS: Final = {
    "capture": (0, 1),
    "capture_failed": (0, -1),
    "refund": (1, 1),
    "refund_failed": (1, -1),
    "dispute": (1, 1),
    "dispute_won": (1, -1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """One movement in the ledger. Unit: minor units."""

    payment_id: int
    reference: str
    kind: str
    provider_ref: str
    amount_minor: int
    currency: str
    at: datetime

    @property
    def name(self) -> tuple[str, str, str]:
        """The movement, as both sides name it."""
        return self.reference, self.kind, self.provider_ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One movement on which the list and the books disagree. Unit: minor units; None where a side has nothing."""

    reference: str
    kind: str
    provider_ref: str
    parent_ref: str
    there_minor: int | None
    here_minor: int | None
    currency: str
    at: datetime
    key: str = ""

    @property
    def name(self) -> tuple[str, str, str]:
        """The movement, as both sides name it."""
        return self.reference, self.kind, self.provider_ref


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    """What moved on a day in one currency. Unit: minor units; net of what was taken back.

    The books' side counts a movement on the day on which the provider lists it, so that the two sides differ by the
    gaps and by nothing else.
    """

    currency: str
    captured_there: int
    captured_here: int
    refunded_there: int
    refunded_here: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCompared:
    """A day's list against the books: how many movements it lists, the totals by currency, the gaps in their order."""

    listed: int
    totals: tuple[DayTotal, ...]
    gaps: tuple[Gap, ...]


def compare_day(listed: Iterable[Listed], booked: Iterable[Booked], *, start: datetime, end: datetime) -> DayCompared:
    """Hold the day from `start` until before `end` against the books. Source: I16.

    Both sides are given with more than the day: what one counts just before midnight and the other just after it is no
    gap. Movements are paired by the provider's name for them, then by payment, kind and amount, because captures that
    share one document share a name too. A listed amount of 0 was not told and takes what the books say.
    """
    there, here = [one for one in listed if one.movement.kind in FLOWS], list(booked)
    pairs: list[tuple[Listed, Booked]] = []
    for of_listed, of_booked in _WAYS:
        there, here = _pair(there, here, of_listed, of_booked, into=pairs)
    sums: dict[str, list[int]] = {}
    gaps = []
    for one, ours in pairs:
        if not start <= one.movement.at < end:
            continue
        told = one.movement.amount_minor or ours.amount_minor
        _count(sums, one.movement.kind, one.movement.currency, told, side=0)
        _count(sums, ours.kind, ours.currency, ours.amount_minor, side=1)
        if (told, one.movement.currency) != (ours.amount_minor, ours.currency):
            gaps.append(_gap_there(one, here_minor=ours.amount_minor))
    for one in there:
        if start <= one.movement.at < end:
            _count(sums, one.movement.kind, one.movement.currency, one.movement.amount_minor, side=0)
            gaps.append(_gap_there(one, here_minor=None))
    for ours in here:
        if start <= ours.at < end:
            _count(sums, ours.kind, ours.currency, ours.amount_minor, side=1)
            gaps.append(_gap_here(ours))
    return DayCompared(
        listed=sum(start <= one.movement.at < end for one in [*(one for one, _ours in pairs), *there]),
        totals=tuple(
            DayTotal(
                currency=currency,
                captured_there=figures[0],
                captured_here=figures[1],
                refunded_there=figures[2],
                refunded_here=figures[3],
            )
            for currency, figures in sorted(sums.items())
        ),
        gaps=tuple(sorted(gaps, key=lambda gap: (gap.at, gap.name))),
    )


def unpaired(listed: Iterable[Listed], booked: Iterable[Booked]) -> set[str]:
    """Return the payments, by reference, on which something listed is not among what is booked."""
    there, here = [one for one in listed if one.movement.kind in FLOWS], list(booked)
    for of_listed, of_booked in _WAYS:
        there, here = _pair(there, here, of_listed, of_booked, into=[])
    return {one.reference for one in there}


_OfListed = Callable[[Listed], Hashable]
_OfBooked = Callable[[Booked], Hashable]
# By name; by amount, where several share a name; and, where no amount was told, by payment and kind.
_WAYS: Final[tuple[tuple[_OfListed, _OfBooked], ...]] = (
    (
        lambda one: (one.reference, one.movement.kind, one.movement.provider_ref),
        lambda ours: ours.name,
    ),
    (
        lambda one: (one.reference, one.movement.kind, one.movement.amount_minor, one.movement.currency),
        lambda ours: (ours.reference, ours.kind, ours.amount_minor, ours.currency),
    ),
    (
        lambda one: (one.reference, one.movement.kind) if not one.movement.amount_minor else one,
        lambda ours: (ours.reference, ours.kind),
    ),
)


def _pair(
    there: Sequence[Listed],
    here: Sequence[Booked],
    of_listed: _OfListed,
    of_booked: _OfBooked,
    *,
    into: list[tuple[Listed, Booked]],
) -> tuple[list[Listed], list[Booked]]:
    """Pair what has the same name, each once and in order, and return what is left of either side."""
    waiting: dict[Hashable, list[Booked]] = {}
    for ours in here:
        waiting.setdefault(of_booked(ours), []).append(ours)
    left = []
    for one in there:
        candidates = waiting.get(of_listed(one))
        if candidates:
            into.append((one, candidates.pop(0)))
        else:
            left.append(one)
    return left, [ours for candidates in waiting.values() for ours in candidates]


def _count(sums: dict[str, list[int]], kind: str, currency: str, amount_minor: int, *, side: int) -> None:
    figure, sign = _COUNTS[kind]
    sums.setdefault(currency, [0, 0, 0, 0])[2 * figure + side] += sign * amount_minor


def _gap_there(one: Listed, *, here_minor: int | None) -> Gap:
    movement = one.movement
    return Gap(
        reference=one.reference,
        kind=movement.kind,
        provider_ref=movement.provider_ref,
        parent_ref=movement.parent_ref,
        there_minor=movement.amount_minor,
        here_minor=here_minor,
        currency=movement.currency[:3],
        at=movement.at,
        key=movement.key,
    )


def _gap_here(ours: Booked) -> Gap:
    return Gap(
        reference=ours.reference,
        kind=ours.kind,
        provider_ref=ours.provider_ref,
        parent_ref="",
        there_minor=None,
        here_minor=ours.amount_minor,
        currency=ours.currency,
        at=ours.at,
    )
