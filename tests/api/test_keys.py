"""Who may pass: keys, permissions, and that no route is without its declaration."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import get_resolver

from orderwright.accounts.models import ApiKey, ApiKeySecret
from orderwright.accounts.permissions import PERMISSIONS
from orderwright.api import urls
from orderwright.api.door import ApiKey as Door
from orderwright.api.door import Signature
from tests.api.places import placed
from tests.api.program import Program, program_with

KEYS = "keys that are wrong, revoked or lack the one permission"
# What everybody may see: words about the API, and that there is nothing.
PUBLIC = {"v1/openapi.json", "docs", "", "v1/"}


def operations():
    return [
        operation
        for router in urls.api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
    ]


def test_every_route_declares_its_permission():
    doors = {operation.view_func.__name__: operation.auth_callbacks for operation in operations()}

    # Providers know no key of ours: the action asks for their signature.
    assert [type(door) for door in doors.pop("take_in")] == [Signature]
    for name, callbacks in doors.items():
        assert [type(door) for door in callbacks] == [Door], f"{name} has no door"
        assert callbacks[0].permission in PERMISSIONS or name == "show_key", f"{name} lets everybody in"


def test_nothing_else_of_the_api_can_be_reached():
    routed = {f"v1/{pattern.pattern}" for pattern in urls._v1()[0]}
    top = {str(pattern.pattern) for pattern in urls.urlpatterns}

    assert top == PUBLIC
    assert len(routed) == len({operation.path for operation in operations()}) + 1  # and the empty root, which is a 404
    assert get_resolver().resolve("/api/v1/orders").route == "api/v1/orders"


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic b3JkZXI6d3JpZ2h0",
        "Bearer ow_0123456789_" + "0" * 64,
        "Bearer ow_0123456789",
        "Bearer ow__",
        "Bearer öw_x_y",
        "Bearer ow_a_b_c",
        "Bearer ow_\x7f_x",
        "Bearer " + "x" * 7000,
    ],
)
def test_without_a_valid_key_nobody_passes(stranger, authorization, figure):
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = stranger.get("/orders", **headers)

    figure("FH6", KEYS, tries=1, let_in=int(answer.status < 400))
    assert (answer.status, answer.code) == (401, "key_refused")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="orderwright"'


def test_a_key_with_a_wrong_secret_is_refused(program, figure):
    wrong = Program(program.key[:-1] + ("0" if program.key[-1] != "0" else "1"))

    answer = wrong.get("/me")
    figure("FH6", KEYS, tries=1, let_in=int(answer.status < 400))
    assert answer.code == "key_refused"


def test_a_revoked_key_is_refused(program, now, figure):
    ApiKey.objects.update(revoked_at=now)

    answer = program.get("/me")

    figure("FH6", KEYS, tries=1, let_in=int(answer.status < 400))
    assert answer.code == "key_refused"


def test_a_key_is_refused_from_the_moment_it_expires(db, now):
    ending = program_with("Ending", "orders.view", expires_at=now)
    lasting = program_with("Lasting", "orders.view", expires_at=now + timedelta(seconds=1))

    assert ending.get("/me").code == "key_refused"
    assert lasting.get("/me").status == 200


def test_the_word_bearer_may_be_written_in_any_case(program):
    assert program.get("/me", Authorization=f"bEARER {program.key}").status == 200


def test_a_key_can_ask_who_it_is(db):
    answer = program_with("Stock", "orders.view", "shipments.update").get("/me")

    told = {"name": "Stock", "permissions": ["orders.view", "shipments.update"], "sites": [], "every_site": True}
    assert answer.json == told


def test_the_key_is_asked_for_before_anything_else(stranger):
    assert stranger.get("/orders?nonsense=1").status == 401
    assert stranger.post("/orders", b"{broken").status == 401
    assert stranger.post("/orders/none/state", {}).status == 401


def test_a_key_without_the_permission_is_refused_and_told_which(db, journal_entries, figure):
    others = {name: program_with(name, *(set(PERMISSIONS) - {name})) for name in PERMISSIONS}

    for operation in operations():
        needed = operation.auth_callbacks[0].permission
        if needed is None:
            continue
        answer = others[needed].send(operation.methods[0], placed(operation.path), b"{broken")
        figure("FH6", KEYS, tries=1, let_in=int(answer.code != "not_permitted"))
        assert (answer.status, answer.code, answer.json["permission"]) == (403, "not_permitted", needed), operation.path
    assert journal_entries() == 0


def test_the_use_of_a_key_is_noted_at_most_every_ten_minutes(program, now, statements):
    with statements() as counted:
        program.get("/order-states/new")

    assert counted.count == 2
    ApiKeySecret.objects.update(last_used_at=now - timedelta(minutes=11))
    with statements() as counted:
        program.get("/order-states/new")
    assert counted.count == 3
    assert ApiKeySecret.objects.get().last_used_at == now
