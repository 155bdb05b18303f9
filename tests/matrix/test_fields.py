"""No field comes in that a route does not declare, and none goes out (FH5): every field of every model is tried."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.db import connection

from orderwright.accounts.models import ApiKeySecret, User
from orderwright.api import urls as api_urls
from orderwright.api.openapi import encoded
from orderwright.payments.models import ProviderAccount
from orderwright.payments.sealed import seal
from scripts.permission_matrix import Route, routes
from tests.api.program import Answer, Program, mark_used, program_with
from tests.matrix.asking import taken_back
from tests.matrix.floor import Floor, address
from tests.matrix.sendings import sent_to
from tests.web.conftest import Browser

# Thousands of requests each.
pytestmark = [pytest.mark.fault, pytest.mark.once, pytest.mark.timeout(300)]

OPENAPI = json.loads(encoded(api_urls.api))
SHAPES = OPENAPI["components"]["schemas"]
PORTAL = [route for route in routes() if route.surface == "portal"]
API = [route for route in routes() if route.surface == "API"]
# As many as one answer names beside what else is wrong.
AT_ONCE = 40
CANARY = "canary-9q-do-not-tell"
# Text and number alike, so that a form would take it wherever it took the field.
STRANGE = "70707070"


def model_fields() -> list[str]:
    """Return the name of every field of every table that the desk has, and a few that others' tables have."""
    fields = {
        name
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        for name in (field.name, getattr(field, "attname", field.name))
    }
    return sorted(fields | {"is_staff", "is_superuser", "is_admin", "__class__", "_state", "pk"})


# What comes in -------------------------------------------------------------------------------------------------------


def described(route: Route) -> dict[str, Any]:
    """Return what the OpenAPI file says of the route; nothing of those whose shape is a provider's."""
    found: dict[str, Any] = OPENAPI["paths"].get(f"/api/v1{route.path}", {}).get(route.method.lower(), {})
    return found


def objects(
    schema: dict[str, Any], path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], set[str]]]:
    """Return each object within a body that has fields of its own: where it lies, and what they are called."""
    for each in (schema, *schema.get("anyOf", ())):
        whole = SHAPES[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        if "items" in whole:
            yield from objects(whole["items"], (*path, 0))
        if whole.get("additionalProperties") is False:
            yield path, set(whole["properties"])
            for name, inner in whole["properties"].items():
                yield from objects(inner, (*path, name))


def within(path: tuple[str | int, ...], inner: Any) -> Any:
    for step in reversed(path):
        inner = [inner] if step == 0 else {step: inner}
    return inner


def refusals(program: Program, route: Route, floor: Floor, path: tuple[str | int, ...], names: list[str]) -> list[str]:
    """Return what is wrong with how these fields are answered, sent at this place of the route's body."""
    body = within(path, dict.fromkeys(names, 1))
    with taken_back() as written:
        answer = program.send(route.method, address(route, floor.places["here"]), body)
    start = "".join(f"/{step}" for step in path)
    told = {pointer for pointer, code in answer.faults if code == "unknown_field"} if answer.status == 422 else set()
    wrong = [
        f"{route.method} {route.path}: {start}/{name} was taken" for name in names if f"{start}/{name}" not in told
    ]
    return wrong + [f"{route.method} {route.path}: {sql}" for sql, _values in written]


def test_the_api_refuses_every_field_that_a_body_does_not_declare(floor: Floor, now: Any, figure: Any) -> None:
    program = program_with("Greedy", role="administrator")
    mark_used(now)
    tried, bodies = 0, 0
    wrong: list[str] = []

    for route in API:
        content = described(route).get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        bodies += 1
        for path, known in objects(content["schema"]):
            foreign = [name for name in model_fields() if name not in known]
            for first in range(0, len(foreign), AT_ONCE):
                names = foreign[first : first + AT_ONCE]
                wrong += refusals(program, route, floor, path, names)
                tried += len(names)

    figure("FH5", "fields of all tables in every body of the API", bodies=bodies, fields=tried, taken=len(wrong))
    assert wrong == []
    assert bodies > 40


def test_a_field_that_is_taken_is_found_out(floor: Floor, now: Any) -> None:
    """The canary: a declared field among the others is not refused."""
    notes = next(route for route in API if (route.method, route.path) == ("POST", "/orders/{number}/notes"))
    program = program_with("Greedy", role="administrator")
    mark_used(now)

    assert refusals(program, notes, floor, (), ["is_system", "text"]) == [
        "POST /orders/{number}/notes: /text was taken"
    ]


def known_to_forms() -> set[str]:
    """Return every word that the portal's views and allauth's forms could read from what is sent."""
    web = Path(__file__).resolve().parents[2] / "orderwright" / "web"
    texts = "".join(file.read_text(encoding="utf-8") for file in sorted(web.rglob("*.py")))
    return set(re.findall(r"\"(\w+)\"", texts)) | {"login", "password", "password1", "password2", "oldpassword"}


def test_a_form_with_fields_that_it_has_not_does_what_it_does_without_them(
    floor: Floor, clerk: Any, figure: Any
) -> None:
    foreign = dict.fromkeys((name for name in model_fields() if name not in known_to_forms()), STRANGE)
    browser = Browser(clerk.user)
    browser.client.raise_request_exception = False
    cookies = browser.client.cookies.copy()
    forms = [route for route in PORTAL if route.method == "POST"]
    changing, wrong = 0, []

    for route in forms:
        place = floor.places["here"]
        outcomes = []
        for more in ({}, foreign):
            browser.client.cookies = cookies.copy()
            with taken_back() as written:
                answer = browser.tap(address(route, place), **sent_to(route, place), **more)
            outcomes.append((answer.status_code, [sql for sql, _values in written]))
        changing += bool(outcomes[1][1])
        if outcomes[0] != outcomes[1] or any(STRANGE in repr(values) for _sql, values in written):
            wrong.append(route.path)

    figure(
        "FH5",
        "fields of all tables in every form of the portal",
        forms=len(forms),
        fields=len(forms) * len(foreign),
        forms_that_changed_something=changing,
        taken=len(wrong),
    )
    assert wrong == []
    assert min(len(foreign), changing) > 10


# What goes out -------------------------------------------------------------------------------------------------------


def undeclared(value: Any, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Return where the value has a field that its schema has not."""
    choices = [
        SHAPES[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in schema.get("anyOf", [schema])
    ]
    if isinstance(value, list):
        items = next((each["items"] for each in choices if "items" in each), {})
        for one in value:
            yield from undeclared(one, items, f"{path}/…")
    elif isinstance(value, dict):
        known = next((each for each in choices if each.get("type") == "object" or "properties" in each), {})
        if "properties" not in known:
            return  # a free map, such as an item's attributes
        for name, inner in value.items():
            if name not in known["properties"]:
                yield f"{path}/{name}"
            else:
                yield from undeclared(inner, known["properties"][name], f"{path}/{name}")


def fields_of(value: Any) -> int:
    """Return how many named values there are."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (len(value) if isinstance(value, dict) else 0) + sum(map(fields_of, inner))


def secrets() -> list[str]:
    """Return what lies sealed or hashed in the tables, and what was sealed: none of it is for any answer."""
    sealed = [account.sealed_credentials for account in ProviderAccount.objects.all() if account.sealed_credentials]
    hashes = list(ApiKeySecret.objects.values_list("secret_hash", flat=True))
    factors = [factor.data["secret"] for factor in Authenticator.objects.filter(type="totp")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM django_session")
        sessions = [key for (key,) in cursor.fetchall()]
    return [CANARY, *sealed, *hashes, *factors, *sessions, *User.objects.values_list("password", flat=True)]


def test_no_answer_has_a_field_beyond_its_schema_nor_any_secret(
    floor: Floor, now: Any, clerk: Any, figure: Any
) -> None:
    ProviderAccount.objects.update(sealed_credentials=seal({"api_key": CANARY}))
    TOTP.activate(clerk.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    program = program_with("Curious", role="administrator")
    mark_used(now)
    browser = Browser(clerk.user)
    hidden = secrets()
    answers, fields, beyond, told = 0, 0, [], []

    for route in API:
        with taken_back():
            answer = program.send(
                route.method, address(route, floor.places["here"]), sent_to(route, floor.places["here"])
            )
        answers += 1
        told += [route.path for secret in hidden if secret in answer.content.decode(errors="replace")]
        if schema := _schema(route, answer):
            fields += fields_of(answer.json)
            beyond += [f"{route.method} {route.path}: {where}" for where in undeclared(answer.json, schema)]
    pages = [route for route in PORTAL if route.method == "GET" and "session" not in route.path]
    for route in pages:
        with taken_back():
            page = browser.open(address(route, floor.places["here"]), **sent_to(route, floor.places["here"]))
            content = page.getvalue().decode(errors="replace")
        told += [route.path for secret in hidden if secret in content]

    figure("FH5", "answers of the API, by field", answers=answers, fields=fields, beyond_the_schema=len(beyond))
    figure("FH5", "secrets in answers and pages", secrets=len(hidden), places=answers + len(pages), told=len(told))
    assert (beyond, told) == ([], [])
    assert min(fields, len(hidden)) > 5


def _schema(route: Route, answer: Answer) -> dict[str, Any] | None:
    content = described(route).get("responses", {}).get(str(answer.status), {}).get("content", {})
    found: dict[str, Any] | None = next((each["schema"] for kind, each in content.items() if "json" in kind), None)
    # A problem may carry more than its shape: the facts that belong to its code (RFC 9457).
    return found if answer.status < 300 and answer.content else None


def test_a_field_beyond_its_schema_is_found_out() -> None:
    schema = {"$ref": "#/components/schemas/Me"}

    assert list(undeclared({"name": "x", "permissions": [], "secret_hash": "y"}, schema)) == ["/secret_hash"]
