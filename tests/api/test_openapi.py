"""The OpenAPI file and the page made of it say what the API does."""

from __future__ import annotations

import json
import re

import msgspec
import pytest

from orderwright.actions.order_document import schema
from orderwright.api import shapes, urls
from orderwright.api.bodies import CaptureBody
from orderwright.api.document import OrderDocument
from orderwright.api.openapi import encoded
from tests.factories.orders import payment


@pytest.fixture(scope="module")
def openapi():
    return json.loads(encoded(urls.api))


def described(openapi):
    return [(path, method, route) for path, methods in openapi["paths"].items() for method, route in methods.items()]


def test_it_is_openapi_3_1_and_served_without_a_key(stranger, openapi):
    answer = stranger.get("/openapi.json")

    assert answer.json == openapi
    assert openapi["openapi"] == "3.1.0"
    assert openapi["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"


def test_it_lists_every_route_of_this_interface(openapi):
    """All but those for which a provider's signature is the key: their shape is the provider's to describe."""
    routed = {
        (operation.path, method.lower())
        for router in urls.api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
        for method in operation.methods
        if operation.include_in_schema
    }

    listed = {(path.removeprefix("/api/v1"), method) for path, method, _route in described(openapi)}

    assert listed == routed
    assert ("/orders/{number}/payments/{payment}/captures", "post") in listed


def test_every_route_names_its_permission_its_answers_and_its_problems(openapi):
    for path, method, route in described(openapi):
        assert route["summary"], path
        assert route["security"] == [{"ApiKey": []}]
        assert "x-permission" in route
        problems = {status: answer for status, answer in route["responses"].items() if int(status) >= 400}
        assert {"401", "403", "404", "422", "500", "503"} <= set(problems), (path, method)
        for answer in problems.values():
            assert answer["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
        for status, answer in route["responses"].items():
            assert status in ("204", "304") or answer["content"], (path, status)


def test_operations_have_names_of_their_own(openapi):
    names = [route["operationId"] for _path, _method, route in described(openapi)]

    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere(openapi):
    wanted = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(openapi)))

    assert wanted <= set(openapi["components"]["schemas"])


def test_bodies_say_what_is_refused(openapi):
    body = openapi["components"]["schemas"][CaptureBody.__name__]

    assert body["additionalProperties"] is False
    amount = body["properties"]["amount"]
    assert (amount["type"], amount["minimum"], amount["maximum"]) == ("integer", 1, 999_999_999_999)


@pytest.mark.parametrize(
    ("tail", "shape"),
    [
        ("", shapes.Order),
        ("/timeline", shapes.Timeline),
        ("/actions", shapes.Actions),
        ("/cancellation", shapes.Rehearsal),
    ],
)
def test_answers_have_the_shape_that_is_described(program, clerk, order, tail, shape):
    clerk.add_note(clerk.capture(order, 5000), "Ring twice.")

    content = program.get(f"/orders/{order.number}{tail}").content

    decoded = msgspec.json.decode(content, type=shape)
    assert msgspec.json.decode(msgspec.json.encode(decoded)) == json.loads(content)


def test_problems_have_the_shape_that_is_described(program, order):
    answer = program.post(f"/orders/{order.number}/state", {"state": 5})

    problem = msgspec.json.decode(answer.content, type=shapes.Problem)
    assert [(place.pointer, place.code) for place in problem.errors] == [("/state", "wrong_type")]


def test_the_described_document_is_the_one_that_is_taken_in(document, now):
    handed_in = document(
        payments=[payment("auth_1", 59894, at=now)],
        shipments=[{"method": "pick-up", "items": [{"item": 0, "quantity": 1}]}],
    )

    assert OrderDocument.model_validate(handed_in)


def test_the_described_document_names_the_fields_that_are_read():
    described_fields = set(OrderDocument.model_fields)
    parts = OrderDocument.model_json_schema()["$defs"]

    assert described_fields == set(schema._ROOT)
    assert set(parts["AddressGiven"]["properties"]) == set(schema.ADDRESS_PARTS)
    assert set(parts["ItemGiven"]["properties"]) == set(schema._ITEM)
    assert set(parts["PaymentGiven"]["properties"]) == set(schema._PAYMENT)


def test_the_page_shows_every_route_shape_and_kind_of_problem(stranger, openapi):
    answer = stranger.get("/api/docs")
    page = answer.content.decode()

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for path, _method, route in described(openapi):
        assert f"<code>{path}</code>" in page
        assert f'<article id="{route["operationId"]}"' in page
    for name in openapi["components"]["schemas"]:
        assert f'<article id="shape-{name}"' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_page_needs_neither_script_nor_other_places(stranger):
    page = stranger.get("/api/docs").content.decode()

    assert "<script" not in page
    assert "style=" not in page
    assert "//" not in re.sub(r"/api/\S*|<!--.*?-->", "", " ".join(re.findall(r'(?:src|href)="([^"]*)"', page)))
