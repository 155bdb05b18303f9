"""What programs send about sites."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from orderwright.actions.site_fields import (
    LONGEST_LOCALE,
    LONGEST_NAME,
    LONGEST_PREFIX,
    LONGEST_SLUG,
    LONGEST_ZONE,
    MOST_NUMBER,
)
from orderwright.api.fields import Body, TextRule
from orderwright.core.png import MOST_BYTES, MOST_PIXELS
from orderwright.outbox.addresses import LONGEST_ADDRESS

# Four characters for three bytes.
_LONGEST_PICTURE: Final = (MOST_BYTES + 2) // 3 * 4

Name = Annotated[str, TextRule(LONGEST_NAME, required=True)]
SiteSlug = Annotated[str, TextRule(LONGEST_SLUG), Field(description="It stays as soon as there is an order.")]
Zone = Annotated[str, TextRule(LONGEST_ZONE, required=True), Field(description="Such as `Europe/Berlin`.")]
Currency = Annotated[str, TextRule(3, required=True), Field(description="ISO 4217, such as `EUR`.")]
Locale = Annotated[
    str, TextRule(LONGEST_LOCALE, required=True), Field(description="How amounts and days are written: `de-AT`.")
]
Prefix = Annotated[str, TextRule(LONGEST_PREFIX), Field(description="What stands before the number; no digit last.")]
Number = Annotated[
    int,
    Field(ge=1, le=MOST_NUMBER, description="Of the next order: above every number in use behind the prefix."),
]
Sender = Annotated[
    str, TextRule(LONGEST_ADDRESS, is_reference=True), Field(description="Empty: no mail goes to customers.")
]
SenderName = Annotated[str, TextRule(LONGEST_NAME), Field(description="Empty: the site's name.")]


class SiteBody(Body):
    """Add a site."""

    name: Name
    slug: SiteSlug = ""
    time_zone: Zone = "UTC"
    currency: Currency
    locale: Locale = "en-US"
    number_prefix: Prefix = ""
    next_number: Number = 1001
    sender: Sender = ""
    sender_name: SenderName = ""
    mails_received: bool = False
    mails_shipped: bool = False
    is_open: bool = True


class SiteChangeBody(Body):
    """What is to change of a site; what is not given stays."""

    name: Name | None = None
    slug: SiteSlug | None = None
    time_zone: Zone | None = None
    currency: Currency | None = None
    locale: Locale | None = None
    number_prefix: Prefix | None = None
    next_number: Number | None = None
    sender: Sender | None = None
    sender_name: SenderName | None = None
    mails_received: bool | None = None
    mails_shipped: bool | None = None
    is_open: bool | None = None


class SiteLogoBody(Body):
    """A logo for a site's mails."""

    png: Annotated[
        str,
        TextRule(_LONGEST_PICTURE, is_reference=True, required=True),
        Field(
            description=f"A PNG image in base64, at most {MOST_BYTES // 1024} KB and "
            f"{MOST_PIXELS} by {MOST_PIXELS} pixels.",
            json_schema_extra={"format": "byte"},
        ),
    ]
