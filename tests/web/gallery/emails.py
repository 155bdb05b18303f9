"""Sample presenters' values of outgoing emails, for the gallery. No behaviour here."""

from __future__ import annotations

from typing import Any

from orderwright.web.presenters.list_page import Mail, MailList, MailRow
from orderwright.web.presenters.parts import Badge, Field, Letter, Link
from tests.web.gallery.samples import when

MAILS = MailList(
    rows=(
        MailRow(
            "/emails/1",
            "Your order #1042 was canceled",
            "bob.norman@mail.example.com",
            Link("#1042", "/orders/1042"),
            when("21 Nov 14:20"),
            Badge("Sent", "green"),
        ),
        MailRow(
            "/emails/2",
            "Your order #1030 was canceled",
            "mia@mail.example.com",
            Link("#1030", "/orders/1030"),
            when("21 Nov 14:10"),
            Badge("Waiting", "blue"),
            "Tried 2 times; next try in 4 minutes",
        ),
        MailRow(
            "/emails/3",
            "Your order #1001 was canceled",
            "gone@mail.example.com",
            None,
            when("20 Nov 09:10"),
            Badge("Given up", "red"),
            "550 no such mailbox",
        ),
    ),
    chips=(Link("All", "?", True, "3"), Link("Waiting", "?state=waiting", False, "1")),
    sorted_by="Newest first, by the time written.",
)

MAIL = Mail(
    "Your order #1042 was canceled",
    "Cozy Home <orders@cozy.example>",
    "bob.norman@mail.example.com",
    when("21 Nov 14:20"),
    Badge("Sent", "green"),
    Link("#1042", "/orders/1042"),
    Letter(
        "Hello Bob,\n\nwe have canceled your order #1042.\n\n$309.00 goes back to your Visa.\n\nCozy Home",
        "/emails/7/html",
    ),
    "Sent on the first try",
    "<a1b2@cozy.example>",
    notes=("It went out in the built-in words, for the template could not be used: Line 3.",),
    links=(Link("sent again", "/emails/8"),),
    resend_action="/emails/7/resend",
    resend_to=Field("bob@mail", error="Write exactly one e-mail address."),
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "mails": ("emails/list.html", {"mails": MAILS}),
    "mail": ("emails/detail.html", {"mail": MAIL}),
}
