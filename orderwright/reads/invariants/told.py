"""I10: columns of orders and payments, and the ledger, hold what the journal told, so that a change past it shows.

Of an order `external_id`, `source`, `currency`, `total_minor` and `invoice_number`; of a payment `reference`,
`authorised_minor` and `currency`. What the customer is called stands sealed in the journal, and is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, Sum

from orderwright.journal.models import Entry
from orderwright.orders.models import Order
from orderwright.orders.writes import stream_of
from orderwright.payments.models import LedgerTransaction, Payment
from orderwright.reads.invariants.sql import in_batches

# By the journal's names, which are the columns'. The state has a rule of its own (I6).
_OF_AN_ORDER = ("external_id", "source", "currency", "total_minor", "invoice_number")
_OF_A_PAYMENT = ("reference", "authorised_minor", "currency")
_PAYMENT_KIND = "payment.authorised"
_KINDS = ("order.taken_in", "order.invoice_saved", "order.undone", _PAYMENT_KIND)
# Entries that say that money moved, by our call, by a person's word or as found at the provider.
_DONE = (
    *("payment.captured", "payment.reversed", "payment.refunded"),
    *("payment.settled_by_hand", "payment.found_at_provider"),
)
_AT_ONCE = 500


def columns_differ_from_journal() -> Iterator[str]:
    """Yield orders and payments of which one of these columns stands otherwise than the journal told it last."""
    orders = Order.objects.order_by("pk").values_list("pk", "number", *_OF_AN_ORDER)
    for some in in_batches(orders.iterator(), _AT_ONCE):
        yield from _differences(some)


def movements_missing_from_ledger() -> Iterator[str]:
    """Yield movements of money that the journal tells as done and the ledger does not have, or not with the amount."""
    told = Entry.objects.filter(kind__in=_DONE).order_by("id").values_list("after", flat=True)
    for some in in_batches(told.iterator(), _AT_ONCE):
        movements = [one for after in some for one in _movements(after)]
        booked = {
            (payment, kind, reference): moved
            for payment, kind, reference, moved in LedgerTransaction.objects.filter(
                payment__in={payment for payment, *_rest in movements}
            )
            .annotate(moved=Sum("entries__amount_minor", filter=Q(entries__amount_minor__gt=0)))
            .values_list("payment_id", "kind", "provider_ref", "moved")
        }
        for payment, kind, reference, amount in movements:
            has = booked.get((payment, kind, reference))
            if has != amount:
                yield f"I10: the journal tells a {kind} {reference} of {amount}, payment {payment} has {has or 'none'}"


def _movements(after: dict[str, Any]) -> Iterator[tuple[int, str, str, int]]:
    for field, told in after.items():
        name, _colon, payment = field.partition(":")
        if name == "payment" and isinstance(told, dict) and told.get("state", "succeeded") == "succeeded":
            yield int(payment), told["operation"], told["provider_ref"], told["amount_minor"]


def _differences(orders: list[tuple[Any, ...]]) -> Iterator[str]:
    told: dict[tuple[str, int | None], dict[str, Any]] = {}
    entries = Entry.objects.filter(stream__in=[stream_of(row[0]) for row in orders], kind__in=_KINDS).order_by("id")
    for stream, kind, after in entries.values_list("stream", "kind", "after"):
        told.setdefault((stream, after["payment"] if kind == _PAYMENT_KIND else None), {}).update(after)
    payments = Payment.objects.filter(order_id__in=[row[0] for row in orders]).order_by("order_id", "position")
    numbers = {pk: number for pk, number, *_values in orders}
    for pk, number, *values in orders:
        stands = dict(zip(_OF_AN_ORDER, values, strict=True))
        yield from _compared(f"order #{number}", stands, told.get((stream_of(pk), None), {}))
    for pk, position, *values in payments.values_list("order_id", "position", *_OF_A_PAYMENT):
        stands = dict(zip(_OF_A_PAYMENT, values, strict=True))
        what = f"payment {position} of order #{numbers[pk]}"
        yield from _compared(what, stands, told.get((stream_of(pk), position), {}))


def _compared(what: str, stands: dict[str, Any], told: dict[str, Any]) -> Iterator[str]:
    for column, value in stands.items():
        if told.get(column) != value:
            yield f"I10: {what} has the {column} {value}, its journal says {told.get(column)}"
