"""Reverse what is held on one payment without canceling the order (W6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.core.errors import Conflict, Refused
from orderwright.orders.errors import OrderChanged
from orderwright.payments.errors import PaymentNotFound, RequestReused


def test_the_rest_of_a_hold_is_released_and_the_order_goes_on(
    clerk: Any, order: Any, practice: Any, journal_kinds: Any
) -> None:
    after = clerk.reverse_hold(clerk.capture(order, 30900))

    assert practice.effects(after) == [("capture", 30900), ("reversal", 28994)]
    payment = after.payments[0]
    assert (payment.captured_minor, payment.released_minor, payment.held_minor) == (30900, 28994, 0)
    assert (after.state.slug, after.payment_standing) == ("new", "captured")
    assert journal_kinds(after)[-2:] == ["payment.reverse_prepared", "payment.reversed"]


def test_only_the_named_payment_is_reversed(clerk: Any, take_in: Any) -> None:
    order = take_in(held=[39894, 20000])

    after = clerk.reverse_hold(order, payment=order.payments[1])

    assert [payment.held_minor for payment in after.payments] == [39894, 0]


def test_the_same_form_sent_again_reverses_once(clerk: Any, order: Any, practice: Any) -> None:  # FC4
    first = clerk.asks.reverse_hold(order, request_ref="form_1", version=order.version)

    assert clerk.asks.reverse_hold(order, request_ref="form_1", version=order.version) == first
    assert practice.effects(order) == [("reversal", 59894)]


def test_another_request_s_name_is_not_taken(clerk: Any, order: Any) -> None:
    clerk.asks.capture(order, 100, request_ref="form_1")

    with pytest.raises(RequestReused):
        clerk.asks.reverse_hold(order, request_ref="form_1")


def test_a_hold_with_nothing_on_it_or_a_call_under_way_is_left_alone(clerk: Any, take_in: Any, practice: Any) -> None:
    captured = clerk.capture(take_in())
    practice.fault("drop_before", "capture")
    waiting = clerk.capture(take_in(), 100)
    canceled = clerk.cancel(take_in())

    for order, code in (
        (captured, "nothing_held"),
        (waiting, "payment_under_way"),
        (canceled, "cancellation_under_way"),
    ):
        with pytest.raises(Conflict) as refused:
            clerk.reverse_hold(order)
        assert refused.value.code == code


def test_who_saw_other_figures_or_may_not_is_refused(clerk: Any, colleague: Any, viewer: Any, order: Any) -> None:
    colleague.capture(order, 100)

    with pytest.raises(OrderChanged):
        clerk.reverse_hold(order, version=order.version)
    with pytest.raises(Refused):
        viewer.reverse_hold(order)


def test_another_order_s_payment_is_not_found(clerk: Any, take_in: Any) -> None:
    mine, other = take_in(), take_in()

    with pytest.raises(PaymentNotFound):
        clerk.reverse_hold(mine, payment=other.payments[0])


def test_a_hold_that_has_ended_is_not_reversed_but_refused_with_its_day(
    clerk: Any, order: Any, practice: Any
) -> None:  # W6
    with pytest.raises(Conflict) as refused:
        clerk.at(timedelta(days=8)).reverse_hold(order)

    assert refused.value.code == "hold_expired"
    assert refused.value.message == "The hold ended on 28 Nov; the bank gives nothing on it."
    assert practice.effects(order) == []


def test_a_hold_that_the_bank_let_go_before_its_day_leaves_the_order_expired_not_reversed(
    clerk: Any, order: Any, practice: Any
) -> None:
    practice.advance(timedelta(days=8))  # the provider's clock, not the desk's

    after = clerk.reverse_hold(order)

    assert after.payment_standing == "expired"
    assert [(row.kind, row.amount_minor) for row in after.payments[0].transactions] == [
        ("authorise", 59894),
        ("expire", 59894),
    ]
