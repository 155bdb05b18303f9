"""Capture over the payments of a split order, in their order (W7)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from orderwright.core.errors import Conflict
from orderwright.payments.errors import AmountOutOfRange, RequestReused
from orderwright.payments.models import Operation
from tests.support.settling import settle_until_quiet


@pytest.fixture
def split_order(take_in: Any) -> Any:
    """Take in an order of 598.94 dollars: 300.00 held on the first card, 200.00 on the second, 98.94 on the third."""
    return take_in(held=[30000, 20000, 9894])


def captured(order: Any) -> list[int]:
    return [payment.captured_minor for payment in order.payments]


def test_the_first_gives_all_it_has_then_the_next(clerk: Any, split_order: Any, practice: Any) -> None:
    after = clerk.capture_order(split_order, 40000)

    assert captured(after) == [30000, 10000, 0]
    assert [practice.effects(payment) for payment in after.payments] == [
        [("capture", 30000)],
        [("capture", 10000)],
        [],
    ]

    assert captured(clerk.capture_order(after, 19894)) == [30000, 20000, 9894]


def test_more_than_all_of_them_hold_is_refused_and_nothing_moves(clerk: Any, split_order: Any, practice: Any) -> None:
    with pytest.raises(AmountOutOfRange) as refused:
        clerk.capture_order(split_order, 59895)

    assert refused.value.facts == {"least": 1, "most": 59894, "currency": "USD"}
    assert not Operation.objects.exists()
    assert practice.effects(split_order) == []


def test_what_one_provider_declines_stays_held_and_the_others_are_captured(
    clerk: Any, split_order: Any, practice: Any
) -> None:
    practice.fault("decline", "capture", authorisation=split_order.payments[0].reference)

    after = clerk.capture_order(split_order, 40000)

    assert captured(after) == [0, 10000, 0]
    assert [payment.held_minor for payment in after.payments] == [30000, 10000, 9894]


def test_without_an_answer_the_rest_is_left_to_the_worker(clerk: Any, split_order: Any, practice: Any) -> None:
    practice.fault("drop_after", "capture")

    waiting = clerk.capture_order(split_order, 40000)

    assert [(operation.state, operation.amount_minor) for operation in Operation.objects.order_by("pk")] == [
        ("unknown", 30000),
        ("prepared", 10000),
    ]
    settle_until_quiet(clerk.now)
    assert captured(clerk.sees(waiting)) == [30000, 10000, 0]


def test_the_same_form_captures_once_and_another_amount_is_refused(clerk: Any, split_order: Any, practice: Any) -> None:
    first = clerk.asks.capture_order(split_order, 40000, request_ref="form_1")
    again = clerk.asks.capture_order(split_order, 40000, request_ref="form_1")

    with pytest.raises(RequestReused):
        clerk.asks.capture_order(split_order, 40001, request_ref="form_1")

    assert again == first
    assert practice.effects(split_order) == [("capture", 30000), ("capture", 10000)]


def test_two_at_once_take_no_more_than_there_is(
    clerk: Any, colleague: Any, split_order: Any, both_at_once: Any
) -> None:
    outcomes = both_at_once(
        partial(clerk.asks.capture_order, split_order, 40000),
        partial(colleague.asks.capture_order, split_order, 40000),
    )

    assert sorted(outcomes) == ["amount_out_of_range", "done"]
    assert sum(captured(clerk.sees(split_order))) == 40000


def test_what_is_recorded_by_staff_takes_no_part(clerk: Any, take_in: Any, now: Any) -> None:
    at = now.isoformat().replace("+00:00", "Z")
    method = {"type": "bank_transfer", "brand": None, "last4": None}
    transfer = {"provider": "bank-transfer", "reference": "PAY-1", "method": method, "authorised": 59894}
    order = take_in(payments=[{**transfer, "authorised_at": at, "expires_at": None}])

    with pytest.raises(Conflict):
        clerk.capture_order(order, 100)
