"""Update Shipment with its dialog, delivery states, and tracking numbers."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.actions import set_delivery_state, set_tracking, update_shipment
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import FieldError, Invalid, OrderwrightError
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import dialog, fragment
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.shipments import shipment_dialog
from orderwright.web.views.order_answers import act, base_of, done, refusal_of


@require_http_methods(["GET", "POST"])
@permission("shipments.update")
def update(request: StaffRequest, number: str) -> HttpResponse:
    """Show the Update Shipment dialog, or update. Source: G13, G16, G17, G18."""
    order = read_order(number=number, actor=request.user.actor())
    if request.method == "GET":
        return _show(request, order)
    try:
        made = update_shipment.run(
            number=number,
            picks=_picks(request.POST, order),
            method=posted.text(request, "method"),
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
        )
    except OrderwrightError as error:
        return _show(request, read_order(number=number, actor=request.user.actor()), error=error)
    said = (_("Shipment %(number)s made") if made.way == "new" else _("Shipment %(number)s updated")) % {
        "number": made.target
    }
    if made.removed_numbers:
        removed = ngettext(
            "the tracking number %(numbers)s is removed",
            "the tracking numbers %(numbers)s are removed",
            len(made.removed_numbers),
        )
        said = f"{said}; {removed % {'numbers': ', '.join(made.removed_numbers)}}"
    return done(request, number, said)


def _show(request: StaffRequest, order: OrderDetail, *, error: OrderwrightError | None = None) -> HttpResponse:
    picked = {key: request.POST.get(f"quantity-{key}", "") for key in request.POST.getlist("item")}
    shown = shipment_dialog(
        order,
        base=base_of(order.number),
        availability=update_shipment.availability(order, request.user.actor()),
        picked=picked,
        is_all="all" in request.POST,
        method=posted.text(request, "method"),
        error=refusal_of(request, order.number, error) if error else "",
        error_at=pointer_of(error) if error else "",
    )
    status = error.status if error else 200
    return dialog(request, "orders/_shipment.html", {"dialog": shown}, title=_("Update Shipment"), status=status)


@require_GET
@permission("shipments.update")
def consequence(request: StaffRequest, number: str) -> HttpResponse:
    """Say what pressing Update would do with the selection so far."""
    order = read_order(number=number, actor=request.user.actor())
    try:
        plan = update_shipment.plan(order, _picks(request.GET, order), method=request.GET.get("method", ""))
        said = " ".join(plan.sentences)
    except OrderwrightError as error:
        said = words_of(error)
    shown = shipment_dialog(
        order,
        base=base_of(number),
        availability=update_shipment.availability(order, request.user.actor()),
        consequence=said,
    )
    return fragment(request, "orders/_consequence.html", {"dialog": shown})


def _picks(sent: QueryDict, order: OrderDetail) -> list[update_shipment.Pick]:
    """Return the selection. Without script "Select all items" stands alone; with it, every item is sent too.

    Raises: Invalid for a quantity that is no whole number.
    """
    rows = {f"{shipment.number}-{part.line_id}" for shipment in order.shipments for part in shipment.parts}
    chosen = sent.getlist("item")
    if "all" in sent and len(chosen) < len(rows):
        chosen = sorted(rows)
    return [_pick(sent, key) for key in chosen]


def _pick(sent: QueryDict, key: str) -> update_shipment.Pick:
    shipment, _dash, line_id = key.partition("-")
    typed = sent.get(f"quantity-{key}", "").strip()
    quantity = posted.whole(typed)
    if typed and quantity is None:
        message = _("“%(typed)s” is not a number of pieces.") % {"typed": typed[:20]}
        raise Invalid(
            message,
            code="quantity_unreadable",
            fields=(FieldError(pointer="/items", code="unreadable", message=message),),
        )
    return update_shipment.Pick(
        line_id=posted.whole(line_id) or 0, quantity=quantity, shipment=posted.whole(shipment) or 0
    )


@require_POST
@permission("shipments.update")
def delivery_state(request: StaffRequest, number: str, line_id: int) -> HttpResponse:
    """Set the Delivery State of an item's pieces. Source: G11, G12, G14."""

    def save() -> str:
        set_delivery_state.run(
            number=number,
            line_id=line_id,
            delivery_state=posted.text(request, "delivery_state"),
            shipment=posted.whole(posted.text(request, "shipment")),
            from_state=posted.text(request, "from_state") or None,
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
        )
        order = read_order(number=number, actor=request.user.actor())
        line = order.line(line_id)
        wanted = posted.text(request, "delivery_state")
        name = next((each.name for each in order.choices.delivery_states if each.slug == wanted), wanted)
        said = _("Delivery State of %(item)s is now %(state)s")
        return said % {"item": line.name if line else line_id, "state": name}

    wanted = posted.text(request, "delivery_state")
    return act(request, number, save, control=posted.text(request, "control")[:60], value=wanted)


@require_POST
@permission("shipments.update")
def tracking_number(request: StaffRequest, number: str, shipment: int) -> HttpResponse:
    """Set the Tracking Number of a shipment's parcel; an empty one takes it away. Source: G15, G20."""
    typed = posted.text(request, "tracking_number")
    parcel = posted.whole(posted.text(request, "parcel")) or 1

    def save() -> str:
        set_tracking.run(
            number=number,
            shipment=shipment,
            tracking_number=typed,
            parcel=parcel,
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
        )
        return _("Tracking Number saved") if typed.strip() else _("Tracking Number removed")

    return act(request, number, save, control=f"tracking-{shipment}-{parcel}", value=typed)
