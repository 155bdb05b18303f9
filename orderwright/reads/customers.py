"""A customer: the orders that one person placed at one site, as far as the desk can tell."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from orderwright.orders.models import CancellationRequest, Order
from orderwright.orders.states import CLOSED
from orderwright.outbox.models import Mail
from orderwright.payments.models import Cancellation, Drift, Operation, Payment, Refund
from orderwright.payments.states import FINAL_STATES
from orderwright.reads.row import Row
from orderwright.reads.rows import OrderDetail

# What the bank holds for a payment and nobody has captured or let go.
_IS_HELD = Q(authorised_minor__gt=F("captured_minor") + F("released_minor"))


class CustomerOrder(Row, frozen=True, kw_only=True):
    """One order of a customer. `is_open`: neither completed nor canceled. `under_way`: why it is not settled yet."""

    id: int
    number: str
    placed_at: datetime
    is_open: bool
    under_way: str


def orders_of_customer(order: OrderDetail) -> list[CustomerOrder]:
    """Return every order of this order's customer at its site, the oldest first.

    They are those with the same e-mail in any letter case; an order without one stands for itself. Cost: seven
    statements.
    """
    found = list(_same(order).order_by("placed_at", "pk").values("pk", "number", "placed_at", "state__system_state"))
    ids = [row["pk"] for row in found]
    reasons = _under_way(ids)
    return [
        CustomerOrder(
            id=row["pk"],
            number=row["number"],
            placed_at=row["placed_at"],
            is_open=row["state__system_state"] not in CLOSED,
            under_way=reasons.get(row["pk"], ""),
        )
        for row in found
    ]


def _same(order: OrderDetail) -> QuerySet[Order]:
    if not order.customer_email:
        return Order.objects.filter(pk=order.id)
    orders = Order.objects.alias(folded=Lower("customer_email"))
    return orders.filter(site_id=order.site.id, folded=order.customer_email.lower())


def _under_way(ids: list[int]) -> dict[int, str]:
    """Return by order what of it is not settled: money, a call to a provider, a difference, a mail being sent."""
    of_payment, of_order = "payment__order_id", "order_id"
    calls = Operation.objects.filter(payment__order__in=ids).exclude(state__in=FINAL_STATES)
    drifts = Drift.objects.filter(payment__order__in=ids, state__in=("open", "investigating"))
    asked = (
        ("held", Payment.objects.filter(order__in=ids).filter(_IS_HELD), of_order),
        ("operation", calls, of_payment),
        ("refund", Refund.objects.filter(order__in=ids, state="running"), of_order),
        ("cancellation", Cancellation.objects.filter(order__in=ids, state__in=("running", "failed")), of_order),
        ("cancellation", CancellationRequest.objects.filter(order__in=ids, state="open"), of_order),
        ("difference", drifts, of_payment),
        ("mail", Mail.objects.filter(order__in=ids, state="due", leased_until__isnull=False), of_order),
    )
    found: dict[int, str] = {}
    for reason, rows, column in asked:
        for order_id in rows.values_list(column, flat=True).distinct():
            found.setdefault(order_id, reason)
    return found
