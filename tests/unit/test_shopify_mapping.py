"""Shopify orders as order documents: the whole document, its state, people, notes and tags."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from orderwright.actions.shopify_order import MappedOrder, MappingProblem, order_documents
from tests.factories.shopify import FILES, errors_at_intake, faults, mapped, one_order, payload, read, warnings

# The whole document ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_every_sample_becomes_a_document_that_the_intake_reads_without_a_complaint(name):
    result = mapped(payload(name))

    assert errors_at_intake(result.document) == []
    assert result.document["site"] == "lantern"
    assert result.document["source"] == "shopify"


def test_the_order_of_the_public_documentation_comes_in_with_its_figures():
    document = mapped(payload("documented_order.json")).document

    assert document["totals"] == {"items": 59700, "discount": 1000, "shipping": 0, "tax": 1194, "total": 59894}
    assert [item["discount"] for item in document["items"]] == [334, 333, 333]
    assert document["items"][0] == {
        "sku": "RADIO-GRN",
        "name": "Desk radio - green",
        "quantity": 1,
        "unit_price": 19900,
        "discount": 334,
        "tax": 398,
        "tax_lines": [{"title": "State Tax", "rate": "0.06", "amount": 398}],
        "requires_shipping": True,
        "attributes": {"Engraving front": "For Ada", "Engraving back": "With love"},
        "reference": "466157049",
    }
    assert document["discounts"] == [{"code": "TENOFF", "amount": 1000}]
    assert document["external_id"] == "450789469"
    assert document["placed_at"] == "2008-01-10T16:00:00Z"
    assert document["tags"] == ["#1001"]
    assert document["note"] == "colour: green"


def test_its_money_is_one_hold_partly_captured_and_partly_given_back():
    (payment,) = mapped(payload("documented_order.json")).document["payments"]

    assert payment == {
        "provider": "shopify",
        "reference": "shopify-389404469",
        "method": {"type": "card", "brand": "visa", "last4": "4242"},
        "authorised": 59894,
        "authorised_at": "2008-01-10T16:00:04Z",
        "expires_at": None,
        "transactions": [
            {
                "kind": "capture",
                "amount": 25094,
                "reference": "shopify-801038806",
                "parent": None,
                "at": "2008-01-12T15:22:51Z",
            },
            {
                "kind": "refund",
                "amount": 20900,
                "reference": "shopify-179259969",
                "parent": "shopify-801038806",
                "at": "2008-01-15T17:59:12Z",
            },
        ],
    }


def test_its_subtotal_that_does_not_add_up_is_pointed_out_and_not_used():
    assert ("/order/subtotal_price", "subtotal_differs") in warnings(mapped(payload("documented_order.json")))


def test_a_bare_order_an_envelope_and_a_page_of_orders_read_the_same():
    order = one_order("jpy_authorised.json")

    bare, envelope, page = read(order), read({"order": order}), read({"orders": [order, order]})

    assert bare[0].document == envelope[0].document == page[0].document == page[1].document


def test_one_bad_order_of_a_page_leaves_the_others_alone():
    bad = one_order("jpy_authorised.json") | {"total_price": "1"}

    good, problem, last = read({"orders": [one_order("minimal.json"), bad, one_order("cad_presentment.json")]})

    assert isinstance(good, MappedOrder)
    assert isinstance(last, MappedOrder)
    assert isinstance(problem, MappingProblem)
    assert (problem.external_id, problem.name) == ("5611200034002", "#3107")
    assert problem.faults[0].pointer == "/orders/1/total_price"


def test_an_order_with_nothing_but_what_it_must_have_is_enough():
    result = mapped(payload("minimal.json"))

    assert result.name == "#1050000001"
    assert result.document["customer"] == {"name": "#1050000001"}
    assert result.document["shipping_address"] is None
    assert result.document["items"][0]["sku"] == "SHOPIFY-1050000002"
    assert result.document["shipping"] == {"method": None, "price": 0, "discount": 0, "tax": 0, "tax_lines": []}
    assert result.document["payments"] == []
    assert warnings(result) == [("/transactions", "payment_unknown")]


def test_fields_that_nobody_knows_yet_change_nothing():
    order = one_order("kwd_gift_card_and_card.json")
    known = mapped(order).document

    order["sustainability"] = {"grams": [1, None, "\x00"]}
    order["line_items"][0]["bundle"] = {"of": "\ud800"}
    order["transactions"][0]["network"] = ["fast"]

    assert mapped(order).document == known


# The state ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("jpy_authorised.json", "new"),
        ("cash_with_change_and_refund.json", "processing"),
        ("eur_tax_included.json", "completed"),
        ("cancelled_and_voided.json", "canceled"),
    ],
)
def test_the_state_follows_money_and_goods(name, state):
    assert mapped(payload(name)).document["state"] == state


def test_a_cancelled_order_with_money_still_kept_stays_in_work():
    order = one_order("cancelled_and_voided.json")
    del order["transactions"][1]

    result = mapped(order)

    assert result.document["state"] == "processing"
    assert ("/cancelled_at", "cancelled_with_money") in warnings(result)


def test_an_archived_order_with_goods_unsent_stays_open():
    order = one_order("eur_tax_included.json")
    del order["fulfillments"][2]

    result = mapped(order)

    assert result.document["state"] == "processing"
    assert ("/closed_at", "closed_but_open") in warnings(result)


# People, notes and tags -----------------------------------------------------------------------------------------------


def test_an_e_mail_keeps_its_letter_case():  # W14
    assert mapped(payload("documented_order.json")).document["customer"] == {
        "reference": "207119551",
        "name": "Robin Ashdown",
        "email": "Robin.Ashdown@mail.example.com",
        "phone": "+15025550143",
        "language": "en",
    }


def test_a_billing_address_like_the_shipping_address_is_said_by_null():
    same, other = mapped(payload("documented_order.json")), mapped(payload("eur_tax_included.json"))

    assert same.document["billing_address"] is None
    assert other.document["billing_address"]["company"] == "Weißhaupt GmbH"
    assert other.document["shipping_address"] == {
        "name": "Jürgen Weißhaupt",
        "company": None,
        "line1": "Lindenstraße 8",
        "line2": None,
        "city": "Köln",
        "region": None,
        "postcode": "50674",
        "country": "DE",
        "phone": "+49 221 5550 188",
    }


def test_a_country_without_a_code_is_known_by_its_name():
    order = one_order("documented_order.json")
    order["shipping_address"]["country_code"] = None

    assert mapped(order).document["shipping_address"]["country"] == "US"


def test_the_orders_name_is_its_first_tag():
    assert mapped(payload("eur_tax_included.json")).document["tags"] == ["#2088", "stammkunde", "vorhänge"]


def test_a_test_order_says_so():
    result = mapped(one_order("minimal.json") | {"test": True})

    assert "test" in result.document["tags"]
    assert ("/test", "test_order") in warnings(result)


def test_a_name_that_is_too_long_is_cut_and_that_is_said():
    order = one_order("minimal.json")
    order["line_items"][0]["name"] = "A very long name " * 20

    result = mapped(order)

    assert len(result.document["items"][0]["name"]) == 200
    assert ("/line_items/0/name", "shortened") in warnings(result)


def test_every_code_is_explained_in_the_guide_to_the_import():
    guide = (Path(__file__).parents[2] / "docs" / "import-shopify.md").read_text(encoding="utf-8")
    package = Path(order_documents.__code__.co_filename).parent
    calls = [
        node
        for path in package.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]

    codes = {
        argument.value
        for call in calls
        if call.func.attr in ("fault", "warn", "disagree")
        for argument in call.args
        if isinstance(argument, ast.Constant) and re.fullmatch("[a-z_]+", argument.value)
    }

    assert len(codes) > 40
    assert {code for code in codes if f"| `{code}` |" not in guide} == set()


def test_an_e_mail_address_that_is_none_is_left_out_and_that_is_said():
    result = mapped(one_order("minimal.json") | {"email": "call me"})

    assert "email" not in result.document["customer"]
    assert ("/email", "email_unreadable") in warnings(result)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fr_CA", "fr-CA"), ("de", "de"), ("as she speaks", None), ("de-" + "DE-" * 5 + "DE", None)],
)
def test_the_customers_language_is_kept_where_it_is_a_language_code(locale, language):
    result = mapped(one_order("minimal.json") | {"customer_locale": locale})

    assert result.document["customer"].get("language") == language
    assert (("/customer_locale", "language_unreadable") in warnings(result)) is (language is None)


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ({"city": "Köln"}, None),
        ({"city": "Köln", "country": "Germany"}, "DE"),
        ({"city": "Köln", "country_code": "de"}, "DE"),
    ],
)
def test_a_country_is_a_two_letter_code_or_none(address, country):
    document = mapped(one_order("minimal.json") | {"shipping_address": address}).document

    assert document["shipping_address"]["country"] == country


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ({"country": "Atlantis"}, "country"),
        ({"country_code": "1A", "country": "Germany"}, "country_code"),
    ],
)
def test_a_country_that_nobody_knows_is_refused(address, place):
    order = one_order("minimal.json") | {"shipping_address": address}

    assert faults(order) == [(f"/shipping_address/{place}", "country_unknown")]


def test_a_note_with_its_attributes_is_cut_and_that_is_said():
    order = one_order("minimal.json") | {"note": "n" * 4990, "note_attributes": [{"name": "Gift", "value": "wrapped"}]}

    result = mapped(order)

    assert result.document["note"] == "n" * 4990 + "\nGift: wra"
    assert ("/note_attributes", "shortened") in warnings(result)


def test_tags_may_come_as_a_list_and_beyond_fifty_are_left_out():
    order = one_order("minimal.json") | {"tags": [f"tag {at}" for at in range(50)]}

    result = mapped(order)

    assert result.document["tags"] == ["#1050000001", *(f"tag {at}" for at in range(49))]
    assert ("/tags", "tags_left_out") in warnings(result)
