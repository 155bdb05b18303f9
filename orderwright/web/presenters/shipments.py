"""The Items section: shipments, their lines, and the Update Shipment dialog. What may change is the actions' to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.tracking_remarks import remarks
from orderwright.core.availability import Availability
from orderwright.core.dates import day
from orderwright.reads.rows import LineRow as LineFacts
from orderwright.reads.rows import OrderDetail, PartRow, ShipmentRow
from orderwright.reads.tracking import tracking_href
from orderwright.web.presenters.order_dialogs import PickRow, ShipmentDialog
from orderwright.web.presenters.order_page import LineRow, ParcelRow, Remark, ShipmentBlock, ShipmentMail
from orderwright.web.presenters.parts import Choice, Field, Press, Select
from orderwright.web.presenters.press import field, press, select
from orderwright.web.presenters.typed import Typed
from orderwright.web.presenters.words import amount, initial, thumb_tone

# More would push the columns beside it off the page; the whole is in the API's answer.
_MOST_ATTRIBUTES = 3


def shipment_blocks(
    order: OrderDetail,
    *,
    base: str,
    delivery: Availability,
    tracking: Availability,
    mails: Mapping[int, ShipmentMail],
    typed: Typed,
    now: datetime,
) -> tuple[ShipmentBlock, ...]:
    """Return every shipment with its lines, and last the lines that are not sent anywhere. `mails` by shipment."""
    blocks = [
        ShipmentBlock(
            id=f"shipment-{shipment.number}",
            title=_("Shipment %(number)s") % {"number": shipment.number},
            method=order.method(shipment.method_id).name,
            sent=_sent(shipment, order, now=now),
            parcels=_parcels(shipment, order, base=base, delivery=delivery, tracking=tracking, typed=typed),
            next_parcel=_next_parcel(shipment, base=base, tracking=tracking, typed=typed),
            lines=tuple(
                _part(part, place, shipment, order, base=base, delivery=delivery, typed=typed)
                for part, place in _placed(shipment.parts)
            ),
            tracking_note=_("with shipment %(number)s") % {"number": shipment.number},
            mail=mails.get(shipment.number),
            picks=tuple(dict.fromkeys(f"{shipment.number}-{part.line_id}" for part in shipment.parts)),
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
    wanted = next((each.text for each in choices if each.value == typed.value), "")
    clash = typed.clash_of(f"{control}-delivery", "delivery_state", mine=wanted, theirs=now_in.name, here=base)
    return _row(
        line,
        order,
        control=control,
        quantity=part.quantity,
        action=f"{base}/items/{line.id}/delivery-state",
        delivery=select(
            delivery,
            choices=choices,
            error=typed.error_of(f"{control}-delivery", clash),
            clash=clash,
        ),
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
    shipment: ShipmentRow,
    order: OrderDetail,
    *,
    base: str,
    delivery: Availability,
    tracking: Availability,
    typed: Typed,
) -> tuple[ParcelRow, ...]:
    numbers = [parcel.tracking_number for parcel in shipment.parcels] or [""]
    return tuple(
        replace(
            _parcel(shipment, place, number, base=base, tracking=tracking, typed=typed),
            carrier_href=tracking_href(order, shipment, number),
            remarks=_remarks(order, shipment, number, delivery=delivery),
        )
        for place, number in enumerate(numbers, start=1)
    )


def _remarks(order: OrderDetail, shipment: ShipmentRow, number: str, *, delivery: Availability) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            text=each.text,
            is_warning=each.code == "check_digit_failed",
            # The gate of Delivery State is that of Update Shipment (G13, G14).
            methods=tuple(Choice(method.slug, method.name) for method in each.methods) if delivery.allowed else (),
        )
        for each in remarks(order, shipment, number)
    )


def _next_parcel(shipment: ShipmentRow, *, base: str, tracking: Availability, typed: Typed) -> ParcelRow | None:
    if not shipment.parcels or not tracking.allowed:
        return None
    return _parcel(shipment, len(shipment.parcels) + 1, "", base=base, tracking=tracking, typed=typed)


def _parcel(
    shipment: ShipmentRow, place: int, number: str, *, base: str, tracking: Availability, typed: Typed
) -> ParcelRow:
    control = f"tracking-{shipment.number}-{place}"
    clash = typed.clash_of(control, "tracking_number", mine=typed.value.strip(), theirs=number, here=base)
    shown: Field = field(
        tracking, value=typed.value_of(control, number), error=typed.error_of(control, clash), clash=clash
    )
    action = f"{base}/shipments/{shipment.number}/tracking-number"
    return ParcelRow(id=control, action=action, position=str(place), number=shown)


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
