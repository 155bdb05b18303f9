"""The shapes of Sites: its list, its form, its logo. What they say does not belong here."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.customer_page import Clash
from orderwright.web.presenters.parts import Badge, Choice, Field, Press


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site. `next_number` is that of its next order; hrefs are empty for what this person may not do."""

    id: str
    name: str
    slug: str
    logo_href: str
    time_zone: str
    now: str
    currency: str
    next_number: str
    sender_name: str
    sender: str
    mails: str
    intake: Badge
    closed: str
    is_used: bool
    used_by: str
    edit_href: str
    logo_edit_href: str
    switch_href: str
    switch_text: str
    is_open: bool
    version: str
    delete_href: str


@dataclass(frozen=True, slots=True)
class SiteList:
    """Sites."""

    rows: tuple[SiteLine, ...]
    add_href: str
    add: Press
    sorted_by: str


@dataclass(frozen=True, slots=True)
class SiteForm:
    """Add or edit a site. `locked` says why its short name stays; empty where it may change.

    `zones`, `currencies` and `locales` are offered as one types. `seen_number`: the next number as it stood there when
    the form was opened, which tells it from one that somebody typed.
    """

    title: str
    action: str
    back_href: str
    submit: str
    is_new: bool
    name: Field
    slug: Field
    locked: str
    time_zone: Field
    currency: Field
    locale: Field
    number_prefix: Field
    next_number: Field
    seen_number: str
    sender: Field
    sender_name: Field
    mails_received: bool
    mails_shipped: bool
    zones: tuple[str, ...]
    currencies: tuple[Choice, ...]
    locales: tuple[Choice, ...]
    clashes: tuple[Clash, ...]
    version: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class LogoDialog:
    """A site's logo. `picture_href` empty: it has none; `size` in words."""

    title: str
    action: str
    back_href: str
    picture_href: str
    alt: str
    size: str
    rules: str
    error: str = ""
