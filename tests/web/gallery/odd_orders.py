"""Orders on which little can be done, or that are very long, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.order_page import Banner, Customer, Note, OrderPage
from orderwright.web.presenters.parts import Badge, Clash, Field, Figure, Press, Toast
from tests.web.gallery.orders import LEGS, ORDER, PAYMENT, PAYMENTS, STATES, line
from tests.web.gallery.samples import GATE, TONES, when


def locked_order() -> OrderPage:
    """Return an order on which little can be done, with every message that can stand on it."""
    shipments = tuple(
        replace(
            s,
            lines=tuple(replace(x, delivery=replace(x.delivery, is_allowed=False, reason=GATE)) for x in s.lines),
            parcels=tuple(replace(p, number=replace(p.number, is_allowed=False, reason=GATE)) for p in s.parcels),
        )
        for s in ORDER.shipments
    )
    legs = (
        replace(LEGS[0], status=Badge("Done", "green")),
        replace(LEGS[1], status=Badge("Outcome unknown, checking", "amber", is_checking=True)),
    )
    return replace(
        ORDER,
        shipments=shipments,
        shipments_tell=GATE,
        update_shipment=Press(False, GATE),
        cancel=Press(False, "A cancellation is already under way."),
        badges=(Badge("Cancel Requested", "violet"), Badge("Outcome unknown, checking", "red", is_checking=True)),
        state_choice=replace(STATES, is_allowed=False, reason="The order waits for its cancellation."),
        banner=Banner(
            "Cancellation under way",
            "One of two amounts has gone back. The order is canceled when both have.",
            "violet",
            legs,
            "/orders/1042/cancel/resume",
            Press(),
            "Resume",
        ),
        payments=replace(
            PAYMENTS,
            rows=(
                replace(
                    PAYMENT,
                    badge=Badge("Outcome unknown, checking", "red", is_checking=True),
                    amount=Field("900.00", error="Only $289.94 is still held on this payment."),
                    figures=(
                        Figure("Authorised", "$400.00"),
                        Figure("Captured", "$309.00"),
                        Figure("Still held", "$91.00"),
                    ),
                    note="The provider has not answered yet. The amount stays reserved until it does.",
                    is_note_urgent=True,
                ),
                replace(
                    PAYMENT,
                    id="8",
                    name="Gift card •••• 0099",
                    capture=Press(False, "This hold ended on 18 Nov 2026."),
                    amount=Field("198.94", is_allowed=False),
                ),
            ),
        ),
        invoice=Field("INV\tbad", error="An invoice number cannot contain a tab."),
        note=Field("", error="Write something first."),
    )


def long_order() -> OrderPage:
    """Return an order of thirty lines with very long and right-to-left names."""
    long_name = (
        "Wardrobe with sliding mirror doors, soft-close rails and adjustable shelving, extra-wide, smoked oak veneer "
        * 2
    )
    lines = tuple(
        line(
            n,
            (long_name if n % 3 == 1 else "طقم أكواب قهوة عربية مزخرفة" if n % 3 == 2 else "Ørnestol"),
            f"SKU-{'LONG' * 12 if n == 4 else ''}-{n}",
            n,
            "$12,345,678.90",
            "Pending",
            TONES[n % 8],
        )
        for n in range(1, 31)
    )
    return replace(
        ORDER,
        shipments=(
            replace(
                ORDER.shipments[1],
                method="International consolidated freight with white-glove delivery and assembly",
                lines=lines,
            ),
        ),
        customer=Customer(
            "محمد عبد الرحمن بن عبد العزيز آل سعود الهاشمي",
            "a.very.long.address.that.goes.on.and.on.and.on@subdomain.of.a.long.domain.example.com",
            "+966 11 555 0123",
            "tel:+966115550123",
            "1st order",
            (
                "شارع الملك فهد ١٢٣",
                "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
                "الرياض 12345",
                "Saudi Arabia",
            ),
            ("Same name GmbH & Co. KGaA", "Straße 1", "10115 Berlin", "Germany"),
        ),
        notes=(
            Note("x" * 180, "محمد", when("20 Nov 17:31")),
            Note("הלקוח ביקש אריזת מתנה\nובקשה נוספת", "Ben Ortiz", when("20 Nov 17:33")),  # noqa: RUF001 - Hebrew on purpose
        ),
    )


REQUESTED = Banner(
    "Cancellation requested",
    "Asked for the customer, by Storefront on 21 Nov 09:00.",
    "amber",
    icon="message-circle-question-mark",
    quote="My sister bought the same.",
    accept_href="/orders/1042/cancel",
    decline_href="/orders/1042/cancellation-request/decline",
    take_back_action="/orders/1042/cancellation-request/withdraw",
    decline=Press(False, GATE),
)

CLASH = Clash("state", "fraud", "Fraud", "Processing", "/orders/1042")

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "order-locked": (
        "orders/detail.html",
        {"order": locked_order(), "toasts": (Toast("The provider declined this.", is_bad=True),)},
    ),
    "order-long": ("orders/detail.html", {"order": long_order()}),
    "order-requested": ("orders/detail.html", {"order": replace(ORDER, banner=REQUESTED)}),
    "order-clash": (
        "orders/detail.html",
        {
            "order": replace(
                ORDER,
                state_choice=replace(STATES, error="Ravi Patel changed this order.", clash=CLASH),
                invoice=Field("INV-2", error="Ravi Patel changed this.", clash=replace(CLASH, keep=Press(False, GATE))),
            )
        },
    ),
}
