"""Tracking Number: give a shipment's parcel its number, or take it away (G11, G15, G20)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.shipment_facts import nothing_to_ship, shipment_facts
from orderwright.actions.shipped_mail import tell_of_shipments
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.text import clean_text
from orderwright.journal.writes import append
from orderwright.orders.states import CANCEL_REQUESTED, is_open
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.reads.order_detail import read_order, read_whole_order
from orderwright.reads.rows import OrderDetail
from orderwright.reads.search_index import index_order, words_of
from orderwright.shipping.rules import LONGEST_TRACKING_NUMBER, plan_tracking
from orderwright.shipping.writes import store_tracking_numbers


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether tracking numbers can be typed: as long as the order is open and not being canceled (G15)."""
    refusal = nothing_to_ship(order, actor)
    if refusal is not None:
        return refusal
    system_state = order.state.system_state
    if not is_open(system_state) or system_state == CANCEL_REQUESTED:
        reason = _("Tracking numbers can be typed while the order is open; this one is %(state)s.")
        return refused(
            "order_closed", reason % {"state": order.state.name}, state=order.state.slug, system_state=system_state
        )
    return allowed(longest=LONGEST_TRACKING_NUMBER, is_reference=True)


def run(
    *,
    number: str,
    shipment: int,
    tracking_number: str,
    actor: Actor,
    now: datetime,
    parcel: int = 1,
    version: int | None = None,
) -> None:
    """Set the tracking number of a shipment's parcel; "" takes the parcel away, the one after the last adds one.

    The number is kept as typed, spaces inside included, and compared without them and without letter case.
    Raises: ShipmentNotFound; Invalid with pointer /tracking_number or /parcel; TrackingNumberTaken, which names the
    shipment that has it; TrackingNumberUnchanged; Conflict with code order_closed or nothing_to_ship; OrderChanged when
    somebody changed this shipment's numbers or the shipments since `version`; OrderNotFound; Refused.
    Effects: parcels, the order's version, one journal entry, the search index; the customer's mail where the shipment
    has left and its site writes one. Source: G15, G20.
    """
    wanted = clean_text(tracking_number, pointer="/tracking_number", longest=LONGEST_TRACKING_NUMBER, is_reference=True)
    field = f"tracking_number:{shipment}"

    def change() -> None:
        row = lock_order(number=number, actor=actor, version=version, touches=frozenset({field, "shipments"}))
        order = read_order(number=number, actor=actor)
        availability(order, actor).require()
        facts = shipment_facts(order)
        numbers = plan_tracking(shipments=facts, shipment=shipment, tracking_number=wanted, parcel=parcel)
        before = next(each.tracking_numbers for each in facts if each.number == shipment)
        store_tracking_numbers(order=row, shipment=shipment, numbers=numbers)
        change_order(row)
        append(
            stream=stream_of(order.id),
            kind="shipment.tracking_set",
            actor=actor,
            now=now,
            before={field: list(before)},
            after={field: list(numbers)},
            version=row.version,
        )
        index_order(order_id=order.id, found_by=words_of(read_whole_order(number=number, actor=actor)))
        tell_of_shipments(row, order, [shipment], actor=actor, now=now)

    in_write_transaction(change)
