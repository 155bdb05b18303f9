"""The customer of an order: what an edit answers."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from orderwright.api.shapes.base import Shape, Time
from orderwright.api.shapes.orders import Order


class ContactRemark(Shape):
    """What looks wrong about an address or a phone. It is saved all the same."""

    part: Annotated[str, Meta(description="line1, city, region, postcode, country or phone")]
    code: Annotated[str, Meta(description="missing or unusual")]
    message: str


class CustomerAnswer(Shape):
    """The order after an edit of its customer, and what was changed."""

    order: Order
    changed: list[str]
    remarks: list[ContactRemark]


class CustomerExport(Shape):
    """All that is kept about one person. Amounts are minor units of the order's `currency`."""

    format: str
    exported_at: Time
    site: str
    orders: list[dict[str, Any]]


class CustomerErasure(Shape):
    """The numbers of the orders that name the customer no more, the oldest first."""

    orders: list[str]
