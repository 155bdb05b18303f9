"""Order states; and who the key is. Sites and shipping have modules of their own."""

# ruff: noqa: ARG001 - ninja hands every route its request

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from django.http import HttpResponse
from django.urls import reverse
from ninja import Router

from orderwright.actions import add_state, delete_state, edit_state
from orderwright.api import bodies, shapes
from orderwright.api.answers import answer, empty
from orderwright.api.declaring import IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import PathSlug
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.core.errors import NotFound
from orderwright.orders.errors import StateUnknown
from orderwright.reads.order_states import list_states, read_state
from orderwright.reads.rows import StateRow
from orderwright.reads.sites import list_sites

routes = Router(tags=["Configuration"])

T = TypeVar("T")


@routes.get("/me", **declared(needs=None, answers={200: shapes.Me}))
def show_key(request: Call) -> HttpResponse:
    """Ask who this key is. The answer lists its permissions, and the sites whose orders exist for it."""
    actor = request.auth
    return answer(
        shapes.Me(
            name=actor.name,
            permissions=sorted(actor.permissions),
            sites=[shapes.SiteRef(slug=site.slug, name=site.name) for site in list_sites(actor=actor)],
            every_site=actor.sites is None,
        )
    )


@routes.get("/order-states", **declared(needs="configuration.view", answers={200: shapes.OrderStates}))
def list_order_states(request: Call) -> HttpResponse:
    """List order states. They come in the order of the dropdown."""
    return answer(shapes.OrderStates(items=[_state(row) for row in list_states()]))


@routes.post(
    "/order-states",
    **declared(needs="configuration.edit", answers={201: shapes.OrderState}, problems={409}, has_body=True),
)
def add_order_state(request: Call, body: bodies.OrderStateBody) -> HttpResponse:
    """Add Status. Every order's dropdown offers the new state at once."""
    slug = add_state.run(
        name=body.name,
        color=body.color,
        description=body.description,
        system_state=body.system_state,
        allows_cancel=body.allows_cancel,
        allows_shipments=body.allows_shipments,
        emails_customer=body.emails_customer,
        email_text=body.email_text,
        actor=request.auth,
        now=now(),
    )
    return _state_answer(slug, status=201)


@routes.get("/order-states/{slug}", **declared(needs="configuration.view", answers={200: shapes.OrderState}))
def show_order_state(request: Call, slug: PathSlug) -> HttpResponse:
    """Look at an order state. Its ETag is its version."""
    return _state_answer(slug)


@routes.patch(
    "/order-states/{slug}",
    **declared(
        needs="configuration.edit",
        answers={200: shapes.OrderState},
        problems={409},
        headers=(IF_MATCH,),
        has_body=True,
    ),
)
def edit_order_state(request: Call, slug: PathSlug, body: bodies.OrderStateChangeBody) -> HttpResponse:
    """Edit an order state.

    What is not given stays. While orders are in it, the mapping stays, and the rest is refused with their number
    unless `is_confirmed`.
    """
    seen = _named_by_path(lambda: read_state(slug=slug))
    # Without If-Match, what is not given is what was just read: should that change meanwhile, the change is refused.
    version = expected_version(request) or seen.version
    _named_by_path(
        lambda: edit_state.run(
            slug=slug,
            name=seen.name if body.name is None else body.name,
            color=seen.color if body.color is None else body.color,
            description=seen.description if body.description is None else body.description,
            system_state=seen.system_state if body.system_state is None else body.system_state,
            allows_cancel=body.allows_cancel,
            allows_shipments=body.allows_shipments,
            emails_customer=body.emails_customer,
            email_text=body.email_text,
            is_confirmed=body.is_confirmed,
            actor=request.auth,
            now=now(),
            version=version,
        )
    )
    return _state_answer(slug)


@routes.delete("/order-states/{slug}", **declared(needs="configuration.edit", answers={204: None}, problems={409}))
def delete_order_state(request: Call, slug: PathSlug) -> HttpResponse:
    """Delete an order state. No order may be in it, and the default states stay."""
    _named_by_path(lambda: delete_state.run(slug=slug, actor=request.auth, now=now()))
    return empty(status=204)


def _state_answer(slug: str, *, status: int = HTTPStatus.OK) -> HttpResponse:
    row = _named_by_path(lambda: read_state(slug=slug))
    headers = {"ETag": etag(row.version)}
    if status == HTTPStatus.CREATED:
        headers["Location"] = reverse("api:show_order_state", kwargs={"slug": slug})
    return answer(_state(row), status=status, headers=headers)


def _named_by_path(ask: Callable[[], T]) -> T:
    """Return what `ask` returns. A state that the address names and nobody knows is not found, rather than invalid."""
    try:
        return ask()
    except StateUnknown as error:
        raise NotFound(error.message, code=error.code, facts=error.facts) from error


def _state(row: StateRow) -> shapes.OrderState:
    return shapes.OrderState(
        slug=row.slug,
        name=row.name,
        color=row.color,
        description=row.description,
        system_state=row.system_state,
        is_default=row.is_default,
        allows_cancel=row.allows_cancel,
        allows_shipments=row.allows_shipments,
        emails_customer=row.emails_customer,
        email_text=row.email_text,
        stage=row.stage,
        orders=row.orders,
        version=row.version,
    )
