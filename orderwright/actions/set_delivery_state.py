"""Delivery State: say of an item, or of so many pieces of it, how far on their way they are (G11, G12, G14)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.shipment_facts import delivery_facts, line_facts, locked, shipment_facts
from orderwright.actions.shipped_mail import tell_of_shipments
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import FieldError
from orderwright.journal.writes import append
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import DeliveryStateRow, LineRow, OrderDetail
from orderwright.shipping.errors import DeliveryStateUnknown, ItemNotFound
from orderwright.shipping.facts import DeliveryPlan
from orderwright.shipping.rules import plan_delivery
from orderwright.shipping.writes import hold_delivery_states, store_shipments


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether delivery states can be changed; `limits` lists those that can be chosen. Source: G14."""
    return locked(order, actor) or allowed(delivery_states=[state.slug for state in order.choices.delivery_states])


def run(
    *,
    number: str,
    line_id: int,
    delivery_state: str,
    actor: Actor,
    now: datetime,
    quantity: int | None = None,
    shipment: int | None = None,
    from_state: str | None = None,
    version: int | None = None,
) -> None:
    """Set the delivery state of an item: of all its pieces, or of `quantity` of them.

    `shipment` (its number) and `from_state` (a slug) name which pieces. Without `from_state` those that are in the
    state already count towards the quantity, so that the same request repeated is refused instead of moving more.
    Raises: ItemNotFound; DeliveryStateUnknown, ShipmentUnknown, QuantityOutOfRange, ItemNotShipped with pointers;
    DeliveryStateUnchanged; PiecesNotThere; Conflict with code order_state_locks_shipments or nothing_to_ship;
    OrderChanged when somebody changed this item's state or the shipments since `version`; OrderNotFound; Refused.
    Effects: parts, the time a shipment was sent, the order's columns and version, one journal entry; the customer's
    mail where a shipment has left and its site writes one.
    Source: G11, G12, G14.
    """
    field = f"delivery_state:{line_id}"

    def change() -> None:
        row = lock_order(number=number, actor=actor, version=version, touches=frozenset({field, "shipments"}))
        hold_delivery_states(slugs=[delivery_state])
        order = read_order(number=number, actor=actor)
        availability(order, actor).require()
        line = order.line(line_id)
        if line is None:
            raise ItemNotFound(_("The order has no such item."), facts={"item": line_id})
        state = _state(order, delivery_state, pointer="/delivery_state")
        origin = None if from_state is None else _state(order, from_state, pointer="/from_state")
        before = shipment_facts(order)
        planned = plan_delivery(
            line=line_facts(line),
            shipments=before,
            delivery=delivery_facts(order, state),
            quantity=quantity,
            shipment=shipment,
            from_state_id=origin.id if origin else None,
        )
        change_order(row, **store_shipments(order=row, before=before, after=planned.after, now=now))
        append(
            stream=stream_of(order.id),
            kind="item.delivery_state_changed",
            actor=actor,
            now=now,
            before={field: _told(order, line, planned)},
            after={field: _told(order, line, planned, state=state)},
            version=row.version,
        )
        tell_of_shipments(row, order, [move.place.shipment for move in planned.moves], actor=actor, now=now)

    in_write_transaction(change)


def _state(order: OrderDetail, slug: str, *, pointer: str) -> DeliveryStateRow:
    state = next((state for state in order.choices.delivery_states if state.slug == slug), None)
    if state is None:
        message = _("There is no such delivery state.")
        field = FieldError(pointer=pointer, code=DeliveryStateUnknown.code, message=message)
        raise DeliveryStateUnknown(message, fields=(field,))
    return state


def _told(
    order: OrderDetail, line: LineRow, planned: DeliveryPlan, *, state: DeliveryStateRow | None = None
) -> list[dict[str, str | int | None]]:
    # One element per place that pieces came from; before and after have them in the same order.
    told: list[dict[str, str | int | None]] = []
    sent_at = {each.number: each.sent_at.isoformat() if each.sent_at else None for each in order.shipments}
    for move in planned.moves:
        shown = state or order.delivery_state(move.place.delivery.id)
        told.append(
            {
                "shipment": move.place.shipment,
                "sent_at": sent_at[move.place.shipment],
                "item": line.name,
                "quantity": move.quantity,
                "state": shown.slug,
                "name": shown.name,
            }
        )
    return told
