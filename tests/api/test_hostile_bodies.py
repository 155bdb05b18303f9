"""Bodies that nobody should send: answered with 4xx, a stable code and the place, and nothing is stored (FH1)."""

from __future__ import annotations

import json

import pytest
from django.apps import apps

from orderwright.api import urls
from tests.api.places import placed
from tests.api.program import PROBLEM

# What stands in for the names in paths.


def taking_a_body() -> list[tuple[str, str]]:
    """Return every route that takes a body, as the router knows them: a new one is tried without being listed here."""
    return sorted(
        (operation.methods[0], placed(operation.path))
        for router in urls.api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
        if any(model.__ninja_param_source__ == "body" for model in operation.models)
    )


# Nothing to say is an answer too here.
WITH_A_BODY_OR_WITHOUT = ("POST", "/orders/1001/payments/sync")
ENDPOINTS = [route for route in taking_a_body() if route != WITH_A_BODY_OR_WITHOUT]
BODIES = {
    "nothing": (b"", 422),
    "broken JSON": (b'{"text": ', 400),
    "two documents": (b"{} {}", 400),
    "not UTF-8": (b'{"text": "\xff"}', 400),
    "UTF-16": ('{"text": "x"}'.encode("utf-16"), 400),
    "a lone surrogate": (rb'{"text": "\ud800"}', 400),
    "a lone surrogate as a name": (rb'{"\udfff": 1}', 400),
    "1e400": (b'{"text": 1e400}', 400),
    "NaN": (b'{"text": NaN}', 400),
    "a huge integer": (b'{"amount": ' + b"9" * 5000 + b"}", 400),
    "a large integer": (b'{"amount": 999999999999999999}', 422),
    "deep nesting": (b'{"a":' * 100_000, 400),
    "deep closed nesting": (b'{"a":' * 500 + b"1" + b"}" * 500, 400),
    "a repeated name": (b'{"text": "a", "text": "b"}', 400),
    "a list": (b"[]", 422),
    "a text": (b'"hello"', 422),
    "a number": (b"12", 422),
    "null": (b"null", 422),
    "an unknown field": (b'{"nonsense": 1}', 422),
    "a prototype": (b'{"__proto__": {"is_staff": true}}', 422),
    "NUL as a name": (rb'{"\u0000": 1}', 422),
    "50,000 names": (json.dumps(dict.fromkeys(map(str, range(50_000)))).encode(), 400),
}


def census():
    """Count the rows of every table that an order or its configuration could leave something in."""
    labels = ("orders", "shipping", "payments", "journal", "outbox", "reads", "api")
    return {
        model._meta.label: model.objects.count()
        for label in labels
        for model in apps.get_app_config(label).get_models()
    }


@pytest.fixture(autouse=True)
def one_order(order):
    return order


def test_every_route_that_takes_a_body_is_tried():
    assert WITH_A_BODY_OR_WITHOUT in taking_a_body()
    assert ("POST", "/orders/1001/payments/1/captures") in ENDPOINTS


@pytest.mark.parametrize("what", sorted(set(BODIES) - {"nothing", "null"}))
def test_a_hostile_body_is_refused_where_none_is_needed_too(program, practice, what):
    body, status = BODIES[what]
    before = census()

    answer = program.send(*WITH_A_BODY_OR_WITHOUT, body)

    assert (answer.status, answer.is_problem) == (status, True), answer
    assert census() == before


@pytest.mark.parametrize("what", BODIES)
def test_a_hostile_body_is_refused_and_leaves_nothing(program, what, figure):
    body, status = BODIES[what]
    before = census()

    answers = {
        (method, path): program.send(
            method, path, body, idempotency_key=f"hostile to {method} {path}".replace(" ", "-")
        )
        for method, path in ENDPOINTS
    }

    failures = sum(answer.status >= 500 for answer in answers.values())
    taken = sum(answer.status < 400 for answer in answers.values())
    figure("FH1", "hostile bodies at every route that takes one", cases=len(answers), taken=taken, failures=failures)
    for route, answer in answers.items():
        assert answer.headers["Content-Type"] == PROBLEM, route
        assert (answer.status, answer.json["status"]) == (status, status), route
        assert len(answer.content) < 100_000, route
        if status == 400:
            assert answer.code == "malformed_json", route
        else:
            assert all(fault["pointer"] == "" or fault["pointer"][0] == "/" for fault in answer.json["errors"]), route
    # An order document is read by the action itself, whose refusal is kept under the key.
    before["api.IdempotentRequest"] += answers["POST", "/orders"].code == "order_invalid"
    assert census() == before


def test_ten_megabytes_are_refused_unread(program, figure):
    before = census()

    for method, path in ENDPOINTS:
        answer = program.send(method, path, b'{"text": "' + b"x" * 10_000_000 + b'"}')

        figure("FH1", "ten megabytes at every route that takes a body", cases=1, taken=int(answer.status < 400))
        assert (answer.status, answer.code, answer.json["most_bytes"]) == (413, "body_too_large", 1_048_576)
    assert census() == before


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", ""],
)
def test_only_json_is_read(program, content_type):
    answer = program.post("/orders/1001/notes", b'{"text": "Hello"}', content_type=content_type)

    assert (answer.status, answer.code, answer.json["accepted"]) == (
        415,
        "unsupported_media_type",
        ["application/json"],
    )


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_may_say_its_character_set(program, content_type):
    assert program.post("/orders/1001/notes", b'{"text": "Hello"}', content_type=content_type).status == 201


def test_a_body_in_chunks_is_asked_for_its_length(program):
    answer = program.post("/orders/1001/notes", b'{"text": "Hello"}', Transfer_Encoding="chunked")

    assert (answer.status, answer.code) == (411, "length_required")


@pytest.mark.parametrize("text", ["\x00", "a\u202eb", "\x1b[2J", "\x85", "\ufffe"])
def test_characters_that_cannot_be_stored_are_refused_everywhere(program, document, text):
    handed_in = document()
    handed_in["customer"]["name"] = f"Bob{text}"
    handed_in["shipping_address"]["city"] = text
    handed_in["items"][0]["attributes"] = {"finish": text, f"f{text}": "oil"}
    before = census()

    answer = program.post("/orders", handed_in)

    assert answer.status == 422
    assert {"/customer/name", "/shipping_address/city", "/items/0/attributes/finish"} <= {
        pointer for pointer, code in answer.faults if code == "forbidden_character"
    }
    assert census() == before
