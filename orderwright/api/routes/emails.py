"""What customers are told by e-mail: the outbox, sending again, and telling of a shipment or a delay."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from django.http import HttpResponse
from ninja import Query, Router

from orderwright.actions import resend_mail, tell_delayed, tell_shipped
from orderwright.api import shapes
from orderwright.api.answers import answer
from orderwright.api.declaring import IDEMPOTENCY_KEY, declared
from orderwright.api.door import Call
from orderwright.api.email_bodies import DelayBody, ResendBody, ShipmentEmailChoiceBody
from orderwright.api.fields import OrderNumber, PathCount, PathId
from orderwright.api.idempotency import once
from orderwright.api.queries import EmailFilters
from orderwright.api.routes.answering import order_answer
from orderwright.core.clock import now
from orderwright.core.errors import FieldError, Invalid
from orderwright.reads.mails import MailDetail, MailRow, list_mails, read_mail

routes = Router(tags=["Emails"])


@routes.get("/emails", **declared(needs="emails.view", answers={200: shapes.EmailPage}, query=EmailFilters))
def list_emails(request: Call, filters: Query[EmailFilters]) -> HttpResponse:
    """List emails, newest first. What they say is in `GET /emails/{email}`."""
    page = list_mails(
        actor=request.auth, after=filters.after, limit=filters.limit, state=filters.state, order=filters.order
    )
    return answer(shapes.EmailPage(items=[_row(row) for row in page.items], next=page.next))


@routes.get("/emails/{email}", **declared(needs="emails.view", answers={200: shapes.Email}))
def show_email(request: Call, email: PathId) -> HttpResponse:
    """Look at an email as it was sent."""
    return answer(_email(read_mail(id=email, actor=request.auth)))


@routes.post(
    "/emails/{email}/resends",
    **declared(
        needs="emails.resend",
        answers={201: shapes.Email},
        problems={409},
        headers=(IDEMPOTENCY_KEY,),
        has_body=True,
    ),
)
def resend_email(request: Call, email: PathId, body: ResendBody) -> HttpResponse:
    """Send an email again, to the same address or to a corrected one. The order keeps its own.

    Naming a recipient takes `customers.view` as well.
    """

    def work(_reference: str | None) -> HttpResponse:
        again = resend_mail.run(mail_id=email, recipient=body.recipient or "", actor=request.auth, now=now())
        return answer(_email(read_mail(id=again, actor=request.auth)), status=HTTPStatus.CREATED)

    return once(request, body.model_dump(), work)


@routes.post(
    "/orders/{number}/shipments/{shipment}/email",
    **declared(needs="shipments.update", answers={201: shapes.Email}, problems={409}),
)
def tell_of_shipment(request: Call, number: OrderNumber, shipment: PathCount) -> HttpResponse:
    """Tell the customer that a shipment has left. Once per shipment: 409 `told_already` names the first email."""
    mail = tell_shipped.run(number=number, shipment=shipment, actor=request.auth, now=now())
    return answer(_email(read_mail(id=mail.pk, actor=request.auth)), status=HTTPStatus.CREATED)


@routes.put(
    "/orders/{number}/shipments/{shipment}/emails-customer",
    **declared(needs="shipments.update", answers={200: shapes.Order}, problems={409}, has_body=True),
)
def choose_shipment_email(
    request: Call, number: OrderNumber, shipment: PathCount, body: ShipmentEmailChoiceBody
) -> HttpResponse:
    """Choose whether the customer is told by itself once the shipment has left. Until then its site decides."""
    tell_shipped.choose(
        number=number, shipment=shipment, emails_customer=body.emails_customer, actor=request.auth, now=now()
    )
    return order_answer(request, number)


@routes.post(
    "/orders/{number}/delay",
    **declared(
        needs="shipments.update",
        answers={201: shapes.Email},
        problems={409},
        headers=(IDEMPOTENCY_KEY,),
        has_body=True,
    ),
)
def tell_of_delay(request: Call, number: OrderNumber, body: DelayBody) -> HttpResponse:
    """Tell the customer that the order takes longer. In your words, with the order's items below them."""

    def work(reference: str | None) -> HttpResponse:
        mail = tell_delayed.run(
            number=number,
            message=body.message,
            expected_on=_day(body.expected_on),
            actor=request.auth,
            now=now(),
            request_ref=reference,
        )
        return answer(_email(read_mail(id=mail.pk, actor=request.auth)), status=HTTPStatus.CREATED)

    return once(request, body.model_dump(), work)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = "It must be a day such as 2026-12-04."
        fields = (FieldError(pointer="/expected_on", code="day_unreadable", message=message),)
        raise Invalid(message, code="day_unreadable", fields=fields) from error


def _row(mail: MailRow) -> shapes.EmailRow:
    return shapes.EmailRow(
        id=mail.id,
        order=mail.order_number,
        kind=mail.kind,
        state=mail.state,
        recipient=mail.recipient,
        subject=mail.subject,
        attempts=mail.attempts,
        last_error=mail.last_error or None,
        written_at=mail.created_at,
        sent_at=mail.sent_at,
    )


def _email(mail: MailDetail) -> shapes.Email:
    return shapes.Email(
        id=mail.id,
        order=mail.order_number,
        kind=mail.kind,
        state=mail.state,
        recipient=mail.recipient,
        subject=mail.subject,
        message_id=mail.message_id,
        attempts=mail.attempts,
        last_error=mail.last_error or None,
        template_fault=mail.template_fault or None,
        resend_of=mail.resend_of_id,
        written_at=mail.created_at,
        sent_at=mail.sent_at,
        sender=mail.sender,
        text=mail.text,
        html=mail.html,
    )
