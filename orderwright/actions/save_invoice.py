"""Save Invoice: set the order's invoice number, and nothing else (G8, G10)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from msgspec.structs import replace

from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict
from orderwright.core.text import clean_text
from orderwright.journal.writes import append
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.rows import OrderDetail
from orderwright.reads.search_index import index_order, words_of

LONGEST = 60


class InvoiceUnchanged(Conflict):
    """The order has this invoice number already."""

    code = "invoice_number_unchanged"


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether this actor may save an invoice number; every order may have one, closed ones too."""
    return lacks(actor, "orders.edit", order.site.id) or allowed(longest=LONGEST)


def run(*, number: str, invoice_number: str, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Set the invoice number; an empty one takes it away.

    Raises: Invalid with pointer /invoice_number; InvoiceUnchanged; OrderChanged; OrderNotFound; Refused.
    Effects: the order's column and version, one journal entry, the search index. Source: G8.
    """
    wanted = clean_text(invoice_number, pointer="/invoice_number", longest=LONGEST)

    def change() -> None:
        row = lock_order(number=number, actor=actor, version=version, touches=frozenset({"invoice_number"}))
        order = read_whole_order(number=number, actor=actor)
        availability(order, actor).require()
        if wanted == order.invoice_number:
            raise InvoiceUnchanged(_("The order has this invoice number already."))
        change_order(row, invoice_number=wanted)
        append(
            stream=stream_of(order.id),
            kind="order.invoice_saved",
            actor=actor,
            now=now,
            before={"invoice_number": order.invoice_number},
            after={"invoice_number": wanted},
            version=row.version,
        )
        index_order(order_id=order.id, found_by=words_of(replace(order, invoice_number=wanted)))

    in_write_transaction(change)
