"""I9: the pieces of each line in its shipments are those ordered, and no shipment is empty."""

from __future__ import annotations

from collections.abc import Iterator

from orderwright.reads.invariants.sql import rows

_PIECES = """
SELECT o.number, l.position, l.quantity, coalesce(sum(p.quantity), 0)
FROM orders_line l JOIN orders_order o ON o.id = l.order_id LEFT JOIN shipping_shipmentpart p ON p.line_id = l.id
GROUP BY l.id, o.number, l.position, l.quantity, l.requires_shipping
HAVING coalesce(sum(p.quantity), 0) <> CASE WHEN l.requires_shipping THEN l.quantity ELSE 0 END
"""
_STRANGERS = """
SELECT h.id FROM shipping_shipment h LEFT JOIN shipping_shipmentpart p ON p.shipment_id = h.id
LEFT JOIN orders_line l ON l.id = p.line_id
WHERE p.id IS NULL OR l.order_id <> h.order_id
UNION SELECT c.shipment_id FROM shipping_parcel c JOIN shipping_shipment h ON h.id = c.shipment_id
WHERE c.order_id <> h.order_id
"""


def pieces_differ() -> Iterator[str]:
    """Yield lines with more or fewer pieces in shipments than ordered, and shipments that are empty or mixed up."""
    for number, position, ordered, shipped in rows(_PIECES):
        yield f"I9: line {position} of order #{number} has {shipped} pieces in shipments, {ordered} were ordered"
    for (shipment,) in rows(_STRANGERS):
        yield f"I9: shipment {shipment} is empty or holds something of another order"
