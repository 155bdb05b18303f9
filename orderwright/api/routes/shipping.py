"""Shipping's configuration: delivery states, carriers and shipping methods, each listed, added, edited and deleted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router

from orderwright.actions import (
    add_carrier,
    add_delivery_state,
    add_shipping_method,
    delete_carrier,
    delete_delivery_state,
    delete_shipping_method,
    edit_carrier,
    edit_delivery_state,
    edit_shipping_method,
)
from orderwright.actions.shipping_fields import CarrierFields, DeliveryStateFields, MethodFields
from orderwright.api import shapes
from orderwright.api import shipping_bodies as bodies
from orderwright.api.answers import answer, empty
from orderwright.api.declaring import IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import PathThing
from orderwright.api.queries import MethodFilter
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.reads.shipping_configuration import (
    CarrierEntry,
    DeliveryStateEntry,
    MethodEntry,
    list_carriers,
    list_delivery_states,
    list_methods,
    read_carrier,
    read_delivery_state,
    read_method,
)

routes = Router(tags=["Shipping"])


def _seen(answers: dict[int, Any], **more: Any) -> dict[str, Any]:
    return declared(needs="configuration.view", answers=answers, **more)


def _changed(answers: dict[int, Any], **more: Any) -> dict[str, Any]:
    return declared(needs="configuration.edit", answers=answers, problems={409}, **more)


# Delivery states


@routes.get("/delivery-states", **_seen({200: shapes.DeliveryStates}))
def list_all_delivery_states(request: Call) -> HttpResponse:
    """List delivery states. They come in the order of the dropdown."""
    return answer(
        shapes.DeliveryStates(items=[_delivery_state(row) for row in list_delivery_states(actor=request.auth)])
    )


@routes.post("/delivery-states", **_changed({201: shapes.DeliveryState}, has_body=True))
def add_new_delivery_state(request: Call, body: bodies.NewDeliveryStateBody) -> HttpResponse:
    """Add a delivery state. Every item's dropdown offers it at once, behind those that mean the same."""
    fields = DeliveryStateFields(name=body.name, color=body.color, description=body.description, phase=body.phase)
    slug = add_delivery_state.run(slug=body.slug, fields=fields, actor=request.auth, now=now())
    return _delivery_state_answer(request, slug, status=HTTPStatus.CREATED)


@routes.get("/delivery-states/{slug}", **_seen({200: shapes.DeliveryState}))
def show_delivery_state(request: Call, slug: PathThing) -> HttpResponse:
    """Look at a delivery state. Its ETag is its version."""
    return _delivery_state_answer(request, slug)


@routes.patch("/delivery-states/{slug}", **_changed({200: shapes.DeliveryState}, headers=(IF_MATCH,), has_body=True))
def change_delivery_state(request: Call, slug: PathThing, body: bodies.DeliveryStateChangeBody) -> HttpResponse:
    """Edit a delivery state.

    What is not given stays. A default one, and one with pieces in it, keeps its `phase`; while orders show it, the rest
    is refused with their number unless `is_confirmed`.
    """
    seen = read_delivery_state(slug=slug, actor=request.auth)
    edit_delivery_state.run(
        slug=slug,
        fields=DeliveryStateFields(
            name=_given(body.name, seen.name),
            color=_given(body.color, seen.color),
            description=_given(body.description, seen.description),
            phase=_given(body.phase, seen.phase),
        ),
        is_confirmed=body.is_confirmed,
        actor=request.auth,
        now=now(),
        # Without If-Match, what is not given is what was just read: should that change meanwhile, it is refused.
        version=expected_version(request) or seen.version,
    )
    return _delivery_state_answer(request, slug)


@routes.delete("/delivery-states/{slug}", **_changed({204: None}))
def remove_delivery_state(request: Call, slug: PathThing) -> HttpResponse:
    """Delete a delivery state. No piece may be in it, and the default ones stay."""
    delete_delivery_state.run(slug=slug, actor=request.auth, now=now())
    return empty(status=204)


# Carriers


@routes.get("/carriers", **_seen({200: shapes.Carriers}))
def list_all_carriers(request: Call) -> HttpResponse:
    """List carriers. They come by name."""
    return answer(shapes.Carriers(items=[_carrier(row) for row in list_carriers(actor=request.auth)]))


@routes.post("/carriers", **_changed({201: shapes.Carrier}, has_body=True))
def add_new_carrier(request: Call, body: bodies.CarrierBody) -> HttpResponse:
    """Add a carrier. Its template is where parcels are followed; see `parcels` of a shipment."""
    fields = CarrierFields(
        name=body.name,
        tracking_url_template=body.tracking_url_template,
        recognised_as=body.recognised_as,
        sites=body.sites,
    )
    slug = add_carrier.run(slug=body.slug, fields=fields, actor=request.auth, now=now())
    return _carrier_answer(request, slug, status=HTTPStatus.CREATED)


@routes.get("/carriers/{slug}", **_seen({200: shapes.Carrier}))
def show_carrier(request: Call, slug: PathThing) -> HttpResponse:
    """Look at a carrier. Its ETag is its version."""
    return _carrier_answer(request, slug)


@routes.patch("/carriers/{slug}", **_changed({200: shapes.Carrier}, headers=(IF_MATCH,), has_body=True))
def change_carrier(request: Call, slug: PathThing, body: bodies.CarrierChangeBody) -> HttpResponse:
    """Edit a carrier.

    What is not given stays. While orders show it, another name or template is refused with their number unless
    `is_confirmed`; links of parcels follow at once.
    """
    seen = read_carrier(slug=slug, actor=request.auth)
    edit_carrier.run(
        slug=slug,
        fields=CarrierFields(
            name=_given(body.name, seen.name),
            tracking_url_template=_given(body.tracking_url_template, seen.tracking_url_template),
            recognised_as=_given(body.recognised_as, seen.recognised_as),
            sites=[site.slug for site in seen.sites] if body.sites is None else body.sites,
        ),
        is_confirmed=body.is_confirmed,
        actor=request.auth,
        now=now(),
        version=expected_version(request) or seen.version,
    )
    return _carrier_answer(request, slug)


@routes.delete("/carriers/{slug}", **_changed({204: None}))
def remove_carrier(request: Call, slug: PathThing) -> HttpResponse:
    """Delete a carrier. No shipping method may go by it."""
    delete_carrier.run(slug=slug, actor=request.auth, now=now())
    return empty(status=204)


# Shipping methods


@routes.get("/shipping-methods", **_seen({200: shapes.ShippingMethods}, query=MethodFilter))
def list_all_methods(request: Call, asked: Query[MethodFilter]) -> HttpResponse:
    """List shipping methods. With `offered=true`, only those that Update Shipment offers at some site."""
    wanted = None if asked.offered is None else asked.offered == "true"
    found = [row for row in list_methods(actor=request.auth) if wanted in (None, row.is_offered)]
    return answer(shapes.ShippingMethods(items=[_method(row) for row in found]))


@routes.post("/shipping-methods", **_changed({201: shapes.ShippingMethod}, has_body=True))
def add_new_method(request: Call, body: bodies.ShippingMethodBody) -> HttpResponse:
    """Add a shipping method. Update Shipment offers it at once, and orders name it by its slug."""
    fields = MethodFields(name=body.name, carrier=body.carrier, is_offered=body.is_offered, sites=body.sites)
    slug = add_shipping_method.run(slug=body.slug, fields=fields, actor=request.auth, now=now())
    return _method_answer(request, slug, status=HTTPStatus.CREATED)


@routes.get("/shipping-methods/{slug}", **_seen({200: shapes.ShippingMethod}))
def show_method(request: Call, slug: PathThing) -> HttpResponse:
    """Look at a shipping method. Its ETag is its version."""
    return _method_answer(request, slug)


@routes.patch("/shipping-methods/{slug}", **_changed({200: shapes.ShippingMethod}, headers=(IF_MATCH,), has_body=True))
def change_method(request: Call, slug: PathThing, body: bodies.ShippingMethodChangeBody) -> HttpResponse:
    """Edit a shipping method, or switch it off.

    What is not given stays. While orders show it, another name or carrier is refused with their number unless
    `is_confirmed`.
    """
    seen = read_method(slug=slug, actor=request.auth)
    edit_shipping_method.run(
        slug=slug,
        fields=MethodFields(
            name=_given(body.name, seen.name),
            carrier=_given(body.carrier, seen.carrier_slug or ""),
            is_offered=seen.is_offered if body.is_offered is None else body.is_offered,
            sites=[site.slug for site in seen.sites] if body.sites is None else body.sites,
        ),
        is_confirmed=body.is_confirmed,
        actor=request.auth,
        now=now(),
        version=expected_version(request) or seen.version,
    )
    return _method_answer(request, slug)


@routes.delete("/shipping-methods/{slug}", **_changed({204: None}))
def remove_method(request: Call, slug: PathThing) -> HttpResponse:
    """Delete a shipping method. No shipment may go by it; switch it off instead."""
    delete_shipping_method.run(slug=slug, actor=request.auth, now=now())
    return empty(status=204)


def _given(wanted: str | None, stands: str) -> str:
    return stands if wanted is None else wanted


def _delivery_state_answer(request: Call, slug: str, *, status: int = HTTPStatus.OK) -> HttpResponse:
    row = read_delivery_state(slug=slug, actor=request.auth)
    return _answer(_delivery_state(row), row.version, place="show_delivery_state", slug=slug, status=status)


def _carrier_answer(request: Call, slug: str, *, status: int = HTTPStatus.OK) -> HttpResponse:
    row = read_carrier(slug=slug, actor=request.auth)
    return _answer(_carrier(row), row.version, place="show_carrier", slug=slug, status=status)


def _method_answer(request: Call, slug: str, *, status: int = HTTPStatus.OK) -> HttpResponse:
    row = read_method(slug=slug, actor=request.auth)
    return _answer(_method(row), row.version, place="show_method", slug=slug, status=status)


def _answer(shape: shapes.Shape, version: int, *, place: str, slug: str, status: int) -> HttpResponse:
    headers = {"ETag": etag(version)}
    if status == HTTPStatus.CREATED:
        headers["Location"] = reverse(f"api:{place}", kwargs={"slug": slug})
    return answer(shape, status=status, headers=headers)


def _delivery_state(row: DeliveryStateEntry) -> shapes.DeliveryState:
    return shapes.DeliveryState(
        slug=row.slug,
        name=row.name,
        color=row.color,
        description=row.description,
        phase=row.phase,
        is_default=row.is_default,
        orders=row.orders,
        version=row.version,
    )


def _carrier(row: CarrierEntry) -> shapes.Carrier:
    return shapes.Carrier(
        slug=row.slug,
        name=row.name,
        tracking_url_template=row.tracking_url_template,
        recognised_as=row.recognised_as,
        sites=[site.slug for site in row.sites],
        methods=row.methods,
        orders=row.orders,
        version=row.version,
    )


def _method(row: MethodEntry) -> shapes.ShippingMethod:
    return shapes.ShippingMethod(
        slug=row.slug,
        name=row.name,
        carrier=row.carrier_slug,
        carrier_name=row.carrier,
        is_offered=row.is_offered,
        sites=[site.slug for site in row.sites],
        orders=row.orders,
        version=row.version,
    )
