"""How many SQL statements a request costs. The key is one; the numbers do not grow with what an order holds."""

from __future__ import annotations

import pytest

from tests.factories.orders import LAMP

KEY = 1


@pytest.fixture
def path(order):
    return f"/orders/{order.number}"


@pytest.fixture
def large(take_in, clerk):
    """Have an order of thirty lines in six shipments, with three payments, ten notes and captures."""
    lamps = [{**LAMP, "sku": f"L{at}"} for at in range(30)]
    order = take_in(items=lamps, held=[100_000, 100_000, 85_000])
    for method, at in zip(
        ("pick-up", "dhl-paket", "dhl-express", "fedex-home", "usps-priority"), range(5), strict=True
    ):
        clerk.update_shipment(order, items=[f"L{at}"], method=method)
    for _note in range(10):
        clerk.add_note(order, "Ring twice.")
    for payment in order.payments:
        clerk.capture(order, 1000, payment=payment)
    return clerk.sees(order)


@pytest.mark.parametrize(("tail", "cost"), [("", 1), ("/timeline", 2), ("/actions", 1), ("/cancellation", 1)])
def test_looking_at_an_order_costs_the_same_however_large_it_is(program, order, large, statements, tail, cost):
    for number in (order.number, large.number):
        with statements() as counted:
            assert program.get(f"/orders/{number}{tail}").status == 200
        assert counted.count == KEY + cost, counted


@pytest.mark.parametrize("query", ["", "?view=all&q=lamp", "?state=new&payment=authorised&delivery=unsent"])
def test_a_page_of_orders_costs_one_statement(program, take_in, statements, query):
    for rows in (1, 12):
        for _order in range(rows):
            take_in(held=0)
        with statements() as counted:
            assert program.get(f"/orders{query}").status == 200
        assert counted.count == KEY + 1, counted


@pytest.mark.parametrize(
    "path",
    [
        *("/order-states", "/order-states/new", "/delivery-states", "/shipping-methods", "/sites"),
        *("/provider-accounts", "/provider-accounts/practice"),
    ],
)
def test_a_list_of_configuration_costs_one_statement(program, site, statements, path):
    with statements() as counted:
        assert program.get(path).status == 200

    assert counted.count == KEY + 1, counted


@pytest.mark.parametrize(
    ("method", "tail", "body", "cost"),
    [
        ("POST", "state", {"state": "processing"}, 8),
        ("PUT", "invoice-number", {"invoice_number": "INV-7"}, 7),
        ("POST", "notes", {"text": "Hello"}, 7),
        ("PUT", "shipments/1/tracking-number", {"tracking_number": "1Z"}, 12),
        ("PUT", "items/{item}/delivery-state", {"delivery_state": "shipped"}, 11),
        ("POST", "payments/{payment}/captures", {"amount": 100}, 22),
    ],
)
def test_an_action_costs_the_same_however_large_the_order_is(
    program, order, large, statements, method, tail, body, cost
):
    for each in (order, large):
        path = tail.format(item=each.lines[-1].id, payment=each.payments[0].id)
        with statements() as counted:
            assert program.send(method, f"/orders/{each.number}/{path}", body).status < 300
        assert counted.count == KEY + cost, counted


def test_update_shipment_costs_the_same_however_large_the_order_is(program, order, large, statements):
    for each, cost in ((order, 14), (large, 13)):  # a shipment is made in the one, in the other it is there already
        body = {"items": [{"item": each.lines[-1].id}], "method": "pick-up"}
        with statements() as counted:
            assert program.post(f"/orders/{each.number}/shipments", body).status == 200
        assert counted.count == KEY + cost, counted


@pytest.mark.parametrize(
    ("tail", "body", "cost"), [("payments/sync", None, 21), ("cancellation", {"email_customer": True}, 43)]
)
def test_money_costs_by_payment_and_leg_alone(program, take_in, statements, tail, body, cost):
    small, wide = take_in(), take_in(items=[{**LAMP, "sku": f"L{at}"} for at in range(30)])
    for each in (small, wide):
        with statements() as counted:
            assert program.post(f"/orders/{each.number}/{tail}", body).status < 300
        assert counted.count == KEY + cost, counted


def test_a_key_for_repetition_costs_three_statements_and_so_does_a_repetition(program, path, statements):
    with statements() as first:
        program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")
    with statements() as again:
        program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")

    assert first.count == KEY + 7 + 3, first
    assert again.count == KEY + 3, again
