"""Refunds and reversals through the API."""

from __future__ import annotations

import pytest


@pytest.fixture
def paid(clerk, order):
    return clerk.capture(order)


@pytest.fixture
def path(paid):
    return f"/orders/{paid.number}/refunds"


def lamp(order):
    return next(line.id for line in order.lines if line.sku == "LMP-LIN-SND")


def test_items_and_shipping_go_back(program, practice, paid, path):
    body = {"lines": [{"line": lamp(paid), "quantity": 1}], "shipping": 1006, "reason": "damaged"}

    answer = program.post(path, body)

    assert answer.status == 201
    refund = answer.json["refund"]
    assert (refund["number"], refund["state"], refund["amount"], refund["refunded"]) == (1, "done", 5919, 5919)
    assert refund["lines"] == [{"line": lamp(paid), "quantity": 1, "amount": 4913}]
    assert [leg["state"] for leg in refund["legs"]] == ["succeeded"]
    assert answer.json["payments"][0]["refunded"] == 5919
    assert practice.effects(paid) == [("capture", 59894), ("refund", 5919)]


def test_what_can_still_go_back_is_told(program, path):
    program.post(path, {"other": 894})

    listed = program.get(path).json

    assert [refund["amount"] for refund in listed["items"]] == [894]
    assert (listed["currency"], listed["refundable"]) == ("USD", 59000)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("/amount", "refund_invalid")),
        ({"other": 59895}, ("/amount", "refund_invalid")),
        ({"shipping": 1007}, ("/shipping", "refund_invalid")),
        ({"lines": [{"line": 1, "quantity": 1000}]}, ("/lines/0/quantity", "refund_invalid")),
        ({"lines": [{"line": 999999, "quantity": 1}]}, ("/lines/0/line", "refund_invalid")),
    ],
)
def test_what_does_not_add_up_is_refused(program, practice, paid, path, body, fault):
    answer = program.post(path, body)

    assert (answer.status, answer.faults) == (422, [fault])
    assert practice.effects(paid) == [("capture", 59894)]


def test_one_item_named_twice_is_refused(program, paid, path):
    answer = program.post(path, {"lines": [{"line": lamp(paid), "quantity": 1}] * 2})

    assert (answer.status, answer.faults) == (422, [("/lines", "refund_invalid")])


def test_a_declined_refund_is_a_problem_with_the_provider_s_words(program, practice, path):
    practice.fault("decline", "refund")

    answer = program.post(path, {"other": 100})

    assert (answer.status, answer.code) == (402, "declined")
    assert answer.json["refund"]["state"] == "failed"


def test_without_an_answer_the_refund_is_running(program, practice, path):
    practice.fault("drop_after", "refund")

    answer = program.post(path, {"other": 100})

    assert (answer.status, answer.json["refund"]["state"]) == (202, "running")


def test_the_same_key_refunds_once(program, practice, paid, path):  # I12
    first = program.post(path, {"other": 100}, idempotency_key="refund-1")
    again = program.post(path, {"other": 100}, idempotency_key="refund-1")

    assert (first.status, again.status, again.json) == (201, 201, first.json)
    assert practice.effects(paid) == [("capture", 59894), ("refund", 100)]


def test_an_amount_on_one_payment(program, practice, clerk, take_in):
    order = clerk.capture(take_in(held=[39894, 20000]))
    order = clerk.capture(order, payment=order.payments[1])

    answer = program.post(f"/orders/{order.number}/payments/{order.payments[1].id}/refunds", {"amount": 500})

    assert answer.status == 201
    assert [payment["refunded"] for payment in answer.json["payments"]] == [0, 500]


def test_a_hold_is_reversed(program, practice, order):
    address = f"/orders/{order.number}/payments/{order.payments[0].id}/reversals"

    answer = program.post(address)
    again = program.post(address)

    assert (answer.status, answer.json["operation"]["kind"], answer.json["payment"]["released"]) == (
        201,
        "reversal",
        59894,
    )
    assert (again.status, again.code) == (409, "nothing_held")
    assert practice.effects(order) == [("reversal", 59894)]


def test_a_declined_reversal_is_a_problem(program, practice, order):
    practice.fault("decline", "reversal")

    answer = program.post(f"/orders/{order.number}/payments/{order.payments[0].id}/reversals")

    assert (answer.status, answer.code) == (402, "declined")


def test_a_payment_is_named_once_in_a_share(program, paid) -> None:
    twice = [{"payment": paid.payments[0].id, "amount": amount} for amount in (50, 50)]

    answer = program.post(f"/orders/{paid.number}/refunds", {"other": 100, "by_payment": twice})

    assert (answer.status, answer.faults) == (422, [("/by_payment", "refund_invalid")])


def test_a_refund_on_one_payment_points_into_its_own_body(program, paid) -> None:
    address = f"/orders/{paid.number}/payments/{paid.payments[0].id}/refunds"

    assert program.post(address, {"amount": 59895}).faults == [("/amount", "refund_invalid")]
    assert program.post(f"/orders/{paid.number}/payments/999/refunds", {"amount": 1}).code == "payment_not_found"
