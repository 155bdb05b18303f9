"""Asking that an order be canceled, declining that, and taking it back. Accepting is canceling: see `payments`."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from orderwright.actions import decline_cancellation, request_cancellation, withdraw_request
from orderwright.api import bodies, shapes
from orderwright.api.declaring import IDEMPOTENCY_KEY, IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import OrderNumber
from orderwright.api.idempotency import once
from orderwright.api.routes.answering import order_answer
from orderwright.api.versions import expected_version
from orderwright.core.clock import now

routes = Router(tags=["Money"])


@routes.post(
    "/orders/{number}/cancellation-request",
    **declared(
        needs="orders.request_cancel",
        answers={201: shapes.Order},
        problems={409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
        has_body=True,
    ),
)
def ask_for_cancellation(request: Call, number: OrderNumber, body: bodies.CancellationRequestBody) -> HttpResponse:
    """Ask for a cancellation, on the customer's behalf.

    No money moves: the order waits in Cancel Requested until somebody accepts by `POST …/cancellation`, or declines.
    Meanwhile shipments and the Order State are locked, and a capture has to be confirmed.
    """
    version = expected_version(request)

    def work(_reference: str | None) -> HttpResponse:
        request_cancellation.run(number=number, reason=body.reason, actor=request.auth, now=now(), version=version)
        return order_answer(request, number, status=201)

    return once(request, body.model_dump(), work)


@routes.post(
    "/orders/{number}/cancellation-request/decline",
    **declared(
        needs="orders.cancel",
        answers={200: shapes.Order},
        problems={409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
        has_body=True,
    ),
)
def decline_cancellation_request(request: Call, number: OrderNumber, body: bodies.DeclineBody) -> HttpResponse:
    """Decline a request for a cancellation. The order goes back to the state that it came from."""
    version = expected_version(request)

    def work(_reference: str | None) -> HttpResponse:
        decline_cancellation.run(
            number=number,
            email_customer=body.email_customer,
            message=body.message,
            actor=request.auth,
            now=now(),
            version=version,
        )
        return order_answer(request, number)

    return once(request, body.model_dump(), work)


@routes.post(
    "/orders/{number}/cancellation-request/withdraw",
    **declared(
        needs="orders.request_cancel",
        answers={200: shapes.Order},
        problems={409},
        headers=(IF_MATCH, IDEMPOTENCY_KEY),
    ),
)
def withdraw_cancellation_request(request: Call, number: OrderNumber) -> HttpResponse:
    """Take back a request that this key made, while nobody has decided on it.

    The order goes back to the state that it came from. 409 `not_your_request` for somebody else's.
    """
    version = expected_version(request)

    def work(_reference: str | None) -> HttpResponse:
        withdraw_request.run(number=number, actor=request.auth, now=now(), version=version)
        return order_answer(request, number)

    return once(request, {}, work)
