"""The customer of an order: what an edit answers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from orderwright.api.shapes.base import Shape
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
