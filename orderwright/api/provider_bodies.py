"""What programs send about provider accounts. Credentials go in and never come out."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from orderwright.actions.provider_fields import (
    LONGEST_ADDRESS,
    LONGEST_CREDENTIAL,
    LONGEST_NAME,
    LONGEST_SLUG,
    MOST_FAILURES,
    MOST_PRIORITY,
    MOST_SECONDS,
)
from orderwright.api.fields import SLUG, Body, SiteSlugs, TextRule

_MOST_CREDENTIALS: Final = 20

Priority = Annotated[int, Field(ge=1, le=MOST_PRIORITY, description="The lowest comes first.")]
Address = Annotated[
    str,
    TextRule(LONGEST_ADDRESS),
    Field(description="https, or http on the desk's own machine; empty: the provider's own address."),
]
Failures = Annotated[int, Field(ge=1, le=MOST_FAILURES, description="Calls in a row without an answer.")]
Seconds = Annotated[int, Field(ge=1, le=MOST_SECONDS)]
Secret = Annotated[
    str, TextRule(LONGEST_CREDENTIAL, block=True, is_reference=True), Field(json_schema_extra={"writeOnly": True})
]
Credentials = Annotated[
    dict[Annotated[str, TextRule(80)], Secret | None],
    Field(
        max_length=_MOST_CREDENTIALS,
        description="By name. What is not named or is empty stays as it is stored; null takes it away. Never shown.",
        json_schema_extra={"writeOnly": True},
    ),
]


class BreakerBody(Body):
    """When the account is left alone: after so many failures, for so long; and the pause before a repetition."""

    failures: Failures = 3
    wait_s: Seconds = 10
    cool_down_s: Seconds = 15


class BreakerChangeBody(Body):
    """What is to change of when the account is left alone."""

    failures: Failures | None = None
    wait_s: Seconds | None = None
    cool_down_s: Seconds | None = None


class ProviderAccountBody(Body):
    """Add a provider account."""

    kind: Annotated[
        str,
        TextRule(20, required=True),
        Field(description="An unknown one is refused with those that there are."),
    ]
    slug: Annotated[str, TextRule(LONGEST_SLUG), SLUG] = ""
    name: Annotated[str, TextRule(LONGEST_NAME, required=True)]
    sites: SiteSlugs = []
    is_live: bool = False
    is_on: bool = True
    priority: Priority = 100
    base_url: Address = ""
    credentials: Credentials = {}
    breaker: BreakerBody = BreakerBody()


class ProviderAccountChangeBody(Body):
    """Change what is given of a provider account; the rest stays."""

    name: Annotated[str | None, TextRule(LONGEST_NAME, required=True)] = None
    sites: SiteSlugs | None = None
    is_live: bool | None = None
    is_on: bool | None = None
    priority: Priority | None = None
    base_url: Address | None = None
    credentials: Credentials = {}
    breaker: BreakerChangeBody = BreakerChangeBody()
