"""Users and roles through the API."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from orderwright.accounts.models import Role, User
from orderwright.outbox.models import Mail
from tests.api.program import program_with

NORA = {"name": "Nora Neu", "email": "nora@shop.example.com", "roles": [{"role": "order-clerk"}]}
DESK = {
    "name": "Returns desk",
    "permissions": ["orders.view", "payments.refund"],
    "refund_ceilings": [{"currency": "USD", "per_order": 5000}],
}


@pytest.fixture
def nora(program, site):
    return program.post("/users", NORA).json


def test_a_person_is_invited_with_roles_and_found(program, site):
    body = {**NORA, "roles": [{"role": "order-clerk", "site": site.slug}, {"role": "viewer"}]}

    answer = program.post("/users", body, idempotency_key="n-1")
    again = program.post("/users", body, idempotency_key="n-1")

    assert (answer.status, again.json, Mail.objects.count()) == (201, answer.json, 1)
    person = answer.json
    assert (person["name"], person["active"], person["last_sign_in_at"]) == ("Nora Neu", True, None)
    assert [(role["role"], role["site"]) for role in person["roles"]] == [("order-clerk", site.slug), ("viewer", None)]
    assert re.search(r"http://testserver/invitation/\S+", Mail.objects.get().text)
    assert program.get(answer.headers["Location"].removeprefix("/api/v1")).json == person
    assert [each["name"] for each in program.get("/users").json["items"]] == ["Nora Neu"]


def test_an_e_mail_that_is_taken_and_a_body_that_cannot_be_are_refused(program, nora):
    assert program.post("/users", {**NORA, "email": "NORA@shop.example.com"}).code == "email_taken"
    assert program.post("/users", {**NORA, "email": "x"}).faults == [("/email", "not_an_address")]
    assert program.post("/users", {**NORA, "email": "x@y.example.com", "roles": [{"role": "king"}]}).status == 422
    assert User.objects.count() == 1


def test_roles_are_given_and_taken(program, nora, site):
    place = f"/users/{nora['id']}"

    given = program.post(f"{place}/roles", {"role": "viewer", "site": site.slug})
    assert (given.status, len(given.json["roles"])) == (201, 2)
    assert program.post(f"{place}/roles", {"role": "viewer", "site": site.slug}).code == "role_held_already"
    grant = next(role["id"] for role in given.json["roles"] if role["role"] == "viewer")
    taken = program.delete(f"{place}/roles/{grant}")

    assert (taken.status, [role["role"] for role in taken.json["roles"]]) == (200, ["order-clerk"])
    assert program.delete(f"{place}/roles/{grant}").code == "grant_not_found"


def test_a_person_is_deactivated_and_reactivated(program, clerk, nora):
    place = f"/users/{nora['id']}"

    assert program.post(f"{place}/deactivation").json["active"] is False
    assert program.post(f"{place}/deactivation").code == "user_inactive"
    assert program.post(f"{place}/invitation").code == "user_inactive"
    assert program.post(f"{place}/reactivation").json["active"] is True
    assert program.post(f"{place}/invitation").status == 200
    assert program.post("/users/4711/deactivation").code == "user_not_found"
    assert program.post(f"/users/{clerk.user.pk}/deactivation").code == "last_administrator"


def test_a_second_factor_that_was_lost_is_removed(program, nora):
    place = f"/users/{nora['id']}"
    assert nora["second_factor"] is False
    TOTP.activate(User.objects.get(pk=nora["id"]), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert program.get(place).json["second_factor"] is True

    removed = program.delete(f"{place}/second-factor")

    assert (removed.status, removed.json["second_factor"]) == (200, False)
    assert program.delete(f"{place}/second-factor").code == "no_second_factor"
    assert program.delete("/users/4711/second-factor").code == "user_not_found"


def test_a_key_gives_nobody_what_it_lacks(site):
    program = program_with("People", "users.manage", "orders.view")

    answer = program.post("/users", NORA)

    assert (answer.status, answer.code) == (403, "beyond_own_rights")
    assert "orders.edit" in answer.json["permissions"]
    assert not User.objects.exists()


def test_the_permissions_are_listed_in_groups(program):
    items = program.get("/permissions").json["items"]

    assert items[0] == {"name": "orders.view", "words": "See orders", "group": "Orders", "everywhere": False}
    assert {each["name"] for each in items if each["everywhere"]} >= {"users.manage", "configuration.edit"}


def test_a_role_is_added_changed_and_deleted(program):
    added = program.post("/roles", DESK)
    assert (added.status, added.headers["Location"]) == (201, "/api/v1/roles/returns-desk")
    assert added.json["refund_ceilings"] == [{"currency": "USD", "per_order": 5000, "per_day": None}]

    changed = program.patch("/roles/returns-desk", {"needs_second_person": True}, if_match='"1"')
    assert (changed.json["name"], changed.json["needs_second_person"]) == ("Returns desk", True)
    assert program.patch("/roles/returns-desk", {"name": "X"}, if_match='"1"').status == 412
    assert program.delete("/roles/returns-desk").status == 204

    assert program.get("/roles/returns-desk").code == "role_not_found"
    assert [role["slug"] for role in program.get("/roles").json["items"] if not role["system"]] == []


def test_system_roles_and_roles_in_use_stay(program, nora):
    assert program.patch("/roles/viewer", {"name": "X"}).code == "role_is_system"
    assert program.delete("/roles/viewer").code == "role_is_system"
    program.post("/roles", DESK)
    program.post(f"/users/{nora['id']}/roles", {"role": "returns-desk"})

    assert program.delete("/roles/returns-desk").code == "role_in_use"
    assert program.delete("/roles/returns-desk?move_to=king").faults == [("move_to", "role_unknown")]
    assert program.delete("/roles/returns-desk?move_to=viewer").status == 204

    assert not Role.objects.filter(slug="returns-desk").exists()
    roles = {role["role"] for role in program.get(f"/users/{nora['id']}").json["roles"]}
    assert roles == {"order-clerk", "viewer"}
