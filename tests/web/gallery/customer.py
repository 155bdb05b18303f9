"""Sample presenters' values of the customer's dialogs, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.customer_page import AddressFields, Clash, CustomerDialog, PrivacyDialog, TextField
from orderwright.web.presenters.parts import Choice, Field, Press


def address(name: str, title: str, **more: Any) -> AddressFields:
    return AddressFields(
        name=name,
        title=title,
        fields=(
            TextField(name=f"{name}-line1", label="Street", value="123 Amoebobacterieae St"),
            TextField(name=f"{name}-postcode", label="Postcode", value="K2P 0V6", width="third"),
        ),
        countries=(Choice("", "—"), Choice("CA", "Canada", is_selected=True)),
        **more,
    )


DIALOG = CustomerDialog(
    title="Customer of order #1042",
    action="/orders/1042/customer",
    back_href="/orders/1042",
    version="7",
    seen='{"name": "Bob \\"B\\" Norman"}',
    consequences=("2 emails went out and stay as they were sent.",),
    fields=(TextField(name="name", label="Name", value="Bob Norman", is_required=True),),
    addresses=(
        address("shipping_address", "Ships to"),
        address("billing_address", "Bills to", same_text="Same as shipping", is_same=True),
    ),
)
CLASHING = replace(
    DIALOG,
    consequences=(),
    fields=(TextField(name="email", label="E-mail", value="x", error="It must be an e-mail address.", kind="email"),),
    clashes=(Clash(name="email", told="Ravi Patel changed this meanwhile, 04:00: E-mail", mine="a@b", theirs="c@d"),),
    error="Your role does not allow this.",
)

PRIVACY = PrivacyDialog(
    title="Privacy",
    who="Bob Norman",
    orders="2 orders of this customer: #1042 (20 Nov 2026), #1043 (21 Nov 2026)",
    export_action="/orders/1042/privacy/export",
    erase_action="/orders/1042/privacy",
    back_href="/orders/1042",
    goes=("Name, e-mail, phone", "Notes"),
    stays="Items, amounts.",
    number="1042",
    confirmation=Field("1043", error="Type the number of this order."),
    press=Press(),
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "edit-customer": (
        "dialog_page.html",
        {"title": "Customer", "fragment": "orders/_edit_customer.html", "dialog": DIALOG},
    ),
    "edit-customer-clashing": (
        "dialog_page.html",
        {"title": "Customer", "fragment": "orders/_edit_customer.html", "dialog": CLASHING},
    ),
}
PAGES |= {
    "privacy": ("dialog_page.html", {"title": "Privacy", "fragment": "orders/_privacy.html", "dialog": PRIVACY}),
    "privacy-open": (
        "dialog_page.html",
        {
            "title": "Privacy",
            "fragment": "orders/_privacy.html",
            "dialog": replace(
                PRIVACY, confirmation=Field(), press=Press(is_allowed=False, reason="Complete #1042 first.")
            ),
        },
    ),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "edit-customer": ("orders/_edit_customer.html", {"dialog": CLASHING}),
}
