"""What a refund would give back: pieces with their discount and tax, shares of payments, legs on captures (W6, W7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from orderwright.actions.refund_plan import (
    PlannedLeg,
    PlannedLine,
    Wish,
    free_of,
    left_of,
    pieces_left,
    shipping_left,
    worked_out,
)
from orderwright.payments.errors import RefundInvalid
from orderwright.payments.states import OPERATION_STATES, UNDER_WAY
from orderwright.reads.money_rows import OperationRow, PaymentRow, RefundLineRow, RefundRow, TransactionRow
from orderwright.reads.rows import LineRow

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TABLE, LAMPS = 11, 12


def line(line_id: int, name: str, quantity: int, price: int, *, discount: int = 0, tax: int = 0) -> LineRow:
    return LineRow(
        id=line_id,
        position=line_id,
        sku=name,
        name=name,
        reference="",
        quantity=quantity,
        unit_price_minor=price,
        discount_minor=discount,
        tax_minor=tax,
        tax_lines=[],
        attributes={},
        requires_shipping=True,
    )


def moved(kind: str, reference: str, amount: int, *, parent: str = "", day: int = 0) -> TransactionRow:
    return TransactionRow(
        id=1,
        operation_id=None,
        kind=kind,
        amount_minor=amount,
        provider_ref=reference,
        parent_ref=parent,
        origin="desk",
        at=AT + timedelta(days=day),
    )


def called(kind: str, amount: int, capture_ref: str, state: str) -> OperationRow:
    return OperationRow(
        id=1,
        payment_id=1,
        cancellation_id=None,
        refund_id=None,
        kind=kind,
        amount_minor=amount,
        capture_ref=capture_ref,
        key="op_1",
        state=state,
        provider_ref="",
        failure_code="",
        failure_message="",
        actor_name="Mia Chen",
        prepared_at=AT,
        sent_at=AT,
        finished_at=None,
        attempts=1,
    )


def payment(
    payment_id: int,
    *movements: TransactionRow,
    captured: int,
    refunded: int = 0,
    refund_pending: int = 0,
    gateway: str = "practice",
    operations: Sequence[OperationRow] = (),
) -> PaymentRow:
    return PaymentRow(
        id=payment_id,
        position=payment_id,
        account_slug=gateway,
        account_name=gateway,
        account_is_on=True,
        account_rests_until=None,
        gateway=gateway,
        reference=f"auth_{payment_id}",
        method_type="card",
        brand="visa",
        last4="4242",
        currency="USD",
        authorised_minor=100000,
        captured_minor=captured,
        released_minor=0,
        refunded_minor=refunded,
        pending_minor=0,
        refund_pending_minor=refund_pending,
        authorised_at=AT,
        expires_at=None,
        synced_at=None,
        operations=list(operations),
        transactions=[moved("authorise", f"auth_{payment_id}", 100000), *movements],
    )


def paid(payment_id: int, amount: int, **changes: Any) -> PaymentRow:
    return payment(payment_id, moved("capture", f"cap_{payment_id}", amount), captured=amount, **changes)


def refund(*lines: tuple[int, int, int], state: str = "done", shipping: int = 0) -> RefundRow:
    return RefundRow(
        id=1,
        position=1,
        state=state,
        reason="",
        amount_minor=1,
        shipping_minor=shipping,
        other_minor=0,
        refunded_minor=0,
        actor_name="Mia Chen",
        started_at=AT,
        finished_at=None,
        lines=[RefundLineRow(line_id=at, quantity=pieces, amount_minor=minor) for at, pieces, minor in lines],
    )


def order(**changes: Any) -> Any:
    """Return what the plan reads of an order: a table, three lamps, shipping, 320.00 dollars captured."""
    lines = [line(TABLE, "Table", 1, 20000, discount=1000, tax=400), line(LAMPS, "Lamp", 3, 3000, discount=10, tax=20)]
    figures: dict[str, Any] = {
        "lines": lines,
        "payments": [paid(1, 32000)],
        "refunds": [],
        "prices_include_tax": False,
        "shipping_minor": 1000,
        "shipping_discount_minor": 200,
        "shipping_tax_minor": 30,
        "currency": "USD",
        "site": SimpleNamespace(locale="en-US"),
        "line": lambda line_id: next((one for one in lines if one.id == line_id), None),
    }
    return SimpleNamespace(**figures | changes)


def left(*movements: TransactionRow, operations: Sequence[OperationRow] = ()) -> dict[str, int]:
    found = left_of(payment(1, *movements, captured=10000, operations=operations))
    return {capture.reference: capture.left_minor for capture in found}


def refused(wish: Wish, **changes: Any) -> RefundInvalid:
    with pytest.raises(RefundInvalid) as found:
        worked_out(order(**changes), wish)
    return found.value


def told(error: RefundInvalid) -> tuple[list[str], str, Mapping[str, Any]]:
    assert [field.message for field in error.fields] == [error.message]
    assert [field.code for field in error.fields] == ["refund_invalid"]
    return [field.pointer for field in error.fields], error.message, error.facts


def test_pieces_are_worth_their_price_less_discount_plus_tax() -> None:
    plan = worked_out(order(), Wish(lines=[(TABLE, 1), (LAMPS, 2)]))

    assert plan.lines == (
        PlannedLine(line_id=TABLE, quantity=1, amount_minor=19400),
        PlannedLine(line_id=LAMPS, quantity=2, amount_minor=6006),
    )
    assert (plan.amount_minor, plan.shares) == (25406, {1: 25406})


def test_tax_that_is_in_the_price_is_not_added_again() -> None:
    plan = worked_out(order(prices_include_tax=True), Wish(lines=[(TABLE, 1)]))

    assert plan.amount_minor == 19000
    assert (shipping_left(order()), shipping_left(order(prices_include_tax=True))) == (830, 800)


def test_lines_shipping_and_another_amount_go_back_in_one_sum() -> None:
    plan = worked_out(order(), Wish(lines=[(TABLE, 1)], shipping_minor=830, other_minor=5))

    assert plan.amount_minor == 19400 + 830 + 5
    assert plan.legs == (PlannedLeg(payment_id=1, capture_ref="cap_1", captured_at=AT, amount_minor=20235),)


def test_the_last_pieces_are_worth_what_is_left_of_the_line() -> None:
    refunds = [refund((LAMPS, 1, 3003), (TABLE, 1, 19400)), refund((LAMPS, 1, 3000))]

    plan = worked_out(order(refunds=refunds), Wish(lines=[(LAMPS, 1)]))

    assert plan.amount_minor == 9010 - 3003 - 3000


def test_a_refund_that_failed_has_given_nothing_back() -> None:
    refunds = [refund((LAMPS, 2, 6006), state="failed", shipping=500), refund((LAMPS, 1, 3003), shipping=300)]
    seen = order(refunds=refunds)

    assert pieces_left(seen, seen.lines[1]) == 2
    assert pieces_left(seen, seen.lines[0]) == 1
    assert shipping_left(seen) == 530
    assert worked_out(seen, Wish(lines=[(LAMPS, 2)])).amount_minor == 9010 - 3003


@pytest.mark.parametrize("state", ["running", "partly", "done"])
def test_a_refund_under_way_counts_as_given_back(state: str) -> None:
    seen = order(refunds=[refund((LAMPS, 2, 6006), state=state, shipping=830)])

    assert (pieces_left(seen, seen.lines[1]), shipping_left(seen)) == (1, 0)


def test_what_is_left_of_the_shipping_is_never_below_nothing() -> None:
    assert shipping_left(order(refunds=[refund(shipping=831)])) == 0


@pytest.mark.parametrize(
    ("wish", "pointer", "message", "most"),
    [
        (Wish(lines=[(99, 1)]), "/lines/0/line", "This order has no such item.", 0),
        (Wish(lines=[(LAMPS, 4)]), "/lines/0/quantity", "3 pieces of Lamp can still be refunded.", 3),
        (Wish(lines=[(TABLE, 1), (LAMPS, 0)]), "/lines/1/quantity", "3 pieces of Lamp can still be refunded.", 3),
        (Wish(shipping_minor=831), "/shipping", "At most $8.30 of the shipping can go back.", 830),
        (Wish(shipping_minor=-1), "/shipping", "At most $8.30 of the shipping can go back.", 830),
        (Wish(other_minor=-1), "/other", "An amount to refund is above zero.", 0),
        (Wish(), "/amount", "Choose what to refund: items, shipping or another amount.", 0),
        (
            Wish(other_minor=32001),
            "/amount",
            "At most $320.00 can be refunded: captured less refunded and under way.",
            32000,
        ),
        (
            Wish(other_minor=5, by_payment={1: 4}),
            "/by_payment",
            "The shares have to add up to $0.05.",
            5,
        ),
        (
            Wish(other_minor=5, by_payment={1: 32001}),
            "/by_payment/1",
            "At most $320.00 can go back on this payment.",
            32000,
        ),
        (
            Wish(other_minor=5, by_payment={1: -5}),
            "/by_payment/1",
            "At most $320.00 can go back on this payment.",
            32000,
        ),
        (Wish(other_minor=1, by_payment={2: 1}), "/by_payment/2", "At most $0.00 can go back on this payment.", 0),
    ],
)
def test_what_does_not_add_up_is_refused_at_its_place_with_what_would(
    wish: Wish, pointer: str, message: str, most: int
) -> None:
    assert told(refused(wish)) == ([pointer], message, {"most": most, "currency": "USD"})


def test_amounts_in_a_refusal_are_written_as_the_store_writes_them() -> None:
    _pointers, message, _facts = told(refused(Wish(shipping_minor=831), site=SimpleNamespace(locale="de-DE")))

    assert message == "At most 8,30\u00a0$ of the shipping can go back."


def test_an_item_is_named_once() -> None:
    pointers, message, _facts = told(refused(Wish(lines=[(LAMPS, 1), (LAMPS, 1)])))

    assert (pointers, message) == (["/lines"], "Name each item once.")


def test_exactly_all_that_is_free_and_a_single_cent_can_go_back() -> None:
    assert worked_out(order(), Wish(other_minor=32000)).shares == {1: 32000}
    assert worked_out(order(), Wish(other_minor=1)).shares == {1: 1}
    assert worked_out(order(), Wish(shipping_minor=830)).amount_minor == 830


def test_a_refund_is_shared_by_what_was_captured_and_never_above_what_is_free() -> None:
    payments = [paid(1, 20000, refunded=15000, refund_pending=4000), paid(2, 10000)]

    plan = worked_out(order(payments=payments), Wish(other_minor=3000))

    assert plan.shares == {1: 1000, 2: 2000}


def test_staff_may_share_otherwise_and_name_no_payment_in_vain() -> None:
    payments = [paid(1, 20000), paid(2, 10000)]

    plan = worked_out(order(payments=payments), Wish(other_minor=3000, by_payment={1: 0, 2: 3000}))

    assert plan.shares == {2: 3000}
    assert [(leg.payment_id, leg.amount_minor) for leg in plan.legs] == [(2, 3000)]
    for amount in (1, 10000):
        wish = Wish(other_minor=amount, by_payment={2: amount})
        assert worked_out(order(payments=payments), wish).shares == {2: amount}


def test_only_what_a_provider_can_move_and_still_has_is_free() -> None:
    payments = [
        paid(1, 1000, refunded=300, refund_pending=200),
        paid(2, 1000, refunded=1000),
        paid(3, 1000, gateway="external"),
        paid(4, 1, refunded=0),
    ]

    assert free_of(order(payments=payments)) == {1: 500, 4: 1}


def test_each_leg_names_its_capture_oldest_first_payment_by_payment() -> None:
    first = payment(
        1, moved("capture", "cap_a", 6000), moved("capture", "cap_b", 4000, day=2), captured=10000, refunded=0
    )

    plan = worked_out(order(payments=[first, paid(2, 5000)]), Wish(other_minor=12000))

    assert plan.legs == (
        PlannedLeg(payment_id=1, capture_ref="cap_a", captured_at=AT, amount_minor=6000),
        PlannedLeg(payment_id=1, capture_ref="cap_b", captured_at=AT + timedelta(days=2), amount_minor=2000),
        PlannedLeg(payment_id=2, capture_ref="cap_2", captured_at=AT, amount_minor=4000),
    )


CAPTURES = (moved("capture", "cap_a", 6000), moved("capture", "cap_b", 4000))


@pytest.mark.parametrize(
    ("movements", "rest"),
    [
        ([], {"cap_a": 6000, "cap_b": 4000}),
        ([moved("refund", "ref_1", 1000, parent="cap_b")], {"cap_a": 6000, "cap_b": 3000}),
        ([moved("dispute", "dis_1", 1000, parent="cap_b")], {"cap_a": 6000, "cap_b": 3000}),
        ([moved("capture_failed", "back_1", 4000, parent="cap_b")], {"cap_a": 6000}),
        (
            [moved("dispute", "dis_1", 1000, parent="cap_b"), moved("dispute_won", "won_1", 400, parent="dis_1")],
            {"cap_a": 6000, "cap_b": 3400},
        ),
        (
            [moved("refund", "ref_1", 1000, parent="cap_b"), moved("refund_failed", "back_1", 1000, parent="ref_1")],
            {"cap_a": 6000, "cap_b": 4000},
        ),
        ([moved("reverse", "rev_1", 1000, parent="cap_b")], {"cap_a": 6000, "cap_b": 4000}),
    ],
    ids=["nothing", "refund", "dispute", "capture taken back", "dispute won", "refund taken back", "reversal"],
)
def test_a_capture_has_less_by_what_left_it_and_more_by_what_came_back(
    movements: list[TransactionRow], rest: dict[str, int]
) -> None:
    assert left(*CAPTURES, *movements) == rest


@pytest.mark.parametrize("state", OPERATION_STATES)
def test_a_refund_under_way_is_gone_from_its_capture_until_it_has_ended(state: str) -> None:
    operations = [called("refund", 1500, "cap_b", state), called("capture", 700, "cap_b", state)]

    expected = {"cap_a": 6000, "cap_b": 2500 if state in UNDER_WAY else 4000}

    assert left(*CAPTURES, operations=operations) == expected
