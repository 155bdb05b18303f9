"""The frozen rows that reads return: one whole order with everything an action, a page or an answer needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orderwright.orders.rules import Moves, moves_from
from orderwright.orders.states import OFFERED
from orderwright.reads.money_rows import OperationRow, PaymentRow, RefundRow
from orderwright.reads.row import Row


class Address(Row, frozen=True, kw_only=True):
    """A postal address as handed in; every part may be missing."""

    name: str | None = None
    company: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    country: str | None = None
    phone: str | None = None


class StateRow(Row, frozen=True, kw_only=True):
    """An order state. `orders` and `email_text`: how many orders are in it, what its mail says, where the read asks.

    `allows_cancel` and `allows_shipments` narrow what its system state allows. `job` is the last bulk job that moved
    its orders, where the read looks for it.
    """

    id: int
    slug: str
    name: str
    color: str
    description: str
    system_state: str
    is_default: bool
    version: int = 1
    orders: int = 0
    allows_cancel: bool = True
    allows_shipments: bool = True
    emails_customer: bool = False
    email_text: str = ""
    stage: str = OFFERED
    job: int | None = None

    @property
    def is_offered(self) -> bool:
        """Whether orders may come into it: it is neither retired nor being retired."""
        return self.stage == OFFERED


class DeliveryStateRow(Row, frozen=True, kw_only=True):
    """A delivery state; `phase` is pending, sent, delivered, returned or failed."""

    id: int
    slug: str
    name: str
    color: str
    phase: str


class MethodRow(Row, frozen=True, kw_only=True):
    """A shipping method with its carrier, if it has one. `is_offered`: staff may choose it for an order of this site.

    `tracking_url_template` and `recognised_as`, what the carrier's numbers are known by, may be empty.
    """

    id: int
    slug: str
    name: str
    carrier_id: int | None
    carrier: str | None
    tracking_url_template: str | None
    recognised_as: str | None
    is_offered: bool


class SiteRow(Row, frozen=True, kw_only=True):
    """The order's site."""

    id: int
    slug: str
    name: str
    time_zone: str
    locale: str
    currency: str
    sender: str
    sender_name: str
    logo_id: int | None


class LineRow(Row, frozen=True, kw_only=True):
    """One line. Unit: minor units; `total_minor` is quantity × unit price before discount and tax."""

    id: int
    position: int
    sku: str
    name: str
    reference: str
    quantity: int
    unit_price_minor: int
    discount_minor: int
    tax_minor: int
    tax_lines: list[dict[str, Any]]
    attributes: dict[str, Any]
    requires_shipping: bool

    @property
    def total_minor(self) -> int:
        """The price of the whole line."""
        return self.quantity * self.unit_price_minor


class PartRow(Row, frozen=True, kw_only=True):
    """So many pieces of a line in one shipment in one delivery state."""

    id: int
    line_id: int
    delivery_state_id: int
    quantity: int


class ParcelRow(Row, frozen=True, kw_only=True):
    """One parcel with its tracking number."""

    position: int
    tracking_number: str


class MailRef(Row, frozen=True, kw_only=True):
    """A mail that was written, by its id."""

    id: int
    state: str
    created_at: datetime


class ShipmentRow(Row, frozen=True, kw_only=True):
    """One shipment: its method, parts in order of the lines, and parcels in order.

    `emails_customer`: whether the customer is told by mail once it has left; `told` is that mail.
    """

    id: int
    number: int
    method_id: int
    sent_at: datetime | None
    parts: list[PartRow]
    parcels: list[ParcelRow]
    emails_customer: bool = False
    told: MailRef | None = None


class NoteRow(Row, frozen=True, kw_only=True):
    """One note for colleagues."""

    id: int
    text: str
    author_name: str
    written_at: datetime


class CancellationRow(Row, frozen=True, kw_only=True):
    """The order's cancellation; its legs are the operations that carry its id."""

    id: int
    state: str
    reason: str
    email_customer: bool
    from_state: str
    refunded_minor: int
    reversed_minor: int
    actor_name: str
    started_at: datetime
    finished_at: datetime | None


class CancellationRequestRow(Row, frozen=True, kw_only=True):
    """A request that the order be canceled: open, accepted, declined or withdrawn."""

    id: int
    state: str
    reason: str
    from_state: str
    actor_kind: str
    actor_ref: str
    actor_name: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None

    @property
    def is_from_customer(self) -> bool:
        """Whether the customer asks, through a program; otherwise somebody at the desk does."""
        return self.actor_kind == "key"


class MoveRow(Row, frozen=True, kw_only=True):
    """One move between system states that may be made by hand."""

    from_system: str
    to_system: str


class Choices(Row, frozen=True, kw_only=True):
    """What the dropdowns offer: order states, delivery states and shipping methods, each in its order."""

    states: list[StateRow]
    moves: list[MoveRow]
    delivery_states: list[DeliveryStateRow]
    methods: list[MethodRow]

    @property
    def moves_between(self) -> Moves:
        """The table of moves, as the rules want it."""
        return moves_from((move.from_system, move.to_system) for move in self.moves)


class OrderDetail(Row, frozen=True, kw_only=True):
    """One whole order. Lists are as shown: lines, shipments and payments by their number, notes newest first."""

    id: int
    number: str
    external_id: str
    source: str
    placed_at: datetime
    taken_in_at: datetime
    currency: str
    prices_include_tax: bool
    customer_reference: str
    customer_name: str
    customer_email: str
    customer_phone: str
    customer_language: str
    customer_orders: int
    customer_erased_at: datetime | None
    shipping_address: Address | None
    billing_address: Address | None
    items_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    shipping_discount_minor: int
    tax_minor: int
    total_minor: int
    discounts: list[dict[str, Any]]
    tags: list[str]
    invoice_number: str
    version: int
    is_open: bool
    payment_standing: str
    hold_ends_at: datetime | None
    pieces: int
    shipments_total: int
    shipments_sent: int
    shipments_partly: int
    shipments_made: int
    state: StateRow
    site: SiteRow
    lines: list[LineRow]
    shipments: list[ShipmentRow]
    payments: list[PaymentRow]
    notes: list[NoteRow]
    cancellation: CancellationRow | None
    cancellation_request: CancellationRequestRow | None
    refunds: list[RefundRow]
    choices: Choices
    # Whether the customer's personal data are hidden, and then whether there is an address to mail to. Source: W11.
    is_masked: bool = False
    is_reachable: bool = False

    def line(self, line_id: int) -> LineRow | None:
        """Return the line with this id, or None when it is not of this order."""
        return next((line for line in self.lines if line.id == line_id), None)

    def state_name(self, slug: str) -> str:
        """Return how the order state of this slug is called now; one that is gone keeps its slug."""
        return next((state.name for state in self.choices.states if state.slug == slug), slug)

    def shipment(self, number: int) -> ShipmentRow | None:
        """Return the shipment with this number, or None."""
        return next((shipment for shipment in self.shipments if shipment.number == number), None)

    def payment(self, payment_id: int) -> PaymentRow | None:
        """Return the payment with this id, or None when it is not of this order."""
        return next((payment for payment in self.payments if payment.id == payment_id), None)

    def delivery_state(self, state_id: int) -> DeliveryStateRow:
        """Return the delivery state that a part points to."""
        return next(state for state in self.choices.delivery_states if state.id == state_id)

    def method(self, method_id: int) -> MethodRow:
        """Return the shipping method that a shipment points to."""
        return next(method for method in self.choices.methods if method.id == method_id)

    @property
    def open_request(self) -> CancellationRequestRow | None:
        """The request for a cancellation that nobody has decided yet."""
        asked = self.cancellation_request
        return asked if asked is not None and asked.state == "open" else None

    @property
    def legs(self) -> list[OperationRow]:
        """The operations of the cancellation, in order; empty when there is none."""
        if self.cancellation is None:
            return []
        return [op for pay in self.payments for op in pay.operations if op.cancellation_id == self.cancellation.id]
