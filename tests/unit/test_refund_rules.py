"""How refunds are shared out, exact to the minor unit (W7)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.payments.refund_rules import CaptureLeft, captures_left, over_captures, shares, worth

AT = datetime(2026, 11, 21, tzinfo=UTC)
MINOR = st.integers(min_value=1, max_value=10**9)


def captured(**amounts: int) -> list[CaptureLeft]:
    return [CaptureLeft(reference=name, left_minor=amount, at=AT) for name, amount in amounts.items()]


def test_three_pieces_of_ten_dollars_are_worth_ten_dollars_one_by_one() -> None:
    one_by_one = [worth(1000, of=3, before=before, pieces=1, already_minor=333 * before) for before in range(3)]

    assert one_by_one == [333, 333, 334]
    assert worth(1000, of=3, before=0, pieces=3, already_minor=0) == 1000


@given(
    total=st.integers(min_value=0, max_value=10**9),
    cuts=st.lists(st.integers(1, 9), min_size=1, max_size=8),
    failing=st.lists(st.integers(0, 7), max_size=4),
)
def test_however_pieces_are_given_back_they_are_worth_the_line(total: int, cuts: list[int], failing: list[int]) -> None:
    """Also when refunds between them fail after later ones were worked out, and their pieces go back once more."""
    of = sum(cuts)
    parts: list[tuple[int, int]] = []  # pieces and what they were worth
    for pieces in cuts:
        parts.append((pieces, _worth_now(total, of, parts, pieces)))
    for place in sorted({place for place in failing if place < len(parts)}, reverse=True):
        pieces, _minor = parts.pop(place)
        parts.append((pieces, _worth_now(total, of, parts, pieces)))

    assert sum(minor for _pieces, minor in parts) == total


def _worth_now(total: int, of: int, parts: list[tuple[int, int]], pieces: int) -> int:
    before, already = sum(each[0] for each in parts), sum(each[1] for each in parts)
    return worth(total, of=of, before=before, pieces=pieces, already_minor=already)


def test_a_refund_is_shared_in_proportion_to_what_each_payment_captured() -> None:
    captured = {1: 40000, 2: 20000}

    assert shares(10000, captured=captured, free=captured) == {1: 6667, 2: 3333}
    assert shares(60000, captured=captured, free=captured) == {1: 40000, 2: 20000}
    assert shares(1, captured=captured, free=captured) == {1: 1}


def test_what_a_payment_has_given_back_before_leaves_the_proportion_as_it_is() -> None:
    captured = {1: 40000, 2: 20000}

    assert shares(9000, captured=captured, free={1: 10000, 2: 20000}) == {1: 6000, 2: 3000}
    assert shares(18000, captured=captured, free={1: 10000, 2: 20000}) == {1: 10000, 2: 8000}


@given(free=st.dictionaries(st.integers(1, 99), MINOR, min_size=1, max_size=6), part=st.integers(1, 10**6))
def test_shares_add_up_and_none_is_above_what_its_payment_has(free: dict[int, int], part: int) -> None:
    amount = max(1, sum(free.values()) * part // 10**6)

    found = shares(amount, captured={payment: minor + payment for payment, minor in free.items()}, free=free)

    assert sum(found.values()) == amount
    assert all(0 < share <= free[payment] for payment, share in found.items())


def test_what_one_has_no_room_for_goes_to_the_others_in_their_proportion() -> None:
    captured = {1: 60000, 2: 20000, 3: 10000}

    assert shares(30000, captured=captured, free={1: 3000, 2: 20000, 3: 10000}) == {1: 3000, 2: 18000, 3: 9000}
    assert shares(27000, captured=captured, free={1: 3000, 2: 15000, 3: 10000}) == {1: 3000, 2: 15000, 3: 9000}


def test_more_than_there_is_is_not_shared() -> None:
    with pytest.raises(ValueError, match="larger than what its payment can give back"):
        shares(101, captured={1: 60, 2: 40}, free={1: 60, 2: 40})
    with pytest.raises(ValueError, match="not so much left"):
        over_captures(101, captures=captured(a=60, b=40))


def test_the_oldest_capture_gives_back_first() -> None:
    legs = over_captures(70, captures=captured(a=60, b=40, c=5))

    assert [(capture.reference, amount) for capture, amount in legs] == [("a", 60), ("b", 10)]


@pytest.mark.parametrize(
    ("given_back", "rest"),
    [
        ([], {"a": 60, "b": 40}),
        ([("b", 10), ("b", 5)], {"a": 60, "b": 25}),
        ([("a", 60)], {"b": 40}),
        ([("", 70)], {"b": 30}),
        ([("a", 70)], {"b": 30}),
        ([("b", 50)], {"a": 50}),
        ([("elsewhere", 10), ("a", 60)], {"b": 30}),
        ([("elsewhere", -10)], {"a": 60, "b": 40}),
    ],
    ids=[
        "nothing",
        "twice",
        "all of one",
        "without a name",
        "more than it had",
        "a later one did",
        "unknown name",
        "more came back than went",
    ],
)
def test_a_capture_has_left_what_was_not_given_back(given_back: list[tuple[str, int]], rest: dict[str, int]) -> None:
    found = captures_left(captured(a=60, b=40), given_back=given_back)

    assert {capture.reference: capture.left_minor for capture in found} == rest
