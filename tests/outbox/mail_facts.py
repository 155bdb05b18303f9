"""An order as plain facts, for mails that are composed without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from orderwright.core.money import Money
from orderwright.outbox.writing.values import (
    Canceled,
    CancellationDeclined,
    Delayed,
    Occasion,
    ParcelFacts,
    Pieces,
    Received,
    Refunded,
    Shipped,
    StateEntered,
)


@dataclass(frozen=True)
class Site:
    name: str = "Cozy Home US"
    sender: str = "orders@cozy-home.example.com"
    sender_name: str = ""
    logo_id: int | None = None
    locale: str = "en-US"
    time_zone: str = "America/New_York"


@dataclass(frozen=True)
class Line:
    name: str
    quantity: int
    sku: str = ""
    total_minor: int = 4900


@dataclass(frozen=True)
class Payment:
    brand: str = "visa"
    last4: str = "4242"
    captured_minor: int = 30900


@dataclass(frozen=True)
class Address:
    name: str | None = "Bob Norman"
    company: str | None = None
    line1: str | None = "123 Amoebobacterieae St"
    line2: str | None = "Unit 806"
    city: str | None = "Ottawa"
    region: str | None = "ON"
    postcode: str | None = "K2P 0V6"
    country: str | None = "CA"


@dataclass(frozen=True)
class Order:
    number: str = "1042"
    placed_at: datetime = datetime(2026, 11, 21, 2, 42, 11, tzinfo=UTC)  # still the 20th in New York
    currency: str = "USD"
    customer_name: str = "Bob Norman"
    items_minor: int = 58694
    discount_minor: int = 1000
    shipping_minor: int = 1006
    tax_minor: int = 1194
    total_minor: int = 59894
    site: Site = Site()
    lines: list[Line] = field(default_factory=lambda: [Line("Oak side table", 1), Line("Linen lamp shade, sand", 2)])
    payments: list[Payment] = field(default_factory=lambda: [Payment()])
    shipping_address: Address | None = Address()


def dollars(minor: int) -> Money:
    return Money(minor, "USD")


OCCASIONS: dict[str, Occasion] = {
    "order_received": Received(),
    "order_shipped": Shipped(
        items=[Pieces(quantity=2, name="Linen lamp shade, sand")],
        parcels=[ParcelFacts(number="1Z999AA10123456784", link="https://carrier.example/1Z999AA10123456784?a=1&b=2")],
        carrier="UPS",
        method="UPS Ground",
        is_complete=False,
    ),
    "order_canceled": Canceled(refunded=dollars(30900), reversed=dollars(28994)),
    "order_refunded": Refunded(refunded=dollars(4566), items=[Pieces(quantity=1, name="Linen lamp shade, sand")]),
    "cancellation_declined": CancellationDeclined(message="It left us this morning.\nSorry."),
    "order_state": StateEntered(message="The oak has come in.\nWe pack it tomorrow."),
    "order_delayed": Delayed(message="The oak is late.\nWe are sorry.", expected_on=date(2026, 12, 4)),
}
