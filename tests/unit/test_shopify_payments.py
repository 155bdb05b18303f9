"""Shopify's transactions as payments with their history, and what is presumed where there are none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.shopify import errors_at_intake, faults, mapped, one_order, payload, read, warnings


def test_a_gift_card_is_a_payment_of_its_own_beside_the_card_with_two_captures():
    gift_card, card = mapped(payload("kwd_gift_card_and_card.json")).document["payments"]

    assert gift_card["method"] == {"type": "gift-card", "brand": None, "last4": "7731"}
    assert gift_card["authorised"] == 20000
    assert card["authorised"] == 40100
    assert [(step["kind"], step["amount"]) for step in card["transactions"]] == [("capture", 15000), ("capture", 10000)]


def test_a_failed_attempt_moved_no_money():
    payments = mapped(payload("failed_then_paid_with_tip.json")).document["payments"]

    assert [(payment["reference"], payment["authorised"]) for payment in payments] == [("shopify-6800000000062", 31875)]


def test_a_voided_authorisation_is_a_reversal_of_all_that_was_held():
    (payment,) = mapped(payload("cancelled_and_voided.json")).document["payments"]

    assert [(step["kind"], step["amount"]) for step in payment["transactions"]] == [("reversal", 24000)]


def test_change_handed_back_is_not_counted_as_paid():
    (payment,) = mapped(payload("cash_with_change_and_refund.json")).document["payments"]

    assert payment["authorised"] == 5400
    assert [(step["kind"], step["amount"]) for step in payment["transactions"]] == [("capture", 5400), ("refund", 1800)]


def test_an_open_hold_keeps_its_end():
    (payment,) = mapped(payload("jpy_authorised.json")).document["payments"]

    assert payment["expires_at"] == "2026-11-25T00:30:01Z"
    assert payment["transactions"] == []


def test_a_payment_still_awaited_is_not_money_and_its_receipt_is():
    order = one_order("minimal.json")
    awaited = {
        "id": 71,
        "kind": "sale",
        "status": "pending",
        "gateway": "Bank Deposit",
        "amount": "25.00",
        "currency": "EUR",
        "created_at": "2026-08-01T12:00:00Z",
    }
    received = awaited | {"id": 72, "status": "success", "parent_id": 71, "created_at": "2026-08-03T08:00:00Z"}

    waiting = mapped(order | {"transactions": [awaited]})
    paid = mapped(order | {"transactions": [awaited, received]})

    assert waiting.document["payments"] == []
    assert ("/transactions/0", "transaction_awaited") in warnings(waiting)
    assert [payment["reference"] for payment in paid.document["payments"]] == ["shopify-72"]
    assert paid.document["payments"][0]["method"] == {"type": "manual", "brand": "Bank Deposit", "last4": None}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"amount": "700.00"}, "/transactions/1", "captured_above_authorised"),
        ({"parent_id": 99}, "/transactions/2/parent_id", "parent_unknown"),
        ({"kind": "loan"}, "/transactions/2/kind", "transaction_kind_unknown"),
        ({"status": "maybe"}, "/transactions/2/status", "transaction_status_unknown"),
        ({"id": None}, "/transactions/2/id", "required"),
        ({"created_at": None, "processed_at": None}, "/transactions/2/created_at", "required"),
        ({"amount": "-1.00"}, "/transactions/2/amount", "amount_negative"),
    ],
)
def test_a_history_of_money_that_cannot_be_is_refused(change, pointer, code):
    order = one_order("documented_order.json")
    order["refunds"] = []
    order["transactions"][2] |= change

    found = faults(order)

    assert (pointer, code) in found


def test_more_refunded_than_captured_is_refused_with_both_figures():
    order = one_order("documented_order.json")
    order["transactions"][0]["amount"] = "250.95"
    order["refunds"] = []

    (problem,) = read(order)

    assert problem.faults[0].code == "refunded_above_captured"
    assert problem.faults[0].figures == ("250.95 USD", "250.94 USD")


def test_a_paid_order_whose_transactions_captured_nothing_is_refused():
    order = one_order("jpy_authorised.json") | {"financial_status": "paid"}

    assert faults(order) == [("/transactions", "transactions_incomplete")]


def test_of_a_card_only_the_last_four_digits_are_ever_read():
    order = one_order("jpy_authorised.json")
    order["transactions"][0]["payment_details"]["credit_card_number"] = "4242424242424242"

    (problem,) = read(order)

    assert [fault.code for fault in problem.faults] == ["card_number_in_full"]
    assert "4242" not in repr(problem)


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("authorized", []),
        ("paid", [("capture", 2500)]),
        ("refunded", [("capture", 2500), ("refund", 2500)]),
        ("voided", [("reversal", 2500)]),
    ],
)
def test_without_transactions_the_payment_is_presumed_from_the_financial_status_and_that_is_said(status, steps):
    result = mapped(one_order("minimal.json") | {"financial_status": status, "payment_gateway_names": ["paypal"]})

    (payment,) = result.document["payments"]
    assert payment["authorised"] == 2500
    assert payment["method"]["type"] == "paypal"
    assert [(step["kind"], step["amount"]) for step in payment["transactions"]] == steps
    assert ("/transactions", "payment_presumed") in warnings(result)
    assert errors_at_intake(result.document) == []


def test_without_transactions_a_partial_payment_is_what_is_not_outstanding():
    order = one_order("minimal.json") | {"financial_status": "partially_paid"}

    (payment,) = mapped(order | {"total_outstanding": "10.00"}).document["payments"]

    assert payment["authorised"] == 1500
    assert faults(order) == [("/total_outstanding", "payments_unknown")]


def test_without_transactions_a_partial_refund_is_read_from_the_refunds_or_refused():
    order = one_order("documented_order.json")
    del order["transactions"]

    (payment,) = mapped(order).document["payments"]

    assert [(step["kind"], step["amount"]) for step in payment["transactions"]] == [
        ("capture", 59894),
        ("refund", 20900),
    ]
    assert faults(order | {"refunds": []}) == [("/refunds", "payments_unknown")]


def paid_with(*transactions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return an order of 25 euros with these transactions: successful, of 25 euros, one after the other."""
    usual = {"status": "success", "gateway": "bogus", "amount": "25.00", "currency": "EUR"}
    dated = [
        usual | {"id": 71 + at, "created_at": f"2026-08-01T12:0{at}:00Z"} | transaction
        for at, transaction in enumerate(transactions)
    ]
    return one_order("minimal.json") | {"transactions": dated} | changes


def steps(payment: dict[str, Any]) -> list[tuple[str, int]]:
    return [(step["kind"], step["amount"]) for step in payment["transactions"]]


def test_more_change_than_cash_is_refused_with_both_figures():
    change = {"kind": "change", "parent_id": 71, "amount": "25.01"}

    (problem,) = read(paid_with({"kind": "sale"}, change))

    assert [(fault.pointer, fault.code) for fault in problem.faults] == [("/transactions/0", "change_above_paid")]
    assert problem.faults[0].figures == ("25.01 EUR", "25.00 EUR")


def test_cash_that_was_handed_back_whole_is_no_payment():
    order = paid_with({"kind": "sale"}, {"kind": "change", "parent_id": 71})

    assert mapped(order).document["payments"] == []


def test_a_hold_that_ends_before_it_begins_is_refused():
    order = paid_with({"kind": "authorization", "authorization_expires_at": "2026-08-01T11:59:59Z"})

    assert faults(order) == [("/transactions/0/authorization_expires_at", "ends_before_start")]


def test_a_capture_of_nothing_leaves_the_hold_as_it_is():
    (payment,) = mapped(
        paid_with({"kind": "authorization"}, {"kind": "capture", "parent_id": 71, "amount": "0.00"})
    ).document["payments"]

    assert (payment["authorised"], steps(payment)) == (2500, [])


def test_a_void_that_names_no_hold_is_of_the_only_one():
    (payment,) = mapped(paid_with({"kind": "authorization"}, {"kind": "void"})).document["payments"]

    assert steps(payment) == [("reversal", 2500)]


def test_a_void_that_names_no_hold_is_refused_where_there_are_two():
    order = paid_with({"kind": "authorization"}, {"kind": "authorization"}, {"kind": "void"})

    assert faults(order) == [("/transactions/2/parent_id", "parent_unknown")]


def test_a_void_of_another_amount_than_was_held_is_refused_with_both_figures():
    (problem,) = read(paid_with({"kind": "authorization"}, {"kind": "void", "parent_id": 71, "amount": "24.99"}))

    assert [(fault.pointer, fault.code) for fault in problem.faults] == [("/transactions/1/amount", "void_differs")]
    assert problem.faults[0].figures == ("24.99 EUR", "25.00 EUR")


def test_a_void_after_everything_was_captured_is_left_out_and_that_is_said():
    capture, void = {"kind": "capture", "parent_id": 71}, {"kind": "void", "parent_id": 71}

    result = mapped(paid_with({"kind": "authorization"}, capture, void))

    assert steps(result.document["payments"][0]) == [("capture", 2500)]
    assert warnings(result) == [("/transactions/2", "nothing_to_void")]


def test_a_refund_that_names_no_capture_is_of_the_only_one():
    (payment,) = mapped(paid_with({"kind": "sale"}, {"kind": "refund", "amount": "5.00"})).document["payments"]

    assert payment["transactions"][1]["parent"] == "shopify-71"


def test_a_refund_that_names_no_capture_is_refused_where_there_are_two():
    order = paid_with({"kind": "sale", "amount": "10.00"}, {"kind": "sale", "amount": "15.00"}, {"kind": "refund"})

    assert faults(order) == [("/transactions/2/parent_id", "parent_unknown")]


def test_an_authorised_order_whose_transactions_hold_nothing_is_refused():
    order = one_order("jpy_authorised.json") | {"transactions": []}

    assert faults(order) == [("/transactions", "transactions_incomplete")]


def test_a_paid_order_that_was_captured_in_part_is_pointed_out():
    result = mapped(paid_with({"kind": "sale", "amount": "24.99"}, financial_status="paid"))

    assert warnings(result) == [("/transactions", "paid_less_than_total")]


def test_a_card_that_shows_no_number_is_known_by_its_company_alone():
    order = paid_with({"kind": "sale", "payment_details": {"credit_card_company": "Visa"}})

    assert mapped(order).document["payments"][0]["method"] == {"type": "card", "brand": "visa", "last4": None}


def test_a_card_number_that_is_no_text_is_refused():
    order = paid_with({"kind": "sale", "payment_details": {"credit_card_number": 4242}})

    assert faults(order) == [("/transactions/0/payment_details/credit_card_number", "wrong_type")]


# Presumed -------------------------------------------------------------------------------------------------------------


def test_an_order_of_nothing_needs_no_payment():
    order = one_order("minimal.json") | {"total_price": "0.00", "financial_status": "paid"}
    order["line_items"][0]["price"] = "0.00"

    result = mapped(order)

    assert (result.document["payments"], warnings(result)) == ([], [])


def test_several_gateways_without_transactions_are_one_payment_of_no_known_kind():
    order = one_order("minimal.json") | {"financial_status": "paid", "payment_gateway_names": ["gift_card", "paypal"]}

    result = mapped(order)

    (payment,) = result.document["payments"]
    assert payment["method"] == {"type": "other", "brand": None, "last4": None}
    assert ("/payment_gateway_names", "payments_merged") in warnings(result)


def test_a_refunded_order_whose_refunds_are_less_than_was_paid_is_refused_with_both_figures():
    order = one_order("documented_order.json") | {"financial_status": "refunded"}
    del order["transactions"]

    (problem,) = read(order)

    assert [(fault.pointer, fault.code) for fault in problem.faults] == [("/refunds", "refunds_incomplete")]
    assert problem.faults[0].figures == ("209.00 USD", "598.94 USD")


def given_back(amount: str) -> dict[str, Any]:
    refund = {"id": 9, "kind": "refund", "status": "success", "amount": amount, "created_at": "2026-08-02T12:00:00Z"}
    return one_order("minimal.json") | {
        "financial_status": "partially_refunded",
        "refunds": [{"id": 1, "transactions": [refund]}],
    }


def test_without_transactions_no_more_can_be_refunded_than_was_presumed_to_be_paid():
    assert faults(given_back("25.01")) == [("/refunds/0/transactions/0/amount", "refunded_above_captured")]


def test_a_refund_of_nothing_is_no_step_of_the_history():
    (payment,) = mapped(given_back("0.00")).document["payments"]

    assert steps(payment) == [("capture", 2500)]
