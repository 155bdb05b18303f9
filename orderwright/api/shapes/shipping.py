"""Shipping's configuration: delivery states, carriers, shipping methods."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from orderwright.api.shapes.base import Shape

SiteSlugs = Annotated[list[str], Meta(description="Slugs of the sites that it is for; none: all.")]
Used = Annotated[int, Meta(description="How many orders use it, counted up to 10,001.")]


class DeliveryState(Shape):
    """A delivery state. `phase`, what it means, is pending, sent, delivered, returned or failed."""

    slug: str
    name: str
    color: str
    description: str
    phase: str
    is_default: bool
    orders: Used
    version: int


class DeliveryStates(Shape):
    """Every delivery state, in the order of the dropdown."""

    items: list[DeliveryState]


class Carrier(Shape):
    """A carrier. `methods` counts the shipping methods that go by it."""

    slug: str
    name: str
    tracking_url_template: Annotated[
        str, Meta(description="With {number}, {postcode}, {country}, {language}; empty: parcels cannot be followed.")
    ]
    recognised_as: Annotated[str, Meta(description="What its numbers are recognised as; empty: nothing.")]
    sites: SiteSlugs
    methods: int
    orders: Used
    version: int


class Carriers(Shape):
    """Every carrier, by name."""

    items: list[Carrier]


class ShippingMethod(Shape):
    """A shipping method. One that is not `is_offered` is switched off, or came in with an order."""

    slug: str
    name: str
    carrier: Annotated[str | None, Meta(description="The carrier's slug; null where it has none.")]
    carrier_name: str | None
    is_offered: bool
    sites: SiteSlugs
    orders: Used
    version: int


class ShippingMethods(Shape):
    """Shipping methods: those that are offered in the order of the dropdown, then the others."""

    items: list[ShippingMethod]
