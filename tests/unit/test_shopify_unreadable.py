"""What cannot be read of a Shopify order is refused with its place; nothing makes the import fail."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderwright.actions.shopify_order import MappingProblem, decode
from orderwright.actions.shopify_order.reading import UnreadableJson
from orderwright.actions.shopify_order.results import Findings
from tests.factories.shopify import DATA, FILES, errors_at_intake, faults, mapped, one_order, read


@pytest.mark.parametrize(
    ("place", "value", "pointer", "code"),
    [
        (["id"], None, "/id", "required"),
        (["id"], "a1", "/id", "wrong_type"),
        (["currency"], None, "/currency", "required"),
        (["currency"], "ZZZ", "/currency", "unknown_currency"),
        (["created_at"], None, "/created_at", "required"),
        (["created_at"], "2026-08-01T12:00:00", "/created_at", "time_unreadable"),
        (["created_at"], "0001-01-01T00:00:00+14:00", "/created_at", "time_unreadable"),
        (["total_price"], None, "/total_price", "required"),
        (["line_items"], None, "/line_items", "required"),
        (["line_items"], {"0": {}}, "/line_items", "wrong_type"),
        (["line_items", 0], "lamp", "/line_items/0", "wrong_type"),
        (["line_items", 0, "quantity"], None, "/line_items/0/quantity", "required"),
        (["line_items", 0, "quantity"], True, "/line_items/0/quantity", "wrong_type"),
        (["line_items", 0, "quantity"], 10**400, "/line_items/0/quantity", "out_of_range"),
        (["line_items", 0, "price"], None, "/line_items/0/price", "required"),
        (["line_items", 0, "price"], 10**400, "/line_items/0/price", "amount_unreadable"),
        (["line_items", 0, "title"], "la\x00mp", "/line_items/0/title", "forbidden_character"),
        (["line_items", 0, "title"], "la\ud83dmp", "/line_items/0/title", "forbidden_character"),
        (["email"], 7, "/email", "wrong_type"),
        (["note"], "\x1b[2J", "/note", "forbidden_character"),
        (["currency"], 7, "/currency", "wrong_type"),
        (["shipping_address"], "14 Linden Row", "/shipping_address", "wrong_type"),
        (["test"], "yes", "/test", "wrong_type"),
        (["created_at"], 1785585600, "/created_at", "wrong_type"),
        (["financial_status"], "bartered", "/financial_status", "financial_status_unknown"),
    ],
)
def test_what_is_wrong_is_pointed_at(place, value, pointer, code):
    order = one_order("minimal.json")
    holder: Any = order
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value

    assert (pointer, code) in faults(order)


@pytest.mark.parametrize("document", [None, True, 7, "order", [], {}, {"order": None}, {"order": []}, {"orders": {}}])
def test_what_is_no_order_at_all_is_a_problem(document):
    (result,) = read(document)

    assert isinstance(result, MappingProblem)
    assert result.faults


def test_a_page_without_orders_is_nothing_to_do():
    assert read({"orders": []}) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b'{"id": NaN}', b"[" * 100_000, b"1" * 10_000, b'{"a": 1e99999999999999999999}'],
)
def test_bytes_that_are_no_json_are_refused(data):
    with pytest.raises(UnreadableJson) as refused:
        decode(data)

    assert refused.value.code == "json_unreadable"


def test_a_decimal_number_keeps_its_digits():
    assert decode(b'{"rate": 0.06, "n": 1}') == {"rate": Decimal("0.06"), "n": 1}


# Whatever comes -------------------------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**300, max_value=10**310),
    st.floats(),
    st.decimals(),
    st.text(st.characters(codec=None), max_size=8),
    st.sampled_from(["0.00", "-1.00", "1e5", "success", "capture", "EUR", "2026-08-01T12:00:00Z", "\x00", "\ud800"]),
)
KEYS = st.sampled_from(
    sorted({key for name in FILES for key in json.loads((DATA / name).read_text(encoding="utf-8")).get("order", {})})
) | st.text(max_size=5)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=20
)


def judged(document: object) -> None:
    """Assert that every result is a problem with faults, or a document that the intake takes."""
    for result in read(document):
        if isinstance(result, MappingProblem):
            assert result.faults
        else:
            assert errors_at_intake(result.document) == []


@given(ANYTHING)
@settings(max_examples=200, deadline=None)
def test_any_json_value_ends_in_documents_or_problems(document):
    judged(document)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(place for key, entry in inner for place in places_in(entry, (*path, key)))]


ORDERS = {name: one_order(name) for name in FILES}
PLACES = {name: places_in(order)[1:] for name, order in ORDERS.items()}


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_order_with_anything_anywhere_ends_in_a_document_or_a_problem(data):
    name = data.draw(st.sampled_from(FILES))
    order = copy.deepcopy(ORDERS[name])
    for path in data.draw(st.lists(st.sampled_from(PLACES[name]), min_size=1, max_size=3)):
        holder: Any = order
        for step in path[:-1]:
            holder = holder[step] if isinstance(holder, dict | list) and step in _steps(holder) else None
        if isinstance(holder, dict | list):
            if path[-1] in _steps(holder) and data.draw(st.booleans()):
                del holder[path[-1]]
            elif path[-1] in _steps(holder):
                holder[path[-1]] = data.draw(ANYTHING)

    judged(order)


@pytest.mark.parametrize("stated", ["", " ", None])
def test_an_order_without_a_currency_is_told_so(stated):
    order = {**copy.deepcopy(ORDERS["minimal.json"]), "currency": stated}

    (problem,) = read(order)

    assert "required" in [fault.code for fault in problem.faults]


def _steps(holder: Any) -> Any:
    return holder.keys() if isinstance(holder, dict) else range(len(holder))


def test_a_currency_that_is_no_text_is_told_once():
    assert faults({**ORDERS["minimal.json"], "currency": 7}) == [("/currency", "wrong_type")]


def test_an_id_may_come_as_text():
    assert mapped({**ORDERS["minimal.json"], "id": "1050000001"}).external_id == "1050000001"


def test_nothing_is_told_twice_and_nobody_is_told_more_than_a_hundred_things():
    findings = Findings()

    for note in (findings.fault, findings.warn):
        for number in (0, *range(101)):
            note(f"/line_items/{number}", "wrong_type", "Here stands text; Shopify documents an object.")

    hundred = [f"/line_items/{number}" for number in range(100)]
    assert [fault.pointer for fault in findings.faults] == hundred
    assert [warning.pointer for warning in findings.warnings] == hundred
