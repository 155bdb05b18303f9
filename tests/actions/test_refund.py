"""Refund: by item, shipping or amount, over one or several payments; never above what was captured (W6, W7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import settle_operation
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.orders.errors import OrderChanged
from orderwright.payments.errors import RequestReused
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation, Refund

TABLE, LAMP, RUG = "TBL-OAK-45", "LMP-LIN-SND", "RUG-WOL-160"


@pytest.fixture
def paid(clerk: Any, order: Any) -> Any:
    """Capture the whole 598.94 dollars: a table 199.64, two lamps 98.26 in all, a rug 290.98, shipping 10.06."""
    return clerk.capture(order)


def pointers(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [field.pointer for field in refused.value.fields]


def test_pieces_of_an_item_go_back_with_their_share_of_discount_and_tax(
    clerk: Any, paid: Any, practice: Any, journal_kinds: Any
) -> None:
    after = clerk.refund(paid, items={LAMP: 1}, reason="arrived broken")

    assert practice.effects(after) == [("capture", 59894), ("refund", 4913)]
    assert [(refund.position, refund.state, refund.refunded_minor) for refund in after.refunds] == [(1, "done", 4913)]
    assert (after.payments[0].refunded_minor, after.payment_standing) == (4913, "partly_refunded")
    assert journal_kinds(after)[-3:] == ["order.refund_requested", "payment.refunded", "order.refund_done"]


def test_all_that_was_paid_can_go_back_piece_by_piece(clerk: Any, paid: Any, practice: Any) -> None:
    for wish in ({"items": {LAMP: 1}}, {"items": {LAMP: 1}}, {"items": {TABLE: 1, RUG: 1}, "shipping": 1006}):
        paid = clerk.refund(paid, **wish)

    assert paid.payment_standing == "refunded"
    assert paid.payments[0].refunded_minor == 59894
    assert [refund.position for refund in paid.refunds] == [1, 2, 3]


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"items": {LAMP: 3}}, "/lines/0/quantity"),
        ({"items": {LAMP: 0}}, "/lines/0/quantity"),
        ({"shipping": 1007}, "/shipping"),
        ({"shipping": -1}, "/shipping"),
        ({"other": -1}, "/other"),
        ({}, "/amount"),
        ({"other": 59895}, "/amount"),
        ({"items": {LAMP: 2}, "other": 59894}, "/amount"),
    ],
)
def test_what_does_not_add_up_is_refused_and_moves_nothing(
    clerk: Any, paid: Any, practice: Any, journal_kinds: Any, wish: Any, pointer: str
) -> None:
    before = journal_kinds(paid)

    with pytest.raises(Invalid) as refused:
        clerk.refund(paid, **wish)

    assert pointers(refused) == [pointer]
    assert practice.effects(paid) == [("capture", 59894)]
    assert (journal_kinds(paid), Refund.objects.count()) == (before, 0)


def test_pieces_that_went_back_do_not_go_back_again(clerk: Any, paid: Any) -> None:
    paid = clerk.refund(paid, items={LAMP: 2}, shipping=1006)

    for wish, pointer in (({"items": {LAMP: 1}}, "/lines/0/quantity"), ({"shipping": 1}, "/shipping")):
        with pytest.raises(Invalid) as refused:
            clerk.refund(paid, **wish)
        assert pointers(refused) == [pointer]


def test_only_what_was_captured_can_go_back(clerk: Any, order: Any) -> None:
    with pytest.raises(Conflict) as nothing:
        clerk.refund(order, other=100)
    partly = clerk.capture(order, 10000)
    with pytest.raises(Invalid) as too_much:
        clerk.refund(partly, other=10001)

    with pytest.raises(Conflict) as all_of_it:
        clerk.refund(clerk.refund(partly, other=10000), other=1)

    assert nothing.value.code == "nothing_captured"
    assert (all_of_it.value.code, all_of_it.value.message) == ("all_refunded", "All of it was refunded already.")
    assert pointers(too_much) == ["/amount"]


def test_several_captures_give_back_the_oldest_first(clerk: Any, order: Any, practice: Any) -> None:
    order = clerk.capture(clerk.capture(order, 10000), 20000)

    after = clerk.refund(order, other=15000)

    assert practice.effects(after)[2:] == [("refund", 10000), ("refund", 5000)]
    assert after.refunds[0].state == "done"


def test_what_a_won_dispute_brings_back_belongs_to_its_capture_again(clerk: Any, order: Any, practice: Any) -> None:
    practice.capture_by_hand(order.payments[0].reference, 5000)
    second = practice.capture_by_hand(order.payments[0].reference, 40000)
    practice.win_dispute(practice.dispute(second, 40000))
    back = clerk.sync_payments(order)

    refunded = clerk.refund(back, other=30000)

    assert clerk.result.state == "done"
    assert practice.effects(order)[4:] == [("refund", 5000), ("refund", 25000)]
    assert refunded.payments[0].refunded_minor == 30000


def test_several_payments_share_in_proportion_to_what_was_captured(
    clerk: Any, take_in: Any, practice: Any
) -> None:  # W7
    order = clerk.capture(take_in(held=[39894, 20000]))
    order = clerk.capture(order, payment=order.payments[1])

    after = clerk.refund(order, other=10000)

    assert [payment.refunded_minor for payment in after.payments] == [6661, 3339]
    assert sum(amount for kind, amount in practice.effects(after) if kind == "refund") == 10000


def test_staff_may_share_otherwise(clerk: Any, take_in: Any) -> None:  # W7
    order = clerk.capture(take_in(held=[39894, 20000]))
    order = clerk.capture(order, payment=order.payments[1])
    first, second = order.payments

    after = clerk.refund(order, other=10000, by_payment={first.id: 0, second.id: 10000})

    assert [payment.refunded_minor for payment in after.payments] == [0, 10000]
    for shares, pointer in (
        ({first.id: 1, second.id: 1}, "/by_payment"),
        ({second.id: 10001}, f"/by_payment/{second.id}"),
    ):
        with pytest.raises(Invalid) as refused:
            clerk.refund(after, other=10001, by_payment=shares)
        assert pointers(refused) == [pointer]


def test_a_declined_refund_frees_the_amount_and_the_pieces(clerk: Any, paid: Any, practice: Any) -> None:
    practice.fault("decline", "refund")

    after = clerk.refund(paid, items={LAMP: 1})

    assert (after.refunds[0].state, after.payments[0].refund_pending_minor) == ("failed", 0)
    again = clerk.refund(after, items={LAMP: 2})
    assert [refund.state for refund in again.refunds] == ["failed", "done"]


def test_one_leg_refused_and_one_done_is_said_plainly(clerk: Any, take_in: Any, practice: Any) -> None:
    order = clerk.capture(take_in(held=[39894, 20000]))
    order = clerk.capture(order, payment=order.payments[1])
    practice.fault("decline", "refund")

    after = clerk.refund(order, other=10000)

    assert (after.refunds[0].state, after.refunds[0].refunded_minor) == ("partly", 3339)


def test_without_an_answer_the_amount_stays_reserved_and_settles_by_itself(
    clerk: Any, paid: Any, practice: Any
) -> None:
    practice.fault("drop_after", "refund")
    waiting = clerk.refund(paid, other=59894)

    assert (waiting.refunds[0].state, waiting.payment_standing) == ("running", "unknown")
    with pytest.raises(Conflict) as refused:
        clerk.refund(waiting, other=1)
    assert refused.value.code == "payment_under_way"

    settle_operation.run(key=Operation.objects.get(kind="refund").key, now=clerk.now + timedelta(minutes=1))
    after = clerk.sees(paid)
    assert (after.refunds[0].state, after.payments[0].refunded_minor) == ("done", 59894)
    assert practice.effects(after) == [("capture", 59894), ("refund", 59894)]


def test_the_same_form_sent_again_refunds_once(clerk: Any, paid: Any, practice: Any) -> None:  # FC4
    first = clerk.asks.refund(paid, items={LAMP: 1}, request_ref="form_1", version=paid.version)
    again = clerk.asks.refund(paid, items={LAMP: 1}, request_ref="form_1", version=paid.version)

    assert first == again
    assert practice.effects(paid) == [("capture", 59894), ("refund", 4913)]
    with pytest.raises(RequestReused):
        clerk.asks.refund(paid, items={RUG: 1}, request_ref="form_1")


def test_who_saw_other_figures_is_refused(clerk: Any, colleague: Any, paid: Any) -> None:
    colleague.refund(paid, other=100)

    with pytest.raises(OrderChanged):
        clerk.refund(paid, other=100, version=paid.version)


def test_a_completed_order_can_be_refunded_and_one_being_canceled_not(clerk: Any, paid: Any, practice: Any) -> None:
    completed = clerk.change_state(paid, "completed", is_confirmed=True)
    assert clerk.refund(completed, other=100).refunds[0].state == "done"

    back = clerk.change_state(completed, "processing")
    practice.fault("decline", "refund")
    stopped = clerk.cancel(back)
    with pytest.raises(Conflict) as refused:
        clerk.refund(stopped, other=100)
    assert refused.value.code == "cancellation_under_way"


def test_canceling_gives_back_what_no_refund_has(clerk: Any, paid: Any, practice: Any) -> None:
    after = clerk.cancel(clerk.refund(paid, items={RUG: 1}))

    assert after.state.slug == "canceled"
    assert sum(amount for kind, amount in practice.effects(after) if kind == "refund") == 59894


def test_who_may_not_refund_is_told_so(clerk: Any, viewer: Any, paid: Any) -> None:
    with pytest.raises(Refused):
        viewer.refund(paid, other=100)

    assert clerk.sees(paid).refunds == []


def test_a_refund_costs_a_fixed_number_of_statements_per_leg(clerk: Any, take_in: Any, statements: Any) -> None:
    lamp = {"sku": LAMP, "name": "Lamp", "quantity": 2, "unit_price": 4900, "discount": 0, "tax": 0}
    small = clerk.capture(take_in())
    large = clerk.capture(take_in(items=[{**lamp, "sku": f"L{at}"} for at in range(30)]))

    with statements() as few:
        clerk.asks.refund(small, items={LAMP: 1})
    with statements() as many:
        clerk.asks.refund(large, items={f"L{at}": 1 for at in range(30)})

    assert few.count == many.count, many


def test_an_item_goes_back_for_its_price_when_a_refund_failed_between_others(
    clerk: Any, take_in: Any, practice: Any
) -> None:
    item = {"sku": "A", "name": "A", "quantity": 3, "unit_price": 1000, "discount": 2, "tax": 0}  # 29.98 in all
    paid = clerk.capture(take_in(items=[item, {**item, "sku": "B"}]))
    practice.fault("drop_before", "refund")
    waiting = clerk.refund(paid, items={"A": 1})
    waiting = clerk.refund(waiting, items={"A": 2})
    practice.fault("decline", "refund")
    settle_operation.run(key=Operation.objects.get(state="unknown").key, now=clerk.now + timedelta(minutes=1))

    after = clerk.refund(clerk.sees(paid), items={"A": 1})

    assert sum(refund.amount_minor for refund in after.refunds if refund.state == "done") == 2998


def test_the_same_form_with_another_share_or_reason_is_no_repetition(clerk: Any, take_in: Any) -> None:
    order = clerk.capture(take_in(held=[39894, 20000]))
    order = clerk.capture(order, payment=order.payments[1])
    first, second = (payment.id for payment in order.payments)
    clerk.asks.refund(order, other=100, by_payment={first: 100}, request_ref="form_1")

    with pytest.raises(RequestReused):
        clerk.asks.refund(order, other=100, by_payment={second: 100}, request_ref="form_1")
    with pytest.raises(RequestReused):
        clerk.asks.refund(order, other=100, by_payment={first: 100}, reason="another", request_ref="form_1")

    assert Refund.objects.count() == 1


def test_pieces_that_are_too_many_are_told_how_many_are_left(clerk: Any, paid: Any) -> None:
    with pytest.raises(Invalid) as refused:
        clerk.refund(paid, items={LAMP: 3})

    assert refused.value.facts["most"] == 2


def test_every_leg_is_sent_at_its_own_time(clerk: Any, order: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow provider keeps one leg for half a minute; the next is not taken for one that somebody gave up."""
    for _time in range(4):
        order = clerk.capture(order, 10000)
    passed = [0]
    send = PracticeGateway.send

    def slow(gateway: Any, call: Any) -> Any:
        passed[0] += 29 * 10**9
        return send(gateway, call)

    monkeypatch.setattr(PracticeGateway, "send", slow)
    monkeypatch.setattr("orderwright.core.clock.time.monotonic_ns", lambda: passed[0])

    clerk.refund(order, other=40000)

    legs = Operation.objects.filter(kind="refund").order_by("id")
    assert [(leg.sent_at - clerk.now).seconds for leg in legs] == [0, 29, 58, 87]
