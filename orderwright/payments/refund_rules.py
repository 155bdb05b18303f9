"""How refunds are shared out: over pieces, payments and captures, exact to the minor unit. Pure, no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orderwright.core.money import split


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureLeft:
    """A capture and what of it can still go back. Unit: minor units."""

    reference: str
    left_minor: int
    at: datetime


def worth(total_minor: int, *, of: int, before: int, pieces: int, already_minor: int) -> int:
    """Return what so many pieces of a line are worth when `before` of its `of` pieces went back for `already_minor`.

    However the pieces are given back, one by one or at once, and whatever was refused between, all of them together
    are worth exactly the line, and never more.
    """
    return max(total_minor * (before + pieces) // of - already_minor, 0)


def shares(amount_minor: int, *, captured: Mapping[int, int], free: Mapping[int, int]) -> dict[int, int]:
    """Return the amount shared over payments in proportion to what each captured (W7), none above what it has free.

    What a payment has no room for goes to the others, in the same proportion. Shape: payment id to minor units, none of
    them zero. Raises: ValueError when there is not so much in all.
    """
    if amount_minor > sum(free.values()):
        raise ValueError("a share would be larger than what its payment can give back")
    given = dict.fromkeys(free, 0)
    rest = amount_minor
    while rest:
        open_to = [payment for payment in free if given[payment] < free[payment]]
        parts = split(rest, weights=[captured[payment] for payment in open_to])
        for payment, part in zip(open_to, parts, strict=True):
            taken = min(part, free[payment] - given[payment])
            given[payment] += taken
            rest -= taken
    return {payment: minor for payment, minor in given.items() if minor}


def over_captures(amount_minor: int, *, captures: Sequence[CaptureLeft]) -> list[tuple[CaptureLeft, int]]:
    """Return how much of the amount goes back on each capture, the oldest first.

    Raises: ValueError when the captures have not so much left.
    """
    legs: list[tuple[CaptureLeft, int]] = []
    rest = amount_minor
    for capture in captures:
        taken = min(rest, capture.left_minor)
        if taken:
            legs.append((capture, taken))
        rest -= taken
    if rest:
        raise ValueError("the captures have not so much left")
    return legs


def captures_left(captures: Sequence[CaptureLeft], *, given_back: Sequence[tuple[str, int]]) -> tuple[CaptureLeft, ...]:
    """Return what each capture has left after what went back or is on its way back: (capture reference, minor units).

    `captures` come oldest first with what was captured. What names none of them was given back at the provider without
    saying on which: it counts against the oldest that have something left, so that no more is given back than there is.
    """
    named = {capture.reference for capture in captures}
    by_name: dict[str, int] = {}
    for reference, amount in given_back:
        by_name[reference] = by_name.get(reference, 0) + amount
    nameless = sum(amount for reference, amount in by_name.items() if reference not in named)
    own = {capture.reference: capture.left_minor - by_name.get(capture.reference, 0) for capture in captures}
    # One that gave back more than it has, by a refund that named it, is made up for by the others.
    nameless -= sum(min(minor, 0) for minor in own.values())
    # More that came back than went is no reason to give a capture more than it has left.
    nameless = max(nameless, 0)
    left = []
    for capture in captures:
        rest = max(own[capture.reference], 0)
        taken = min(rest, nameless)
        nameless -= taken
        left.append(CaptureLeft(reference=capture.reference, left_minor=rest - taken, at=capture.at))
    return tuple(capture for capture in left if capture.left_minor)
