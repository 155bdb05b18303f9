"""The shapes of answers: what an order, a page of orders or a payment looks like in JSON. Field names never change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
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
    version: int


class OrderPage(Shape):
    """A page of orders, newest first. `next` is the cursor of the following page, null on the last one."""

    items: list[OrderRow]
    next: str | None


class Customer(Shape):
    """Who ordered. `orders` counts this customer's orders at the site up to this one."""

    reference: str | None
    name: str
    email: str | None
    phone: str | None
    language: str
    orders: int


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


class Shipment(Shape):
    """A part of the order that goes by one method. Numbers count from 1 within the order and are never used again."""

    number: int
    method: MethodRef
    tracking_numbers: Annotated[list[str], Meta(description="One per parcel, in order.")]
    sent_at: Time | None
    items: list[ShipmentItem]


class PaymentMethod(Shape):
    """How the customer pays. Never more of a card than its last four digits."""

    type: str
    brand: str | None
    last4: str | None


class Operation(Shape):
    """One thing asked of the provider.

    `state`: prepared and sent (under way), pending (accepted, settles later), unknown (no usable answer came; it is
    being checked), manual (a person decides), succeeded or failed. Only the last two are final.
    """

    id: int
    payment: Annotated[int, Meta(description="The payment's id.")]
    kind: Annotated[str, Meta(description="capture, reversal, refund or lookup")]
    amount: Minor
    currency: str
    state: str
    capture_reference: Annotated[str | None, Meta(description="Refunds: the capture that is given back.")]
    reference: Annotated[str | None, Meta(description="What the provider calls it.")]
    failure_code: str | None
    failure_message: str | None
    by: str
    prepared_at: Time
    sent_at: Time | None
    finished_at: Time | None


class Transaction(Shape):
    """One movement of money that happened.

    `origin` is desk (by an operation of ours), intake (came with the order) or provider (done there, found by a sync).
    """

    id: int
    kind: Annotated[str, Meta(description="authorisation, capture, reversal, expiry or refund")]
    amount: Minor
    currency: str
    reference: str
    parent: Annotated[str | None, Meta(description="Refunds: the capture's reference.")]
    operation: Annotated[int | None, Meta(description="The operation's id.")]
    origin: str
    at: Time


class Payment(Shape):
    """One hold on a means of payment, and what became of it.

    `held` = authorised − captured − released; `available` is what of it no call under way has reserved.
    """

    id: int
    provider: str
    reference: str
    method: PaymentMethod
    currency: str
    authorised: Minor
    captured: Minor
    released: Minor
    refunded: Minor
    held: Minor
    available: Minor
    pending: Annotated[int, Meta(description="Minor units reserved by captures and reversals under way.")]
    refund_pending: Annotated[int, Meta(description="Minor units reserved by refunds under way.")]
    authorised_at: Time
    expires_at: Time | None
    synced_at: Time | None
    operations: list[Operation]
    transactions: list[Transaction]


class Note(Shape):
    """A note for colleagues."""

    id: int
    text: str
    author: str
    written_at: Time


class Cancellation(Shape):
    """A cancellation: running while money is under way, failed while a refused leg waits to be resumed, then done."""

    state: str
    reason: str
    email_customer: bool
    from_state: Annotated[str, Meta(description="Slug of the state that the order was in.")]
    currency: str
    refunded: Minor
    reversed: Minor
    by: str
    started_at: Time
    finished_at: Time | None
    legs: list[Operation]


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
    notes: Annotated[list[Note], Meta(description="Newest first.")]
    tags: list[str]
    actions: Annotated[
        list[str], Meta(description="What this key may do with the order now; see /actions for why not.")
    ]


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


class CaptureAnswer(Shape):
    """A capture and the payment after it."""

    operation: Operation
    payment: Payment


class Found(Shape):
    """A movement of money that the provider had and the desk had not.

    `applied` is false where it contradicts what the desk has booked: then a person has to look at it.
    """

    payment: Annotated[int, Meta(description="The payment's id.")]
    kind: str
    amount: Minor
    currency: str
    reference: str
    at: Time
    applied: bool


class SyncAnswer(Shape):
    """What Sync Payments brought: transactions found at the provider, operations that it settled, and the payments."""

    found: list[Found]
    settled: list[Operation]
    payments: list[Payment]


class Leg(Shape):
    """One part of what a cancellation would do."""

    kind: Annotated[str, Meta(description="refund or reversal")]
    payment: int
    amount: Minor
    currency: str
    capture_reference: str | None
    captured_at: Time | None


class Rehearsal(Shape):
    """What cancelling the order would do, without doing it. `cancellation` is the one that has begun, if any."""

    allowed: bool
    code: str | None
    reason: str | None
    currency: str
    refund: Minor
    reverse: Minor
    legs: list[Leg]
    shipments_total: int
    shipments_sent: int
    can_email: bool
    cancellation: Cancellation | None


class CancellationAnswer(Shape):
    """A cancellation and the state that the order is in after it."""

    cancellation: Cancellation
    state: StateRef


class OrderState(Shape):
    """A state of Order Configurations. `orders` counts the orders in it, up to 10,001."""

    slug: str
    name: str
    color: str
    description: str
    system_state: str
    is_default: bool
    orders: int
    version: int


class OrderStates(Shape):
    """Every order state, in the order of the dropdown."""

    items: list[OrderState]


class DeliveryState(Shape):
    """A delivery state."""

    slug: str
    name: str
    color: str
    phase: str


class DeliveryStates(Shape):
    """Every delivery state, in the order of the dropdown."""

    items: list[DeliveryState]


class ShippingMethods(Shape):
    """Every shipping method that staff may choose."""

    items: list[MethodRef]


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


class ProblemPlace(Shape, omit_defaults=True):
    """One place where something is wrong: a `pointer` (RFC 6901) into the body, a `parameter` or a `header`."""

    code: str
    message: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class Problem(Shape):
    """A problem document (RFC 9457). Further members are the error's facts."""

    type: str
    title: str
    status: int
    detail: str
    code: Annotated[str, Meta(description="Stable: programs decide by it.")]
    errors: list[ProblemPlace] | msgspec.UnsetType = msgspec.UNSET


ANSWERS: tuple[type[Struct], ...] = (
    *(OrderPage, Order, Actions, Timeline, CaptureAnswer, SyncAnswer, Rehearsal, CancellationAnswer),
    *(OrderState, OrderStates, DeliveryStates, ShippingMethods, Sites, Me, Problem),
)
