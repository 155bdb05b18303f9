"""Sample presenters' values of Sites, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.customer_page import Clash
from orderwright.web.presenters.list_page import StateDialog
from orderwright.web.presenters.parts import Badge, Choice, Field, Press, Toast
from orderwright.web.presenters.site_page import LogoDialog, SiteForm, SiteLine, SiteList

OPEN = SiteLine(
    id="1",
    name="عبد الرحمن <script>alert(1)</script>",
    slug="cozy-home-us",
    logo_href="/sites/cozy-home-us/logo.png?v=abcdef012345",
    time_zone="America/New_York",
    now="now 04:00",
    currency="USD · en-US",
    next_number="#1050",
    sender_name="Yuki",
    sender="orders@us.cozy-home.example",
    mails="By itself: order received, shipped",
    intake=Badge("Open", "green"),
    closed="",
    is_used=True,
    used_by="49 orders",
    edit_href="/sites/cozy-home-us",
    logo_edit_href="/sites/cozy-home-us/logo",
    switch_href="/sites/cozy-home-us/switch",
    switch_text="Close",
    is_open=True,
    version="3",
    delete_href="",
)
CLOSED = replace(
    OPEN,
    id="2",
    name="A site whose name goes on and on until it has all of the eighty characters it may",
    logo_href="",
    mails="",
    intake=Badge("Closed", "grey"),
    closed="since 20 Nov",
    is_used=False,
    used_by="",
    switch_text="Open again",
    is_open=False,
    delete_href="/sites/cozy-home-us/delete",
)
SITES = SiteList(
    rows=(OPEN, CLOSED, replace(CLOSED, id="3", edit_href="")),
    add_href="/sites/add",
    add=Press(),
    sorted_by="By name.",
)
NO_SITES = SiteList(
    rows=(), add_href="/sites/add", add=Press(is_allowed=False, reason="Your role does not allow this."), sorted_by=""
)
FORM = SiteForm(
    title="Edit Cozy Home US",
    action="/sites/cozy-home-us",
    back_href="/sites",
    submit="Save",
    is_new=False,
    name=Field("Cozy Home US"),
    slug=Field("cozy-home-us"),
    locked="it stays: orders were placed",
    time_zone=Field("Mars/Olympus", error="Write a time zone as Europe/Berlin or America/New_York."),
    currency=Field("USD"),
    locale=Field("en-US"),
    number_prefix=Field("US1", error="It must not end in a digit: nobody could tell where the number begins."),
    next_number=Field("1050"),
    seen_number="1049",
    sender=Field("orders@us.cozy-home.example"),
    sender_name=Field(""),
    mails_received=True,
    mails_shipped=False,
    zones=("America/New_York", "UTC"),
    currencies=(Choice("USD", "US Dollar"),),
    locales=(Choice("en-US", "English (United States)"),),
    clashes=(Clash("name", "Ravi Patel changed this meanwhile: Name", "Cozy Home", "Cozy Home USA"),),
    version="3",
    error="Somebody was faster.",
)
NEW = replace(FORM, title="Add site", is_new=True, locked="", clashes=(), version="", seen_number="", error="")
LOGO = LogoDialog(
    title="Logo of Cozy Home US",
    action="/sites/cozy-home-us/logo",
    back_href="/sites",
    picture_href="/sites/cozy-home-us/logo.png?v=abcdef012345",
    alt="Cozy Home US",
    size="320 by 96 pixels",
    rules="A PNG image, at most 200 KB and 1000 by 1000 pixels.",
    error="It is not a PNG image.",
)
CLOSE = StateDialog(
    title="Close Cozy Home US?",
    action="/sites/cozy-home-us/switch",
    back_href="/sites",
    tell="Orders that are handed in from now on are refused.",
    confirm="Close Cozy Home US",
    target="#sites",
    keep="Leave it open",
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "sites": ("configuration/sites.html", {"sites": SITES}),
    "sites-none": ("configuration/sites.html", {"sites": NO_SITES}),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "sites": ("configuration/_sites_answer.html", {"sites": SITES, "toasts": (Toast("Saved"),)}),
    "site-form": ("configuration/_site_form.html", {"form": FORM}),
    "site-form-new": ("configuration/_site_form.html", {"form": NEW}),
    "site-logo": ("configuration/_site_logo.html", {"dialog": LOGO}),
    "site-logo-none": ("configuration/_site_logo.html", {"dialog": replace(LOGO, picture_href="", error="")}),
    "site-close": ("configuration/_delete.html", {"dialog": CLOSE}),
}
