"""What a mail tells of a shipment that has left: its pieces, its parcels, and whether anything is left to be sent."""

from __future__ import annotations

from collections import Counter

from orderwright.outbox.writing.values import ParcelFacts, Pieces, Shipped
from orderwright.reads.rows import OrderDetail, ShipmentRow
from orderwright.reads.tracking import tracking_href
from orderwright.shipping.states import SENT_PHASES


def shipped_occasion(order: OrderDetail, shipment: ShipmentRow) -> Shipped:
    """Return the facts of this shipment, its items in order of the order's lines."""
    pieces: Counter[int] = Counter()
    for part in shipment.parts:
        pieces[part.line_id] += part.quantity
    method = order.method(shipment.method_id)
    return Shipped(
        items=[
            Pieces(quantity=pieces[line.id], name=line.name, sku=line.sku) for line in order.lines if pieces[line.id]
        ],
        parcels=[
            ParcelFacts(number=parcel.tracking_number, link=tracking_href(order, shipment, parcel.tracking_number))
            for parcel in shipment.parcels
        ],
        carrier=method.carrier or "",
        method=method.name,
        is_complete=all(_has_left(order, other) for other in order.shipments if other.id != shipment.id),
    )


def _has_left(order: OrderDetail, shipment: ShipmentRow) -> bool:
    return all(order.delivery_state(part.delivery_state_id).phase in SENT_PHASES for part in shipment.parts)
