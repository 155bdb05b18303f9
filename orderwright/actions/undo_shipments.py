"""Undoing what was done with shipments: method, delivery state, tracking number. Needs the order's lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from orderwright.actions.shipment_facts import delivery_facts, remade, shipment_facts
from orderwright.core.errors import Conflict
from orderwright.orders.models import Order
from orderwright.orders.writes import change_order
from orderwright.reads.rows import OrderDetail
from orderwright.shipping.facts import Place, ShipmentFacts
from orderwright.shipping.models import ShippingMethod
from orderwright.shipping.rules import refilled, stock_of, tracking_key
from orderwright.shipping.writes import store_shipments, store_tracking_numbers


class WayBackClosed(Conflict):
    """What was before cannot be again: a method or state is gone, or the number is on another parcel."""

    code = "way_back_closed"


def undo_tracking(row: Order, order: OrderDetail, before: Mapping[str, Any]) -> None:
    """Give the shipment the numbers that it had. Raises: WayBackClosed. Effects: parcels, the order's version."""
    ((field, numbers),) = before.items()
    shipment = int(field.rpartition(":")[2])
    taken = {
        tracking_key(parcel.tracking_number)
        for other in order.shipments
        if other.number != shipment
        for parcel in other.parcels
    }
    if order.shipment(shipment) is None or any(tracking_key(number) in taken for number in numbers):
        way_back_closed()
    store_tracking_numbers(order=row, shipment=shipment, numbers=numbers)
    change_order(row)


def undo_delivery(
    row: Order, order: OrderDetail, *, before: Mapping[str, Any], after: Mapping[str, Any], now: datetime
) -> None:
    """Put the pieces back into the delivery states that they came from, and shipments to when they had left.

    Raises: WayBackClosed. Effects: parts, the time a shipment was sent, the order's columns and version.
    """
    ((field, were),) = before.items()
    ((_field, are),) = after.items()
    line_id = int(field.rpartition(":")[2])
    deliveries = {state.slug: delivery_facts(order, state) for state in order.choices.delivery_states}
    shipments = shipment_facts(order)
    stock = stock_of(shipments)
    for was, is_now in zip(were, are, strict=True):
        if was["state"] not in deliveries:
            way_back_closed()
        # There they are: who had moved them since would stand in the way of undoing.
        there = Place(is_now["shipment"], line_id, deliveries[is_now["state"]])
        stock[there] -= was["quantity"]
        stock[there._replace(delivery=deliveries[was["state"]])] += was["quantity"]
    left_at = {was["shipment"]: was["sent_at"] for was in were}
    restored = [_sent(each, left_at.get(each.number)) for each in refilled(shipments, stock=stock)]
    change_order(row, **store_shipments(order=row, before=shipments, after=restored, now=now))


def undo_shipment(
    row: Order, order: OrderDetail, *, before: Mapping[str, Any], after: Mapping[str, Any], now: datetime
) -> None:
    """Make the shipments of before again, under their numbers and with their parcels.

    Raises: WayBackClosed. Effects: shipments, parts and parcels, the order's columns and version.
    """
    methods = {each["method"] for each in before["_made"]}
    if ShippingMethod.objects.filter(pk__in=methods).count() != len(methods):
        way_back_closed()
    were = remade(order, before["_made"])
    touched = {each["shipment"] for each in (*before["_made"], *after["_made"])}
    present = shipment_facts(order)
    restored = sorted([*(each for each in present if each.number not in touched), *were], key=lambda each: each.number)
    change_order(row, **store_shipments(order=row, before=present, after=restored, now=now))
    for shipment in were:
        store_tracking_numbers(order=row, shipment=shipment.number, numbers=shipment.tracking_numbers)


def _sent(shipment: ShipmentFacts, sent_at: str | None) -> ShipmentFacts:
    return replace(shipment, sent_at=datetime.fromisoformat(sent_at)) if sent_at and shipment.is_sent else shipment


def way_back_closed() -> NoReturn:
    """Say that there is no way back. Raises: WayBackClosed, always."""
    raise WayBackClosed(_("It cannot be put back: something about it has changed since."))
