"""The customer of an order: editing, exporting and erasing it."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from orderwright.actions import edit_customer, erase_customer, export_customer
from orderwright.api import shapes
from orderwright.api.answers import answer
from orderwright.api.customer_bodies import CustomerBody, ErasureBody
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


@routes.post(
    "/orders/{number}/customer/export",
    **declared(needs="customers.privacy", answers={200: shapes.CustomerExport}),
)
def export_order_customer(request: Call, number: OrderNumber) -> HttpResponse:
    """Export a customer. All that is kept about one person, from every order of the same e-mail at the site.

    That it was exported is written to the journal, and nothing of it.
    """
    return answer(export_customer.run(number=number, actor=request.auth, now=now()))


@routes.post(
    "/orders/{number}/customer/erasure",
    **declared(needs="customers.privacy", answers={200: shapes.CustomerErasure}, problems={409}, has_body=True),
)
def erase_order_customer(request: Call, number: OrderNumber, body: ErasureBody) -> HttpResponse:
    """Erase a customer, for good. What names the person goes from every order of the same e-mail at the site.

    Amounts, payments, ledger and journal stay. 409 while one of the orders is open, or money, a difference or an email
    of one is under way.
    """
    erased = erase_customer.run(number=number, confirmation=body.confirmation, actor=request.auth, now=now())
    return answer(shapes.CustomerErasure(orders=list(erased.numbers)))
