"""Tell the customer: shipped. Once per shipment, by a press where it is not told by itself, or instead of waiting."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.cancellation_standing import waits
from orderwright.actions.permission import lacks
from orderwright.actions.shipment_facts import PERMISSION
from orderwright.actions.shipped_mail import has_left, write_shipped
from orderwright.actions.write_mail import can_be_written
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.states import CANCEL_REQUESTED, CANCELED, FRAUD
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.outbox.models import Mail
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.rows import OrderDetail, ShipmentRow
from orderwright.shipping.errors import ShipmentNotFound
from orderwright.shipping.models import Shipment


def shipment_of(order: OrderDetail, number: int) -> ShipmentRow:
    """Return the order's shipment with this number. Raises: ShipmentNotFound."""
    found = order.shipment(number)
    if found is None:
        raise ShipmentNotFound(_("The order has no such shipment."), facts={"shipment": number})
    return found


def availability(order: OrderDetail, actor: Actor, *, shipment: ShipmentRow) -> Availability:
    """Return whether the customer can be told now that this shipment has left."""
    refusal = _untellable(order, actor, shipment)
    if refusal is None and not has_left(order, shipment):
        refusal = refused("not_sent_yet", _("This shipment has not left yet."))
    return refusal or _writable(order) or allowed()


def choice_availability(order: OrderDetail, actor: Actor, *, shipment: ShipmentRow) -> Availability:
    """Return whether one can choose if the customer is told by itself: as long as the shipment was not told of."""
    return _untellable(order, actor, shipment) or _writable(order) or allowed()


def run(*, number: str, shipment: int, actor: Actor, now: datetime) -> Mail:
    """Put the mail about this shipment into the outbox and return it.

    Raises: Conflict with the reason of `availability`; ShipmentNotFound; OrderNotFound; Refused.
    Effects: one mail, one journal entry; the order's version stays.
    """

    def change() -> Mail:
        row = lock_order(number=number, actor=actor)
        order = read_whole_order(number=number, actor=actor)
        found = shipment_of(order, shipment)
        availability(order, actor, shipment=found).require()
        return write_shipped(row, order, found, actor=actor, now=now)

    return in_write_transaction(change)


def choose(*, number: str, shipment: int, emails_customer: bool, actor: Actor, now: datetime) -> None:
    """Say whether the customer is told by itself once this shipment has left; until then its site decides.

    Raises: Conflict with the reason of `choice_availability`; ShipmentNotFound; OrderNotFound; Refused.
    Effects: the shipment's column, the order's version, one journal entry; none when it is so already.
    """
    field = f"emails_customer:{shipment}"

    def change() -> None:
        row = lock_order(number=number, actor=actor)
        order = read_whole_order(number=number, actor=actor)
        found = shipment_of(order, shipment)
        choice_availability(order, actor, shipment=found).require()
        if found.emails_customer == emails_customer:
            return
        Shipment.objects.filter(pk=found.id).update(emails_customer=emails_customer)
        change_order(row)
        append(
            stream=stream_of(order.id),
            kind="shipment.email_chosen",
            actor=actor,
            now=now,
            before={field: found.emails_customer},
            after={field: emails_customer},
            version=row.version,
        )

    in_write_transaction(change)


def _untellable(order: OrderDetail, actor: Actor, shipment: ShipmentRow) -> Availability | None:
    refusal = lacks(actor, PERMISSION, order.site.id)
    if refusal is None and shipment.told is not None:
        words = _("The customer was told of this shipment already.")
        refusal = refused("told_already", words, email=shipment.told.id)
    return refusal or _stopped(order)


def _stopped(order: OrderDetail) -> Availability | None:
    """Return why a customer who may get nothing, or not all of it, is not told that it is on its way, or None."""
    system_state = order.state.system_state
    if system_state == CANCEL_REQUESTED:
        return waits(order)
    if system_state == CANCELED:
        return refused("order_canceled", _("The order is canceled; the customer is not told of its shipments."))
    if system_state == FRAUD:
        words = _("The order is considered as fraudulent; set it to Processing to tell the customer.")
        return refused("order_is_fraud", words)
    return None


def _writable(order: OrderDetail) -> Availability | None:
    if can_be_written(order):
        return None
    return refused("no_address", _("There is no e-mail address that the customer could be written to."))
