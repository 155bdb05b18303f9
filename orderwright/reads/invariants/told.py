"""I10: what an order and its payments say of themselves is what the journal told last, so a change past it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orderwright.journal.models import Entry
from orderwright.orders.models import Order
from orderwright.orders.writes import stream_of
from orderwright.payments.models import Payment

# By the journal's names, which are the columns'. The state has a rule of its own (I6).
_OF_AN_ORDER = ("external_id", "currency", "total_minor", "invoice_number")
_OF_A_PAYMENT = ("reference", "authorised_minor", "currency")
_ORDER_KINDS = ("order.taken_in", "order.invoice_saved", "order.undone")
_PAYMENT_KIND = "payment.authorised"


def columns_differ_from_journal() -> Iterator[str]:
    """Yield orders and payments of which something stands otherwise than the journal told it last."""
    orders: dict[str, dict[str, Any]] = {}
    payments: dict[tuple[str, int], dict[str, Any]] = {}
    entries = Entry.objects.filter(kind__in=(*_ORDER_KINDS, _PAYMENT_KIND)).order_by("id")
    for stream, kind, after in entries.values_list("stream", "kind", "after").iterator():
        if kind == _PAYMENT_KIND:
            payments[stream, after["payment"]] = after
        else:
            orders.setdefault(stream, {}).update(after)
    numbers = {}
    for pk, number, *values in Order.objects.values_list("pk", "number", *_OF_AN_ORDER).iterator():
        numbers[pk] = number
        told = orders.get(stream_of(pk), {})
        yield from _differences(f"order #{number}", told, dict(zip(_OF_AN_ORDER, values, strict=True)))
    for pk, position, *values in Payment.objects.values_list("order_id", "position", *_OF_A_PAYMENT).iterator():
        told = payments.get((stream_of(pk), position), {})
        of = f"payment {position} of order #{numbers[pk]}"
        yield from _differences(of, told, dict(zip(_OF_A_PAYMENT, values, strict=True)))


def _differences(what: str, told: dict[str, Any], stands: dict[str, Any]) -> Iterator[str]:
    for column, value in stands.items():
        if told.get(column) != value:
            yield f"I10: {what} has the {column} {value}, its journal says {told.get(column)}"
