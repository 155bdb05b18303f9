"""Asking for a cancellation, and its decision, through the API."""

from __future__ import annotations

import pytest

from orderwright.orders.models import CancellationRequest
from tests.api.program import program_with


def test_the_customer_asks_through_a_program_and_the_order_waits(program, order):  # W5
    answer = program.post(f"/orders/{order.number}/cancellation-request", {"reason": "My sister bought the same."})

    assert (answer.status, answer.json["state"]["slug"]) == (201, "cancel-requested")
    asked = answer.json["cancellation_request"]
    assert {name: asked[name] for name in ("state", "asked_by", "reason", "by", "from_state", "decided_by")} == {
        "state": "open",
        "asked_by": "customer",
        "reason": "My sister bought the same.",
        "by": "Storefront",
        "from_state": "new",
        "decided_by": None,
    }
    assert answer.json["cancellation"] is None
    assert {"cancel_order", "decline_cancellation"} <= set(answer.json["actions"])
    assert "update_shipment" not in answer.json["actions"]


def test_accepting_is_the_cancellation(program, order):  # W5
    program.post(f"/orders/{order.number}/cancellation-request", {})

    answer = program.post(f"/orders/{order.number}/cancellation", {"email_customer": False})

    assert (answer.status, answer.json["state"]["slug"]) == (201, "canceled")
    assert program.get(f"/orders/{order.number}").json["cancellation_request"]["state"] == "accepted"


def test_declining_puts_it_back(program, order):  # W5
    program.post(f"/orders/{order.number}/cancellation-request", {})

    answer = program.post(f"/orders/{order.number}/cancellation-request/decline", {})
    again = program.post(f"/orders/{order.number}/cancellation-request/decline", {})

    assert (answer.status, answer.json["state"]["slug"]) == (200, "new")
    assert answer.json["cancellation_request"]["decided_by"] == "Storefront"
    assert (again.status, again.code) == (409, "no_cancellation_requested")


def test_the_same_key_asks_once(program, order):  # I12
    first, second = (
        program.post(f"/orders/{order.number}/cancellation-request", {"reason": "x"}, idempotency_key="ask-1")
        for _ in range(2)
    )

    assert first.content == second.content
    assert CancellationRequest.objects.count() == 1


def test_capturing_meanwhile_is_refused_until_it_is_confirmed(program, order):
    program.post(f"/orders/{order.number}/cancellation-request", {})
    captures = f"/orders/{order.number}/payments/{order.payments[0].id}/captures"

    asked = program.post(captures, {"amount": 1000})
    over = program.post(f"/orders/{order.number}/captures", {"amount": 1000})
    confirmed = program.post(captures, {"amount": 1000, "is_confirmed": True})

    assert {(each.status, each.code) for each in (asked, over)} == {(409, "capture_needs_confirmation")}
    assert confirmed.status == 201


def test_the_list_can_be_narrowed_to_requests(program, order, take_in):
    take_in()
    program.post(f"/orders/{order.number}/cancellation-request", {})

    items = program.get("/orders?cancellation=requested").json["items"]

    assert [item["number"] for item in items] == [order.number]
    assert program.get("/orders?cancellation=maybe").status == 422


def test_a_stale_look_is_told_of_the_request(program, order):
    program.post(f"/orders/{order.number}/cancellation-request", {})

    answer = program.post(f"/orders/{order.number}/cancellation", {"email_customer": False}, if_match='"1"')

    assert (answer.status, answer.code) == (412, "order_changed")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"reason": "x" * 201}, ("/reason", "too_long")),
        ({"reason": 7}, ("/reason", "wrong_type")),
        ({"by": "me"}, ("/by", "unknown_field")),
    ],
)
def test_an_unfit_request_is_refused_at_its_place(program, order, body, fault):
    answer = program.post(f"/orders/{order.number}/cancellation-request", body)

    assert (answer.status, answer.faults, CancellationRequest.objects.count()) == (422, [fault], 0)


def test_a_storefront_that_may_only_ask_decides_nothing(order):  # W11
    shop = program_with("Shop", "orders.view", "orders.request_cancel", "customers.view")
    asked = shop.post(f"/orders/{order.number}/cancellation-request", {})

    for path, body in (("cancellation-request/decline", {}), ("cancellation", {"email_customer": False})):
        assert shop.post(f"/orders/{order.number}/{path}", body).status == 403
    assert asked.status == 201
    assert CancellationRequest.objects.get().state == "open"


def test_the_program_that_asked_takes_it_back(program, order):  # W5
    program.post(f"/orders/{order.number}/cancellation-request", {})

    answer = program.post(f"/orders/{order.number}/cancellation-request/withdraw")
    again = program.post(f"/orders/{order.number}/cancellation-request/withdraw")

    assert (answer.status, answer.json["state"]["slug"]) == (200, "new")
    assert answer.json["cancellation_request"]["state"] == "withdrawn"
    assert (again.status, again.code) == (409, "no_cancellation_requested")
