"""API keys: what each may do and where. What its holder shows, only the answer to making it has room for."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from orderwright.api.shapes.base import Shape, Time


class KeySecret(Shape):
    """One secret of a key. While `ends_at` is a time to come, another secret is taking its place."""

    prefix: Annotated[str, Meta(description="What stands between `ow_` and the next underscore.")]
    made_at: Time
    ends_at: Time | None
    last_used_at: Annotated[Time | None, Meta(description="To the ten minutes.")]


class ApiKey(Shape):
    """A program's key. `permissions` is what it may do now: the role's, or those of them that are its `scopes`."""

    id: int
    name: str
    role: str
    scopes: Annotated[list[str], Meta(description="None: all that the role allows, now and later.")]
    permissions: list[str]
    sites: Annotated[list[str], Meta(description="Slugs of the sites at which it is good; none: all.")]
    expires_at: Time | None
    revoked_at: Time | None
    last_used_at: Time | None
    secrets: Annotated[list[KeySecret], Meta(description="The newest first.")]
    version: int


class ApiKeys(Shape):
    """All keys, by name; those that were revoked last."""

    items: list[ApiKey]


class ApiKeyMade(Shape):
    """A key with its fresh secret, which is told this once and kept nowhere."""

    secret: Annotated[str, Meta(description="What goes behind `Authorization: Bearer`.")]
    key: ApiKey
