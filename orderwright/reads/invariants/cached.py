"""Columns that the actions keep on the order for the list: each is recomputed here from what it summarises."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum

from orderwright.core.db import is_postgresql
from orderwright.orders.models import Order
from orderwright.orders.states import CLOSED
from orderwright.payments.ledger import is_unsettled, with_expiry
from orderwright.payments.models import Operation, Payment
from orderwright.payments.rules import Figures, PaymentStanding, hold_end, standing_of
from orderwright.reads.invariants.sql import rows
from orderwright.shipping.states import SENT_PHASES

_SHIPMENTS = """
SELECT h.order_id, count(*), sum(CASE WHEN h.unsent = 0 THEN 1 ELSE 0 END), max(h.number),
  sum(CASE WHEN h.unsent > 0 AND h.unsent < h.parts THEN 1 ELSE 0 END) FROM (
  SELECT s.id, s.order_id, s.number, count(*) AS parts, sum(CASE WHEN d.phase IN ({sent}) THEN 0 ELSE 1 END) AS unsent
  FROM shipping_shipment s JOIN shipping_shipmentpart p ON p.shipment_id = s.id
  JOIN shipping_deliverystate d ON d.id = p.delivery_state_id GROUP BY s.id, s.order_id, s.number
) AS h GROUP BY h.order_id
"""


def cached_columns_differ() -> Iterator[str]:
    """Yield orders whose openness, pieces, shipments, payment standing, hold end or search words are not up to date."""
    sent = ", ".join(f"'{phase}'" for phase in sorted(SENT_PHASES))
    shipments = {
        order: (total, int(gone), last, int(mixed))
        for order, total, gone, last, mixed in rows(_SHIPMENTS.format(sent=sent))
    }
    standings = _standings()
    key = "id" if is_postgresql() else "rowid"
    indexed = {order for (order,) in rows(f"SELECT {key} FROM reads_search")}
    for order in (
        Order.objects.select_related("state").annotate(ordered=Sum("lines__quantity")).iterator(chunk_size=2000)
    ):
        total, gone, last, mixed = shipments.get(order.pk, (0, 0, 0, 0))
        payments = standings.get(order.pk, [])
        expected = {
            "is_open": order.state.system_state not in CLOSED,
            "pieces": order.ordered,
            "shipments_total": total,
            "shipments_sent": gone,
            "shipments_partly": mixed,
            "payment_standing": standing_of(payments),
            "hold_ends_at": hold_end(payments),
        }
        for column, value in expected.items():
            if getattr(order, column) != value:
                yield f"cached: order #{order.number} says {column} {getattr(order, column)}, it is {value}"
        if last > order.shipments_made:
            yield f"cached: order #{order.number} has made {order.shipments_made} shipments, but has number {last}"
        if order.pk not in indexed:
            yield f"cached: order #{order.number} cannot be found by search"


def _standings() -> dict[int, list[PaymentStanding]]:
    unsettled = set(
        Operation.objects.filter(is_unsettled()).exclude(kind="lookup").values_list("payment_id", flat=True)
    )
    found: dict[int, list[PaymentStanding]] = {}
    for payment in with_expiry(Payment.objects.all()).iterator(chunk_size=2000):
        figures = Figures(
            authorised=payment.authorised_minor,
            captured=payment.captured_minor,
            released=payment.released_minor,
            refunded=payment.refunded_minor,
        )
        found.setdefault(payment.order_id, []).append(
            PaymentStanding(
                figures=figures,
                expires_at=payment.expires_at,
                is_unsettled=payment.pk in unsettled,
                has_expired=payment.has_expired,
            )
        )
    return found
