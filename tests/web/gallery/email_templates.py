"""Sample values for the pages of Email templates."""

from __future__ import annotations

from typing import Any

from orderwright.web.presenters.email_templates import (
    DiffLine,
    DiffPart,
    KindBlock,
    PlaceholderLine,
    TemplateForm,
    TemplateLine,
    TemplateList,
    VersionLine,
    VersionPage,
)
from orderwright.web.presenters.parts import Choice, Field, Press
from tests.web.gallery.samples import AT

HERE = "/email-templates/order_shipped/all-sites/any-language"

LIST = TemplateList(
    blocks=(
        KindBlock(
            "order_shipped",
            "Order shipped",
            "A shipment has left.",
            (
                TemplateLine(HERE, "All sites", "Any language", "Your order {{ number }} is on its way", "Built in"),
                TemplateLine(HERE, "Cozy Home EU", "German", "Unterwegs", "Version 3, Anna Kovac, 20 Nov", "2 emails"),
            ),
        ),
    ),
    add_href="/email-templates/add",
    kinds=(Choice("order_shipped", "Order shipped"),),
    sites=(Choice("all-sites", "All sites"),),
    languages=(Choice("any-language", "Any language"), Choice("de", "German")),
)
FORM = TemplateForm(
    title="Order shipped",
    place="All sites · Any language",
    back_href="/email-templates",
    action=HERE,
    version="3",
    subject=Field("Your order {{ number }} is on its way"),
    text=Field("Hello {{ custmer_name }}", error="Line 1: There is no placeholder “custmer_name” in this mail."),
    html=Field("<p>Hello</p>"),
    save=Press(),
    number=Field("1042"),
    placeholders=(PlaceholderLine("{{ number }}", "the order’s number"),),
    versions=(
        VersionLine("3", AT, "Anna Kovac", f"{HERE}/versions/3", "Version 1 again", is_current=True),
        VersionLine("1", AT, "Mia Brandt", f"{HERE}/versions/1"),
    ),
    state="Version 3 is in use.",
    can_drop=True,
    preview_href=f"{HERE}/preview",
)
VERSION = VersionPage(
    title="Order shipped, version 3",
    sub="Anna Kovac, 20 Nov 2026, compared with version 2",
    back_href=HERE,
    back_text="Order shipped",
    parts=(
        DiffPart("Subject", ()),
        DiffPart("Plain text", (DiffLine("gap", "…"), DiffLine("was", "Hi"), DiffLine("now", "Hello"))),
    ),
    restore_href=f"{HERE}/versions/3/restore",
    restore_text="Use version 3 again",
    version="4",
)
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "email-templates": ("configuration/email_templates.html", {"templates": LIST}),
    "email-template": ("configuration/email_template.html", {"form": FORM}),
    "email-version": ("configuration/email_version.html", {"shown": VERSION}),
}
