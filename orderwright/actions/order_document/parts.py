"""What an order document says once it has been read: frozen parts with minor units and aware UTC times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who ordered. Empty text where nothing was given."""

    reference: str
    name: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """One tax on a line or on shipping; `rate` is kept as written."""

    title: str
    rate: str | None
    amount_minor: int

    def as_json(self) -> dict[str, Any]:
        """Return it as the line's column keeps it."""
        return {"title": self.title, "rate": self.rate, "amount": self.amount_minor}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line; the discount and the tax are of the whole line."""

    sku: str
    name: str
    reference: str
    quantity: int
    unit_price_minor: int
    discount_minor: int
    tax_minor: int
    tax_lines: tuple[TaxLine, ...]
    attributes: dict[str, Any]
    requires_shipping: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipping:
    """How it shall be sent, and what that costs before its discount."""

    method: str
    price_minor: int
    discount_minor: int
    tax_minor: int
    tax_lines: tuple[TaxLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A discount by its code; it names what lines and shipping already carry."""

    code: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums as the storefront showed them."""

    items_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTransaction:
    """What already happened to a payment at its provider. `kind` is capture, refund or reversal."""

    kind: str
    amount_minor: int
    reference: str
    parent: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPart:
    """A hold that the storefront obtained, with its history."""

    provider: str
    reference: str
    method_type: str
    brand: str
    last4: str
    authorised_minor: int
    authorised_at: datetime
    expires_at: datetime | None
    transactions: tuple[PastTransaction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentPart:
    """A shipment that was already made up. Shape of `items`: (index into the order's items, pieces)."""

    method: str
    tracking_numbers: tuple[str, ...]
    delivery_state: str
    sent_at: datetime | None
    items: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocument:
    """A whole order as handed in, read and in normal form."""

    site: str
    external_id: str
    source: str
    placed_at: datetime
    currency: str
    prices_include_tax: bool
    customer: Customer
    shipping_address: dict[str, str | None] | None
    billing_address: dict[str, str | None] | None
    items: tuple[Item, ...]
    shipping: Shipping
    discounts: tuple[Discount, ...]
    totals: Totals
    payments: tuple[PaymentPart, ...]
    shipments: tuple[ShipmentPart, ...]
    state: str
    invoice_number: str
    note: str
    tags: tuple[str, ...]
