"""Problem documents: every error has one shape, whatever went wrong and wherever."""

from __future__ import annotations

import logging
from typing import Annotated

import pytest
from django.db import OperationalError
from django.test import Client
from pydantic import Field, ValidationError

from orderwright.api import problems
from orderwright.api.fields import Body
from orderwright.api.routes import orders
from orderwright.api.validation import error_of
from orderwright.core.errors import FieldError, Invalid, OrderwrightError
from orderwright.core.money import Money


def every_error(kind=OrderwrightError):
    for error in kind.__subclasses__():
        yield error
        yield from every_error(error)


def test_every_kind_of_error_has_a_title_and_a_place_on_the_page():
    assert {error.status for error in every_error()} - set(problems.KINDS) == set()


def test_every_error_that_is_raised_has_a_code_of_its_own():
    codes = {}
    for error in every_error():
        if error.__module__.startswith("orderwright."):
            codes.setdefault(error.code, []).append(error.__qualname__)
    inherited = {code: names for code, names in codes.items() if len(names) > 1}

    assert inherited == {}


def test_a_problem_names_type_title_status_detail_code_places_and_facts():
    places = (FieldError(pointer="/amount", code="too_much", message="It is too much."),)
    error = Invalid(
        "That is too much.", code="too_much", facts={"most": Money(5, "USD"), "status": "lost"}, fields=places
    )

    response = problems.problem(error)

    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert response.content == (
        b'{"most":{"amount_minor":5,"currency":"USD"},"status":422,"type":"/api/docs#invalid",'
        b'"title":"What was handed in is not right","detail":"That is too much.","code":"too_much",'
        b'"errors":[{"pointer":"/amount","code":"too_much","message":"It is too much."}]}'
    )


class Coded(Body):
    """A body whose field has a pattern with braces in it."""

    code: Annotated[str, Field(pattern=r"^[a-z]{1,3}$")]


def test_a_sentence_of_the_library_s_own_may_have_braces_in_it():
    with pytest.raises(ValidationError) as found:
        Coded(code="{far} too long")
    errors = [{**error, "loc": ("body", "body", *error["loc"])} for error in found.value.errors()]

    refused = error_of(errors)

    sentence = "String should match pattern '^[a-z]{1,3}$'"
    assert refused.fields == (FieldError(pointer="/code", code="invalid", message=sentence),)


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/orders",
        "/api/v1/orders/",
        "/api/v1/order",
        "/api/v1/orders/1/2/3",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_is_none_is_not_found(stranger, method, path):
    answer = stranger.send(method, path)

    assert (answer.status, answer.code, answer.is_problem) == (404, "route_not_found", True)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/orders", "GET, POST"),
        ("DELETE", "/orders/1001", "GET"),
        ("GET", "/orders/1001/state", "POST"),
        ("HEAD", "/orders/1001/state", "POST"),
        ("OPTIONS", "/order-states/new", "DELETE, GET, PATCH"),
        ("BREW", "/orders", "GET, POST"),
    ],
)
def test_a_method_that_an_address_does_not_take_is_told_which_it_takes(stranger, method, path, allow):
    answer = stranger.send(method, path)

    assert (answer.status, answer.headers["Allow"]) == (405, allow)
    if method != "HEAD":
        assert (answer.code, answer.json["allow"]) == ("method_not_allowed", allow.split(", "))


def test_head_is_answered_as_get_is_without_the_body(program, order):
    answer = program.send("HEAD", f"/orders/{order.number}")

    assert (answer.status, answer.content, answer.headers["ETag"]) == (200, b"", '"1"')


def test_a_failure_that_nobody_foresaw_tells_nothing_and_is_logged(program, monkeypatch, caplog):
    def broken(*_asked, **_more):
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(orders, "read_list", broken)

    answer = program.get("/orders")

    assert (answer.status, answer.code) == (500, "internal_error")
    assert b"swordfish" not in answer.content
    (logged,) = [record for record in caplog.records if record.name == "orderwright.api.problems"]
    assert (logged.levelno, logged.getMessage()) == (logging.ERROR, "GET /api/v1/orders failed")
    assert "swordfish" in str(logged.exc_info[1])


def test_a_database_that_does_not_answer_is_unavailable_for_now(program, monkeypatch):
    def gone(*_asked, **_more):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(orders, "read_list", gone)

    answer = program.get("/orders")

    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (503, "database_unavailable", "5")
    assert b"closed the connection" not in answer.content


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/v2/orders"])
def test_a_program_without_a_form_s_secret_gets_a_problem_document(db, path):
    answer = Client(enforce_csrf_checks=True).post(path, "{}", content_type="application/json")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_thousands_of_parameters_are_not_read(program):
    answer = program.get("/orders?" + "&".join(f"p{at}=1" for at in range(1500)))

    assert (answer.status, answer.code) == (400, "malformed_json")


def test_a_name_that_the_desk_does_not_go_by_is_refused(program):
    answer = program.get("/orders", host="evil.example")

    assert answer.status == 400
