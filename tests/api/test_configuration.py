"""Order Configurations and sites through the API."""

from __future__ import annotations

import pytest

from orderwright.orders.models import OrderState
from orderwright.outbox.models import Mail

LIMITS = {
    "allows_cancel": True,
    "allows_shipments": True,
    "stage": "offered",
    "emails_customer": False,
    "email_text": "",
}
ON_HOLD = {"name": "On hold", "color": "amber", "description": "Waiting.", "system_state": "processing"}


def test_the_six_default_states_are_there_spelled_so(program):  # G4
    answer = program.get("/order-states")

    names = [state["name"] for state in answer.json["items"] if state["slug"] != "cancel-requested"]
    assert sorted(names) == ["Canceled", "Completed", "Fraud", "New", "Processing", "Suspended"]
    assert all(state["is_default"] for state in answer.json["items"])


def test_a_state_is_added_and_every_order_offers_it(program, order):  # G5, G6
    answer = program.post("/order-states", ON_HOLD)

    assert (answer.status, answer.headers["Location"]) == (201, "/api/v1/order-states/on-hold")
    assert answer.json == {**ON_HOLD, **LIMITS, "slug": "on-hold", "is_default": False, "orders": 0, "version": 1}
    assert program.get("/order-states/on-hold").content == answer.content
    actions = {action["action"]: action for action in program.get(f"/orders/{order.number}/actions").json["items"]}
    assert "on-hold" in actions["change_state"]["limits"]["states"]


def test_what_is_not_given_of_a_state_stays(program):
    program.post("/order-states", ON_HOLD)

    answer = program.patch("/order-states/on-hold", {"color": "red"})

    assert answer.json == {
        **ON_HOLD,
        **LIMITS,
        "color": "red",
        "slug": "on-hold",
        "is_default": False,
        "orders": 0,
        "version": 2,
    }
    assert answer.headers["ETag"] == '"2"'


def test_a_state_narrows_what_its_system_state_allows_and_a_default_one_does_not(program, order):  # G13
    program.post("/order-states", {**ON_HOLD, "allows_cancel": False})
    narrowed = program.patch("/order-states/on-hold", {"allows_shipments": False})
    default = program.patch("/order-states/new", {"allows_shipments": False, "is_confirmed": True})
    program.post(f"/orders/{order.number}/state", {"state": "on-hold"})

    canceled = program.post(f"/orders/{order.number}/cancellation", {"email_customer": False})
    items = [{"item": order.lines[0].id}]
    shipped = program.post(f"/orders/{order.number}/shipments", {"items": items, "method": "dhl-express"})

    assert (narrowed.json["allows_cancel"], narrowed.json["allows_shipments"]) == (False, False)
    assert (default.status, default.code) == (409, "state_is_default")
    assert (canceled.code, shipped.code) == ("order_state_locks_cancel", "order_state_locks_shipments")


def test_a_state_in_use_changes_its_name_only_when_that_is_confirmed(program, order):
    asked = program.patch("/order-states/new", {"name": "Fresh"})
    confirmed = program.patch("/order-states/new", {"name": "Fresh", "is_confirmed": True})

    assert (asked.status, asked.code, asked.json["orders"]) == (409, "state_edit_needs_confirmation", 1)
    assert (confirmed.status, confirmed.json["name"], confirmed.json["orders"]) == (200, "Fresh", 1)


def test_a_state_that_emails_says_what_and_a_program_may_leave_it_out(program, take_in):
    silent = program.post("/order-states", {**ON_HOLD, "emails_customer": True})
    program.post("/order-states", {**ON_HOLD, "emails_customer": True, "email_text": "We wait for your lamp."})
    told, quiet = take_in(held=0), take_in(held=0)

    program.post(f"/orders/{told.number}/state", {"state": "on-hold"})
    program.post(f"/orders/{quiet.number}/state", {"state": "on-hold", "email_customer": False})

    assert (silent.status, silent.faults) == (422, [("/email_text", "required")])
    assert list(Mail.objects.values_list("order_id", "kind")) == [(told.id, "order_state")]


def test_a_state_in_use_keeps_its_mapping_and_cannot_be_deleted(program, order):
    program.post("/order-states", ON_HOLD)
    program.post(f"/orders/{order.number}/state", {"state": "on-hold"})

    mapped = program.patch("/order-states/on-hold", {"system_state": "fraud", "is_confirmed": True})
    deleted = program.delete("/order-states/on-hold")

    assert (mapped.status, mapped.code, mapped.json["orders"]) == (409, "state_in_use", 1)
    assert (deleted.status, deleted.code, deleted.json["orders"]) == (409, "state_in_use", 1)


def test_an_unused_state_is_deleted_and_a_default_one_stays(program):
    program.post("/order-states", ON_HOLD)

    deleted, default = program.delete("/order-states/on-hold"), program.delete("/order-states/fraud")

    assert (deleted.status, deleted.content) == (204, b"")
    assert (default.status, default.code) == (409, "state_is_default")
    assert program.get("/order-states/on-hold").code == "order_state_unknown"


def test_a_state_that_somebody_changed_since_is_not_overwritten(program):
    program.post("/order-states", ON_HOLD)
    program.patch("/order-states/on-hold", {"color": "red"})

    answer = program.patch("/order-states/on-hold", {"color": "blue"}, if_match='"1"')

    assert (answer.status, answer.code, answer.json["version"]) == (412, "state_changed", 2)


def test_two_states_never_share_a_name(program):
    answer = program.post("/order-states", {**ON_HOLD, "name": "FRAUD"})

    assert (answer.status, answer.code) == (409, "state_name_taken")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": ""}, ("/name", "required")),
        ({"name": "x" * 41}, ("/name", "too_long")),
        ({"name": "a\nb"}, ("/name", "forbidden_character")),
        ({"color": "#ff0000"}, ("/color", "color_unknown")),
        ({"description": "x" * 201}, ("/description", "too_long")),
        ({"system_state": "canceled"}, ("/system_state", "system_state_not_mappable")),
        ({"system_state": "cancel_requested"}, ("/system_state", "system_state_not_mappable")),
        ({"system_state": None}, ("/system_state", "wrong_type")),
        ({"slug": "mine"}, ("/slug", "unknown_field")),
        ({"is_default": True}, ("/is_default", "unknown_field")),
    ],
)
def test_a_state_that_makes_no_sense_is_refused_at_its_place(program, change, fault):
    answer = program.post("/order-states", {**ON_HOLD, **change})

    assert (answer.status, answer.faults) == (422, [fault])
    assert OrderState.objects.count() == 7


@pytest.mark.parametrize("slug", ["lost", "%00", "x" * 81, "on%20hold"])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"color": "red"}), ("DELETE", None)])
def test_a_state_that_nobody_knows_is_not_found(program, slug, method, body):
    assert program.send(method, f"/order-states/{slug}", body).status == 404


def test_sites_are_listed(program, site):
    (listed,) = program.get("/sites").json["items"]

    assert (listed["slug"], listed["name"], listed["time_zone"]) == ("cozy-home-us", "Cozy Home US", "America/New_York")
    assert (listed["currency"], listed["locale"], listed["is_open"]) == ("USD", "en-US", True)
