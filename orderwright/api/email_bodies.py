"""What programs send about email templates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from orderwright.api.fields import Body, TextRule
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
