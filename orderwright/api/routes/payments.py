"""The money of an order: sync, capture, cancellation. Every answer says how the provider's side stands."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from orderwright.actions import cancel_order, capture, capture_order, sync_payments, withdraw_cancellation
from orderwright.api import bodies, shapes
from orderwright.api.answers import answer
from orderwright.api.declaring import IDEMPOTENCY_KEY, IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import OrderNumber, PathId
from orderwright.api.idempotency import once
from orderwright.api.order_shape import (
    KINDS,
    cancellation_shape,
    declined_with,
    operation_of,
    payment_shape,
    state_ref,
)
from orderwright.api.problems import problem
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.core.errors import Declined
from orderwright.payments.errors import ProviderUnreachable
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail

routes = Router(tags=["Money"])

# How long a program waits before it asks an unreachable provider again, in seconds.
_ASK_AGAIN_S = 30


@routes.post(
    "/orders/{number}/payments/sync",
    **declared(needs="payments.sync", answers={200: shapes.SyncAnswer}, problems={409}, has_body=True),
)
def sync_order_payments(request: Call, number: OrderNumber, body: bodies.SyncBody | None = None) -> HttpResponse:
    """Sync Payments.

    Ask the provider, and append what the desk has missed; nothing old is rewritten. Without a body it is applied at
    once; `{"apply": false}` only shows what differs.
    503 `provider_unreachable` when a provider gave no answer; what others told is booked all the same.
    """
    is_applied = body is None or body.apply
    result = sync_payments.run(number=number, actor=request.auth, now=now(), apply=is_applied)
    order = read_order(number=number, actor=request.auth)
    shape = shapes.SyncAnswer(
        found=[
            shapes.Found(
                payment=found.payment_id,
                kind=KINDS[found.kind],
                amount=found.amount_minor,
                currency=found.currency,
                there=found.there_minor,
                here=found.here_minor,
                reference=found.provider_ref,
                at=found.at,
                fits=found.fits,
                applied=found.is_applied,
            )
            for found in result.found
        ],
        settled=[operation_of(order, settled.operation_id) for settled in result.settled],
        payments=[payment_shape(payment) for payment in order.payments],
    )
    if result.unreachable:
        raise ProviderUnreachable(
            "A payment provider gave no answer. Try again in a moment.",
            facts={"found": shape.found, "settled": shape.settled, "retry_after": _ASK_AGAIN_S},
        )
    return answer(shape, headers={"ETag": etag(order.version)})


@routes.post(
    "/orders/{number}/payments/{payment}/captures",
    **declared(
        needs="payments.capture",
        answers={201: shapes.CaptureAnswer, 202: shapes.CaptureAnswer},
        problems={402, 409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
        has_body=True,
    ),
)
def capture_payment(request: Call, number: OrderNumber, payment: PathId, body: bodies.CaptureBody) -> HttpResponse:
    """Capture Transaction.

    Take an amount of the hold, in full or in part. 201 when the money is taken; 202 when the provider accepted it or
    its outcome is not known yet: it is being checked, so ask for the order later and do not capture again; 402 when
    the provider declined, and the hold stays.
    """
    version = expected_version(request)

    def work(request_ref: str | None) -> HttpResponse:
        result = capture.run(
            number=number,
            payment_id=payment,
            amount_minor=body.amount,
            request_ref=request_ref,
            reference=body.reference,
            is_confirmed=body.is_confirmed,
            actor=request.auth,
            now=now(),
            version=version,
        )
        order = read_order(number=number, actor=request.auth)
        operation = operation_of(order, result.operation_id)
        (row,) = (row for row in order.payments if row.id == payment)
        shape = shapes.CaptureAnswer(operation=operation, payment=payment_shape(row))
        if result.state == "failed":
            message = declined_with(order, operation, "The payment provider declined the capture.")
            facts = {"operation": operation, "payment": shape.payment}
            response = problem(Declined(message, facts=facts))
        else:
            response = answer(shape, status=201 if result.state == "succeeded" else 202)
        response["ETag"] = etag(order.version)
        return response

    return once(request, body.model_dump(), work)


@routes.post(
    "/orders/{number}/captures",
    **declared(
        needs="payments.capture",
        answers={201: shapes.OrderCaptureAnswer, 202: shapes.OrderCaptureAnswer},
        problems={402, 409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
        has_body=True,
    ),
)
def capture_over_payments(request: Call, number: OrderNumber, body: bodies.OrderCaptureBody) -> HttpResponse:
    """Capture over the payments.

    The first payment gives what it holds, then the next, until the amount is reached. 201 when all of it is taken; 202
    while an outcome is awaited; 402 when a provider declined its part: `operations` says which, and the others stay.
    """
    version = expected_version(request)

    def work(request_ref: str | None) -> HttpResponse:
        results = capture_order.run(
            number=number,
            amount_minor=body.amount,
            is_confirmed=body.is_confirmed,
            request_ref=request_ref,
            actor=request.auth,
            now=now(),
            version=version,
        )
        order = read_order(number=number, actor=request.auth)
        shape = shapes.OrderCaptureAnswer(
            operations=[operation_of(order, result.operation_id) for result in results],
            payments=[payment_shape(payment) for payment in order.payments],
        )
        if any(result.state == "failed" for result in results):
            said = next(each for each in shape.operations if each.state == "failed")
            message = declined_with(order, said, "A payment provider declined the capture.")
            facts = {"operations": shape.operations, "payments": shape.payments}
            response = problem(Declined(message, facts=facts))
        else:
            response = answer(shape, status=201 if all(result.state == "succeeded" for result in results) else 202)
        response["ETag"] = etag(order.version)
        return response

    return once(request, body.model_dump(), work)


@routes.get("/orders/{number}/cancellation", **declared(needs="orders.view", answers={200: shapes.Rehearsal}))
def rehearse_cancellation(request: Call, number: OrderNumber) -> HttpResponse:
    """Rehearse a cancellation. The answer says what it would refund, reverse and mail, leg by leg; nothing is done."""
    order = read_order(number=number, actor=request.auth)
    availability = cancel_order.availability(order, request.auth)
    rehearsal = cancel_order.rehearse(order)
    shape = shapes.Rehearsal(
        allowed=availability.allowed,
        code=availability.code or None,
        reason=str(availability.reason) or None,
        currency=rehearsal.currency,
        refund=rehearsal.refund_minor,
        reverse=rehearsal.reverse_minor,
        legs=[
            shapes.Leg(
                kind=KINDS[leg.kind],
                payment=leg.payment_id,
                amount=leg.amount_minor,
                currency=leg.currency,
                capture_reference=leg.capture_ref or None,
                captured_at=leg.captured_at,
            )
            for leg in rehearsal.legs
        ],
        shipments_total=rehearsal.shipments,
        shipments_sent=rehearsal.sent_shipments,
        can_email=rehearsal.can_email,
        cancellation=cancellation_shape(order),
    )
    return answer(shape, headers={"ETag": etag(order.version)})


@routes.post(
    "/orders/{number}/cancellation",
    **declared(
        needs="orders.cancel",
        answers={201: shapes.CancellationAnswer, 202: shapes.CancellationAnswer},
        problems={402, 409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
        has_body=True,
    ),
)
def cancel_whole_order(request: Call, number: OrderNumber, body: bodies.CancellationBody) -> HttpResponse:
    """Cancel Order.

    Refund what was captured and reverse what is only held, then cancel. 201 when the money went back; 202 while an
    outcome is awaited, which settles by itself; 402 when the provider refused a leg: the order waits in Cancel
    Requested until the cancellation is resumed.
    """
    version = expected_version(request)

    def work(_reference: str | None) -> HttpResponse:
        result = cancel_order.run(
            number=number,
            email_customer=body.email_customer,
            reason=body.reason,
            actor=request.auth,
            now=now(),
            version=version,
        )
        return _cancellation_answer(read_order(number=number, actor=request.auth), result.state, done=201)

    return once(request, body.model_dump(), work)


@routes.post(
    "/orders/{number}/cancellation/resumption",
    **declared(
        needs="orders.cancel",
        answers={200: shapes.CancellationAnswer, 202: shapes.CancellationAnswer},
        problems={402, 409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
    ),
)
def resume_cancellation(request: Call, number: OrderNumber) -> HttpResponse:
    """Resume a cancellation.

    After a refused leg, what is still held or kept gets fresh legs; the cancellation's rehearsal names them beforehand.
    """
    version = expected_version(request)

    def work(_reference: str | None) -> HttpResponse:
        result = cancel_order.resume(number=number, actor=request.auth, now=now(), version=version)
        return _cancellation_answer(read_order(number=number, actor=request.auth), result.state, done=200)

    return once(request, None, work)


@routes.post(
    "/orders/{number}/cancellation/withdrawal",
    **declared(
        needs="orders.cancel", answers={200: shapes.CancellationWithdrawn}, problems={409}, headers=(IDEMPOTENCY_KEY,)
    ),
)
def withdraw_order_cancellation(request: Call, number: OrderNumber) -> HttpResponse:
    """Give a stopped cancellation up. The order goes back to the state that it came from; what went back stays back."""

    def work(_reference: str | None) -> HttpResponse:
        withdraw_cancellation.run(number=number, actor=request.auth, now=now())
        order = read_order(number=number, actor=request.auth)
        shape = shapes.CancellationWithdrawn(state=state_ref(order.state))
        return answer(shape, headers={"ETag": etag(order.version)})

    return once(request, None, work)


def _cancellation_answer(order: OrderDetail, state: str, *, done: int) -> HttpResponse:
    (cancellation,) = filter(None, [cancellation_shape(order)])  # the action has begun it
    shape = shapes.CancellationAnswer(cancellation=cancellation, state=state_ref(order.state))
    if state == "failed":
        refused = [leg for leg in cancellation.legs if leg.state == "failed"]
        message = "The payment provider refused to give money back."
        response = problem(
            Declined(
                declined_with(order, refused[-1], message) if refused else message,
                code="cancellation_leg_declined",
                facts={"cancellation": cancellation, "state": shape.state},
            )
        )
    else:
        response = answer(shape, status=done if state == "done" else 202)
    response["ETag"] = etag(order.version)
    return response
