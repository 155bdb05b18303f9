"""Pages: orders, the actions on one, and its timeline."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from orderwright.api.shapes.base import Minor, Shape, SiteRef, StateRef, Time


class OrderRow(Shape):
    """One order in a list."""

    number: str
    external_id: str
    site: SiteRef
    placed_at: Time
    customer_name: str
    state: StateRef
    payment_standing: str
    hold_ends_at: Time | None
    currency: str
    total: Minor
    pieces: int
    shipments_total: int
    shipments_sent: int
    shipments_partly: Annotated[int, Meta(description="Of which some pieces have left, and some have not.")]
    version: int


class OrderPage(Shape):
    """A page of orders, newest first. `next` is the cursor of the following page, null on the last one."""

    items: list[OrderRow]
    next: str | None


class Action(Shape):
    """Whether an action can be done now. `code` and `reason` are null when it can; `limits` are its bounds."""

    action: str
    payment: Annotated[int | None, Meta(description="Captures: the payment's id.")]
    allowed: bool
    code: str | None
    reason: str | None
    limits: dict[str, Any]


class Actions(Shape):
    """Every action of an order."""

    items: list[Action]


class TimelineEntry(Shape):
    """One committed change. `before` and `after` have the same names; amounts in them end in `_minor`."""

    sequence: int
    kind: str
    by: str
    by_kind: Annotated[str, Meta(description="person, key, provider, rule or system")]
    at: Time
    version: Annotated[int, Meta(description="The order's version after the change.")]
    before: dict[str, Any]
    after: dict[str, Any]
    why: str | None


class Timeline(Shape):
    """A page of an order's changes, newest first."""

    items: list[TimelineEntry]
    next: str | None
