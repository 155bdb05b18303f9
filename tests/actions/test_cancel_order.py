"""Cancel Order: money back first, then Canceled, and the customer's mail if wished."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import cancel_order, settle_operation
from orderwright.core.errors import Conflict, Refused
from orderwright.orders.errors import OrderChanged
from orderwright.outbox.models import Mail


def test_what_was_captured_is_refunded_and_the_rest_reversed(  # G28
    clerk: Any, order: Any, practice: Any, journal_kinds: Any
) -> None:
    order = clerk.capture(order, 30900)

    canceled = clerk.cancel(order, reason="Item unavailable")

    result = clerk.result
    assert (result.state, result.refunded_minor, result.reversed_minor) == ("done", 30900, 28994)
    assert (canceled.state.slug, canceled.is_open, canceled.payment_standing) == ("canceled", False, "refunded")
    assert practice.effects(order) == [("capture", 30900), ("reversal", 28994), ("refund", 30900)]
    assert journal_kinds(order)[-4:] == [
        "order.cancel_requested",
        "payment.reversed",
        "payment.refunded",
        "order.canceled",
    ]


def test_the_rehearsal_names_every_leg_before_anything_moves(clerk: Any, order: Any, practice: Any) -> None:
    order = clerk.capture(clerk.capture(order, 30000), 900)

    rehearsal = cancel_order.rehearse(order)

    assert [(leg.kind, leg.amount_minor) for leg in rehearsal.legs] == [
        ("reverse", 28994),
        ("refund", 30000),
        ("refund", 900),
    ]
    assert (rehearsal.refund_minor, rehearsal.reverse_minor) == (30900, 28994)
    assert practice.effects(order) == [("capture", 30000), ("capture", 900)]


def test_several_payments_are_each_given_back(clerk: Any, take_in: Any, practice: Any) -> None:  # W7
    order = take_in(held=[40000, 19894])
    order = clerk.capture(order, 40000)

    order = clerk.cancel(order)

    assert [practice.effects(payment) for payment in order.payments] == [
        [("capture", 40000), ("refund", 40000)],
        [("reversal", 19894)],
    ]


def test_an_order_without_money_is_canceled_at_once(clerk: Any, take_in: Any) -> None:
    order = clerk.cancel(take_in(held=0))

    assert (clerk.result.state, order.state.slug) == ("done", "canceled")


def test_one_mail_is_written_if_wished(clerk: Any, order: Any) -> None:  # G27
    clerk.cancel(clerk.capture(order, 30900), email=True)

    mail = Mail.objects.get()
    assert (mail.recipient, mail.kind, mail.state) == ("bob.norman@mail.example.com", "order_canceled", "due")
    assert "$309.00" in mail.text
    assert "$289.94" in mail.text


def test_no_mail_is_written_otherwise(clerk: Any, order: Any) -> None:  # G27
    clerk.cancel(order, email=False)

    assert not Mail.objects.exists()


def test_a_customer_without_an_address_gets_no_mail(clerk: Any, take_in: Any) -> None:
    order = take_in(customer={"name": "Walk-in"})

    assert not cancel_order.rehearse(order).can_email
    clerk.cancel(order, email=True)
    assert not Mail.objects.exists()


def test_a_refused_leg_leaves_the_order_waiting_and_can_be_resumed(clerk: Any, order: Any, practice: Any) -> None:
    order = clerk.capture(order, 30900)
    practice.fault("decline", "refund")

    waiting = clerk.cancel(order, email=True)

    assert (clerk.result.state, waiting.state.slug, waiting.is_open) == ("failed", "cancel-requested", True)
    assert [(leg.kind, leg.state) for leg in waiting.legs] == [("reverse", "succeeded"), ("refund", "failed")]
    assert not Mail.objects.exists()

    resumed = clerk.asks.resume_cancellation(waiting)

    assert (resumed.state, resumed.refunded_minor, resumed.reversed_minor) == ("done", 30900, 28994)
    assert clerk.sees(order).state.slug == "canceled"
    assert practice.effects(order) == [("capture", 30900), ("reversal", 28994), ("refund", 30900)]
    assert Mail.objects.count() == 1


def test_a_leg_without_an_answer_settles_by_itself_and_then_the_order_is_canceled(
    clerk: Any, order: Any, practice: Any, now: Any
) -> None:
    practice.fault("drop_after", "reversal")

    waiting = clerk.cancel(order, email=True)

    assert (clerk.result.state, waiting.state.slug) == ("running", "cancel-requested")
    later = now + timedelta(minutes=1)
    for key in settle_operation.due(now=later):
        settle_operation.run(key=key, now=later)
    assert clerk.sees(order).state.slug == "canceled"
    assert practice.effects(order) == [("reversal", 59894)]
    assert Mail.objects.count() == 1


def test_canceling_twice_moves_the_money_once(clerk: Any, order: Any, practice: Any) -> None:
    clerk.cancel(order)

    with pytest.raises(Conflict) as refused:
        clerk.cancel(order)

    assert refused.value.code == "order_canceled"
    assert practice.effects(order) == [("reversal", 59894)]


def test_a_capture_under_way_comes_first(clerk: Any, order: Any, practice: Any) -> None:
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)

    with pytest.raises(Conflict) as refused:
        clerk.cancel(order)

    assert refused.value.code == "payment_under_way"
    assert clerk.sees(order).state.slug == "new"
    clerk.sync_payments(order)


def test_a_completed_order_is_opened_before_it_is_canceled(clerk: Any, order: Any) -> None:
    completed = clerk.change_state(order, "completed", is_confirmed=True)

    with pytest.raises(Conflict) as refused:
        clerk.cancel(completed)

    assert refused.value.code == "order_completed"


def test_who_saw_other_amounts_is_refused(clerk: Any, colleague: Any, order: Any, practice: Any) -> None:
    colleague.capture(order, 30900)

    with pytest.raises(OrderChanged):
        clerk.cancel(order, version=order.version)

    assert practice.effects(order) == [("capture", 30900)]


def test_who_may_only_capture_may_not_cancel(finance: Any, order: Any, practice: Any) -> None:
    with pytest.raises(Refused):
        finance.cancel(order)

    assert practice.effects(order) == []


def test_a_hold_that_ran_out_does_not_keep_an_order_from_being_canceled(
    clerk: Any, take_in: Any, practice: Any
) -> None:
    order = clerk.capture(take_in(), 30900)
    practice.advance(timedelta(days=8))

    canceled = clerk.at(timedelta(days=8)).cancel(order)

    assert canceled.state.slug == "canceled"
    assert [(row.kind, row.amount_minor, row.origin) for row in canceled.payments[0].transactions[2:]] == [
        ("expire", 28994, "provider"),
        ("refund", 30900, "desk"),
    ]
    assert (canceled.cancellation.refunded_minor, canceled.cancellation.reversed_minor) == (30900, 28994)
