"""Save under Notes: add a note for colleagues (G9, G10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.core.text import clean_text
from orderwright.journal.writes import append
from orderwright.orders.models import Note, Order
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail

LONGEST = 5000
# The same words of the same person within this time are one press that arrived twice.
SAME_PRESS = timedelta(seconds=10)


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether this actor may add notes; every order takes them, closed ones too."""
    return lacks(actor, "orders.edit", order.site.id) or allowed(longest=LONGEST)


def run(*, number: str, text: str, actor: Actor, now: datetime) -> int:
    """Add the note and return its id. Notes never clash, so no version is asked for; a double press adds one.

    Raises: Invalid with pointer /text; OrderNotFound; Refused.
    Effects: one note, the order's version, one journal entry that names the note but not its words. Source: G9.
    """
    wanted = clean_text(text, pointer="/text", longest=LONGEST, block=True, required=True)

    def change() -> int:
        row = lock_order(number=number, actor=actor)
        availability(read_order(number=number, actor=actor), actor).require()
        earlier = _same_press(row, wanted, actor=actor, now=now)
        if earlier is not None:
            return earlier
        note = Note.objects.create(order=row, text=wanted, author_name=actor.name, written_at=now)
        change_order(row)
        append(
            stream=stream_of(row.pk),
            kind="order.note_added",
            actor=actor,
            now=now,
            before={"note": None},
            after={"note": note.pk},
            version=row.version,
        )
        return note.pk

    return in_write_transaction(change)


def _same_press(order: Order, wanted: str, *, actor: Actor, now: datetime) -> int | None:
    """Return the id of the note that this press has added already. Programs say so themselves, by their keys."""
    if actor.kind != "person":
        return None
    same = Note.objects.filter(order=order, text=wanted, author_name=actor.name, written_at__gt=now - SAME_PRESS)
    return same.values_list("pk", flat=True).first()
