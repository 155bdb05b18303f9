"""What an occasion would add to the mail of a given order: for previews and tests of templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from orderwright.actions import cancel_order
from orderwright.actions.shipped_mail import shipped_occasion
from orderwright.core.money import Money
from orderwright.outbox.writing.values import (
    Canceled,
    CancellationDeclined,
    Delayed,
    Occasion,
    Pieces,
    Received,
    Refunded,
    Shipped,
    StateEntered,
)
from orderwright.outbox.writing.vocabulary import (
    CANCELED,
    CANCELLATION_DECLINED,
    DELAYED,
    RECEIVED,
    REFUNDED,
    SHIPPED,
    STATE_ENTERED,
)
from orderwright.reads.rows import OrderDetail


def sample_of(kind: str, order: OrderDetail) -> Occasion:
    """Return the facts of the occasion as this order has them; where it has none, as it could have them."""
    return _SAMPLES[kind](order)


def _shipped(order: OrderDetail) -> Occasion:
    sent = [shipment for shipment in order.shipments if shipment.sent_at is not None]
    for shipment in (*sent, *order.shipments):
        return shipped_occasion(order, shipment)
    return Shipped(items=[Pieces(quantity=line.quantity, name=line.name, sku=line.sku) for line in order.lines])


def _canceled(order: OrderDetail) -> Occasion:
    done = order.cancellation
    if done is not None and done.state == "done":
        refunded, reversed_ = done.refunded_minor, done.reversed_minor
    else:
        plan = cancel_order.rehearse(order)
        refunded, reversed_ = plan.refund_minor, plan.reverse_minor
    return Canceled(refunded=Money(refunded, order.currency), reversed=Money(reversed_, order.currency))


def _refunded(order: OrderDetail) -> Occasion:
    if order.refunds:
        last = order.refunds[-1]
        names = {line.id: line.name for line in order.lines}
        return Refunded(
            refunded=Money(last.refunded_minor or last.amount_minor, order.currency),
            items=[Pieces(quantity=each.quantity, name=names[each.line_id]) for each in last.lines],
        )
    items = [Pieces(quantity=1, name=line.name) for line in order.lines[:1]]
    amount = order.lines[0].unit_price_minor if order.lines else order.total_minor
    return Refunded(refunded=Money(amount, order.currency), items=items)


def _delayed(order: OrderDetail) -> Occasion:
    message = _("One of the items comes in later than our supplier had promised. We are sorry for the wait.")
    return Delayed(message=message, expected_on=(order.placed_at + timedelta(days=14)).date())


def _state_entered(_order: OrderDetail) -> Occasion:
    return StateEntered(message=_("One of your items is on its way to us. We send your order as soon as it is here."))


def _cancellation_declined(_order: OrderDetail) -> Occasion:
    return CancellationDeclined(message=_("Your parcel has already left us. You can send it back free of charge."))


_SAMPLES: Final[Mapping[str, Callable[[OrderDetail], Occasion]]] = {
    RECEIVED: lambda _order: Received(),
    SHIPPED: _shipped,
    CANCELED: _canceled,
    REFUNDED: _refunded,
    DELAYED: _delayed,
    STATE_ENTERED: _state_entered,
    CANCELLATION_DECLINED: _cancellation_declined,
}
