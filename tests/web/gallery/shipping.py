"""Sample presenters' values of Shipping's configuration, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.parts import Badge, Choice, Link, Press, Toast
from orderwright.web.presenters.shipping_page import (
    Cell,
    FormField,
    ShippingForm,
    ShippingRow,
    ShippingSection,
    Switch,
    TriedLink,
)

SHIPPING = ShippingSection(
    key="methods",
    lead="What Update Shipment offers, and what orders name.",
    tabs=(
        Link("Delivery states", "/shipping/delivery-states"),
        Link("Shipping methods", "/shipping/methods", is_current=True),
    ),
    add_href="/shipping/methods/add",
    add_text="Add shipping method",
    add=Press(),
    headings=("Shipping method", "Carrier", "Tracking page"),
    rows=(
        ShippingRow(
            "method-1",
            "UPS Ground",
            "ups-ground",
            None,
            (Cell("Carrier", "UPS"), Cell("Tracking page", "https://ups.example/{number}", is_mono=True)),
            is_used=True,
            used_by="1,284 orders",
            edit_href="/x",
            switch=Switch("/x/switch", "Switch off", "no", "1"),
        ),
        ShippingRow(
            "method-2",
            "بريد سريع",
            "post",
            Badge("بريد سريع", "teal"),
            (Cell("Carrier", "—"), Cell("Tracking page", badge=Badge("Off"))),
            is_used=False,
            used_by="0 orders",
            is_default=True,
            delete_href="/x/delete",
        ),
    ),
    sorted_by="By name.",
)
SHIPPING_FORM = ShippingForm(
    "Add carrier",
    "/shipping/carriers/add",
    "/shipping/carriers",
    "Add carrier",
    (
        FormField("name", "Name", "text", error="It must not be empty.", most=80, is_needed=True),
        FormField("color", "Colour", "tones", choices=(Choice("blue", "Blue", is_selected=True),)),
        FormField("description", "Description", "area", value="About", most=200),
        FormField("phase", "Means", "select", reason="It stays.", choices=(Choice("sent", "On its way", True),)),
        FormField("tracking_url_template", "Tracking page", "text", hint="https://…", most=300, is_address=True),
        FormField("recognised_as", "Numbers recognised as", "select", choices=(Choice("ups", "UPS"),)),
        FormField("sites", "Sites", "sites", hint="none ticked: every site", choices=(Choice("us", "Cozy Home US"),)),
        FormField("is_offered", "Offered", "tick", is_ticked=True),
    ),
    error="That did not work.",
    tried=TriedLink("/shipping/tracking-link", "1Z 999", "https://ups.example/1Z999", "Filled in."),
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "shipping": ("configuration/shipping.html", {"shipping": SHIPPING}),
    "shipping-empty": ("configuration/shipping.html", {"shipping": replace(SHIPPING, rows=())}),
    "shipping-form": (
        "dialog_page.html",
        {"title": "Add carrier", "fragment": "configuration/_shipping_form.html", "form": SHIPPING_FORM},
    ),
    "shipping-confirm": (
        "dialog_page.html",
        {
            "title": "Edit",
            "fragment": "configuration/_shipping_form.html",
            "form": replace(
                SHIPPING_FORM,
                fields=(),
                error="",
                confirm="18 orders will be shown so. Save?",
                hidden=(("confirmed", "yes"), ("name", "UPS")),
                becomes=(("Name", "UPS"), ("Tracking page", "—")),
                badge=Badge("UPS", "teal"),
                tried=None,
            ),
        },
    ),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "shipping": ("configuration/_shipping_answer.html", {"shipping": SHIPPING, "toasts": (Toast("Saved"),)}),
    "tried-link": ("configuration/_tried_link.html", {"tried": TriedLink("/x", "1", error="It needs {number}.")}),
}
