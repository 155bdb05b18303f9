"""Shipping: delivery states, carriers and shipping methods, each listed, added, edited, switched and deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.actions import (
    add_carrier,
    add_delivery_state,
    add_shipping_method,
    delete_carrier,
    delete_delivery_state,
    delete_shipping_method,
    edit_carrier,
    edit_delivery_state,
    edit_shipping_method,
)
from orderwright.actions.shipping_fields import CarrierFields, DeliveryStateFields, MethodFields
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.reads.shipping_configuration import (
    CarrierEntry,
    DeliveryStateEntry,
    MethodEntry,
    list_carriers,
    list_delivery_states,
    list_methods,
    read_carrier,
    read_delivery_state,
    read_method,
)
from orderwright.reads.sites import list_sites
from orderwright.shipping.errors import (
    CarrierEditNeedsConfirmation,
    DeliveryStateEditNeedsConfirmation,
    ShippingMethodEditNeedsConfirmation,
)
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import dialog, fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.parts import Link, Toast
from orderwright.web.presenters.shipping_configuration import (
    carrier_section,
    delivery_state_section,
    method_section,
    orders_text,
)
from orderwright.web.presenters.shipping_forms import (
    Filled,
    carrier_fields,
    delete_question,
    delivery_state_fields,
    method_fields,
    shipping_form,
    tried_link,
)
from orderwright.web.presenters.shipping_page import FormField, ShippingSection, TriedLink

PLACE = "shipping"
_UNCONFIRMED = (DeliveryStateEditNeedsConfirmation, CarrierEditNeedsConfirmation, ShippingMethodEditNeedsConfirmation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One of the three sections: the names of its fields, and what its reads, actions and presenters are."""

    place: str
    names: tuple[str, ...]
    fresh: dict[str, str]
    add_title: Callable[[], str]
    read: Callable[..., Any]
    fields: Callable[[StaffRequest], Any]
    values: Callable[[Any], dict[str, str]]
    asked: Callable[[StaffRequest, Filled, Any], tuple[FormField, ...]]
    add: Callable[..., str]
    edit: Callable[..., None]
    delete: Callable[..., None]
    deleting: Callable[[], str]


def _state_values(row: DeliveryStateEntry) -> dict[str, str]:
    return {"name": row.name, "color": row.color, "description": row.description, "phase": row.phase}


def _carrier_values(row: CarrierEntry) -> dict[str, str]:
    return {
        "name": row.name,
        "tracking_url_template": row.tracking_url_template,
        "recognised_as": row.recognised_as,
    }


def _method_values(row: MethodEntry) -> dict[str, str]:
    return {"name": row.name, "carrier": row.carrier_slug or "", "is_offered": "yes" if row.is_offered else ""}


def _state_fields(request: StaffRequest) -> DeliveryStateFields:
    names = ("name", "color", "description", "phase")
    return DeliveryStateFields(**{name: posted.text(request, name) for name in names})


def _carrier_fields(request: StaffRequest) -> CarrierFields:
    names = ("name", "tracking_url_template", "recognised_as")
    return CarrierFields(**{name: posted.text(request, name) for name in names}, sites=request.POST.getlist("sites"))


def _method_fields(request: StaffRequest) -> MethodFields:
    return MethodFields(
        name=posted.text(request, "name"),
        carrier=posted.text(request, "carrier"),
        is_offered=posted.text(request, "is_offered") == "yes",
        sites=request.POST.getlist("sites"),
    )


SECTIONS = {
    "delivery-states": Section(
        place=PLACE,
        names=("name", "slug", "color", "description", "phase", "version"),
        fresh={},
        add_title=lambda: _("Add delivery state"),
        read=read_delivery_state,
        fields=_state_fields,
        values=_state_values,
        asked=lambda _request, filled, row: delivery_state_fields(filled, state=row),
        add=add_delivery_state.run,
        edit=edit_delivery_state.run,
        delete=delete_delivery_state.run,
        deleting=lambda: _("No piece is in this delivery state. It goes from every item’s dropdown at once."),
    ),
    "carriers": Section(
        place="carriers",
        names=("name", "slug", "tracking_url_template", "recognised_as", "version"),
        fresh={},
        add_title=lambda: _("Add carrier"),
        read=read_carrier,
        fields=_carrier_fields,
        values=_carrier_values,
        asked=lambda request, filled, row: carrier_fields(
            filled, is_new=row is None, sites=list_sites(actor=request.user.actor())
        ),
        add=add_carrier.run,
        edit=edit_carrier.run,
        delete=delete_carrier.run,
        deleting=lambda: _("No shipping method goes by this carrier."),
    ),
    "methods": Section(
        place="shipping-methods",
        names=("name", "slug", "carrier", "is_offered", "version"),
        fresh={"is_offered": "yes"},
        add_title=lambda: _("Add shipping method"),
        read=read_method,
        fields=_method_fields,
        values=_method_values,
        asked=lambda request, filled, row: method_fields(
            filled,
            is_new=row is None,
            carriers=list_carriers(actor=request.user.actor()),
            sites=list_sites(actor=request.user.actor()),
        ),
        add=add_shipping_method.run,
        edit=edit_shipping_method.run,
        delete=delete_shipping_method.run,
        deleting=lambda: _("No shipment goes by this method. Update Shipment offers it no more."),
    ),
}


@require_GET
@permission("configuration.view")
def section(request: StaffRequest, key: str) -> HttpResponse:
    """Show one of the three sections. Source: W9."""
    return page(request, "configuration/shipping.html", {"shipping": _shown(request, key)}, current=PLACE)


@require_http_methods(["GET", "POST"])
@permission("configuration.edit")
def add(request: StaffRequest, key: str) -> HttpResponse:
    """Show the form of something new, or add it."""
    asked = SECTIONS[key]
    if request.method == "GET":
        return _form(request, key, Filled(values=asked.fresh))
    if _is_trying(request):
        return _form(request, key, _typed(request, key))
    try:
        asked.add(
            fields=asked.fields(request),
            slug=posted.text(request, "slug").strip(),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except OrderwrightError as error:
        return _refused(request, key, error)
    return _done(request, key, _("%(name)s added") % {"name": posted.text(request, "name").strip()})


@require_http_methods(["GET", "POST"])
@permission("configuration.edit")
def edit(request: StaffRequest, key: str, slug: str) -> HttpResponse:
    """Show the form, or save it; what orders show asks first, naming how many there are."""
    asked = SECTIONS[key]
    row = asked.read(slug=slug, actor=request.user.actor())
    if request.method == "GET":
        sites = [site.slug for site in getattr(row, "sites", ())]
        return _form(request, key, Filled(values={**asked.values(row), "version": str(row.version)}, sites=sites), row)
    if _is_trying(request):
        return _form(request, key, _typed(request, key), row)
    fields = asked.fields(request)
    if isinstance(fields, DeliveryStateFields) and not fields.phase:  # the form shows it and does not send it
        fields = replace(fields, phase=row.phase)
    try:
        asked.edit(
            slug=slug,
            fields=fields,
            version=posted.version(request),
            is_confirmed=posted.text(request, "confirmed") == "yes",
            actor=request.user.actor(),
            now=clock_now(),
        )
    except _UNCONFIRMED as question:
        return _form(request, key, replace(_typed(request, key), confirm=question.message), row)
    except OrderwrightError as error:
        return _refused(request, key, error, row)
    return _done(request, key, _("%(name)s saved") % {"name": posted.text(request, "name").strip()})


@require_POST
@permission("configuration.edit")
def switch(request: StaffRequest, slug: str) -> HttpResponse:
    """Switch a shipping method on or off."""
    method = read_method(slug=slug, actor=request.user.actor())
    is_on = posted.text(request, "is_on") == "yes"
    try:
        edit_shipping_method.run(
            slug=slug,
            fields=MethodFields(
                name=method.name,
                carrier=method.carrier_slug or "",
                is_offered=is_on,
                sites=[site.slug for site in method.sites],
            ),
            version=posted.version(request),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except OrderwrightError as error:
        return _answer(request, "methods", Toast(words_of(error), is_bad=True), status=error.status)
    words = _("%(name)s is offered") if is_on else _("%(name)s is not offered any more; shipments keep it")
    return _done(request, "methods", words % {"name": method.name})


@require_http_methods(["GET", "POST"])
@permission("configuration.edit")
def delete(request: StaffRequest, key: str, slug: str) -> HttpResponse:
    """Ask before something is deleted, or delete it."""
    asked = SECTIONS[key]
    row = asked.read(slug=slug, actor=request.user.actor())
    error: OrderwrightError | None = None
    if request.method == "POST":
        try:
            asked.delete(slug=slug, actor=request.user.actor(), now=clock_now())
            return _done(request, key, _("%(name)s deleted") % {"name": row.name})
        except OrderwrightError as refusal:
            error = refusal
    shown = delete_question(
        row.name,
        action=f"{_base(key)}/{slug}/delete",
        back_href=_base(key),
        tell="" if error else asked.deleting(),
        error=words_of(error) if error else "",
    )
    status = error.status if error else 200
    values = {"dialog": shown}
    return dialog(request, "configuration/_delete.html", values, title=shown.title, status=status, current=PLACE)


@require_GET
@permission("configuration.edit")
def try_link(request: StaffRequest) -> HttpResponse:
    """Show where a tracking number leads with the template as typed so far. Source: W9."""
    template, number = request.GET.get("tracking_url_template", ""), request.GET.get("try_number", "")
    shown = tried_link(template, number, href=reverse("tracking-link"))
    return fragment(request, "configuration/_tried_link.html", {"tried": shown})


def _base(key: str) -> str:
    return reverse(SECTIONS[key].place)


def _shown(request: StaffRequest, key: str) -> ShippingSection:
    actor = request.user.actor()
    names = {"delivery-states": _("Delivery states"), "carriers": _("Carriers"), "methods": _("Shipping methods")}
    tabs = tuple(Link(text, _base(each), is_current=each == key) for each, text in names.items())
    if key == "carriers":
        return carrier_section(list_carriers(actor=actor), actor, tabs=tabs, base=_base(key))
    if key == "methods":
        return method_section(list_methods(actor=actor), actor, tabs=tabs, base=_base(key))
    return delivery_state_section(list_delivery_states(actor=actor), actor, tabs=tabs, base=_base(key))


def _is_trying(request: StaffRequest) -> bool:
    """Return whether, without script, a number's link was asked for."""
    return posted.text(request, "try") == "yes"


def _typed(request: StaffRequest, key: str) -> Filled:
    values = {name: posted.text(request, name) for name in SECTIONS[key].names if name in request.POST}
    return Filled(values=values, sites=request.POST.getlist("sites"))


def _form(request: StaffRequest, key: str, filled: Filled, row: Any = None, *, status: int = 200) -> HttpResponse:
    asked = SECTIONS[key]
    tried: TriedLink | None = None
    if key == "carriers":
        number = posted.text(request, "try_number")
        tried = replace(
            tried_link(filled.of("tracking_url_template"), number, href=reverse("tracking-link")),
            has_button=not is_htmx(request),
        )
    submit = asked.add_title() if row is None else _("Save")
    if filled.confirm:
        submit = _("Save for %(orders)s") % {"orders": orders_text(row.orders)}
    shown = shipping_form(
        filled,
        asked.asked(request, filled, row),
        title=asked.add_title() if row is None else _("Edit %(name)s") % {"name": row.name},
        action=f"{_base(key)}/add" if row is None else f"{_base(key)}/{row.slug}",
        back_href=_base(key),
        submit=submit,
        tried=tried,
    )
    template = "configuration/_shipping_form.html"
    return dialog(request, template, {"form": shown}, title=shown.title, status=status, current=PLACE)


def _refused(request: StaffRequest, key: str, error: OrderwrightError, row: Any = None) -> HttpResponse:
    errors = {pointer_of(error): words_of(error)}
    return _form(request, key, replace(_typed(request, key), errors=errors), row, status=error.status)


def _done(request: StaffRequest, key: str, said: str) -> HttpResponse:
    return _answer(request, key, Toast(said))


def _answer(request: StaffRequest, key: str, toast: Toast, *, status: int = 200) -> HttpResponse:
    if not is_htmx(request):
        say(request, toast)
        return redirect(SECTIONS[key].place)
    values = {"shipping": _shown(request, key)}
    return fragment(
        request,
        "configuration/_shipping_answer.html",
        values,
        toasts=[toast],
        status=status,
        is_closing_dialog=True,
    )
