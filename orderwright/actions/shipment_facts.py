"""An order's shipments as the shipping rules take them, the gate of G13 and G14, and how the journal tells of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, refused
from orderwright.orders.states import SHIPMENTS_OPEN
from orderwright.reads.rows import DeliveryStateRow, LineRow, OrderDetail
from orderwright.shipping.facts import DeliveryFacts, LineFacts, PartFacts, ShipmentFacts
from orderwright.shipping.states import SENT_PHASES

PERMISSION = "shipments.update"


def line_facts(line: LineRow) -> LineFacts:
    """Return the line as the rules want it."""
    return LineFacts(id=line.id, name=line.name, requires_shipping=line.requires_shipping)


def delivery_facts(order: OrderDetail, state: DeliveryStateRow) -> DeliveryFacts:
    """Return the delivery state as the rules want it, with its place in the dropdown."""
    place = order.choices.delivery_states.index(state)
    return DeliveryFacts(id=state.id, place=place, is_sent=state.phase in SENT_PHASES)


def shipment_facts(order: OrderDetail) -> list[ShipmentFacts]:
    """Return the order's shipments by number; within a line, the states stand as in the dropdown."""
    deliveries = {state.id: delivery_facts(order, state) for state in order.choices.delivery_states}
    lines = {line.id: place for place, line in enumerate(order.lines)}
    return [
        ShipmentFacts(
            number=shipment.number,
            method_id=shipment.method_id,
            parts=tuple(
                PartFacts(line_id=part.line_id, delivery=deliveries[part.delivery_state_id], quantity=part.quantity)
                for part in sorted(
                    shipment.parts, key=lambda part: (lines[part.line_id], deliveries[part.delivery_state_id].place)
                )
            ),
            tracking_numbers=tuple(parcel.tracking_number for parcel in shipment.parcels),
            sent_at=shipment.sent_at,
        )
        for shipment in order.shipments
    ]


def nothing_to_ship(order: OrderDetail, actor: Actor) -> Availability | None:
    """Return the refusal when the actor may not touch shipments or the order has none, else None."""
    refusal = lacks(actor, PERMISSION, order.site.id)
    if refusal is None and not order.shipments:
        refusal = refused("nothing_to_ship", _("This order has no items that are shipped."))
    return refusal


def locked(order: OrderDetail, actor: Actor) -> Availability | None:
    """Return why shipments and delivery states cannot be changed now, or None. Source: G13, G14."""
    refusal = nothing_to_ship(order, actor)
    if refusal is None and order.state.system_state not in SHIPMENTS_OPEN:
        reason = _("Shipments can be changed while the order is New or Processing; this one is %(state)s.")
        refusal = refused(
            "order_state_locks_shipments",
            reason % {"state": order.state.name},
            state=order.state.slug,
            system_state=order.state.system_state,
        )
    elif refusal is None and not order.state.allows_shipments:
        reason = _("Shipments are not changed in the state %(state)s.") % {"state": order.state.name}
        refusal = refused(
            "order_state_locks_shipments", reason, state=order.state.slug, system_state=order.state.system_state
        )
    return refusal


def summaries(order: OrderDetail, shipments: Iterable[ShipmentFacts]) -> list[str]:
    """Return each shipment in one line of plain words, for the journal, whose words never change with the language."""
    return [_summary(order, shipment) for shipment in shipments]


def _summary(order: OrderDetail, shipment: ShipmentFacts) -> str:
    pieces: Counter[int] = Counter()
    for part in shipment.parts:
        pieces[part.line_id] += part.quantity
    items = "; ".join(f"{pieces[line.id]} × {line.name}" for line in order.lines if pieces[line.id])
    words = [f"Shipment {shipment.number}", order.method(shipment.method_id).name, items, *shipment.tracking_numbers]
    return " · ".join(words)


def made(shipments: Iterable[ShipmentFacts], others: Iterable[ShipmentFacts]) -> list[dict[str, Any]]:
    """Return those of the shipments that are not the same among the others, as the journal keeps them.

    Shape: {"shipment", "method": id, "parts": [[line, delivery state, pieces], …], "tracking_numbers", "sent_at"}.
    """
    known = {other.number: other for other in others}
    return [
        {
            "shipment": shipment.number,
            "method": shipment.method_id,
            "parts": [[part.line_id, part.delivery.id, part.quantity] for part in shipment.parts],
            "tracking_numbers": list(shipment.tracking_numbers),
            "sent_at": shipment.sent_at.isoformat() if shipment.sent_at else None,
        }
        for shipment in shipments
        if known.get(shipment.number) != shipment
    ]


def remade(order: OrderDetail, kept: Iterable[Mapping[str, Any]]) -> list[ShipmentFacts]:
    """Return the shipments that `made` kept. Every piece has to be in the delivery state that it was in then."""
    deliveries = {state.id: delivery_facts(order, state) for state in order.choices.delivery_states}
    return [
        ShipmentFacts(
            number=each["shipment"],
            method_id=each["method"],
            parts=tuple(
                PartFacts(line_id=line, delivery=deliveries[delivery], quantity=pieces)
                for line, delivery, pieces in each["parts"]
            ),
            tracking_numbers=tuple(each["tracking_numbers"]),
            sent_at=datetime.fromisoformat(each["sent_at"]) if each["sent_at"] else None,
        )
        for each in kept
    ]
