"""Writing shipments, their parts and parcels. Needs an open transaction that holds the order's lock. No rules here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify

from orderwright.core.db import is_postgresql
from orderwright.core.errors import Unavailable
from orderwright.orders.models import Line, Order
from orderwright.shipping.errors import TrackingNumberTaken
from orderwright.shipping.facts import ShipmentFacts
from orderwright.shipping.models import DeliveryState, Parcel, Shipment, ShipmentPart, ShippingMethod
from orderwright.shipping.rules import tracking_key
from orderwright.shipping.states import SENT_PHASES

_METHODS_BY_TITLE = (
    "SELECT * FROM shipping_shippingmethod WHERE slug = %s OR upper(name) = upper(%s) ORDER BY id FOR SHARE"
)

# Room for "-2", "-3" … within the slug's 80 characters.
_LONGEST_BASE = 70
# A rival that takes the slug between our look and our insert is met again at most this often.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedShipment:
    """A shipment as an order comes in with it. Shape of a part: (line, id of its delivery state, pieces)."""

    method: ShippingMethod
    parts: Sequence[tuple[Line, int, int]]
    tracking_numbers: Sequence[str] = ()
    sent_at: datetime | None = None


def open_shipments(*, order: Order, planned: Sequence[PlannedShipment]) -> dict[str, int]:
    """Store the shipments of an order that is just being taken in, numbered 1, 2, 3 … as given.

    Parts of the same line in the same delivery state become one. `sent_at` is kept only where every piece was sent.
    Shape: the order's columns about shipments, as of `store_shipments`; the order itself is not touched.
    Raises: TrackingNumberTaken when two parcels share a number; ValueError for a shipment with nothing in it.
    Effects: at most four statements, however many shipments.
    """
    if not planned:
        return dict.fromkeys(("shipments_total", "shipments_sent", "shipments_partly", "shipments_made"), 0)
    contents = [_contents(shipment) for shipment in planned]
    _require_distinct(planned)
    phases = dict(DeliveryState.objects.values_list("pk", "phase"))
    left = [{phases[state_id] in SENT_PHASES for _line, state_id in content} for content in contents]
    shipments = Shipment.objects.bulk_create(
        Shipment(order=order, number=number, method=plan.method, sent_at=plan.sent_at if has_left == {True} else None)
        for number, (plan, has_left) in enumerate(zip(planned, left, strict=True), start=1)
    )
    ShipmentPart.objects.bulk_create(
        ShipmentPart(shipment=shipment, line_id=line_id, delivery_state_id=state_id, quantity=quantity)
        for shipment, content in zip(shipments, contents, strict=True)
        for (line_id, state_id), quantity in content.items()
    )
    Parcel.objects.bulk_create(
        Parcel(shipment=shipment, order=order, position=position, tracking_number=number)
        for shipment, plan in zip(shipments, planned, strict=True)
        for position, number in enumerate(plan.tracking_numbers, start=1)
    )
    return {
        "shipments_total": len(shipments),
        "shipments_sent": left.count({True}),
        "shipments_partly": left.count({True, False}),
        "shipments_made": len(shipments),
    }


def store_shipments(
    *, order: Order, before: Sequence[ShipmentFacts], after: Sequence[ShipmentFacts], now: datetime
) -> dict[str, int]:
    """Make the order's shipments and their parts what a plan says they are afterwards.

    Shipments that the plan leaves out go away with their parcels. One whose last piece leaves with this change was
    sent `now`. Parcels of the others stay as they are.
    Shape: the order's columns `shipments_total`, `_sent`, `_partly` and `_made`, for `change_order`.
    Effects: at most eleven statements, however many pieces and shipments.
    """
    rows = {row.number: row for row in Shipment.objects.filter(order=order)}
    was_sent = {shipment.number: shipment.is_sent for shipment in before}
    fresh, changed = [], []
    for shipment in after:
        row = rows.get(shipment.number)
        sent_at = shipment.sent_at or (now if shipment.is_sent and not was_sent.get(shipment.number) else None)
        if row is None:
            fresh.append(Shipment(order=order, number=shipment.number, method_id=shipment.method_id, sent_at=sent_at))
        elif (row.method_id, row.sent_at) != (shipment.method_id, sent_at):
            row.method_id, row.sent_at = shipment.method_id, sent_at
            changed.append(row)
    rows.update((row.number, row) for row in Shipment.objects.bulk_create(fresh))
    Shipment.objects.bulk_update(changed, ["method", "sent_at"])
    _store_parts(order=order, rows=rows, after=after)
    gone = set(rows) - {shipment.number for shipment in after}
    if gone:
        Shipment.objects.filter(order=order, number__in=gone).delete()
    return {
        "shipments_total": len(after),
        "shipments_sent": sum(shipment.is_sent for shipment in after),
        "shipments_partly": sum(shipment.is_partly_sent for shipment in after),
        "shipments_made": max(order.shipments_made, *rows),
    }


def store_tracking_numbers(*, order: Order, shipment: int, numbers: Sequence[str]) -> None:
    """Make these the tracking numbers of the order's shipment with this number, one parcel each, in this order.

    Effects: at most four statements; parcels before the first difference are not touched.
    """
    row = Shipment.objects.get(order=order, number=shipment)
    stored = list(Parcel.objects.filter(shipment=row).order_by("position").values_list("tracking_number", flat=True))
    same = next(
        (place for place, (old, new) in enumerate(zip(stored, numbers, strict=False)) if old != new),
        min(len(stored), len(numbers)),
    )
    # Away first, then anew: a shift of rows would pass through places and numbers that are still taken.
    Parcel.objects.filter(shipment=row, position__gt=same).delete()
    Parcel.objects.bulk_create(
        Parcel(shipment=row, order=order, position=position, tracking_number=number)
        for position, number in enumerate(numbers[same:], start=same + 1)
    )


def method_for(*, title_or_slug: str) -> ShippingMethod:
    """Return the shipping method with this slug or, without regard to letter case, this name.

    A title that nobody knows yet becomes a method that is kept but not offered to staff. The text is clean already
    and at most 120 characters long. The method cannot be edited or deleted until the transaction ends.
    Raises: Unavailable when others keep taking the slugs. Effects: at most one row, a shared row lock.
    """
    base = slugify(title_or_slug)[:_LONGEST_BASE].strip("-") or "method"
    for _attempt in range(_ATTEMPTS):
        known = _held_methods(title_or_slug)
        if known:
            return next((method for method in known if method.slug == title_or_slug), known[0])
        alike = {method.slug: method for method in ShippingMethod.objects.filter(slug__startswith=base)}
        # SQLite folds the case of ASCII letters only; the names that share our slug are compared here once more.
        same = (method.slug for method in alike.values() if method.name.casefold() == title_or_slug.casefold())
        held = hold_method(slug=next(same, ""))
        if held is not None:
            return held
        taken = {"add", *alike}  # "add" is the address of a page
        slug = next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
        try:
            with transaction.atomic():
                return ShippingMethod.objects.create(slug=slug, name=title_or_slug, is_offered=False)
        except IntegrityError:
            continue
    raise Unavailable("Others are adding the same shipping method at this moment. Try again.")


def _held_methods(title_or_slug: str) -> list[ShippingMethod]:
    """Return the methods with this slug or name, the oldest first, kept as they are until the transaction ends."""
    if not is_postgresql():
        return list(ShippingMethod.objects.filter(Q(slug=title_or_slug) | Q(name__iexact=title_or_slug)).order_by("pk"))
    return list(ShippingMethod.objects.raw(_METHODS_BY_TITLE, [title_or_slug, title_or_slug]))


def hold_method(*, slug: str) -> ShippingMethod | None:
    """Return the shipping method, kept from being edited or deleted until the transaction ends, or None.

    Any number of orders may hold one at once. Effects: a shared row lock on PostgreSQL; on SQLite the transaction
    itself is the lock.
    """
    if not _is_askable(slug):
        return None
    if not is_postgresql():
        return ShippingMethod.objects.filter(slug=slug).first()
    held = ShippingMethod.objects.raw("SELECT * FROM shipping_shippingmethod WHERE slug = %s FOR SHARE", [slug])
    return next(iter(held), None)


def hold_delivery_states(*, slugs: Iterable[str]) -> dict[str, DeliveryState]:
    """Return the delivery states with these slugs, kept from being edited or deleted until the transaction ends.

    Effects: as of `hold_method`.
    """
    wanted = [slug for slug in set(slugs) if _is_askable(slug)]
    if not is_postgresql():
        return {row.slug: row for row in DeliveryState.objects.filter(slug__in=wanted)}
    # By id, so that two who hold the same ones never wait for each other.
    statement = "SELECT * FROM shipping_deliverystate WHERE slug = ANY(%s) ORDER BY id FOR SHARE"
    return {row.slug: row for row in DeliveryState.objects.raw(statement, [wanted])}


def _is_askable(slug: str) -> bool:
    return slug.isascii() and slug.isprintable()  # PostgreSQL refuses some characters, and no slug has them


def _store_parts(*, order: Order, rows: Mapping[int, Shipment], after: Sequence[ShipmentFacts]) -> None:
    wanted = {
        (rows[shipment.number].pk, part.line_id, part.delivery.id): part.quantity
        for shipment in after
        for part in shipment.parts
    }
    gone, changed = [], []
    for part in ShipmentPart.objects.filter(shipment__order=order):
        quantity = wanted.pop((part.shipment_id, part.line_id, part.delivery_state_id), 0)
        if not quantity:
            gone.append(part.pk)
        elif quantity != part.quantity:
            part.quantity = quantity
            changed.append(part)
    if gone:
        ShipmentPart.objects.filter(pk__in=gone).delete()
    ShipmentPart.objects.bulk_update(changed, ["quantity"])
    ShipmentPart.objects.bulk_create(
        ShipmentPart(shipment_id=shipment_id, line_id=line_id, delivery_state_id=state_id, quantity=quantity)
        for (shipment_id, line_id, state_id), quantity in wanted.items()
    )


def _contents(shipment: PlannedShipment) -> Counter[tuple[int, int]]:
    content: Counter[tuple[int, int]] = Counter()
    for line, state_id, quantity in shipment.parts:
        content[line.pk, state_id] += quantity
    if not content:
        raise ValueError("a shipment has at least one piece in it")
    return content


def _require_distinct(planned: Sequence[PlannedShipment]) -> None:
    holders: dict[str, int] = {}
    for number, shipment in enumerate(planned, start=1):
        for tracking_number in shipment.tracking_numbers:
            key = tracking_key(tracking_number)
            if key in holders:
                raise TrackingNumberTaken(
                    f"Shipment {holders[key]} has the tracking number {tracking_number} already.",
                    facts={"tracking_number": tracking_number, "shipment": holders[key]},
                )
            holders[key] = number
