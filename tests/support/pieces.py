"""Items, delivery states and shipments as the rules of shipping take them: facts, no database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from orderwright.shipping.facts import DeliveryFacts, LineFacts, PartFacts, ShipmentFacts

PENDING = DeliveryFacts(id=1, place=0, is_sent=False)
READY = DeliveryFacts(id=2, place=1, is_sent=False)
SHIPPED = DeliveryFacts(id=3, place=2, is_sent=True)
DELIVERED = DeliveryFacts(id=5, place=4, is_sent=True)

TABLE = LineFacts(id=11, name="Oak side table")
LAMP = LineFacts(id=12, name="Linen lamp shade")
RUG = LineFacts(id=13, name="Wool rug")
GIFT_CARD = LineFacts(id=14, name="Gift card", requires_shipping=False)
LINES = [TABLE, LAMP, RUG, GIFT_CARD]

GROUND, HOME, COURIER = 1, 2, 3
SENT_ON = datetime(2026, 11, 21, 14, 6, tzinfo=UTC)


def part(line: LineFacts, quantity: int = 1, delivery: DeliveryFacts = PENDING) -> PartFacts:
    """Return pieces of an item in a delivery state."""
    return PartFacts(line_id=line.id, delivery=delivery, quantity=quantity)


def shipment(
    number: int,
    *parts: PartFacts,
    method: int = GROUND,
    tracking: Iterable[str] = (),
    sent_at: datetime | None = None,
) -> ShipmentFacts:
    """Return a shipment of these pieces."""
    return ShipmentFacts(
        number=number, method_id=method, parts=parts, tracking_numbers=tuple(tracking), sent_at=sent_at
    )
