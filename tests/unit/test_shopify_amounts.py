"""Shopify's figures as minor units of the currency in which the customer paid, and the sums that have to tie."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.factories.shopify import faults, mapped, one_order, payload, read


@pytest.mark.parametrize(
    ("name", "currency", "total"),
    [
        ("jpy_authorised.json", "JPY", 13680),
        ("documented_order.json", "USD", 59894),
        ("eur_tax_included.json", "EUR", 24432),
        ("duties_fees_and_tip.json", "GBP", 22740),
        ("kwd_gift_card_and_card.json", "KWD", 60100),
        ("failed_then_paid_with_tip.json", "BHD", 31875),
    ],
)
def test_amounts_are_counted_in_the_minor_units_of_their_currency(name, currency, total):
    document = mapped(payload(name)).document

    assert (document["currency"], document["totals"]["total"]) == (currency, total)


def test_the_order_is_kept_in_the_currency_that_the_customer_saw_and_paid():
    document = mapped(payload("cad_presentment.json")).document

    assert document["currency"] == "CAD"
    assert [item["unit_price"] for item in document["items"]] == [16300, 4750]
    assert document["totals"] == {"items": 25800, "discount": 2000, "shipping": 2000, "tax": 3864, "total": 29664}
    assert document["payments"][0]["authorised"] == 29664


def test_an_amount_without_its_presentment_figure_is_refused_and_not_converted():
    order = one_order("cad_presentment.json")
    del order["line_items"][1]["price_set"]

    assert faults(order) == [("/line_items/1/price", "presentment_amount_missing")]


def test_a_transaction_in_another_currency_is_refused():
    order = one_order("cad_presentment.json")
    order["transactions"][0] |= {"currency": "USD", "amount": "218.45"}

    assert faults(order) == [("/transactions/0/currency", "currency_differs")]


def test_a_zero_is_zero_however_large_the_power_of_ten_behind_it():
    order = one_order("minimal.json")
    order["line_items"][0]["total_discount"] = Decimal("0E+999999")

    assert mapped(order).document["totals"]["discount"] == 0


@pytest.mark.parametrize("amount", ["12.345", "1.005e2", "12,80", "", " 12.80", "١٢", "1" * 40, "0." + "1" * 40, "NaN"])
def test_an_amount_that_is_not_exactly_minor_units_is_refused(amount):
    order = one_order("minimal.json")
    order["line_items"][0]["price"] = amount

    assert faults(order) == [("/line_items/0/price", "amount_unreadable")]


def test_an_amount_that_rounding_would_make_fit_is_refused():
    order = one_order("minimal.json")
    order["line_items"][0]["price"] = Decimal("25.0000000000000000000000000000000001")

    assert faults(order) == [("/line_items/0/price", "amount_unreadable")]


def test_a_binary_fraction_is_no_amount():
    assert faults(one_order("minimal.json") | {"total_price": 25.0}) == [("/total_price", "amount_unreadable")]


def test_an_amount_and_its_set_that_say_different_things_are_refused_with_both():
    order = one_order("documented_order.json")
    order["line_items"][0]["price_set"]["presentment_money"]["amount"] = "189.00"

    (problem,) = read(order)

    assert problem.faults[0].code == "amounts_differ"
    assert problem.faults[0].figures == ("199.00 USD", "189.00 USD")


# Sums -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "stated", "figures"),
    [
        ("total_price", "598.95", ("598.95 USD", "598.94 USD")),
        ("total_tax", "11.93", ("11.93 USD", "11.94 USD")),
        ("total_discounts", "10.01", ("10.01 USD", "10.00 USD")),
        ("total_line_items_price", "596.99", ("596.99 USD", "597.00 USD")),
    ],
)
def test_a_total_that_its_parts_do_not_make_is_refused_with_both_figures(key, stated, figures):
    order = one_order("documented_order.json")
    order[key] = stated
    del order[f"{key}_set"]

    (problem,) = read({"order": order})

    assert [(fault.pointer, fault.code) for fault in problem.faults] == [(f"/order/{key}", "does_not_add_up")]
    assert problem.faults[0].figures == figures
    assert all(figure in problem.faults[0].message for figure in figures)


def test_tax_that_prices_include_is_not_added_again():
    document = mapped(payload("eur_tax_included.json")).document

    assert document["prices_include_tax"] is True
    assert document["totals"] == {"items": 25640, "discount": 1798, "shipping": 590, "tax": 3901, "total": 24432}
    assert document["shipping"]["tax"] == 94


def test_a_free_shipping_code_is_a_discount_on_shipping():
    document = mapped(payload("cad_presentment.json")).document

    assert document["shipping"]["discount"] == 2000
    assert document["discounts"] == [{"code": "LIVRAISON", "amount": 2000}]


def test_a_discount_from_before_allocations_is_read_from_the_line():
    order = one_order("minimal.json")
    order["line_items"][0]["total_discount"] = "5.00"
    order |= {"total_price": "20.00", "discount_codes": [{"code": "FIVER", "amount": "5.00", "type": "fixed_amount"}]}

    document = mapped(order).document

    assert document["items"][0]["discount"] == 500
    assert document["discounts"] == [{"code": "FIVER", "amount": 500}]


def test_a_discount_above_the_price_of_its_line_is_refused():
    order = one_order("minimal.json")
    order["line_items"][0]["total_discount"] = "25.01"

    assert ("/line_items/0", "discount_above_price") in faults(order)


def test_several_shipping_lines_are_one_shipping():
    shipping = mapped(payload("failed_then_paid_with_tip.json")).document["shipping"]

    assert (shipping["method"], shipping["price"]) == ("Same day + Gift wrapping run", 1500)


def test_a_tip_among_the_line_items_is_not_counted_twice():
    items = mapped(payload("failed_then_paid_with_tip.json")).document["items"]

    assert [(item["sku"], item["requires_shipping"]) for item in items] == [("DAT-3", True), ("TIP", False)]


def test_a_tip_that_older_orders_list_without_saying_so_is_not_counted_twice():
    order = one_order("failed_then_paid_with_tip.json")
    del order["line_items"][1]["tip_payment_gateway"], order["line_items"][1]["tip_payment_method"]

    assert [item["sku"] for item in mapped(order).document["items"]] == ["DAT-3", "TIP"]


def test_tip_duties_and_fees_outside_the_lines_become_items_that_nobody_ships():
    items = mapped(payload("duties_fees_and_tip.json")).document["items"]

    assert [(item["sku"], item["unit_price"], item["tax"], item["requires_shipping"]) for item in items[1:]] == [
        ("TIP", 500, 0, False),
        ("DUTY", 1800, 414, False),
        ("FEE", 100, 0, False),
    ]


def test_duties_that_the_lines_do_not_make_are_refused():
    order = one_order("duties_fees_and_tip.json")
    order["original_total_duties_set"]["shop_money"]["amount"] = "18.01"
    order["original_total_duties_set"]["presentment_money"]["amount"] = "18.01"

    assert faults(order) == [("/original_total_duties_set", "duties_do_not_add_up")]


def test_a_tip_of_a_foreign_order_without_its_presentment_figure_is_refused():
    order = one_order("cad_presentment.json") | {"total_tip_received": "2.00"}

    assert faults(order) == [("/total_tip_received", "presentment_amount_missing")]


@pytest.mark.parametrize("nothing", ["0", "0.000", None])
def test_no_tip_is_no_tip_in_any_currency(nothing):
    order = one_order("cad_presentment.json") | {"total_tip_received": nothing}

    assert len(mapped(order).document["items"]) == 2


def test_a_set_with_the_shops_money_alone_is_read_where_the_customer_paid_in_it():
    order = one_order("minimal.json")
    order["line_items"][0] |= {"price": None, "price_set": {"shop_money": {"amount": "25.00", "currency_code": "EUR"}}}

    assert mapped(order).document["items"][0]["unit_price"] == 2500


def test_a_set_with_the_shops_money_alone_says_nothing_of_what_was_paid_in_another():
    order = one_order("cad_presentment.json")
    del order["line_items"][0]["price_set"]["presentment_money"]

    assert faults(order) == [("/line_items/0/price_set/presentment_money", "presentment_amount_missing")]


def test_a_set_in_a_third_currency_is_refused():
    order = one_order("cad_presentment.json")
    order["line_items"][0]["price_set"]["presentment_money"]["currency_code"] = "EUR"

    assert faults(order) == [("/line_items/0/price_set/presentment_money/currency_code", "currency_differs")]


@pytest.mark.parametrize("amount", ["25.00", "25.0", 25, Decimal("25.000")])
def test_an_amount_may_come_as_text_or_as_an_exact_number(amount):
    order = one_order("minimal.json")
    order["line_items"][0]["price"] = amount

    assert mapped(order).document["items"][0]["unit_price"] == 2500


def test_parts_that_make_more_than_any_order_can_have_are_refused():
    order = one_order("minimal.json")
    order["line_items"][0] |= {"price": "9999999999.99", "quantity": 1_000_000}

    assert ("/total_price", "out_of_range") in faults(order)


# Taxes and discounts --------------------------------------------------------------------------------------------------


def taxed(**tax: Any) -> dict[str, Any]:
    order = one_order("minimal.json") | {"total_price": "26.50"}
    order["line_items"][0]["tax_lines"] = [{"title": "VAT", "price": "1.50"} | tax]
    return order


@pytest.mark.parametrize(
    ("rate", "shown"), [(None, None), ("0.06", "0.06"), (Decimal("0.09975"), "0.09975"), (6, "6"), (0.2, "0.2")]
)
def test_a_tax_rate_is_shown_as_it_stands(rate, shown):
    (item,) = mapped(taxed(rate=rate)).document["items"]

    assert item["tax_lines"] == [{"title": "VAT", "rate": shown, "amount": 150}]


@pytest.mark.parametrize("rate", ["six", "-0.06", 1000, True, Decimal("1e30"), Decimal("Infinity"), "0." + "1" * 20])
def test_a_tax_rate_that_is_no_number_of_use_is_refused(rate):
    assert faults(taxed(rate=rate)) == [("/line_items/0/tax_lines/0/rate", "rate_unreadable")]


@pytest.mark.parametrize(("price", "code"), [(None, "required"), ("1,50", "amount_unreadable")])
def test_a_tax_without_its_amount_is_refused_once(price, code):
    assert faults(taxed(price=price)) == [("/line_items/0/tax_lines/0/price", code)]


def test_an_allocation_of_nothing_is_no_discount():
    order = one_order("minimal.json")
    order["line_items"][0]["discount_allocations"] = [{"amount": "0.00", "discount_application_index": 0}]

    document = mapped(order).document

    assert (document["items"][0]["discount"], document["discounts"]) == (0, [])


def test_an_allocation_whose_amount_cannot_be_read_is_refused():
    order = one_order("minimal.json")
    order["line_items"][0]["discount_allocations"] = [{"amount": "some", "discount_application_index": 0}]

    assert faults(order) == [("/line_items/0/discount_allocations/0/amount", "amount_unreadable")]


def test_a_tip_that_its_line_does_not_make_is_refused_with_both_figures():
    order = one_order("failed_then_paid_with_tip.json") | {"total_tip_received": "9.999"}

    (problem,) = read(order)

    assert [(fault.pointer, fault.code) for fault in problem.faults] == [("/total_tip_received", "tips_do_not_add_up")]
    assert problem.faults[0].figures[0] == "9.999 BHD"


def test_duties_that_the_prices_include_are_not_charged_again():
    duties = {"shop_money": {"amount": "5.00", "currency_code": "EUR"}}
    order = one_order("minimal.json") | {"original_total_duties_set": duties, "duties_included": True}

    assert [item["sku"] for item in mapped(order).document["items"]] == ["SHOPIFY-1050000002"]
