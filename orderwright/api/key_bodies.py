"""What programs send about API keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from orderwright.actions.api_key_fields import LONGEST_NAME
from orderwright.actions.replace_key_secret import LONGEST_OVERLAP, OVERLAP
from orderwright.api.fields import Body, Permission, SiteSlugs, Slug, TextRule
from orderwright.api.queries import moment

_MOST_SCOPES: Final = 200


def _moment_or_never(value: Any) -> datetime | None:
    return None if value is None else moment(value)


Scopes = Annotated[
    list[Permission], Field(max_length=_MOST_SCOPES, description="Permissions of the role; none: all that it has.")
]
Expiry = Annotated[
    datetime | None,
    BeforeValidator(_moment_or_never),
    WithJsonSchema({"type": ["string", "null"], "format": "date-time"}),
]


class ApiKeyBody(Body):
    """Make an API key."""

    name: Annotated[str, TextRule(LONGEST_NAME, required=True)]
    role: Slug
    scopes: Scopes = []
    sites: SiteSlugs = []
    expires_at: Expiry = None


class ApiKeyChangeBody(Body):
    """What is to change of an API key; what is not given stays. `expires_at` null: it never ends."""

    name: Annotated[str, TextRule(LONGEST_NAME, required=True)] | None = None
    role: Slug | None = None
    scopes: Scopes | None = None
    sites: SiteSlugs | None = None
    expires_at: Expiry = None


class KeySecretBody(Body):
    """Replace a key's secret. The old one counts for `overlap_s` seconds more; 0 ends it at once."""

    overlap_s: Annotated[int, Field(ge=0, le=int(LONGEST_OVERLAP.total_seconds()))] = int(OVERLAP.total_seconds())
