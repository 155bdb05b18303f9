"""What programs send about emails: templates, and what customers are told."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, WithJsonSchema

from orderwright.actions import tell_delayed
from orderwright.api.fields import Body, TextRule
from orderwright.outbox.addresses import LONGEST_ADDRESS
from orderwright.outbox.writing.language import LONGEST_HTML, LONGEST_SUBJECT, LONGEST_TEXT


class EmailTemplateBody(Body):
    """The words of a kind of mail, with placeholders; see `GET /email-kinds`."""

    subject: Annotated[str, TextRule(LONGEST_SUBJECT, required=True)]
    text: Annotated[str, TextRule(LONGEST_TEXT, block=True, required=True)]
    html: Annotated[
        str, TextRule(LONGEST_HTML, block=True), Field(description="Empty: the mail is plain text alone.")
    ] = ""


class EmailPreviewBody(EmailTemplateBody):
    """Words to be seen on an order. Nothing is kept or sent."""

    order: Annotated[str, TextRule(24, required=True), Field(description="The order's number.")]


class ShipmentEmailChoiceBody(Body):
    """Whether the customer is told by itself once the shipment has left."""

    emails_customer: bool


class DelayBody(Body):
    """Tell the customer that the order takes longer."""

    message: Annotated[
        str,
        TextRule(tell_delayed.LONGEST_MESSAGE, block=True, required=True),
        Field(description="What the customer reads, in your words."),
    ]
    expected_on: Annotated[
        str | None,
        TextRule(10),
        Field(description="The day by which it is expected to leave, such as 2026-12-04."),
        WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}),
    ] = None


class ResendBody(Body):
    """Send an email again as it was sent."""

    recipient: Annotated[
        str | None,
        TextRule(LONGEST_ADDRESS, is_reference=True),
        Field(description="Another address for this email alone; the one that it went to when left out."),
    ] = None
