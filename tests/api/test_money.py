"""Sync and capture through the API: every answer says how the provider's side stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from orderwright.payments.models import Operation
from tests.api.program import program_with


@pytest.fixture
def path(order):
    return f"/orders/{order.number}"


@pytest.fixture
def captures(order, path):
    return f"{path}/payments/{order.payments[0].id}/captures"


def test_the_whole_hold_is_captured(program, practice, order, captures, path):  # G23
    answer = program.post(captures, {"amount": 59894})

    assert (answer.status, answer.headers["ETag"]) == (201, f'"{program.get(path).json["version"]}"')
    operation, held = answer.json["operation"], answer.json["payment"]
    assert (operation["kind"], operation["state"], operation["amount"], operation["currency"]) == (
        *("capture", "succeeded"),
        *(59894, "USD"),
    )
    assert (held["captured"], held["held"], held["available"]) == (59894, 0, 0)
    assert practice.effects(order) == [("capture", 59894)]


def test_parts_of_a_hold_are_captured_one_after_the_other(program, practice, order, captures):  # G23, G24
    for amount in (10000, 28994, 20900):
        assert program.post(captures, {"amount": amount}).status == 201

    assert practice.effects(order) == [("capture", 10000), ("capture", 28994), ("capture", 20900)]


def test_the_history_shows_the_capture_afterwards(program, captures, path):  # G21, G25
    reference = program.post(captures, {"amount": 28994}).json["operation"]["reference"]

    (held,) = program.get(path).json["payments"]

    assert [(moved["kind"], moved["amount"], moved["origin"]) for moved in held["transactions"]] == [
        ("authorisation", 59894, "intake"),
        ("capture", 28994, "desk"),
    ]
    assert held["transactions"][1]["reference"] == reference
    assert held["transactions"][1]["operation"] == held["operations"][0]["id"]


def test_a_program_that_may_not_see_the_customer_is_not_told_the_provider_s_words(practice, order, captures):
    program = program_with("Till", "orders.view", "payments.capture", "payments.reverse")
    practice.fault("decline", on="capture")
    practice.fault("decline", on="reversal")

    captured = program.post(captures, {"amount": 28994})
    reversed_ = program.post(captures.replace("captures", "reversals"))

    assert (captured.status, captured.json["detail"]) == (402, "The payment provider declined the capture.")
    assert (reversed_.status, reversed_.json["detail"]) == (402, "The payment provider declined the reversal.")
    assert captured.json["operation"]["failure_message"] == "•••"


def test_a_decline_is_a_problem_that_carries_the_operation_and_the_hold_stays(program, practice, order, captures):
    practice.fault("decline", "capture")

    answer = program.post(captures, {"amount": 28994})

    assert (answer.status, answer.code, answer.is_problem) == (402, "declined", True)
    operation, held = answer.json["operation"], answer.json["payment"]
    assert (operation["state"], operation["amount"]) == ("failed", 28994)
    assert operation["failure_code"]
    assert answer.json["detail"] == operation["failure_message"]
    assert (held["captured"], held["available"]) == (0, 59894)
    assert practice.effects(order) == []


def test_a_capture_without_an_answer_is_accepted_and_its_amount_stays_reserved(program, practice, order, captures):
    practice.fault("drop_before", "capture")

    answer = program.post(captures, {"amount": 28994})
    more = program.post(captures, {"amount": 40000})

    assert answer.status == 202
    assert answer.json["operation"]["state"] == "unknown"
    assert (answer.json["payment"]["pending"], answer.json["payment"]["available"]) == (28994, 30900)
    assert (more.status, more.code) == (422, "amount_out_of_range")
    assert program.get(f"/orders/{order.number}").json["payment_standing"] == "unknown"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (0, "out_of_range"),
        (-1, "out_of_range"),
        (59895, "amount_out_of_range"),
        (10**12, "out_of_range"),
        (10**18, "out_of_range"),
        (True, "not_an_integer"),
        (1.0, "not_an_integer"),
        (100.5, "not_an_integer"),
        ("28994", "not_an_integer"),
        (None, "not_an_integer"),
        ([28994], "not_an_integer"),
    ],
)
def test_only_a_whole_amount_within_the_hold_is_captured(program, practice, order, captures, amount, code):  # G24
    answer = program.post(captures, {"amount": amount})

    assert (answer.status, answer.faults) == (422, [("/amount", code)])
    assert practice.effects(order) == []
    assert Operation.objects.count() == 0


def test_an_amount_beyond_the_hold_is_told_its_bounds(program, captures):
    answer = program.post(captures, {"amount": 59895})

    assert (answer.json["least"], answer.json["most"], answer.json["currency"]) == (1, 59894, "USD")


def test_an_expired_hold_is_refused_with_its_date(program, practice, take_in, now):
    order = take_in(expires_in=timedelta(hours=1))
    address = f"/orders/{order.number}/payments/{order.payments[0].id}/captures"

    with time_machine.travel(now + timedelta(hours=1), tick=False):
        answer = program.post(address, {"amount": 1})

    assert (answer.status, answer.code) == (409, "hold_expired")
    assert "21 Nov" in answer.json["detail"]
    assert practice.effects(order) == []


@pytest.mark.parametrize("payment", ["99", "0", "x", "9223372036854775808"])
def test_a_payment_that_the_order_lacks_is_not_found(program, path, payment):
    answer = program.post(f"{path}/payments/{payment}/captures", {"amount": 1})

    assert answer.status == 404


def test_a_payment_of_another_order_is_not_found(program, take_in, path):
    other = take_in()

    answer = program.post(f"{path}/payments/{other.payments[0].id}/captures", {"amount": 1})

    assert (answer.status, answer.code) == (404, "payment_not_found")


def test_sync_brings_what_was_done_at_the_provider(program, practice, order, path):  # G22
    reference = practice.capture_by_hand(order.payments[0].reference, 5000)

    answer = program.post(f"{path}/payments/sync")

    assert answer.status == 200
    assert answer.json["found"] == [
        {
            "payment": order.payments[0].id,
            "kind": "capture",
            "amount": 5000,
            "currency": "USD",
            "there": 5000,
            "here": None,
            "reference": reference,
            "at": "2026-11-21T09:00:00Z",
            "fits": True,
            "applied": True,
        }
    ]
    assert (answer.json["payments"][0]["captured"], answer.json["payments"][0]["available"]) == (5000, 54894)


def test_sync_settles_a_capture_whose_outcome_was_unknown(program, practice, order, captures, path):
    practice.fault("drop_after", "capture")
    program.post(captures, {"amount": 5000})

    answer = program.post(f"{path}/payments/sync")

    assert [(settled["state"], settled["amount"]) for settled in answer.json["settled"]] == [("succeeded", 5000)]
    assert practice.effects(order) == [("capture", 5000)]


def test_sync_with_a_provider_that_is_silent_is_unavailable(program, practice, path):
    practice.fault("drop_before", "lookup")

    answer = program.post(f"{path}/payments/sync")

    assert (answer.status, answer.code) == (503, "provider_unreachable")
    assert answer.headers["Retry-After"] == "30"


def test_an_order_without_payments_has_nothing_to_sync(program, take_in):
    order = take_in(held=0)

    answer = program.post(f"/orders/{order.number}/payments/sync")

    assert (answer.status, answer.code) == (409, "nothing_to_sync")
