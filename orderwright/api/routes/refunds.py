"""Giving money back without canceling: refunds, and the reversal of what is only held."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from ninja import Router

from orderwright.actions import refund, reverse_hold
from orderwright.actions.refund_plan import Wish, free_of
from orderwright.api import bodies, shapes
from orderwright.api.answers import answer
from orderwright.api.declaring import IDEMPOTENCY_KEY, IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import OrderNumber, PathId
from orderwright.api.idempotency import once
from orderwright.api.order_shape import declined_with, operation_of, payment_shape, refund_shape
from orderwright.api.problems import problem
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.core.errors import Declined, FieldError
from orderwright.payments.errors import PaymentNotFound, RefundInvalid
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail

routes = Router(tags=["Money"])


@routes.get("/orders/{number}/refunds", **declared(needs="orders.view", answers={200: shapes.Refunds}))
def list_refunds(request: Call, number: OrderNumber) -> HttpResponse:
    """List the order's refunds, and what can still be refunded."""
    order = read_order(number=number, actor=request.auth)
    shape = shapes.Refunds(
        items=[refund_shape(order, row) for row in order.refunds],
        currency=order.currency,
        refundable=sum(free_of(order).values()),
    )
    return answer(shape, headers={"ETag": etag(order.version)})


@routes.post(
    "/orders/{number}/refunds",
    **declared(
        needs="payments.refund",
        answers={201: shapes.RefundAnswer, 202: shapes.RefundAnswer},
        problems={402, 409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
        has_body=True,
    ),
)
def refund_order(request: Call, number: OrderNumber, body: bodies.RefundBody) -> HttpResponse:
    """Refund items, shipping or an amount.

    Over several payments in proportion to what each captured, unless `by_payment` says otherwise. 201 when the money
    went back; 202 while an outcome is awaited, which settles by itself; 402 when the provider declined all of it or a
    part: `refund` says how much went back.
    """
    _refuse_twice([share.payment for share in body.by_payment])
    wish = Wish(
        lines=[(each.line, each.quantity) for each in body.lines],
        shipping_minor=body.shipping,
        other_minor=body.other,
        by_payment={share.payment: share.amount for share in body.by_payment},
    )
    return _refund(request, number, wish, body)


@routes.post(
    "/orders/{number}/payments/{payment}/refunds",
    **declared(
        needs="payments.refund",
        answers={201: shapes.RefundAnswer, 202: shapes.RefundAnswer},
        problems={402, 409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
        has_body=True,
    ),
)
def refund_payment(request: Call, number: OrderNumber, payment: PathId, body: bodies.PaymentRefundBody) -> HttpResponse:
    """Refund an amount on one payment. The answers are those of a refund of the order."""
    if read_order(number=number, actor=request.auth).payment(payment) is None:
        raise PaymentNotFound("This order has no such payment.", facts={"payment": payment})
    try:
        return _refund(request, number, Wish(other_minor=body.amount, by_payment={payment: body.amount}), body)
    except RefundInvalid as error:
        # The body names one amount, whatever the rules call it.
        fields = tuple(replace(field, pointer="/amount") for field in error.fields)
        raise RefundInvalid(error.message, facts=error.facts, fields=fields) from error


def _refuse_twice(payments: list[int]) -> None:
    if len(set(payments)) < len(payments):
        message = "Name each payment once."
        raise RefundInvalid(
            message, fields=(FieldError(pointer="/by_payment", code=RefundInvalid.code, message=message),)
        )


def _refund(request: Call, number: str, wish: Wish, body: bodies.RefundBody | bodies.PaymentRefundBody) -> HttpResponse:
    version = expected_version(request)

    def work(request_ref: str | None) -> HttpResponse:
        result = refund.run(
            number=number,
            wish=wish,
            actor=request.auth,
            now=now(),
            reason=body.reason,
            email_customer=body.email_customer,
            version=version,
            request_ref=request_ref,
        )
        return _answer(read_order(number=number, actor=request.auth), result)

    return once(request, body.model_dump(), work)


def _answer(order: OrderDetail, result: refund.RefundResult) -> HttpResponse:
    (row,) = (row for row in order.refunds if row.id == result.refund_id)
    payments = [payment_shape(payment) for payment in order.payments]
    shape = shapes.RefundAnswer(refund=refund_shape(order, row), payments=payments)
    if result.state in ("failed", "partly"):
        declined = [leg for leg in shape.refund.legs if leg.state == "failed"]
        plain = "The payment provider declined the refund."
        message = declined_with(order, declined[-1], plain) if declined else plain
        response = problem(Declined(message, facts={"refund": shape.refund, "payments": payments}))
    else:
        response = answer(shape, status=201 if result.state == "done" else 202)
    response["ETag"] = etag(order.version)
    return response


@routes.post(
    "/orders/{number}/payments/{payment}/reversals",
    **declared(
        needs="payments.reverse",
        answers={201: shapes.CaptureAnswer, 202: shapes.CaptureAnswer},
        problems={402, 409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
    ),
)
def reverse_payment(request: Call, number: OrderNumber, payment: PathId) -> HttpResponse:
    """Reverse what is still held.

    All of it: providers close a hold with its reversal. 201 when it is released; 202 while the outcome is awaited; 402
    when the provider declined.
    """
    version = expected_version(request)

    def work(request_ref: str | None) -> HttpResponse:
        result = reverse_hold.run(
            number=number,
            payment_id=payment,
            actor=request.auth,
            now=now(),
            version=version,
            request_ref=request_ref,
        )
        order = read_order(number=number, actor=request.auth)
        operation = operation_of(order, result.operation_id)
        (row,) = (row for row in order.payments if row.id == payment)
        shape = shapes.CaptureAnswer(operation=operation, payment=payment_shape(row))
        if result.state == "failed":
            message = declined_with(order, operation, "The payment provider declined the reversal.")
            response = problem(Declined(message, facts={"operation": operation, "payment": shape.payment}))
        else:
            response = answer(shape, status=201 if result.state == "succeeded" else 202)
        response["ETag"] = etag(order.version)
        return response

    return once(request, None, work)
