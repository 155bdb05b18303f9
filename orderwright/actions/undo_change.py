"""Undo a simple change: for a minute, by whom it was made, while nobody has touched the same since. Never money."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _

from orderwright.actions import (
    change_state,
    edit_customer,
    save_invoice,
    set_delivery_state,
    set_tracking,
    update_shipment,
)
from orderwright.actions.undo_shipments import undo_delivery, undo_shipment, undo_tracking, way_back_closed
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import NotFound
from orderwright.journal.writes import append
from orderwright.orders.customer_keys import ERASED, HIDDEN, is_sealed, open_keys, opened
from orderwright.orders.models import Order
from orderwright.orders.states import OFFERED, is_open
from orderwright.orders.writes import change_order, hold_state, lock_order, stream_of
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.rows import OrderDetail
from orderwright.reads.search_index import index_order, words_of
from orderwright.reads.timeline import read_since

WITHIN: Final = timedelta(minutes=1)
UNDONE: Final = "_undone"
# What nobody else may have touched, beside the change's own fields: whoever moves pieces moves what stands on them.
_SHIPMENTS: Final = ("shipments", "tracking_number", "delivery_state")


class ChangeNotFound(NotFound):
    """The order has no such change."""

    code = "change_not_found"


class Change(Protocol):
    """An entry of the order's journal."""

    @property
    def sequence(self) -> int: ...  # noqa: D102 - what it is, its name says
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def actor_kind(self) -> str: ...  # noqa: D102
    @property
    def actor_ref(self) -> str: ...  # noqa: D102
    @property
    def actor_name(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def before(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def after(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def why(self) -> str: ...  # noqa: D102


def availability(
    order: OrderDetail, change: Change, later: Sequence[Change], actor: Actor, *, now: datetime
) -> Availability:
    """Return whether this actor can undo the change now. `later`: the order's entries after it."""
    may = _MAY.get(change.kind)
    if may is None:
        return refused("not_undoable", _("This is final and cannot be undone."))
    if (change.actor_kind, change.actor_ref) != (actor.kind, actor.ref):
        return refused("not_ones_own", _("Only %(by)s can undo this.") % {"by": change.actor_name})
    if now - change.at > WITHIN:
        return refused("too_late_to_undo", _("A change can be undone for a minute; this one is older."))
    if any(entry.kind == "mail.written" and entry.at == change.at for entry in later):
        words = _("The customer is being emailed about this, so it cannot be undone.")
        return refused("customer_is_emailed", words)
    clash = next((entry for entry in later if _touches(entry, change)), None)
    if clash is not None:
        words = _("%(by)s changed the same since, so this cannot be undone any more.")
        return refused("changed_since_then", words % {"by": clash.actor_name}, by=clash.actor_name)
    return may(order, actor)


def run(*, number: str, sequence: int, actor: Actor, now: datetime) -> None:
    """Undo the change that is the order's journal entry of this place.

    Raises: ChangeNotFound; Conflict with the reason of `availability`, or of the action that would have been needed;
    OrderNotFound; Refused.
    Effects: those of the change, the other way round, and one journal entry that names the one it undoes. Source: W13.
    """

    def undo() -> None:
        row = lock_order(number=number, actor=actor)
        order = read_whole_order(number=number, actor=actor)
        entries = read_since(order_id=row.pk, sequence=sequence)
        change = next((entry for entry in entries if entry.sequence == sequence), None)
        if change is None:
            raise ChangeNotFound(_("There is no such change."), facts={"change": sequence})
        later = [entry for entry in entries if entry.sequence > sequence]
        availability(order, change, later, actor, now=now).require()
        told = _UNDO[change.kind](row, order, change, now)
        append(
            stream=stream_of(row.pk),
            kind="order.undone",
            actor=actor,
            now=now,
            before={**told.before, UNDONE: None},
            after={**told.after, UNDONE: {"kind": change.kind, "entry": change.sequence}},
            version=row.version,
        )
        index_order(order_id=row.pk, found_by=words_of(read_whole_order(number=number, actor=actor)))

    in_write_transaction(undo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the entry says: the change's own fields, the other way round."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


def _reversed(change: Change) -> Told:
    return Told(before=change.after, after=change.before)


def _touches(entry: Change, change: Change) -> bool:
    fields = set(change.after)
    if entry.after.keys() & fields:
        return True
    if change.kind in ("shipment.updated", "item.delivery_state_changed", "shipment.tracking_set"):
        names = {field.partition(":")[0] for field in entry.after}
        return "shipments" in names or (change.kind == "shipment.updated" and bool(names.intersection(_SHIPMENTS)))
    return False


def _undo_state(row: Order, _order: OrderDetail, change: Change, _now: datetime) -> Told:
    was = hold_state(slug=str(change.before["state"]))
    if was is None or was.stage != OFFERED or was.system_state != change.before["system_state"]:
        way_back_closed()
    change_order(row, state_id=was.pk, is_open=is_open(was.system_state))
    return _reversed(change)


def _undo_invoice(row: Order, _order: OrderDetail, change: Change, _now: datetime) -> Told:
    change_order(row, invoice_number=change.before["invoice_number"])
    return _reversed(change)


def _undo_customer(row: Order, _order: OrderDetail, change: Change, _now: datetime) -> Told:
    keys = open_keys({value["key"] for value in change.before.values() if is_sealed(value)})
    values = {column: opened(value, keys) for column, value in change.before.items()}
    if any(value in (ERASED, HIDDEN) for value in values.values()):
        way_back_closed()
    before, after = edit_customer.store(row, values)
    return Told(before=before, after=after)


def _undo_tracking(row: Order, order: OrderDetail, change: Change, _now: datetime) -> Told:
    undo_tracking(row, order, change.before)
    return _reversed(change)


def _undo_delivery(row: Order, order: OrderDetail, change: Change, now: datetime) -> Told:
    undo_delivery(row, order, before=change.before, after=change.after, now=now)
    return _reversed(change)


def _undo_shipment(row: Order, order: OrderDetail, change: Change, now: datetime) -> Told:
    undo_shipment(row, order, before=change.before, after=change.after, now=now)
    return _reversed(change)


_UNDO: Final[dict[str, Callable[[Order, OrderDetail, Any, datetime], Told]]] = {
    "order.state_changed": _undo_state,
    "order.invoice_saved": _undo_invoice,
    "order.customer_edited": _undo_customer,
    "shipment.tracking_set": _undo_tracking,
    "item.delivery_state_changed": _undo_delivery,
    "shipment.updated": _undo_shipment,
}
# Whoever may not do it any more may not undo it either; a state may be left the way it was come by.
_MAY: Final[dict[str, Callable[[OrderDetail, Actor], Availability]]] = {
    "order.state_changed": change_state.availability,
    "order.invoice_saved": save_invoice.availability,
    "order.customer_edited": edit_customer.availability,
    "shipment.tracking_set": set_tracking.availability,
    "item.delivery_state_changed": set_delivery_state.availability,
    "shipment.updated": update_shipment.availability,
}
