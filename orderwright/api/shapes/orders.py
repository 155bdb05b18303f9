"""One whole order: customer, items, shipments, totals, notes. Its payments stand in `payments`."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from orderwright.api.shapes.base import DeliveryStateRef, MethodRef, Minor, Shape, SiteRef, StateRef, Time
from orderwright.api.shapes.cancellation_requests import CancellationRequest
from orderwright.api.shapes.payments import Cancellation, Payment


class Customer(Shape):
    """Who ordered. `orders` counts this customer's orders at the site up to this one.

    Without the permission `customers.view`, `masked` is true and `•••` stands for whatever there is, here and in the
    addresses, of which the country alone is told.
    """

    reference: str | None
    name: str
    email: str | None
    phone: str | None
    language: str
    orders: int
    erased_at: Annotated[Time | None, Meta(description="Since then nothing here names the customer.")]
    masked: bool


class TaxLine(Shape):
    """One tax; `rate` is as handed in."""

    title: str
    rate: str | None
    amount: Minor


class Address(Shape):
    """A postal address; every part may be null."""

    name: str | None
    company: str | None
    line1: str | None
    line2: str | None
    city: str | None
    region: str | None
    postcode: str | None
    country: str | None
    phone: str | None


class ItemPart(Shape):
    """So many pieces of an item, in one shipment, in one delivery state."""

    shipment: Annotated[int, Meta(description="The shipment's number within the order.")]
    quantity: int
    delivery_state: DeliveryStateRef


class Item(Shape):
    """One line of the order. Discount and tax are of the whole line."""

    id: int
    sku: str | None
    name: str
    reference: str | None
    quantity: int
    unit_price: Minor
    discount: Minor
    tax: Minor
    tax_lines: list[TaxLine]
    attributes: dict[str, Any]
    requires_shipping: bool
    parts: list[ItemPart]


class ShippingPrice(Shape):
    """What shipping costs, before its discount."""

    price: Minor
    discount: Minor
    tax: Minor


class Discount(Shape):
    """A discount by its code."""

    code: str
    amount: Minor


class Totals(Shape):
    """The sums as placed. They never change afterwards."""

    items: Minor
    discount: Minor
    shipping: Minor
    tax: Minor
    total: Minor


class ShipmentItem(Shape):
    """So many pieces of an item in one delivery state."""

    item: Annotated[int, Meta(description="The item's id.")]
    quantity: int
    delivery_state: DeliveryStateRef


class ParcelWarning(Shape):
    """A remark about a tracking number, never a reason to refuse it.

    `code` is check_digit_failed, or other_carrier: `methods` are then those it would go by if the number is right.
    """

    code: str
    message: str
    methods: list[MethodRef]


class Parcel(Shape):
    """One parcel with its tracking number. `tracking_url` is null where the carrier has no page for it."""

    tracking_number: str
    tracking_url: str | None
    warnings: list[ParcelWarning]


class ShipmentEmail(Shape):
    """The email that told the customer of a shipment. `state`: due, sent, bounced or dead."""

    id: int
    state: str
    written_at: Time


class Shipment(Shape):
    """A part of the order that goes by one method. Numbers count from 1 within the order and are never used again."""

    number: int
    method: MethodRef
    tracking_numbers: Annotated[list[str], Meta(description="One per parcel, in order.")]
    parcels: Annotated[list[Parcel], Meta(description="The same numbers, each with its page and what is remarked.")]
    sent_at: Time | None
    emails_customer: Annotated[bool, Meta(description="Whether the customer is told by itself once it has left.")]
    email: ShipmentEmail | None
    items: list[ShipmentItem]


class Note(Shape):
    """A note for colleagues."""

    id: int
    text: str
    author: str
    written_at: Time


class Order(Shape):
    """One whole order."""

    number: str
    external_id: str
    source: str
    site: SiteRef
    version: int
    placed_at: Time
    taken_in_at: Time
    is_open: bool
    state: StateRef
    payment_standing: str
    hold_ends_at: Time | None
    invoice_number: str | None
    currency: str
    prices_include_tax: bool
    customer: Customer
    shipping_address: Address | None
    billing_address: Annotated[Address | None, Meta(description="null: as shipping")]
    items: list[Item]
    shipping: ShippingPrice
    discounts: list[Discount]
    totals: Totals
    shipments: list[Shipment]
    payments: list[Payment]
    cancellation: Cancellation | None
    cancellation_request: Annotated[CancellationRequest | None, Meta(description="The last one, decided or not.")]
    notes: Annotated[list[Note], Meta(description="Newest first.")]
    tags: list[str]
    actions: Annotated[
        list[str], Meta(description="What this key may do with the order now; see /actions for why not.")
    ]
