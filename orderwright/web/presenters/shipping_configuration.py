"""Shipping: the tables of delivery states, carriers and methods, and what their forms ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
from orderwright.core.actor import Actor
from orderwright.reads.shipping_configuration import CarrierEntry, DeliveryStateEntry, MethodEntry, SiteName
from orderwright.shipping.recognition import RECOGNISABLE
from orderwright.web.presenters.parts import Badge, Link
from orderwright.web.presenters.press import press
from orderwright.web.presenters.shipping_page import Cell, ShippingRow, ShippingSection, Switch
from orderwright.web.presenters.words import count

# What a delivery state means, as people say it; the stored words are those of `shipping.states.PHASES`.
PHASE_NAMES: Final = {
    "pending": gettext_lazy("Not sent yet"),
    "sent": gettext_lazy("On its way"),
    "delivered": gettext_lazy("Arrived"),
    "returned": gettext_lazy("Came back"),
    "failed": gettext_lazy("Could not be delivered"),
}


def delivery_state_section(
    states: Sequence[DeliveryStateEntry], actor: Actor, *, tabs: tuple[Link, ...], base: str
) -> ShippingSection:
    """Return every delivery state with what it means and how many orders have a piece in it."""
    return ShippingSection(
        key="delivery-states",
        lead=_("How far pieces have come. What a state means decides whether they count as sent."),
        tabs=tabs,
        add_href=f"{base}/add",
        add_text=_("Add delivery state"),
        add=press(add_delivery_state.availability(actor)),
        headings=(_("Delivery State"), _("Means"), _("Description")),
        rows=tuple(_state_row(state, actor, base=base) for state in states),
        sorted_by=_("Sorted as in the dropdown."),
    )


def _state_row(state: DeliveryStateEntry, actor: Actor, *, base: str) -> ShippingRow:
    here = f"{base}/{state.slug}"
    return ShippingRow(
        id=f"state-{state.id}",
        name=state.name,
        slug=state.slug,
        badge=Badge(state.name, state.color),
        cells=(Cell(_("Means"), str(PHASE_NAMES[state.phase])), Cell(_("Description"), state.description)),
        is_used=state.orders > 0,
        used_by=orders_text(state.orders),
        is_default=state.is_default,
        edit_href=here if edit_delivery_state.availability(state, actor).allowed else "",
        delete_href=f"{here}/delete" if delete_delivery_state.availability(state, actor).allowed else "",
    )


def carrier_section(
    carriers: Sequence[CarrierEntry], actor: Actor, *, tabs: tuple[Link, ...], base: str
) -> ShippingSection:
    """Return every carrier with its sites, the page where parcels are followed, and what goes by it. Source: W9."""
    return ShippingSection(
        key="carriers",
        lead=_("Who carries parcels. The link beside a tracking number leads to the carrier’s page."),
        tabs=tabs,
        add_href=f"{base}/add",
        add_text=_("Add carrier"),
        add=press(add_carrier.availability(actor)),
        headings=(_("Carrier"), _("Sites"), _("Tracking page"), _("Numbers recognised as")),
        rows=tuple(_carrier_row(carrier, actor, base=base) for carrier in carriers),
        sorted_by=_("Sorted by name."),
    )


def _carrier_row(carrier: CarrierEntry, actor: Actor, *, base: str) -> ShippingRow:
    here = f"{base}/{carrier.slug}"
    methods = ngettext("%(count)s method", "%(count)s methods", carrier.methods) % {"count": count(carrier.methods)}
    return ShippingRow(
        id=f"carrier-{carrier.id}",
        name=carrier.name,
        slug=carrier.slug,
        badge=None,
        cells=(
            Cell(_("Sites"), sites_text(carrier.sites)),
            Cell(_("Tracking page"), carrier.tracking_url_template or "—", is_mono=bool(carrier.tracking_url_template)),
            Cell(_("Numbers recognised as"), RECOGNISABLE.get(carrier.recognised_as, "—")),
        ),
        is_used=carrier.methods > 0,
        used_by=f"{methods} · {orders_text(carrier.orders)}" if carrier.orders else methods,
        edit_href=here if edit_carrier.availability(actor).allowed else "",
        delete_href=f"{here}/delete" if delete_carrier.availability(carrier, actor).allowed else "",
    )


def method_section(
    methods: Sequence[MethodEntry], actor: Actor, *, tabs: tuple[Link, ...], base: str
) -> ShippingSection:
    """Return every shipping method with its carrier, its sites, whether it is offered, and how many orders go by it."""
    return ShippingSection(
        key="methods",
        lead=_(
            "What Update Shipment offers, and what orders name. One that is switched off stays on its shipments; a "
            "title that came in with an order is off from the start."
        ),
        tabs=tabs,
        add_href=f"{base}/add",
        add_text=_("Add shipping method"),
        add=press(add_shipping_method.availability(actor)),
        headings=(_("Shipping method"), _("Carrier"), _("Sites"), _("Offered")),
        rows=tuple(_method_row(method, actor, base=base) for method in methods),
        sorted_by=_("Those that are offered in the order of the dropdown, then the others."),
    )


def _method_row(method: MethodEntry, actor: Actor, *, base: str) -> ShippingRow:
    here = f"{base}/{method.slug}"
    may_edit = edit_shipping_method.availability(actor).allowed
    return ShippingRow(
        id=f"method-{method.id}",
        name=method.name,
        slug=method.slug,
        badge=None,
        cells=(
            Cell(_("Carrier"), method.carrier or "—"),
            Cell(_("Sites"), sites_text(method.sites)),
            Cell(_("Offered"), badge=Badge(_("On"), "green") if method.is_offered else Badge(_("Off"), "grey")),
        ),
        is_used=method.orders > 0,
        used_by=orders_text(method.orders),
        edit_href=here if may_edit else "",
        delete_href=f"{here}/delete" if delete_shipping_method.availability(method, actor).allowed else "",
        switch=Switch(
            href=f"{here}/switch",
            text=_("Switch off") if method.is_offered else _("Switch on"),
            to="no" if method.is_offered else "yes",
            version=str(method.version),
        )
        if may_edit
        else None,
    )


def sites_text(sites: Sequence[SiteName]) -> str:
    """Return the names of the sites, or that it is for every one."""
    return ", ".join(site.name for site in sites) or _("Every site")


def orders_text(number: int) -> str:
    """Return how many orders there are."""
    return ngettext("%(count)s order", "%(count)s orders", number) % {"count": count(number)}
