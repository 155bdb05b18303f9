"""Capture Transaction: in full, in part, refused, declined, and without an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from orderwright.actions import capture, settle_operation
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.orders.errors import OrderChanged
from orderwright.payments.errors import OutcomeUnsaved, PaymentNotFound, RequestReused
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation


def figures(order: Any) -> tuple[int, int, int, int]:
    payment = order.payments[0]
    return payment.authorised_minor, payment.captured_minor, payment.held_minor, payment.pending_minor


def test_the_whole_hold_is_captured(clerk: Any, order: Any, practice: Any, journal_kinds: Any) -> None:  # G23, G25
    order = clerk.capture(order)

    assert clerk.result.state == "succeeded"
    assert figures(order) == (59894, 59894, 0, 0)
    assert (order.payment_standing, order.hold_ends_at) == ("captured", None)
    assert practice.effects(order) == [("capture", 59894)]
    assert journal_kinds(order)[-2:] == ["payment.capture_prepared", "payment.captured"]


def test_parts_of_one_hold_are_captured_one_after_the_other(clerk: Any, order: Any, practice: Any) -> None:  # G23, G24
    for amount in (30900, 20000, 8994):
        order = clerk.capture(order, amount)

    assert figures(order) == (59894, 59894, 0, 0)
    assert practice.effects(order) == [("capture", 30900), ("capture", 20000), ("capture", 8994)]


def test_a_part_leaves_the_rest_held(clerk: Any, order: Any) -> None:
    order = clerk.capture(order, 30900)

    assert figures(order) == (59894, 30900, 28994, 0)
    assert order.payment_standing == "partly_captured"
    assert capture.availability(order, clerk.actor, payment_id=order.payments[0].id).limits["most_minor"] == 28994


@pytest.mark.parametrize("amount", [0, -1, 59895, 10**15])
def test_an_amount_out_of_range_is_refused_before_the_call(clerk: Any, order: Any, practice: Any, amount: int) -> None:
    with pytest.raises(Invalid) as refused:
        clerk.capture(order, amount)

    assert refused.value.code == "amount_out_of_range"
    assert refused.value.fields[0].pointer == "/amount"
    assert (clerk.sees(order), practice.effects(order)) == (order, [])


def test_a_decline_keeps_the_hold_and_says_why(clerk: Any, order: Any, practice: Any) -> None:
    practice.fault("decline", "capture")

    declined = clerk.capture(order)

    assert (clerk.result.state, clerk.result.failure_code) == ("failed", "card_declined")
    assert figures(declined) == (59894, 0, 59894, 0)
    assert practice.effects(order) == []
    assert clerk.capture(declined).payment_standing == "captured"


@pytest.mark.parametrize("fault", ["drop_after", "server_error_after", "malformed", "truncated"])
def test_without_an_answer_the_amount_stays_reserved_and_settles_by_itself(  # FG1
    clerk: Any, order: Any, practice: Any, fault: str, now: Any
) -> None:
    practice.fault(fault, "capture")

    waiting = clerk.capture(order, 30900)

    assert clerk.result.state == "unknown"
    assert figures(waiting) == (59894, 0, 59894, 30900)
    assert waiting.payment_standing == "unknown"
    later = now + timedelta(minutes=1)
    assert settle_operation.due(now=later) == [clerk.result.key]
    assert settle_operation.run(key=clerk.result.key, now=later).state == "succeeded"
    assert figures(clerk.sees(order)) == (59894, 30900, 28994, 0)
    assert practice.effects(order) == [("capture", 30900)]


def test_an_answer_with_another_amount_is_never_booked(clerk: Any, order: Any, practice: Any) -> None:  # FG4
    practice.fault("wrong_amount", "capture")

    order = clerk.capture(order, 30900)

    assert clerk.result.state == "manual"
    assert figures(order) == (59894, 0, 59894, 30900)
    assert order.payment_standing == "unknown"
    clerk.sync_payments(order)


def test_what_neither_key_nor_look_up_can_tell_waits_for_a_person(
    clerk: Any, order: Any, practice: Any, now: Any
) -> None:
    practice.fault("drop_before", "capture")
    clerk.capture(order, 30900)

    result = settle_operation.run(key=clerk.result.key, now=now + timedelta(hours=25))

    assert (result.state, result.failure_code) == ("manual", "needs_person")
    assert figures(clerk.sees(order)) == (59894, 0, 59894, 30900)
    assert practice.effects(order) == []


def test_an_ended_hold_is_refused_with_its_date(clerk: Any, order: Any, practice: Any) -> None:  # W6
    late = clerk.at(timedelta(days=8))

    with pytest.raises(Conflict) as refused:
        late.capture(order)

    assert refused.value.code == "hold_expired"
    assert refused.value.message == "The hold ended on 28 Nov; the bank gives nothing on it."
    assert practice.effects(order) == []


def test_nothing_is_captured_on_a_fraudulent_or_canceled_order(clerk: Any, take_in: Any) -> None:
    fraud = clerk.change_state(take_in(), "fraud")
    canceled = clerk.cancel(take_in())

    for order, code in ((fraud, "order_is_fraud"), (canceled, "order_canceled")):
        with pytest.raises(Conflict) as refused:
            clerk.capture(order, 100)
        assert refused.value.code == code


def test_the_same_form_sent_again_captures_once(clerk: Any, order: Any, practice: Any) -> None:  # FC4
    first = clerk.asks.capture(order, 30900, request_ref="form_1")
    again = clerk.asks.capture(order, 30900, request_ref="form_1")

    assert first == again
    assert practice.effects(order) == [("capture", 30900)]
    with pytest.raises(RequestReused):
        clerk.asks.capture(order, 100, request_ref="form_1")


def test_a_double_press_is_answered_with_what_the_first_press_did(clerk: Any, order: Any, practice: Any) -> None:
    """The second press saw the version before the first one, whose own change is no reason to refuse it. FC4."""
    first = clerk.asks.capture(order, 30900, request_ref="form_1", version=order.version)

    second = clerk.asks.capture(order, 30900, request_ref="form_1", version=order.version)

    assert second == first
    assert practice.effects(order) == [("capture", 30900)]


def test_an_outcome_that_cannot_be_saved_is_no_invitation_to_try_again(
    clerk: Any, order: Any, practice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_rows: Any, **_more: Any) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("orderwright.payments.ledger.post", full)
        with pytest.raises(OutcomeUnsaved) as told:
            clerk.capture(order, 30900)

    assert (told.value.status, told.value.code) == (500, "outcome_unsaved")
    assert "Do not ask again" in told.value.message
    assert clerk.sees(order).payments[0].pending_minor == 30900
    settle_operation.run(key=Operation.objects.get().key, now=clerk.now + timedelta(minutes=2))
    assert clerk.sees(order).payments[0].captured_minor == 30900
    assert practice.effects(order) == [("capture", 30900)]


def test_who_saw_other_figures_is_refused(clerk: Any, colleague: Any, order: Any, practice: Any) -> None:
    colleague.capture(order, 10000)

    with pytest.raises(OrderChanged):
        clerk.capture(order, 49894, version=order.version)

    assert practice.effects(order) == [("capture", 10000)]


def test_a_note_meanwhile_does_not_stand_in_the_way(clerk: Any, colleague: Any, order: Any) -> None:
    colleague.add_note(order, "Hello")

    assert clerk.capture(order, version=order.version).payment_standing == "captured"


def test_another_orders_payment_cannot_be_captured_from_here(clerk: Any, take_in: Any, practice: Any) -> None:
    mine, other = take_in(), take_in()

    with pytest.raises(PaymentNotFound):
        clerk.capture(mine, 100, payment=other.payments[0])

    assert practice.effects(other) == []


def test_who_may_only_capture_can_and_a_viewer_cannot(finance: Any, viewer: Any, order: Any) -> None:
    assert finance.capture(order, 100).payments[0].captured_minor == 100
    with pytest.raises(Refused):
        viewer.capture(order, 100)


def test_a_payment_kept_elsewhere_is_not_captured_here(clerk: Any, site: Any, document: Any) -> None:
    made = document()
    made["payments"] = [
        {"provider": "shopify", "reference": "5001", "authorised": 100, "authorised_at": "2026-11-20T21:42:12Z"}
    ]
    order = clerk.sees(clerk.asks.take_in(made).number)

    answer = capture.availability(order, clerk.actor, payment_id=order.payments[0].id)

    assert (answer.code, answer.reason) == ("kept_elsewhere", "Shopify keeps this payment; capture it there.")


def test_a_row_is_committed_before_the_provider_is_called(  # I4
    clerk: Any, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    really_send = PracticeGateway.send

    def send(self: PracticeGateway, call: Any) -> Any:
        seen.extend(Operation.objects.filter(key=call.key).values_list("state", "amount_minor"))
        return really_send(self, call)

    monkeypatch.setattr(PracticeGateway, "send", send)
    clerk.capture(order, 30900)

    assert seen == [("sent", 30900)]


def test_a_capture_costs_a_fixed_number_of_statements(clerk: Any, take_in: Any, statements: Any) -> None:
    item = {"sku": "X", "name": "Thing", "quantity": 1, "unit_price": 1000}
    small, large = take_in(items=[item]), take_in(items=[item | {"sku": f"X{at}"} for at in range(40)])

    with statements() as few:
        clerk.asks.capture(small, 500, request_ref="a")
    with statements() as many:
        clerk.asks.capture(large, 500, request_ref="b")

    assert few.count == many.count == 22


def test_one_reference_on_two_orders_at_once_is_found_by_whoever_writes_second(
    clerk: Any, take_in: Any, practice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = take_in(), take_in()
    clerk.asks.capture(first, 500, request_ref="form_1")
    find, asked = capture.find_repeated, []

    def too_early(*args: Any, **more: Any) -> Any:
        asked.append(args)
        return None if len(asked) == 1 else find(*args, **more)  # the other order's was not committed yet

    monkeypatch.setattr(capture, "find_repeated", too_early)

    with pytest.raises(RequestReused):
        clerk.asks.capture(second, 500, request_ref="form_1")

    assert len(asked) == 2
    assert (practice.effects(first), practice.effects(second)) == ([("capture", 500)], [])
    assert clerk.sees(second).payments[0].operations == []
