"""Sample presenters' values of what an order's page asks and answers, for the gallery. No behaviour here."""

from __future__ import annotations

from typing import Any

from orderwright.web.presenters.order_dialogs import (
    AskDialog,
    CancelDialog,
    CompletionDialog,
    DeclineDialog,
    MailPreview,
    MoneyDialog,
    PickRow,
    Result,
    ShipmentDialog,
)
from orderwright.web.presenters.parts import Choice, Leg, Letter, Press, Toast
from tests.web.gallery.orders import LEGS, ORDER

MONEY_DIALOG = MoneyDialog(
    "Capture $289.94?",
    "/orders/1042/payments/7/capture",
    "/orders/1042",
    "12",
    "ref-1",
    "The rest of the hold. Nothing is left to capture afterwards.",
    (Leg("Capture", "from Visa •••• 4242", "$289.94", "Practice provider takes it from the customer’s account now."),),
    "Capture $289.94",
    "Do not capture",
    (("amount", "289.94"),),
)

CANCEL_DIALOG = CancelDialog(
    MoneyDialog(
        "Cancel order #1042?",
        "/orders/1042/cancel",
        "/orders/1042",
        "12",
        "ref-2",
        "One of two shipments has already been sent; its items are not taken back by cancelling.",
        LEGS,
        "Cancel order, refund $309.00, reverse $289.94",
        "Keep order",
        is_stop=True,
    ),
    (Choice("item-unavailable", "Item unavailable", True), Choice("customer-asked", "Customer asked")),
    "bob.norman@mail.example.com",
    "/orders/1042/cancel/email",
)

SHIPMENT_DIALOG = ShipmentDialog(
    "1042",
    "/orders/1042/shipments/update",
    "/orders/1042",
    "/orders/1042/shipments/update/consequence",
    "12",
    (
        PickRow("1-1", "Oak side table", "Shipment 1 · UPS Ground · shipped", 1, "1", False),
        PickRow("1-2", "Linen lamp shade, sand", "Shipment 1 · UPS Ground · shipped", 2, "1", True),
        PickRow("2-3", "Wool rug 160 × 230", "Shipment 2 · FedEx Home Delivery · pending", 1, "1", True),
    ),
    (Choice("ups", "UPS Ground"), Choice("courier", "Courier, same day", True)),
    "These 2 items become shipment 3 with its own tracking number. Shipment 2 is then empty and is removed.",
)
REASONS = (Choice("customer asked", "Customer asked for it", is_selected=True), Choice("other", "Another reason"))
ASK = AskDialog(
    title="Ask to cancel order #1042?",
    action="/orders/1042/cancellation-request",
    back_href="/orders/1042",
    version="12",
    tell="No money moves.",
    reasons=REASONS,
    words="\t",
    longest=200,
    confirm="Ask for the cancellation",
    press=Press(),
    errors={"reason": "It has a control character or half of a character pair."},
)
DECLINE = DeclineDialog(
    title="Decline to cancel order #1042?",
    action="/orders/1042/cancellation-request/decline",
    back_href="/orders/1042",
    version="12",
    tell="The order goes back to Processing and goes on.",
    quote="My sister bought the same.",
    email="bob.norman@mail.example.com",
    is_emailing=True,
    message="It left us this morning.",
    longest=500,
    confirm="Decline, keep the order",
    press=Press(),
    errors={"message": "At most 500 characters; this has 501."},
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "capture": ("dialog_page.html", {"title": "Capture", "fragment": "orders/_capture.html", "dialog": MONEY_DIALOG}),
    "cancel": (
        "dialog_page.html",
        {"title": "Cancel Order", "fragment": "orders/_cancel.html", "dialog": CANCEL_DIALOG},
    ),
    "shipment": (
        "dialog_page.html",
        {"title": "Update Shipment", "fragment": "orders/_shipment.html", "dialog": SHIPMENT_DIALOG},
    ),
    "complete": (
        "dialog_page.html",
        {
            "title": "Complete",
            "fragment": "orders/_complete.html",
            "dialog": CompletionDialog(
                "Complete order #1042?",
                "/orders/1042/state",
                "/orders/1042",
                "12",
                "completed",
                (LEGS[1],),
                ("1 × Wool rug 160 × 230, pending",),
                "Complete all the same",
            ),
        },
    ),
    "result": (
        "dialog_page.html",
        {
            "title": "Canceled",
            "fragment": "orders/_result.html",
            "result": Result(
                "Order #1042 is canceled",
                "$309.00 captured was refunded and $289.94 authorised was reversed.",
                LEGS,
                "An email to bob.norman@mail.example.com is on its way.",
                "/orders/1042",
            ),
        },
    ),
    "mail-preview": (
        "orders/mail_preview.html",
        {
            "mail": MailPreview(
                "bob@mail.example.com",
                "Your order was canceled",
                Letter("Hello Bob,\n\nwe have canceled your order.", "/orders/1042/cancel/email/html"),
                "/orders/1042/cancel",
            )
        },
    ),
    "cancel-ask": ("dialog_page.html", {"title": "Ask", "fragment": "orders/_ask_cancel.html", "dialog": ASK}),
    "cancel-decline": (
        "dialog_page.html",
        {"title": "Decline", "fragment": "orders/_decline_cancel.html", "dialog": DECLINE},
    ),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "order": (
        "orders/_answer.html",
        {"order": ORDER, "toasts": (Toast("Saved"),), "result": PAGES["result"][1]["result"]},
    ),
    "cancel": ("orders/_cancel.html", {"dialog": CANCEL_DIALOG}),
    "shipment": ("orders/_shipment.html", {"dialog": SHIPMENT_DIALOG}),
    "capture": ("orders/_capture.html", {"dialog": MONEY_DIALOG}),
    "consequence": ("orders/_consequence.html", {"dialog": SHIPMENT_DIALOG}),
}
