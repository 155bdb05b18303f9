"""Values that many samples share: a time, a frame, a refusal. No behaviour here."""

from __future__ import annotations

from orderwright.web.presenters.parts import Link, When
from orderwright.web.presenters.shell import Group, Shell

TONES = ("grey", "blue", "green", "amber", "red", "violet", "teal", "pink")

GATE = "Shipments can change only while the order is New or Processing. It is Suspended."


def when(text: str) -> When:
    return When(iso="2026-11-20T21:42:11Z", text=text, full=f"{text} 2026 EST")


AT = when("20 Nov 16:42")


def shell(current: str = "Open Orders", *, is_list: bool = False) -> Shell:
    def link(text: str, href: str, icon: str, count: str = "") -> Link:
        return Link(text, href, is_current=text == current, count=count, icon=icon)

    return Shell(
        groups=(
            Group(
                "Orders",
                (link("Open Orders", "/orders/open", "inbox", "1,284"), link("All Orders", "/orders", "layers")),
            ),
            Group("Outbox", (link("Emails", "/emails", "mail"),)),
            Group(
                "Configuration",
                (
                    link("Order Configurations", "/order-configurations", "sliders-horizontal"),
                    link("Shipping", "/shipping/delivery-states", "truck"),
                    link("Payment providers", "/payment-providers", "credit-card"),
                ),
            ),
        ),
        person="Anna Kovac",
        initials="AK",
        role="Order manager · Cozy Home US",
        is_list=is_list,
    )
