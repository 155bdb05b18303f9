"""Sites: every site with its zone, its numbers and how it stands, and its dialogs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orderwright.actions import add_site, delete_site, edit_site
from orderwright.actions.site_fields import time_zones
from orderwright.core.actor import Actor
from orderwright.core.clock import clock_text
from orderwright.core.dates import day
from orderwright.core.money import known_currencies
from orderwright.core.png import MOST_BYTES, MOST_PIXELS
from orderwright.reads.sites import SiteEntry
from orderwright.web.presenters.customer_page import Clash
from orderwright.web.presenters.list_page import StateDialog
from orderwright.web.presenters.parts import Badge, Choice, Field
from orderwright.web.presenters.press import press
from orderwright.web.presenters.site_page import LogoDialog, SiteForm, SiteLine, SiteList
from orderwright.web.presenters.words import count

_TARGET: Final = "#sites"
_SHORTEST_LOCALE: Final = 5  # de_AT


def site_list(sites: Sequence[SiteEntry], actor: Actor, *, base: str, now: datetime) -> SiteList:
    """Return every site that this person sees. Source: W10."""
    return SiteList(
        rows=tuple(_line(site, actor, base=base, now=now) for site in sites),
        add_href=f"{base}/add",
        add=press(add_site.availability(actor)),
        sorted_by=_("Sorted by name."),
    )


def _line(site: SiteEntry, actor: Actor, *, base: str, now: datetime) -> SiteLine:
    here = f"{base}/{site.slug}"
    may_edit = edit_site.availability(site, actor).allowed
    is_open = site.closed_at is None
    closed = ""
    if site.closed_at is not None:
        closed = _("since %(day)s") % {"day": day(site.closed_at, now=now, zone_name=site.time_zone)}
    return SiteLine(
        id=str(site.id),
        name=site.name,
        slug=site.slug,
        logo_href=picture_href(site, base=base),
        time_zone=site.time_zone,
        now=_("now %(time)s") % {"time": clock_text(now, site.time_zone)[:5]},
        currency=f"{site.currency} · {site.locale}",
        next_number=f"#{site.number_prefix}{site.next_number}",
        sender_name=site.sender_name,
        sender=site.sender or _("No address, so no mail"),
        mails=_mails(site),
        intake=Badge(_("Open"), "green") if is_open else Badge(_("Closed"), "grey"),
        closed=closed,
        is_used=bool(site.used_by),
        used_by=_used(site),
        edit_href=here if may_edit else "",
        logo_edit_href=f"{here}/logo" if may_edit else "",
        switch_href=f"{here}/switch" if may_edit else "",
        switch_text=_("Close") if is_open else _("Open again"),
        is_open=is_open,
        version=str(site.version),
        delete_href=f"{here}/delete" if delete_site.availability(site, actor).allowed else "",
    )


def picture_href(site: SiteEntry, *, base: str) -> str:
    """Return where the logo is, with its digest so that a browser does not show an earlier one; empty without one."""
    return f"{base}/{site.slug}/logo.png?v={site.logo_digest[:12]}" if site.logo_digest else ""


def _mails(site: SiteEntry) -> str:
    names = (
        *((_("order received"),) if site.mails_received else ()),
        *((_("shipped"),) if site.mails_shipped else ()),
    )
    return _("By itself: %(mails)s") % {"mails": ", ".join(names)} if names else ""


def _used(site: SiteEntry) -> str:
    if site.orders:
        return ngettext("%(count)s order", "%(count)s orders", site.orders) % {"count": count(site.orders)}
    return _("no orders yet") if site.used_by else ""


def site_form(
    values: Mapping[str, str],
    *,
    base: str,
    site: SiteEntry | None = None,
    errors: Mapping[str, str] | None = None,
    clashes: Sequence[Clash] = (),
) -> SiteForm:
    """Return the form that adds a site or edits the given one; `errors` by the field's name."""
    wrong = dict(errors or {})
    fields = ("name", "slug", "time_zone", "currency", "locale", "number_prefix", "next_number", "sender")

    def field(name: str) -> Field:
        return Field(value=values.get(name, ""), error=wrong.get(name, ""))

    return SiteForm(
        title=_("Add site") if site is None else _("Edit %(name)s") % {"name": site.name},
        action=f"{base}/add" if site is None else f"{base}/{site.slug}",
        back_href=base,
        submit=_("Add site") if site is None else _("Save"),
        is_new=site is None,
        locked=_("it stays: orders were placed") if site is not None and site.orders else "",
        **{name: field(name) for name in (*fields, "sender_name")},
        seen_number=values.get("seen_number", ""),
        mails_received=values.get("mails_received") == "yes",
        mails_shipped=values.get("mails_shipped") == "yes",
        zones=tuple(sorted(time_zones())),
        currencies=_currencies(get_language() or "en"),
        locales=_locales(get_language() or "en"),
        clashes=tuple(clashes),
        version=values.get("version", ""),
        error=next((text for name, text in wrong.items() if name not in {*fields, "sender_name"}), ""),
    )


def values_of(site: SiteEntry) -> dict[str, str]:
    """Return what the form shows of a site before somebody types."""
    plain = ("name", "slug", "time_zone", "currency", "locale", "number_prefix", "next_number", "sender", "sender_name")
    return {
        **{name: str(getattr(site, name)) for name in plain},
        "mails_received": "yes" if site.mails_received else "",
        "mails_shipped": "yes" if site.mails_shipped else "",
        "seen_number": str(site.next_number),
        "version": str(site.version),
    }


def site_clashes(
    changes: Iterable[Mapping[str, Any]], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> list[Clash]:
    """Return each field that somebody else changed to something else meanwhile, with both values in words."""
    by = {field: str(change["by"]) for change in changes for field in change["fields"]}
    found = []
    for name, value in theirs.items():
        told = _("%(by)s changed this meanwhile: %(field)s") % {"by": by[name], "field": field_name(name)}
        found.append(Clash(name=name, told=told, mine=_value(mine[name]), theirs=_value(value)))
    return found


def field_name(name: str) -> str:
    """Return how people call a field of a site."""
    names = {
        "name": _("Name"),
        "slug": _("Short name"),
        "time_zone": _("Time zone"),
        "currency": _("Currency"),
        "locale": _("Language and country"),
        "number_prefix": _("Prefix"),
        "next_number": _("Next number"),
        "sender": _("Sender’s address"),
        "sender_name": _("Sender’s name"),
        "mails_received": _("Mail “order received”"),
        "mails_shipped": _("Mail “shipped”"),
        "is_open": _("Takes in orders"),
    }
    return names[name]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) or "—"


def close_question(site: SiteEntry, *, base: str, error: str = "") -> StateDialog:
    """Return the question before a site is closed."""
    return StateDialog(
        title=_("Close %(name)s?") % {"name": site.name},
        action=f"{base}/{site.slug}/switch",
        back_href=base,
        tell=_(
            "Orders that are handed in from now on are refused (site_closed). Those that are here go on: they are "
            "shipped, captured and refunded as ever. You can open it again."
        ),
        confirm=_("Close %(name)s") % {"name": site.name},
        error=error,
        target=_TARGET,
        keep=_("Leave it open"),
    )


def delete_question(site: SiteEntry, *, base: str, error: str = "") -> StateDialog:
    """Return the question before a site is deleted."""
    return StateDialog(
        title=_("Delete %(name)s?") % {"name": site.name},
        action=f"{base}/{site.slug}/delete",
        back_href=base,
        tell="" if error else _("Nothing belongs to it: no order, no role, no key, no template."),
        confirm=_("Delete %(name)s") % {"name": site.name},
        error=error,
        target=_TARGET,
    )


def logo_dialog(site: SiteEntry, *, base: str, error: str = "") -> LogoDialog:
    """Return the dialog in which a logo is looked at, put in another's place or taken away."""
    size = ""
    if site.logo_digest is not None:
        size = _("%(width)s by %(height)s pixels") % {"width": site.logo_width, "height": site.logo_height}
    return LogoDialog(
        title=_("Logo of %(name)s") % {"name": site.name},
        action=f"{base}/{site.slug}/logo",
        back_href=base,
        picture_href=picture_href(site, base=base),
        alt=site.name,
        size=size,
        rules=_("A PNG image, at most %(kb)s KB and %(pixels)s by %(pixels)s pixels.")
        % {"kb": MOST_BYTES // 1024, "pixels": MOST_PIXELS},
        error=error,
    )


@cache
def _currencies(language: str) -> tuple[Choice, ...]:
    names = Locale.parse(language, sep="-").currencies
    return tuple(Choice(code, names.get(code, code)) for code in sorted(known_currencies()))


@cache
def _locales(language: str) -> tuple[Choice, ...]:
    """Return languages with a country, such as de-AT, by what they are called."""
    found = []
    for identifier in locale_identifiers():
        parts = identifier.split("_")
        if len(identifier) <= _SHORTEST_LOCALE and len(parts) == 2 and parts[1].isalpha():  # noqa: PLR2004 - a pair
            found.append(Choice("-".join(parts), _locale_name(identifier, language)))
    return tuple(sorted(found, key=lambda choice: choice.value))


def _locale_name(identifier: str, language: str) -> str:
    try:
        return Locale.parse(identifier).get_display_name(language) or identifier
    except UnknownLocaleError:
        return identifier
