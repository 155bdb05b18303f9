"""The Items section: shipments, their lines, and the Update Shipment dialog. What may change is the actions' to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from django.utils.translation import gettext as _

from orderwright.core.availability import Availability
from orderwright.core.dates import day
from orderwright.reads.rows import LineRow as LineFacts
from orderwright.reads.rows import MethodRow, OrderDetail, PartRow, ShipmentRow
from orderwright.web.presenters.order_page import LineRow, ParcelRow, PickRow, ShipmentBlock, ShipmentDialog
from orderwright.web.presenters.parts import Choice, Field, Press, Select
from orderwright.web.presenters.press import field, press, select
from orderwright.web.presenters.typed import Typed
from orderwright.web.presenters.words import amount, initial, thumb_tone

# More would push the columns beside it off the page; the whole is in the API's answer.
_MOST_ATTRIBUTES = 3


def shipment_blocks(
    order: OrderDetail, *, base: str, delivery: Availability, tracking: Availability, typed: Typed, now: datetime
) -> tuple[ShipmentBlock, ...]:
    """Return every shipment with its lines, and last the lines that are not sent anywhere."""
    blocks = [
        ShipmentBlock(
            id=f"shipment-{shipment.number}",
            title=_("Shipment %(number)s") % {"number": shipment.number},
            method=order.method(shipment.method_id).name,
            sent=_sent(shipment, order, now=now),
            parcels=_parcels(shipment, order, base=base, tracking=tracking, typed=typed),
            next_parcel=_next_parcel(shipment, base=base, tracking=tracking, typed=typed),
            lines=tuple(
                _part(part, place, shipment, order, base=base, delivery=delivery, typed=typed)
                for part, place in _placed(shipment.parts)
            ),
            tracking_note=_("with shipment %(number)s") % {"number": shipment.number},
        )
        for shipment in order.shipments
    ]
    unsent = tuple(_unshipped(line, order) for line in order.lines if not line.requires_shipping)
    if unsent:
        blocks.append(
            ShipmentBlock(id="not-shipped", title=_("Not shipped"), method="", sent="", parcels=(), lines=unsent)
        )
    return tuple(blocks)


def _sent(shipment: ShipmentRow, order: OrderDetail, *, now: datetime) -> str:
    if shipment.sent_at is None:
        return ""
    return _("sent %(day)s") % {"day": day(shipment.sent_at, now=now, zone_name=order.site.time_zone)}


def _placed(parts: Sequence[PartRow]) -> list[tuple[PartRow, int]]:
    seen: Counter[int] = Counter()
    placed = []
    for part in parts:
        seen[part.line_id] += 1
        placed.append((part, seen[part.line_id]))
    return placed


def _part(
    part: PartRow,
    place: int,
    shipment: ShipmentRow,
    order: OrderDetail,
    *,
    base: str,
    delivery: Availability,
    typed: Typed,
) -> LineRow:
    line = next(each for each in order.lines if each.id == part.line_id)
    control = f"item-{shipment.number}-{line.id}-{place}"
    now_in = order.delivery_state(part.delivery_state_id)
    choices = tuple(
        Choice(state.slug, state.name, is_selected=state.id == now_in.id) for state in order.choices.delivery_states
    )
    return _row(
        line,
        order,
        control=control,
        quantity=part.quantity,
        action=f"{base}/items/{line.id}/delivery-state",
        delivery=select(delivery, choices=choices, error=typed.error_of(f"{control}-delivery")),
        hidden=(
            ("shipment", str(shipment.number)),
            ("from_state", now_in.slug),
            ("control", f"{control}-delivery"),
        ),
    )


def _unshipped(line: LineFacts, order: OrderDetail) -> LineRow:
    return _row(line, order, control=f"item-0-{line.id}-1", quantity=line.quantity, action="", delivery=Select(()))


def _row(
    line: LineFacts,
    order: OrderDetail,
    *,
    control: str,
    quantity: int,
    action: str,
    delivery: Select,
    hidden: tuple[tuple[str, str], ...] = (),
) -> LineRow:
    def money(minor: int) -> str:
        return amount(minor, order.currency, order.site.locale)

    details = [f"{name}: {value}" for name, value in list(line.attributes.items())[:_MOST_ATTRIBUTES]]
    if quantity > 1:
        # Held together, so that a narrow row breaks before the sum and not within it.
        details.append(f"{quantity}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{money(line.unit_price_minor)}")
    return LineRow(
        id=control,
        name=line.name,
        sku=line.sku,
        initial=initial(line.name),
        tone=thumb_tone(line.sku or line.name),
        detail=" · ".join(details),
        quantity=str(quantity),
        total=money(quantity * line.unit_price_minor),
        action=action,
        delivery=delivery,
        hidden=hidden,
    )


def _parcels(
    shipment: ShipmentRow, order: OrderDetail, *, base: str, tracking: Availability, typed: Typed
) -> tuple[ParcelRow, ...]:
    method = order.method(shipment.method_id)
    numbers = [parcel.tracking_number for parcel in shipment.parcels] or [""]
    return tuple(
        _parcel(shipment, place, number, base=base, tracking=tracking, typed=typed, href=_href(method, number, order))
        for place, number in enumerate(numbers, start=1)
    )


def _next_parcel(shipment: ShipmentRow, *, base: str, tracking: Availability, typed: Typed) -> ParcelRow | None:
    if not shipment.parcels or not tracking.allowed:
        return None
    return _parcel(shipment, len(shipment.parcels) + 1, "", base=base, tracking=tracking, typed=typed, href="")


def _parcel(
    shipment: ShipmentRow, place: int, number: str, *, base: str, tracking: Availability, typed: Typed, href: str
) -> ParcelRow:
    control = f"tracking-{shipment.number}-{place}"
    shown: Field = field(tracking, value=typed.value_of(control, number), error=typed.error_of(control))
    action = f"{base}/shipments/{shipment.number}/tracking-number"
    return ParcelRow(id=control, action=action, position=str(place), number=shown, carrier_href=href)


def _href(method: MethodRow, number: str, order: OrderDetail) -> str:
    template = method.tracking_url_template or ""
    if not number or not template.startswith(("https://", "http://")):
        return ""
    address = order.shipping_address
    values = {
        "{number}": number.replace(" ", ""),
        "{postcode}": (address.postcode if address else None) or "",
        "{country}": ((address.country if address else None) or "").lower(),
        "{language}": order.customer_language or "en",
    }
    for name, value in values.items():
        template = template.replace(name, quote(value, safe=""))
    return template


def shipment_dialog(
    order: OrderDetail,
    *,
    base: str,
    availability: Availability,
    picked: Mapping[str, str] | None = None,
    is_all: bool = False,
    method: str = "",
    consequence: str = "",
    error: str = "",
    error_at: str = "",
) -> ShipmentDialog:
    """Return the dialog. `picked` maps a row's id, `shipment-line`, to the quantity typed beside it."""
    chosen = picked or {}
    rows = tuple(
        row for shipment in order.shipments for row in _pick_rows(shipment, order, chosen=chosen, is_all=is_all)
    )
    offered = (each for each in order.choices.methods if each.is_offered)
    methods = (
        Choice("", _("Choose…"), is_selected=not method),
        *(Choice(each.slug, each.name, is_selected=each.slug == method) for each in offered),
    )
    return ShipmentDialog(
        number=order.number,
        action=f"{base}/shipments/update",
        back_href=base,
        hint_href=f"{base}/shipments/consequence",
        version=str(order.version),
        rows=rows,
        methods=methods,
        consequence=consequence or ("" if error else _("Select the items that go by another method.")),
        is_all=is_all,
        error=error,
        error_at=error_at,
        press=press(availability) if not availability.allowed else Press(),
    )


def _pick_rows(shipment: ShipmentRow, order: OrderDetail, *, chosen: Mapping[str, str], is_all: bool) -> list[PickRow]:
    pieces: Counter[int] = Counter()
    states: dict[int, list[str]] = {}
    for part in shipment.parts:
        pieces[part.line_id] += part.quantity
        states.setdefault(part.line_id, []).append(order.delivery_state(part.delivery_state_id).name.lower())
    method = order.method(shipment.method_id).name
    names = {line.id: line.name for line in order.lines}
    rows = []
    for line_id, most in pieces.items():
        key = f"{shipment.number}-{line_id}"
        title = _("Shipment %(number)s") % {"number": shipment.number}
        rows.append(
            PickRow(
                id=key,
                name=names[line_id],
                hint=f"{title} · {method} · {', '.join(states[line_id])}",
                most=most,
                quantity=chosen.get(key) or str(most),
                is_picked=is_all or key in chosen,
            )
        )
    return rows
