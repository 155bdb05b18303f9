"""The words by which an order is found, kept in a trigram index. Writing it needs the order's transaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from orderwright.core.db import is_postgresql
from orderwright.reads.rows import OrderDetail


def index_order(*, order_id: int, words: Iterable[str]) -> None:
    """Make the order findable by any piece of these words, in place of what it had. Effects: one statement."""
    text = "\n".join(dict.fromkeys(word.lower() for word in words if word))
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(
                "INSERT INTO reads_search (id, words) VALUES (%s, %s) "
                "ON CONFLICT (id) DO UPDATE SET words = excluded.words",
                [order_id, text],
            )
        else:
            cursor.execute("INSERT OR REPLACE INTO reads_search (rowid, words) VALUES (%s, %s)", [order_id, text])


def words_of(order: OrderDetail) -> list[str]:
    """Return what the order is found by: number, external id, customer, invoice number, tags, SKUs and tracking."""
    tracking = [parcel.tracking_number for shipment in order.shipments for parcel in shipment.parcels]
    return [
        *customer_words(
            number=order.number,
            external_id=order.external_id,
            name=order.customer_name,
            email=order.customer_email,
            phone=order.customer_phone,
            reference=order.customer_reference,
        ),
        order.invoice_number,
        *order.tags,
        *(line.sku for line in order.lines),
        *tracking_words(tracking),
    ]


def customer_words(*, number: str, external_id: str, name: str, email: str, phone: str, reference: str) -> list[str]:
    """Return the words of an order's head. A phone is found with and without its spaces and signs."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return [f"#{number}", external_id, name, email, phone, digits, reference]


def tracking_words(numbers: Iterable[str]) -> list[str]:
    """Return tracking numbers as typed and without spaces, so that both are found."""
    return [form for number in numbers for form in (number, number.replace(" ", ""))]
