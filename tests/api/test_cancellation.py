"""Cancel Order through the API: rehearsal, cancellation, and going on after a refused leg."""

from __future__ import annotations

import pytest

from orderwright.outbox.models import Mail


@pytest.fixture
def path(order):
    return f"/orders/{order.number}/cancellation"


@pytest.fixture
def captured(program, order):
    """Capture 289.94 of the hold and return the capture's reference."""
    answer = program.post(f"/orders/{order.number}/payments/{order.payments[0].id}/captures", {"amount": 28994})
    return answer.json["operation"]["reference"]


def test_the_rehearsal_names_every_leg_and_does_nothing(program, practice, order, path, captured):  # G26
    answer = program.get(path)

    payment = order.payments[0].id
    assert answer.json == {
        "allowed": True,
        "code": None,
        "reason": None,
        "currency": "USD",
        "refund": 28994,
        "reverse": 30900,
        "legs": [
            {
                "kind": "reversal",
                "payment": payment,
                "amount": 30900,
                "currency": "USD",
                "capture_reference": None,
                "captured_at": None,
            },
            {
                "kind": "refund",
                "payment": payment,
                "amount": 28994,
                "currency": "USD",
                "capture_reference": captured,
                "captured_at": "2026-11-21T09:00:00Z",
            },
        ],
        "shipments_total": 1,
        "shipments_sent": 0,
        "can_email": True,
        "cancellation": None,
    }
    assert practice.effects(order) == [("capture", 28994)]


def test_what_was_captured_is_refunded_and_what_was_held_is_reversed(
    program, practice, order, path, captured
):  # G28, G29
    answer = program.post(path, {"email_customer": False, "reason": "Out of stock"})

    assert answer.status == 201
    cancellation = answer.json["cancellation"]
    assert (cancellation["state"], cancellation["refunded"], cancellation["reversed"]) == ("done", 28994, 30900)
    assert (cancellation["reason"], cancellation["from_state"]) == ("Out of stock", "new")
    assert [(leg["kind"], leg["state"]) for leg in cancellation["legs"]] == [
        ("reversal", "succeeded"),
        ("refund", "succeeded"),
    ]
    assert answer.json["state"]["slug"] == "canceled"
    assert practice.effects(order) == [("capture", 28994), ("reversal", 30900), ("refund", 28994)]
    assert Mail.objects.count() == 0


def test_the_customer_is_told_when_that_is_wished(program, path):  # G27
    program.post(path, {"email_customer": True})

    assert [mail.recipient for mail in Mail.objects.all()] == ["bob.norman@mail.example.com"]


def test_a_refused_leg_is_a_problem_and_the_cancellation_can_go_on(program, practice, order, path, captured):
    practice.fault("decline", "refund")

    refused = program.post(path, {"email_customer": False})
    resumed = program.post(f"{path}/resumption")

    assert (refused.status, refused.code) == (402, "cancellation_leg_declined")
    assert refused.json["state"]["slug"] == "cancel-requested"
    assert [(leg["kind"], leg["state"]) for leg in refused.json["cancellation"]["legs"]] == [
        ("reversal", "succeeded"),
        ("refund", "failed"),
    ]
    assert (resumed.status, resumed.json["state"]["slug"]) == (200, "canceled")
    assert practice.effects(order) == [("capture", 28994), ("reversal", 30900), ("refund", 28994)]


def test_a_stopped_cancellation_can_be_given_up(program, practice, path, captured):
    practice.fault("decline", "refund")
    program.post(path, {"email_customer": False})

    given_up = program.post(f"{path}/withdrawal")
    again = program.post(f"{path}/withdrawal")

    assert (given_up.status, given_up.json["state"]["slug"]) == (200, "new")
    assert (again.status, again.code) == (409, "no_cancellation_open")


def test_a_leg_without_an_answer_leaves_the_cancellation_running(program, practice, order, path):
    practice.fault("drop_before", "reversal")

    answer = program.post(path, {"email_customer": False})
    again = program.post(path, {"email_customer": False})
    resumed = program.post(f"{path}/resumption")

    assert (answer.status, answer.json["cancellation"]["state"]) == (202, "running")
    assert answer.json["state"]["slug"] == "cancel-requested"
    assert (again.status, again.code) == (409, "cancellation_under_way")
    assert (resumed.status, resumed.code) == (409, "cancellation_under_way")


def test_an_order_is_canceled_once(program, practice, order, path):
    program.post(path, {"email_customer": True})

    again = program.post(path, {"email_customer": True})
    rehearsal = program.get(path)

    assert (again.status, again.code) == (409, "order_canceled")
    assert (rehearsal.json["allowed"], rehearsal.json["code"]) == (False, "order_canceled")
    assert rehearsal.json["cancellation"]["state"] == "done"
    assert practice.effects(order) == [("reversal", 59894)]
    assert Mail.objects.count() == 1


def test_there_is_nothing_to_resume_before_a_cancellation(program, path):
    answer = program.post(f"{path}/resumption")

    assert (answer.status, answer.code) == (409, "no_cancellation_open")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("/email_customer", "required")),
        ({"email_customer": "yes"}, ("/email_customer", "wrong_type")),
        ({"email_customer": 1}, ("/email_customer", "wrong_type")),
        ({"email_customer": None}, ("/email_customer", "wrong_type")),
        ({"email_customer": False, "reason": "x" * 201}, ("/reason", "too_long")),
        ({"email_customer": False, "reason": "a\x00"}, ("/reason", "forbidden_character")),
        ({"email_customer": False, "refund": 1}, ("/refund", "unknown_field")),
    ],
)
def test_whether_the_customer_is_told_must_be_said(program, practice, order, path, body, fault):  # G27
    answer = program.post(path, body)

    assert (answer.status, answer.faults) == (422, [fault])
    assert practice.effects(order) == []
