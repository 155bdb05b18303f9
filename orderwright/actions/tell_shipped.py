"""Tell the customer: shipped. Once per shipment, by a press where it is not told by itself, or instead of waiting."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks
from orderwright.actions.shipment_facts import PERMISSION
from orderwright.actions.shipped_mail import has_left, write_shipped
from orderwright.actions.write_mail import can_be_written
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.outbox.models import Mail
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.rows import OrderDetail
from orderwright.shipping.errors import ShipmentNotFound
from orderwright.shipping.models import Shipment


def availability(order: OrderDetail, actor: Actor, *, shipment: int) -> Availability:
    """Return whether the customer can be told now that this shipment has left."""
    refusal = lacks(actor, PERMISSION, order.site.id)
    if refusal is not None:
        return refusal
    found = order.shipment(shipment)
    if found is None:
        return refused("shipment_not_found", _("The order has no such shipment."))
    if found.told is not None:
        return refused("told_already", _("The customer was told of this shipment already."), email=found.told.id)
    if not has_left(order, found):
        return refused("not_sent_yet", _("This shipment has not left yet."))
    return _writable(order) or allowed()


def choice_availability(order: OrderDetail, actor: Actor, *, shipment: int) -> Availability:
    """Return whether one can choose if the customer is told by itself: as long as the shipment was not told of."""
    refusal = lacks(actor, PERMISSION, order.site.id)
    if refusal is not None:
        return refusal
    found = order.shipment(shipment)
    if found is None:
        return refused("shipment_not_found", _("The order has no such shipment."))
    if found.told is not None:
        return refused("told_already", _("The customer was told of this shipment already."), email=found.told.id)
    return _writable(order) or allowed()


def run(*, number: str, shipment: int, actor: Actor, now: datetime) -> Mail:
    """Put the mail about this shipment into the outbox and return it.

    Raises: Conflict with the reason of `availability`; ShipmentNotFound; OrderNotFound; Refused.
    Effects: one mail, one journal entry; the order's version stays.
    """

    def change() -> Mail:
        row = lock_order(number=number, actor=actor)
        order = read_whole_order(number=number, actor=actor)
        found = order.shipment(shipment)
        if found is None:
            raise ShipmentNotFound(_("The order has no such shipment."), facts={"shipment": shipment})
        availability(order, actor, shipment=shipment).require()
        return write_shipped(row, order, found, actor=actor, now=now)

    return in_write_transaction(change)


def choose(*, number: str, shipment: int, emails_customer: bool, actor: Actor, now: datetime) -> None:
    """Say whether the customer is told by itself once this shipment has left; until then its store decides.

    Raises: Conflict with the reason of `choice_availability`; ShipmentNotFound; OrderNotFound; Refused.
    Effects: the shipment's column, the order's version, one journal entry; none when it is so already.
    """
    field = f"emails_customer:{shipment}"

    def change() -> None:
        row = lock_order(number=number, actor=actor)
        order = read_whole_order(number=number, actor=actor)
        found = order.shipment(shipment)
        if found is None:
            raise ShipmentNotFound(_("The order has no such shipment."), facts={"shipment": shipment})
        choice_availability(order, actor, shipment=shipment).require()
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


def _writable(order: OrderDetail) -> Availability | None:
    if can_be_written(order):
        return None
    return refused("no_address", _("There is no e-mail address that the customer could be written to."))
