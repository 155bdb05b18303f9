"""What a clerk does with an order, except its money: state, invoice number, notes, shipments."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from orderwright.actions import (
    add_note,
    change_state,
    save_invoice,
    set_delivery_state,
    set_tracking,
    undo_change,
    update_shipment,
)
from orderwright.api import bodies, shapes
from orderwright.api.declaring import IDEMPOTENCY_KEY, IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import OrderNumber, PathCount, PathId
from orderwright.api.idempotency import once
from orderwright.api.routes.answering import order_answer
from orderwright.api.versions import expected_version
from orderwright.core.clock import now

routes = Router(tags=["Work on an order"])


@routes.post(
    "/orders/{number}/state",
    **declared(
        needs="orders.change_state",
        answers={200: shapes.Order},
        problems={409},
        headers=(IF_MATCH,),
        has_body=True,
    ),
)
def change_order_state(request: Call, number: OrderNumber, body: bodies.StateBody) -> HttpResponse:
    """Change the Order State.

    Canceled is reached by `POST …/cancellation` alone, which settles the money. Completing an order with money still
    held or items unsent is refused with what is open, unless `is_confirmed`.
    """
    change_state.run(
        number=number,
        state=body.state,
        is_confirmed=body.is_confirmed,
        email_customer=body.email_customer,
        actor=request.auth,
        now=now(),
        version=expected_version(request),
    )
    return order_answer(request, number)


@routes.post(
    "/orders/{number}/timeline/{sequence}/undo",
    **declared(needs="orders.view", answers={200: shapes.Order}, problems={409}),
)
def undo_order_change(request: Call, number: OrderNumber, sequence: PathCount) -> HttpResponse:
    """Undo a change. A simple one of the same key, within a minute, while nobody touched the same; never money."""
    undo_change.run(number=number, sequence=sequence, actor=request.auth, now=now())
    return order_answer(request, number)


@routes.put(
    "/orders/{number}/invoice-number",
    **declared(needs="orders.edit", answers={200: shapes.Order}, problems={409}, headers=(IF_MATCH,), has_body=True),
)
def save_invoice_number(request: Call, number: OrderNumber, body: bodies.InvoiceNumberBody) -> HttpResponse:
    """Save the Invoice Number. Nothing else changes."""
    save_invoice.run(
        number=number,
        invoice_number=body.invoice_number,
        actor=request.auth,
        now=now(),
        version=expected_version(request),
    )
    return order_answer(request, number)


@routes.post(
    "/orders/{number}/notes",
    **declared(needs="orders.edit", answers={201: shapes.Order}, headers=(IDEMPOTENCY_KEY,), has_body=True),
)
def add_order_note(request: Call, number: OrderNumber, body: bodies.NoteBody) -> HttpResponse:
    """Add a note. Notes are for colleagues, never clash, and are never changed."""

    def work(_reference: str | None) -> HttpResponse:
        add_note.run(number=number, text=body.text, actor=request.auth, now=now())
        return order_answer(request, number, status=201)

    return once(request, body.model_dump(), work)


@routes.post(
    "/orders/{number}/shipments",
    **declared(
        needs="shipments.update",
        answers={200: shapes.Order},
        problems={409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
        has_body=True,
    ),
)
def update_order_shipments(request: Call, number: OrderNumber, body: bodies.ShipmentsBody) -> HttpResponse:
    """Update Shipment.

    Let all items, some, or so many pieces of them go by another method. Only while the order's system state is New or
    Processing. Items with different methods are separate shipments.
    """
    picks = [
        update_shipment.Pick(line_id=pick.item, quantity=pick.quantity, shipment=pick.shipment) for pick in body.items
    ]

    version = expected_version(request)

    def work(_reference: str | None) -> HttpResponse:
        update_shipment.run(
            number=number,
            picks=picks,
            method=body.method,
            actor=request.auth,
            now=now(),
            version=version,
        )
        return order_answer(request, number)

    return once(request, body.model_dump(), work)


@routes.put(
    "/orders/{number}/shipments/{shipment}/tracking-number",
    **declared(
        needs="shipments.update", answers={200: shapes.Order}, problems={409}, headers=(IF_MATCH,), has_body=True
    ),
)
def set_tracking_number(
    request: Call, number: OrderNumber, shipment: PathCount, body: bodies.TrackingNumberBody
) -> HttpResponse:
    """Set a Tracking Number. It is that of a shipment's parcel; no two parcels of an order share a number."""
    set_tracking.run(
        number=number,
        shipment=shipment,
        tracking_number=body.tracking_number,
        parcel=body.parcel,
        actor=request.auth,
        now=now(),
        version=expected_version(request),
    )
    return order_answer(request, number)


@routes.put(
    "/orders/{number}/items/{item}/delivery-state",
    **declared(
        needs="shipments.update", answers={200: shapes.Order}, problems={409}, headers=(IF_MATCH,), has_body=True
    ),
)
def set_item_delivery_state(
    request: Call, number: OrderNumber, item: PathId, body: bodies.DeliveryStateBody
) -> HttpResponse:
    """Set a Delivery State.

    It is that of an item, or of so many of its pieces. Only while the order's system state is New or Processing.
    """
    set_delivery_state.run(
        number=number,
        line_id=item,
        delivery_state=body.delivery_state,
        quantity=body.quantity,
        shipment=body.shipment,
        from_state=body.from_state,
        actor=request.auth,
        now=now(),
        version=expected_version(request),
    )
    return order_answer(request, number)
