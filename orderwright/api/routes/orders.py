"""Orders: listing them, taking one in, looking at one, its timeline and what can be done with it."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Body, Query, Router

from orderwright.actions import all_actions, take_in_order
from orderwright.api import shapes
from orderwright.api.answers import answer, empty
from orderwright.api.declaring import IDEMPOTENCY_KEY, IF_NONE_MATCH, declared
from orderwright.api.document import OrderDocument
from orderwright.api.door import Call
from orderwright.api.fields import OrderNumber
from orderwright.api.idempotency import once
from orderwright.api.order_shape import order_shape
from orderwright.api.queries import OrderFilters, TimelinePage, cursor_refused
from orderwright.api.routes.answering import order_answer
from orderwright.api.versions import etag, is_known
from orderwright.core.availability import Availability
from orderwright.core.clock import now
from orderwright.orders.errors import OrderNotFound
from orderwright.orders.models import Order
from orderwright.reads.cursors import CursorInvalid
from orderwright.reads.order_detail import read_order
from orderwright.reads.order_list import ListQuery, OrderRow, read_list
from orderwright.reads.personal import may_see
from orderwright.reads.timeline import read_timeline

routes = Router(tags=["Orders"])


@routes.get("/orders", **declared(needs="orders.view", answers={200: shapes.OrderPage}, query=OrderFilters))
def list_orders(request: Call, filters: Query[OrderFilters]) -> HttpResponse:
    """List orders.

    Newest first. Filters narrow each other. The following page is asked for with `after`, the `next` of the page
    before it.
    """
    try:
        page = read_list(ListQuery(**filters.model_dump()), now=now(), actor=request.auth)
    except CursorInvalid as error:
        raise cursor_refused(error.message) from error
    return answer(shapes.OrderPage(items=[_row(row) for row in page.items], next=page.next))


@routes.post(
    "/orders",
    **declared(
        needs="orders.take_in",
        answers={201: shapes.Order, 200: shapes.Order},
        problems={409},
        headers=(IDEMPOTENCY_KEY,),
        body=OrderDocument,
    ),
)
def hand_in_order(request: Call, body: Annotated[dict[str, Any], Body(...)]) -> HttpResponse:
    """Take in a placed order.

    The same document again answers 200 with the same order; another document under the same `external_id` of the site
    is refused with 409. Everything that does not add up to the minor unit is refused with its place and both figures.
    """

    def work(_reference: str | None) -> HttpResponse:
        taken_in = take_in_order.run(document=body, actor=request.auth, now=now())
        place = reverse("api:show_order", kwargs={"number": taken_in.number})
        return order_answer(
            request, taken_in.number, status=201 if taken_in.is_new else 200, headers={"Location": place}
        )

    return once(request, body, work)


@routes.get(
    "/orders/{number}",
    **declared(needs="orders.view", answers={200: shapes.Order, 304: None}, headers=(IF_NONE_MATCH,)),
)
def show_order(request: Call, number: OrderNumber) -> HttpResponse:
    """Look at an order. The answer is the whole order; its ETag is its version."""
    order = read_order(number=number, actor=request.auth)
    tag = {"ETag": etag(order.version)}
    if is_known(request, version=order.version):
        return empty(status=304, headers=tag)
    return answer(order_shape(order, actor=request.auth), headers=tag)


@routes.get(
    "/orders/{number}/timeline",
    **declared(needs="orders.view", answers={200: shapes.Timeline}, query=TimelinePage),
)
def show_timeline(request: Call, number: OrderNumber, page: Query[TimelinePage]) -> HttpResponse:
    """List the changes of an order. Newest first: what was changed, by whom and when."""
    found = Order.objects.filter(number=number).values_list("pk", "site_id").first()
    if found is None or not request.auth.sees(found[1]):
        raise OrderNotFound(_("There is no order #%(number)s.") % {"number": number}, facts={"number": number})
    rows = read_timeline(
        order_id=found[0],
        sees_customer=may_see(request.auth, found[1]),
        limit=page.limit + 1,
        before=page.after,
        money_only=page.money_only == "true",
    )
    entries = [
        shapes.TimelineEntry(
            sequence=row.sequence,
            kind=row.kind,
            by=row.actor_name,
            by_kind=row.actor_kind,
            at=row.at,
            version=row.version,
            before=row.before,
            after=row.after,
            why=row.why or None,
        )
        for row in rows[: page.limit]
    ]
    is_more = len(rows) > page.limit
    return answer(shapes.Timeline(items=entries, next=str(entries[-1].sequence) if is_more else None))


@routes.get("/orders/{number}/actions", **declared(needs="orders.view", answers={200: shapes.Actions}))
def show_actions(request: Call, number: OrderNumber) -> HttpResponse:
    """List the actions on an order. Each says whether this key may do it now, why not, and within which bounds."""
    order = read_order(number=number, actor=request.auth)
    answers = all_actions.describe(order, request.auth)
    shape = shapes.Actions(items=[_action(name, availability) for name, availability in answers.items()])
    return answer(shape, headers={"ETag": etag(order.version)})


def _action(name: str, availability: Availability) -> shapes.Action:
    action, _, payment = name.partition(":")
    return shapes.Action(
        action=action,
        payment=int(payment) if payment else None,
        allowed=availability.allowed,
        code=availability.code or None,
        reason=str(availability.reason) or None,
        limits={limit.removesuffix("_minor"): value for limit, value in availability.limits.items()},
    )


def _row(row: OrderRow) -> shapes.OrderRow:
    return shapes.OrderRow(
        number=row.number,
        external_id=row.external_id,
        site=shapes.SiteRef(slug=row.site_slug, name=row.site_name),
        placed_at=row.placed_at,
        customer_name=row.customer_name,
        state=shapes.StateRef(
            slug=row.state_slug, name=row.state_name, color=row.state_color, system_state=row.system_state
        ),
        payment_standing=row.payment_standing,
        hold_ends_at=row.hold_ends_at,
        currency=row.currency,
        total=row.total_minor,
        pieces=row.pieces,
        shipments_total=row.shipments_total,
        shipments_sent=row.shipments_sent,
        shipments_partly=row.shipments_partly,
        version=row.version,
    )
