"""Order states, sites, and the key itself. Shipping's configuration stands in `shipping`."""

from __future__ import annotations

from orderwright.api.shapes.base import Shape


class OrderState(Shape):
    """A state of Order Configurations. `orders` counts the orders in it, up to 10,001.

    `allows_cancel` and `allows_shipments` narrow what its system state allows. `emails_customer`: when an order is
    moved into it, the customer gets a mail that says `email_text`. `stage`: offered, retiring or retired.
    """

    slug: str
    name: str
    color: str
    description: str
    system_state: str
    is_default: bool
    allows_cancel: bool
    allows_shipments: bool
    emails_customer: bool
    email_text: str
    stage: str
    orders: int
    version: int


class OrderStates(Shape):
    """Every order state, in the order of the dropdown."""

    items: list[OrderState]


class LockedMove(Shape):
    """A move that no table decides, and why. `is_allowed`: it is made all the same, by Cancel Order."""

    from_state: str
    to_state: str
    is_allowed: bool
    code: str
    reason: str


class OrderMoves(Shape):
    """From each system state, where an order may be moved by hand."""

    moves: dict[str, list[str]]
    defaults: dict[str, list[str]]
    locked: list[LockedMove]
    version: int


class Site(Shape):
    """A store."""

    slug: str
    name: str
    time_zone: str
    currency: str
    locale: str


class Sites(Shape):
    """Every site."""

    items: list[Site]


class Me(Shape):
    """Who this key is."""

    name: str
    permissions: list[str]
