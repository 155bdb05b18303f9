"""The mail about a shipment that has left: what it tells, and when it goes out by itself. Needs the order's lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from orderwright.actions.write_mail import can_be_written, put_into_outbox
from orderwright.core.actor import Actor
from orderwright.orders.models import Order
from orderwright.outbox.models import Mail
from orderwright.outbox.writing.values import ParcelFacts, Pieces, Shipped
from orderwright.outbox.writing.vocabulary import SHIPPED
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.rows import OrderDetail, ShipmentRow
from orderwright.reads.tracking import tracking_href
from orderwright.shipping.states import SENT_PHASES


def shipped_occasion(order: OrderDetail, shipment: ShipmentRow) -> Shipped:
    """Return the facts of this shipment, its items in order of the order's lines."""
    pieces: Counter[int] = Counter()
    for part in shipment.parts:
        pieces[part.line_id] += part.quantity
    method = order.method(shipment.method_id)
    numbers = [parcel.tracking_number for parcel in shipment.parcels]
    return Shipped(
        items=[
            Pieces(quantity=pieces[line.id], name=line.name, sku=line.sku) for line in order.lines if pieces[line.id]
        ],
        parcels=[ParcelFacts(number=number, link=tracking_href(order, shipment, number)) for number in numbers],
        carrier=method.carrier or "",
        method=method.name,
        is_complete=all(has_left(order, other) for other in order.shipments if other.id != shipment.id),
    )


def has_left(order: OrderDetail, shipment: ShipmentRow) -> bool:
    """Return whether every piece of the shipment has left."""
    return all(order.delivery_state(part.delivery_state_id).phase in SENT_PHASES for part in shipment.parts)


def tell_of_shipments(row: Order, was: OrderDetail, numbers: Iterable[int], *, actor: Actor, now: datetime) -> None:
    """Write the mail about each of these shipments that is to be told of by itself and is ready for it now.

    Ready is what has left and has its tracking number, or goes by a method whose parcels nobody can follow. A shipment
    is told of once, whatever is changed about it later. `was` is the order as it was read before the change.
    Cost: none where nothing waits to be told; else one statement, and more for each mail.
    Effects: as `put_into_outbox`.
    """
    changed = frozenset(numbers)
    waiting = {
        shipment.number for shipment in was.shipments if shipment.emails_customer and shipment.told is None
    } & changed
    if not waiting:
        return
    order = read_whole_order(number=row.number, actor=actor)
    for shipment in order.shipments:
        if shipment.number in waiting and can_be_written(order) and _is_ready(order, shipment):
            write_shipped(row, order, shipment, actor=actor, now=now)


def write_shipped(row: Order, order: OrderDetail, shipment: ShipmentRow, *, actor: Actor, now: datetime) -> Mail:
    """Write the mail about this shipment, of which the customer was not told yet. Effects: as `put_into_outbox`."""
    occasion = shipped_occasion(order, shipment)
    about = f"shipment:{shipment.number}"
    return put_into_outbox(row, order, kind=SHIPPED, occasion=occasion, actor=actor, now=now, about=about)


def _is_ready(order: OrderDetail, shipment: ShipmentRow) -> bool:
    can_be_followed = bool(order.method(shipment.method_id).tracking_url_template)
    return has_left(order, shipment) and (bool(shipment.parcels) or not can_be_followed)
