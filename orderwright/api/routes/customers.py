"""The customer of an order: editing it."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from orderwright.actions import edit_customer
from orderwright.api import shapes
from orderwright.api.answers import answer
from orderwright.api.customer_bodies import CustomerBody
from orderwright.api.declaring import IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import OrderNumber
from orderwright.api.order_shape import order_shape
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.reads.order_detail import read_order

routes = Router(tags=["Customers"])


@routes.patch(
    "/orders/{number}/customer",
    **declared(
        needs="customers.edit",
        answers={200: shapes.CustomerAnswer},
        problems={409},
        headers=(IF_MATCH,),
        has_body=True,
    ),
)
def edit_order_customer(request: Call, number: OrderNumber, body: CustomerBody) -> HttpResponse:
    """Edit the customer of an order.

    What is left out stays; an address is replaced whole. `remarks` say what looks wrong about an address or phone, and
    it is saved all the same. Mails that went out and labels that were made stay as they are.
    """
    edited = edit_customer.run(
        number=number,
        changes=body.changes(),
        actor=request.auth,
        now=now(),
        version=expected_version(request),
    )
    order = read_order(number=number, actor=request.auth)
    shape = shapes.CustomerAnswer(
        order=order_shape(order, actor=request.auth),
        changed=list(edited.fields),
        remarks=[shapes.ContactRemark(part=each.part, code=each.code, message=each.words) for each in edited.remarks],
    )
    return answer(shape, headers={"ETag": etag(order.version)})
