"""Sample presenters' values of an order's page, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.order_page import (
    Customer,
    Entry,
    HistoryRow,
    LineRow,
    Note,
    OrderPage,
    ParcelRow,
    Part,
    PaymentRow,
    Payments,
    Segment,
    ShipmentBlock,
    Timeline,
    TotalRow,
)
from orderwright.web.presenters.parts import Badge, Choice, Field, Figure, Leg, Press, Select, Toast
from tests.web.gallery.samples import when

DELIVERY = ("Pending", "Ready to ship", "Shipped", "In transit", "Delivered", "Returned", "Failed")


def delivery(chosen: str, *, reason: str = "") -> Select:
    return Select(tuple(Choice(n.lower(), n, n == chosen) for n in DELIVERY), is_allowed=not reason, reason=reason)


def line(
    number: int, name: str, sku: str, quantity: int, total: str, state: str, tone: str, reason: str = ""
) -> LineRow:
    return LineRow(
        id=f"line-{number}",
        name=name,
        sku=sku,
        initial=name[0],
        tone=tone,
        detail=f"{quantity} × $49.00" if quantity > 1 else "",
        quantity=str(quantity),
        total=total,
        action=f"/orders/1042/items/{number}/delivery-state",
        delivery=delivery(state, reason=reason),
    )


PAYMENT = PaymentRow(
    id="7",
    name="Visa •••• 4242",
    meta="Practice provider · authorised 20 Nov · auth_9f2c",
    badge=None,
    figures=(),
    action="/orders/1042/payments/7/capture",
    amount=Field("289.94"),
    capture=Press(),
    currency="USD",
)

PAYMENTS = Payments(
    strip_label="Captured $309.00, still held $289.94, of $598.94 authorised",
    segments=(Segment("captured", "0%", "51.59%"), Segment("held", "51.59%", "48.41%")),
    figures=(
        Figure("Authorised", "$598.94"),
        Figure("Captured", "$309.00", "captured"),
        Figure("Still held", "$289.94", "held"),
        Figure("Refunded", "$0.00"),
        Figure("Hold ends", "in 3 days", "plain", is_urgent=True),
    ),
    rows=(PAYMENT,),
    history=(
        HistoryRow(
            when("21 Nov 14:07"),
            "Capture",
            "$309.00",
            "Visa •••• 4242",
            Badge("Succeeded", "green"),
            "cap_81bd",
            "Anna Kovac",
        ),
        HistoryRow(
            when("21 Nov 14:01"),
            "Capture",
            "$120.00",
            "Visa •••• 4242",
            Badge("Declined", "red"),
            "cap_81ba",
            "Anna Kovac",
            "Insufficient funds",
        ),
        HistoryRow(
            when("20 Nov 16:42"),
            "Authorisation",
            "$598.94",
            "Visa •••• 4242",
            Badge("Succeeded", "green"),
            "auth_9f2c",
            "Practice provider",
        ),
    ),
    sync=Press(),
)

TIMELINE = Timeline(
    entries=(
        Entry(
            (Part("Captured"), Part("$309.00", "strong"), Part("of $598.94")),
            "Anna Kovac",
            when("21 Nov 14:07"),
            "money",
        ),
        Entry(
            (Part("Delivery State of Shipment 1"), Part("Ready", "was"), Part("→"), Part("Shipped", "now")),
            "Anna Kovac",
            when("21 Nov 14:06"),
        ),
        Entry(
            (Part("Order State"), Part("New", "was"), Part("→"), Part("Processing", "now")),
            "Ben Ortiz",
            when("20 Nov 17:20"),
            note="Stock is confirmed.",
        ),
        Entry(
            (Part("Authorised"), Part("$598.94", "strong"), Part("on Visa •••• 4242")),
            "Practice provider",
            when("20 Nov 16:42"),
            "money",
        ),
    ),
)

STATES = Select(
    (
        Choice("new", "New", is_allowed=False),
        Choice("processing", "Processing", True),
        Choice("on-hold", "On hold: stock"),
        Choice("suspended", "Suspended"),
        Choice("completed", "Completed"),
        Choice("canceled", "Canceled"),
    )
)

ORDER = OrderPage(
    number="1042",
    base="/orders/1042",
    version="12",
    state=Badge("Processing", "blue"),
    badges=(Badge("Processing", "blue"), Badge("Partly captured", "amber"), Badge("1 of 2 shipments sent", "grey")),
    placed="Placed 20 Nov 2026, 16:42 EST · Cozy Home US · from Shopify as 5532",
    back_text="Open Orders",
    back_href="/orders/open",
    state_choice=STATES,
    may_email_state=True,
    ask_cancel_href="/orders/1042/cancellation-request",
    cancel=Press(),
    update_shipment=Press(),
    shipments_tell="",
    shipments=(
        ShipmentBlock(
            "shipment-1",
            "Shipment 1",
            "UPS Ground",
            "sent 21 Nov",
            (
                ParcelRow(
                    "tracking-1",
                    "/orders/1042/shipments/1/tracking-number",
                    "1",
                    Field("1Z999AA10123456784"),
                    "https://carrier.example/1Z",
                ),
            ),
            (
                line(1, "Oak side table", "TBL-OAK-45", 1, "$199.00", "Shipped", "amber"),
                line(2, "Linen lamp shade, sand", "LMP-LIN-SND", 2, "$98.00", "Shipped", "violet"),
            ),
            "with shipment 1",
        ),
        ShipmentBlock(
            "shipment-2",
            "Shipment 2",
            "FedEx Home Delivery",
            "",
            (ParcelRow("tracking-2", "/t", "1", Field()),),
            (line(3, "Wool rug 160 × 230", "RUG-WOL-160", 1, "$289.94", "Pending", "teal"),),
            "with shipment 2",
        ),
    ),
    payments=PAYMENTS,
    timeline=TIMELINE,
    customer=Customer(
        "Bob Norman",
        "bob.norman@mail.example.com",
        "+1 613 555 0174",
        "tel:+16135550174",
        "4th order",
        ("123 Amoebobacterieae St", "Unit 806", "Ottawa ON K2P 0V6", "Canada"),
        (),
    ),
    totals=(
        TotalRow("Items (4)", "$586.94"),
        TotalRow("Discount TENOFF", "−$10.00"),
        TotalRow("Shipping", "$10.06"),
        TotalRow("Tax", "$11.94"),
        TotalRow("Total", "$598.94", is_sum=True),
    ),
    tell_delayed=Press(),
    invoice=Field("INV-2026-0871"),
    note=Field(),
    notes=(Note("Rug is back-ordered to Tuesday; customer agreed by phone.", "Ben Ortiz", when("20 Nov 17:31")),),
)

LEGS = (
    Leg(
        "Refund",
        "to Visa •••• 4242",
        "$309.00",
        "What was captured on 21 Nov. Usually 5–10 days on the customer’s statement.",
    ),
    Leg("Reverse", "the hold on Visa •••• 4242", "$289.94", "Never charged; the bank frees it."),
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "order": ("orders/detail.html", {"order": ORDER, "toasts": (Toast("Invoice number saved"),)}),
    "order-history": ("orders/detail.html", {"order": replace(ORDER, payments=replace(PAYMENTS, view="history"))}),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "timeline": ("orders/_timeline_answer.html", {"order": ORDER}),
}
