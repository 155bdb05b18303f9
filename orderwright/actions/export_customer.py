"""Export a customer: all that the desk keeps about one person, for that person. Changes nothing but the journal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.writes import lock_order, stream_of
from orderwright.outbox.models import Mail
from orderwright.reads.customers import orders_of_customer
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.rows import OrderDetail
from orderwright.reads.timeline import read_timeline

PERMISSION: Final = "customers.privacy"
FORMAT: Final = "orderwright-customer-2"  # 1 had `store` for `site`
# More than any order has.
_MOST_ENTRIES: Final = 5000


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether this actor may export the order's customer: an export shows all that a mask hides."""
    site = order.site.id
    return lacks(actor, "customers.view", site) or lacks(actor, PERMISSION, site) or allowed()


def run(*, number: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what is kept about the customer of this order, from every order of the same person at its site.

    Shape: plain JSON. Amounts are minor units beside a currency, times RFC 3339 in UTC. Who of the staff did something
    is not in it.
    Raises: OrderNotFound; Refused. Effects: one journal entry, which says that it was exported and nothing of it.
    """

    def read() -> dict[str, Any]:
        row = lock_order(number=number, actor=actor)
        order = read_whole_order(number=number, actor=actor)
        availability(order, actor).require()
        numbers = [each.number for each in orders_of_customer(order)]
        append(
            stream=stream_of(row.pk),
            kind="customer.exported",
            actor=actor,
            now=now,
            before={"orders": None},
            after={"orders": len(numbers)},
            version=row.version,
        )
        return {
            "format": FORMAT,
            "exported_at": _time(now),
            "site": order.site.name,
            "orders": [_order(read_whole_order(number=each, actor=actor)) for each in numbers],
        }

    return in_write_transaction(read)


def _order(order: OrderDetail) -> dict[str, Any]:
    return {
        "number": order.number,
        "external_id": order.external_id,
        "placed_at": _time(order.placed_at),
        "state": order.state.name,
        "currency": order.currency,
        "total": order.total_minor,
        "invoice_number": order.invoice_number,
        "customer": {
            "reference": order.customer_reference,
            "name": order.customer_name,
            "email": order.customer_email,
            "phone": order.customer_phone,
            "language": order.customer_language,
        },
        "shipping_address": msgspec.to_builtins(order.shipping_address),
        "billing_address": msgspec.to_builtins(order.billing_address),
        "items": [
            {
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "unit_price": line.unit_price_minor,
                "attributes": line.attributes,
            }
            for line in order.lines
        ],
        "shipments": [
            {
                "method": order.method(shipment.method_id).name,
                "sent_at": _time(shipment.sent_at),
                "tracking_numbers": [parcel.tracking_number for parcel in shipment.parcels],
            }
            for shipment in order.shipments
        ],
        "payments": [
            {
                "method": " ".join(filter(None, (payment.brand or payment.method_type, payment.last4))),
                "provider": payment.account_name,
                "authorised": payment.authorised_minor,
                "captured": payment.captured_minor,
                "refunded": payment.refunded_minor,
            }
            for payment in order.payments
        ],
        "tags": order.tags,
        "notes": [{"written_at": _time(note.written_at), "text": note.text} for note in order.notes],
        "emails": _mails(order.id),
        "changes": [
            {"at": _time(row.at), "what": row.kind, "before": row.before, "after": row.after, "why": row.why}
            for row in reversed(read_timeline(order_id=order.id, sees_customer=True, limit=_MOST_ENTRIES))
        ],
    }


def _mails(order_id: int) -> list[dict[str, Any]]:
    mails = Mail.objects.filter(order_id=order_id).order_by("pk")
    return [
        {
            "written_at": _time(mail.created_at),
            "sent_at": _time(mail.sent_at),
            "to": mail.recipient,
            "subject": mail.subject,
            "text": mail.text,
        }
        for mail in mails
    ]


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
