"""Update Shipment: let all items, some, or so many pieces of them go by another shipment method (G13, G16-G20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions.shipment_facts import line_facts, locked, made, shipment_facts, summaries
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import FieldError
from orderwright.journal.writes import append
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.reads.order_detail import read_order, read_whole_order
from orderwright.reads.rows import MethodRow, OrderDetail, ShipmentRow
from orderwright.reads.search_index import index_order, words_of
from orderwright.shipping.errors import MethodUnknown, NothingSelected
from orderwright.shipping.facts import MethodPlan, Pick, Way
from orderwright.shipping.number_advice import fits_carrier
from orderwright.shipping.rules import plan_shipments
from orderwright.shipping.writes import hold_method, store_shipments

__all__ = ["Pick", "ShipmentPlan", "availability", "plan", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentPlan:
    """What Update does with the selection.

    `target` is the number of the shipment that the pieces end up in; `way` says whether it only changes its method
    ("in_place"), had pieces before ("join") or is made for them ("new"). `emptied` are the numbers of the shipments
    that go away, `removed_numbers` the tracking numbers that go with them. `sentences` tell all that, for the dialog.
    """

    target: int
    way: Way
    pieces: int
    emptied: tuple[int, ...]
    removed_numbers: tuple[str, ...]
    sentences: tuple[str, ...]


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether shipments can be changed; `limits` lists the methods that can be chosen. Source: G13."""
    return locked(order, actor) or allowed(methods=[method.slug for method in _offered(order)])


def plan(order: OrderDetail, picks: Sequence[Pick], *, method: str) -> ShipmentPlan:
    """Return what pressing Update with this selection would do; nothing is written.

    `method` is a slug. A pick is all pieces of a line or so many of them, in one shipment or wherever they are.
    Raises: MethodUnknown with pointer /method; NothingSelected, ItemUnknown, ItemNotShipped, ShipmentUnknown,
    QuantityOutOfRange with pointers below /items; MethodUnchanged when every piece goes that way already.
    Source: G17, G19, G20.
    """
    planned, chosen = _planned(order, picks, method)
    return _described(planned, chosen)


def run(
    *,
    number: str,
    picks: Sequence[Pick],
    method: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> ShipmentPlan:
    """Let the selected pieces go by the method with this slug, and return what was done.

    Raises: what `plan` raises; Conflict with code order_state_locks_shipments or nothing_to_ship; OrderChanged when
    somebody changed the shipments since `version`, or the tracking number of one that a pick names; OrderNotFound;
    Refused.
    Effects: shipments, parts and, with emptied shipments, their parcels; the order's columns and version, one journal
    entry, the search index. Source: G13, G17, G19, G20.
    """
    named = {f"tracking_number:{pick.shipment}" for pick in picks if pick.shipment is not None}

    def change() -> ShipmentPlan:
        row = lock_order(number=number, actor=actor, version=version, touches=frozenset({"shipments", *named}))
        hold_method(slug=method)
        order = read_order(number=number, actor=actor)
        availability(order, actor).require()
        planned, chosen = _planned(order, picks, method)
        before = shipment_facts(order)
        change_order(row, **store_shipments(order=row, before=before, after=planned.after, now=now))
        were, are = summaries(order, before), summaries(order, planned.after)
        append(
            stream=stream_of(order.id),
            kind="shipment.updated",
            actor=actor,
            now=now,
            before={"shipments": [each for each in were if each not in are], "_made": made(before, planned.after)},
            after={"shipments": [each for each in are if each not in were], "_made": made(planned.after, before)},
            version=row.version,
        )
        index_order(order_id=order.id, found_by=words_of(read_whole_order(number=number, actor=actor)))
        return _described(planned, chosen)

    return in_write_transaction(change)


def _offered(order: OrderDetail) -> list[MethodRow]:
    return [method for method in order.choices.methods if method.is_offered]


def _method(order: OrderDetail, slug: str) -> MethodRow:
    chosen = next((method for method in _offered(order) if method.slug == slug), None)
    if chosen is None:
        message = _("There is no such shipment method to choose.") if slug else _("Choose the shipment method.")
        raise MethodUnknown(message, fields=(FieldError(pointer="/method", code=MethodUnknown.code, message=message),))
    return chosen


def _planned(order: OrderDetail, picks: Sequence[Pick], slug: str) -> tuple[MethodPlan, MethodRow]:
    if not picks:
        message = _("Select at least one item.")
        fault = FieldError(pointer="/items", code=NothingSelected.code, message=message)
        raise NothingSelected(message, fields=(fault,))
    method = _method(order, slug)
    planned = plan_shipments(
        lines=[line_facts(line) for line in order.lines],
        shipments=shipment_facts(order),
        picks=picks,
        method_id=method.id,
        shipments_made=order.shipments_made,
        fitting=frozenset(each.number for each in order.shipments if _is_fitting(order, each, method)),
    )
    return planned, method


def _is_fitting(order: OrderDetail, shipment: ShipmentRow, method: MethodRow) -> bool:
    """Return whether the shipment's tracking numbers are right with the method too: it is of the same carrier, say."""
    was = order.method(shipment.method_id)
    if was.carrier_id is not None and was.carrier_id == method.carrier_id:
        return True
    numbers = [parcel.tracking_number for parcel in shipment.parcels]
    return fits_carrier(numbers, had_carrier=was.carrier_id is not None, becomes=method.recognised_as or "")


def _described(planned: MethodPlan, method: MethodRow) -> ShipmentPlan:
    sentences = (
        *(_arrival(planned, method), _kept(planned), _departure(planned), _behind(planned)),
        *(_sent(planned), _staying(planned, method)),
    )
    return ShipmentPlan(
        target=planned.target,
        way=planned.way,
        pieces=planned.pieces,
        emptied=tuple(shipment.number for shipment in planned.emptied),
        removed_numbers=planned.removed_numbers,
        sentences=tuple(filter(None, sentences)),
    )


def _arrival(planned: MethodPlan, method: MethodRow) -> str:
    words = {"count": planned.pieces, "number": planned.target, "method": method.name}
    if planned.way == "in_place":
        return _("Shipment %(number)s then goes by %(method)s.") % words
    if planned.way == "join":
        told = ngettext(
            "This item joins shipment %(number)s.", "These %(count)s items join shipment %(number)s.", planned.pieces
        )
    else:
        told = ngettext(
            "This item becomes shipment %(number)s with its own tracking number.",
            "These %(count)s items become shipment %(number)s with its own tracking number.",
            planned.pieces,
        )
    return told % words


def _departure(planned: MethodPlan) -> str:
    if not planned.emptied:
        return ""
    numbers = [str(shipment.number) for shipment in planned.emptied]
    tracking = planned.removed_numbers
    words = {"numbers": _and(numbers), "tracking": _and(tracking)}
    told = ngettext(
        "Shipment %(numbers)s is then empty and is removed.",
        "Shipments %(numbers)s are then empty and are removed.",
        len(numbers),
    )
    if tracking:
        told += " " + ngettext(
            "The tracking number %(tracking)s is removed with it; the timeline keeps it.",
            "The tracking numbers %(tracking)s are removed with it; the timeline keeps them.",
            len(tracking),
        )
    return told % words


def _kept(planned: MethodPlan) -> str:
    kept = planned.kept_numbers
    told = ngettext("Its tracking number %(tracking)s stays.", "Its tracking numbers %(tracking)s stay.", len(kept))
    return told % {"tracking": _and(kept)} if kept else ""


def _behind(planned: MethodPlan) -> str:
    """Return which tracking numbers the pieces leave behind: a parcel's number does not travel (G20)."""
    told = []
    for shipment in planned.left:
        if shipment.tracking_numbers:
            text = ngettext(
                "The tracking number %(tracking)s stays with shipment %(number)s.",
                "The tracking numbers %(tracking)s stay with shipment %(number)s.",
                len(shipment.tracking_numbers),
            )
            told.append(text % {"tracking": _and(shipment.tracking_numbers), "number": shipment.number})
    return " ".join(told)


def _staying(planned: MethodPlan, method: MethodRow) -> str:
    told = ngettext(
        "One piece goes by %(method)s already and stays where it is.",
        "%(count)s pieces go by %(method)s already and stay where they are.",
        planned.staying,
    )
    return told % {"count": planned.staying, "method": method.name} if planned.staying else ""


def _sent(planned: MethodPlan) -> str:
    told = ngettext(
        "One piece already counts as shipped: its delivery state stays.",
        "%(count)s pieces already count as shipped: their delivery states stay.",
        planned.sent_pieces,
    )
    return told % {"count": planned.sent_pieces} if planned.sent_pieces else ""


def _and(words: Sequence[str]) -> str:
    *others, last = words or ("",)
    return _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last} if others else last
