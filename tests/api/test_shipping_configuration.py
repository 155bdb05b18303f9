"""Delivery states, carriers and shipping methods through the API (W9)."""

from __future__ import annotations

import pytest

from orderwright.shipping.models import Carrier, DeliveryState, ShippingMethod

AT_CUSTOMS = {"name": "At customs", "color": "amber", "description": "Waits for papers.", "phase": "sent"}
GLS = {
    "name": "GLS",
    "tracking_url_template": "https://gls.example/{country}/{language}?match={number}",
    "recognised_as": "",
    "sites": ["cozy-home-us"],
}
PARCEL_SHOP = {"name": "GLS Parcel shop", "carrier": "gls", "sites": [], "is_offered": True}


def test_what_an_installation_begins_with_is_listed(program, site):
    states = program.get("/delivery-states").json["items"]
    carriers = {carrier["slug"]: carrier for carrier in program.get("/carriers").json["items"]}
    methods = {method["slug"]: method for method in program.get("/shipping-methods").json["items"]}

    assert [(state["name"], state["phase"]) for state in states] == [
        ("Pending", "pending"),
        ("Ready to ship", "pending"),
        ("Shipped", "sent"),
        ("In transit", "sent"),
        ("Delivered", "delivered"),
        ("Returned", "returned"),
        ("Failed", "failed"),
    ]
    assert all(state["is_default"] for state in states)
    assert carriers["ups"] == {
        "slug": "ups",
        "name": "UPS",
        "tracking_url_template": "https://www.ups.com/track?tracknum={number}",
        "recognised_as": "ups",
        "sites": [],
        "methods": 2,
        "orders": 0,
        "version": 1,
    }
    assert methods["ups-ground"] == {
        "slug": "ups-ground",
        "name": "UPS Ground",
        "carrier": "ups",
        "carrier_name": "UPS",
        "is_offered": True,
        "sites": [],
        "orders": 0,
        "version": 1,
    }


def test_a_title_that_came_in_with_an_order_is_not_offered(program, take_in):
    take_in(shipping={"method": "By pigeon", "price": 0}, held=0)

    shown = {one["name"]: one for one in program.get("/shipping-methods").json["items"]}
    offered = {one["name"] for one in program.get("/shipping-methods?offered=true").json["items"]}

    assert (shown["By pigeon"]["is_offered"], shown["By pigeon"]["orders"]) == (False, 1)
    assert "By pigeon" not in offered
    assert [one["name"] for one in program.get("/shipping-methods?offered=false").json["items"]] == ["By pigeon"]


@pytest.mark.parametrize(
    ("path", "body", "place", "extra"),
    [
        ("/delivery-states", AT_CUSTOMS, "at-customs", {"is_default": False, "orders": 0}),
        ("/carriers", GLS, "gls", {"methods": 0, "orders": 0}),
        (
            "/shipping-methods",
            PARCEL_SHOP | {"carrier": "ups", "slug": "shop"},
            "shop",
            {"carrier_name": "UPS", "orders": 0},
        ),
    ],
)
def test_one_is_added_looked_at_edited_and_deleted(program, site, path, body, place, extra):
    added = program.post(path, body)
    looked = program.get(f"{path}/{place}")
    edited = program.patch(f"{path}/{place}", {"name": "Otherwise"}, if_match='"1"')
    stale = program.patch(f"{path}/{place}", {"name": "Again"}, if_match='"1"')
    deleted = program.delete(f"{path}/{place}")

    assert (added.status, added.headers["Location"]) == (201, f"/api/v1{path}/{place}")
    assert added.json == {**body, "slug": place, "version": 1, **extra}
    assert looked.content == added.content
    assert (edited.json, edited.headers["ETag"]) == ({**added.json, "name": "Otherwise", "version": 2}, '"2"')
    assert (stale.status, stale.json["version"]) == (412, 2)
    assert deleted.status == 204
    assert program.get(f"{path}/{place}").status == 404


def test_every_order_offers_what_was_added(program, order):
    program.post("/delivery-states", AT_CUSTOMS)
    program.post("/carriers", GLS)
    program.post("/shipping-methods", PARCEL_SHOP)

    actions = {each["action"]: each for each in program.get(f"/orders/{order.number}/actions").json["items"]}

    assert "gls-parcel-shop" in actions["update_shipment"]["limits"]["methods"]
    states = actions["set_delivery_state"]["limits"]["delivery_states"]
    assert states[2:5] == ["shipped", "in-transit", "at-customs"]


def test_a_method_that_is_switched_off_stays_on_its_shipment_and_is_not_offered(program, order):
    answer = program.patch("/shipping-methods/ups-ground", {"is_offered": False})

    assert (answer.status, answer.json["is_offered"], answer.json["orders"]) == (200, False, 1)
    shown = program.get(f"/orders/{order.number}").json["shipments"][0]["method"]
    actions = {each["action"]: each for each in program.get(f"/orders/{order.number}/actions").json["items"]}
    assert shown["name"] == "UPS Ground"
    assert "ups-ground" not in actions["update_shipment"]["limits"]["methods"]
    body = {"items": [{"item": order.lines[0].id}], "method": "ups-ground"}
    assert program.post(f"/orders/{order.number}/shipments", body).faults == [("/method", "shipping_method_unknown")]


@pytest.mark.parametrize(
    ("path", "change", "code"),
    [
        ("/delivery-states/pending", {"name": "Waiting"}, "delivery_state_edit_needs_confirmation"),
        ("/carriers/ups", {"tracking_url_template": ""}, "carrier_edit_needs_confirmation"),
        ("/shipping-methods/ups-ground", {"carrier": "fedex"}, "shipping_method_edit_needs_confirmation"),
    ],
)
def test_what_orders_show_changes_only_when_that_is_confirmed(program, order, path, change, code):
    asked = program.patch(path, change)
    confirmed = program.patch(path, change | {"is_confirmed": True})

    assert (asked.status, asked.code, asked.json["orders"]) == (409, code, 1)
    assert confirmed.status == 200
    assert {**confirmed.json, **change} == confirmed.json


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/delivery-states/pending", "delivery_state_is_default"),
        ("/delivery-states/at-customs", "delivery_state_in_use"),
        ("/carriers/ups", "carrier_in_use"),
        ("/shipping-methods/ups-ground", "shipping_method_in_use"),
    ],
)
def test_what_is_used_or_a_default_is_not_deleted(program, order, path, code):
    program.post("/delivery-states", AT_CUSTOMS)
    program.put(f"/orders/{order.number}/items/{order.lines[0].id}/delivery-state", {"delivery_state": "at-customs"})

    answer = program.delete(path)

    assert (answer.status, answer.code) == (409, code)
    assert program.get(path).status == 200


@pytest.mark.parametrize(
    ("path", "body", "fault"),
    [
        ("/delivery-states", {**AT_CUSTOMS, "color": "#ff0000"}, ("/color", "color_unknown")),
        ("/delivery-states", {**AT_CUSTOMS, "phase": "lost"}, ("/phase", "phase_unknown")),
        ("/delivery-states", {**AT_CUSTOMS, "name": " "}, ("/name", "required")),
        ("/delivery-states", {**AT_CUSTOMS, "description": "x" * 201}, ("/description", "too_long")),
        ("/delivery-states", {**AT_CUSTOMS, "slug": "Not so"}, ("/slug", "slug_invalid")),
        ("/delivery-states", {**AT_CUSTOMS, "slug": "add"}, ("/slug", "slug_invalid")),
        ("/delivery-states", {**AT_CUSTOMS, "is_default": True}, ("/is_default", "unknown_field")),
        (
            "/carriers",
            {**GLS, "tracking_url_template": "http://gls.example/{number}"},
            ("/tracking_url_template", "address_invalid"),
        ),
        (
            "/carriers",
            {**GLS, "tracking_url_template": "https://gls.example/{num}"},
            ("/tracking_url_template", "placeholder_unknown"),
        ),
        (
            "/carriers",
            {**GLS, "tracking_url_template": "https://gls.example/"},
            ("/tracking_url_template", "placeholder_missing"),
        ),
        ("/carriers", {**GLS, "recognised_as": "pigeon"}, ("/recognised_as", "recognised_as_unknown")),
        ("/carriers", {**GLS, "sites": ["nowhere"]}, ("/sites/0", "site_unknown")),
        ("/carriers", {**GLS, "name": "x" * 81}, ("/name", "too_long")),
        ("/shipping-methods", {**PARCEL_SHOP, "carrier": "pigeon"}, ("/carrier", "carrier_unknown")),
        ("/shipping-methods", {**PARCEL_SHOP, "carrier": None}, ("/carrier", "wrong_type")),
        ("/shipping-methods", {**PARCEL_SHOP, "name": "x" * 121}, ("/name", "too_long")),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(program, site, path, body, fault):
    before = [model.objects.count() for model in (DeliveryState, Carrier, ShippingMethod)]

    answer = program.post(path, body)

    assert (answer.status, answer.faults) == (422, [fault])
    assert [model.objects.count() for model in (DeliveryState, Carrier, ShippingMethod)] == before


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/delivery-states", {**AT_CUSTOMS, "name": "SHIPPED"}, "delivery_state_name_taken"),
        ("/delivery-states", {**AT_CUSTOMS, "slug": "shipped"}, "delivery_state_slug_taken"),
        ("/carriers", {**GLS, "name": "ups"}, "carrier_name_taken"),
        ("/carriers", {**GLS, "slug": "ups"}, "carrier_slug_taken"),
        ("/shipping-methods", {**PARCEL_SHOP, "carrier": "", "name": "ups ground"}, "shipping_method_name_taken"),
        ("/shipping-methods", {**PARCEL_SHOP, "carrier": "", "slug": "pick-up"}, "shipping_method_slug_taken"),
    ],
)
def test_names_and_short_names_are_not_shared(program, site, path, body, code):
    answer = program.post(path, body)

    assert (answer.status, answer.code) == (409, code)


@pytest.mark.parametrize("path", ["/delivery-states", "/carriers", "/shipping-methods"])
@pytest.mark.parametrize("slug", ["lost", "%00", "x" * 81])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"name": "Any"}), ("DELETE", None)])
def test_what_nobody_knows_is_not_found(program, path, slug, method, body):
    assert program.send(method, f"{path}/{slug}", body).status == 404
