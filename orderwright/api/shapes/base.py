"""What every shape is built on: amounts, times, and references to configuration: objects with slug and name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

Minor = Annotated[int, Meta(description="Minor units of the `currency` beside it.")]
Time = Annotated[datetime, Meta(description="RFC 3339, UTC.", extra_json_schema={"format": "date-time"})]


class Shape(Struct, kw_only=True):
    """A part of an answer."""


class SiteRef(Shape):
    """The site that an order belongs to."""

    slug: str
    name: str


class StateRef(Shape):
    """An order state. What can be done with the order follows `system_state`."""

    slug: str
    name: str
    color: str
    system_state: str


class MethodRef(Shape):
    """A shipping method; `carrier` is null where it has none."""

    slug: str
    name: str
    carrier: str | None


class DeliveryStateRef(Shape):
    """A delivery state. `phase` is pending, sent, delivered, returned or failed."""

    slug: str
    name: str
    phase: str
