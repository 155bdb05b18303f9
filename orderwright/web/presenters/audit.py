"""The audit: entries as the timeline words them, what narrows them, and how the journal stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import check_journal
from orderwright.core.actor import Actor
from orderwright.journal.heads import SignedHead
from orderwright.reads.audit import AuditPage as Facts
from orderwright.reads.audit import AuditRow as EntryFacts
from orderwright.reads.audit_checks import CheckRow
from orderwright.reads.rows import SiteRow
from orderwright.web.presenters.audit_page import (
    AuditPage,
    AuditRow,
    ChoiceGroup,
    JournalCheck,
    JournalHead,
    Standing,
)
from orderwright.web.presenters.order_page import Part
from orderwright.web.presenters.parts import Badge, Choice, Field, Link, Select
from orderwright.web.presenters.press import press
from orderwright.web.presenters.timeline import note, sentence
from orderwright.web.presenters.timeline_configuration import configuration_sentence, subject_name, thing
from orderwright.web.presenters.words import count, when

FILTERS: Final = ("from", "to", "who", "what", "order", "site")
_MOST: Final = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked for, as typed; the names are those of FILTERS."""

    values: dict[str, str]
    after: str = ""

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return any(self.values.values())

    def href(self, here: str, *, after: str | None = None) -> str:
        """Return the address of the same entries, of the page after `after`."""
        pairs = [(name, self[name]) for name in FILTERS if self[name]]
        pairs += [("after", after)] if after else []
        return f"{here}?{urlencode(pairs)}" if pairs else here


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where things are: the audit, its file, an order's page with `{number}`, the configuration's pages."""

    here: str
    file: str
    order: str
    configuration: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the dropdowns offer: actors as (kind, reference, name), kinds of entries, sites."""

    actors: Sequence[tuple[str, str, str]]
    kinds: Sequence[str]
    sites: Sequence[SiteRow]


def audit_page(
    page: Facts, asked: Asked, offered: Offered, *, standing: Standing, places: Places, zone_name: str, now: datetime
) -> AuditPage:
    """Return a page of the audit. `zone_name`: in which all of its times are told."""
    zone = when(now, now=now, zone_name=zone_name).full.rsplit(" ", 1)[-1]
    return replace(
        _frame(asked, offered, standing=standing, here=places.here),
        rows=tuple(_row(row, places=places, zone_name=zone_name, now=now) for row in page.items),
        sorted_by=_("Newest first. Times in %(zone)s.") % {"zone": zone},
        file_href=asked.href(places.file),
        newest_href=asked.href(places.here) if asked.after else "",
        older_href=asked.href(places.here, after=page.next) if page.next else "",
        clear_href=places.here if asked.is_narrowed else "",
        empty_title=_("No entries found") if asked.is_narrowed else _("No entries yet"),
        empty_text=_("No change matches this.")
        if asked.is_narrowed
        else _("Every change that anybody makes leaves an entry here."),
    )


def refused_page(asked: Asked, offered: Offered, *, standing: Standing, here: str, errors: dict[str, str]) -> AuditPage:
    """Return the page of a wish that cannot be: what was typed stays, each error stands beside its field."""
    return replace(_frame(asked, offered, standing=standing, here=here, errors=errors), is_refused=True)


def standing_of(
    head: SignedHead | None, check: CheckRow | None, *, actor: Actor, head_href: str, check_href: str, now: datetime
) -> Standing:
    """Return how the journal stands."""
    return Standing(
        head=_head(head, href=head_href, now=now) if head else None,
        check=_check(check, here=check_href, now=now) if check else None,
        action=check_href,
        press=press(check_journal.availability(actor)),
    )


def said(row: EntryFacts) -> str:
    """Return the entry in words, as one line for a file."""
    parts, _mark = _sentence(row)
    told = " ".join(part.text for part in parts)
    below = note(row, row.order) if row.order else row.why
    return f"{told}: {below}".replace("\n", "; ") if below else told


def _frame(
    asked: Asked, offered: Offered, *, standing: Standing, here: str, errors: dict[str, str] | None = None
) -> AuditPage:
    errors = errors or {}
    everywhere = Choice("", _("All sites"), not asked["site"])
    sites = (Choice(site.slug, site.name, site.slug == asked["site"]) for site in offered.sites)
    return AuditPage(
        title=_("Audit"),
        about=_("Everything that was ever changed: by whom, when, from what to what. Entries are only ever added."),
        action=here,
        first=Field(asked["from"], error=errors.get("from", "")),
        last=Field(asked["to"], error=errors.get("to", "")),
        order=Field(asked["order"], error=errors.get("order", "")),
        who=Select(_actors(offered.actors, asked["who"]), error=errors.get("who", "")),
        what=_kinds(offered.kinds, asked["what"]),
        site=Select((everywhere, *sites), error=errors.get("site", "")),
        standing=standing,
    )


def _actors(actors: Sequence[tuple[str, str, str]], chosen: str) -> tuple[Choice, ...]:
    kinds = {"person": "", "key": _("API key"), "provider": _("provider"), "rule": _("rule"), "system": _("system")}
    everybody = Choice("", _("Everybody"), not chosen)
    found = []
    for kind, ref, name in sorted(actors, key=lambda each: (list(kinds).index(each[0]), each[2].lower())):
        value = f"{kind}:{ref}"
        words = f"{name} ({kinds[kind]})" if kinds[kind] else name
        found.append(Choice(value, words, value == chosen))
    return (everybody, *found)


def _kinds(kinds: Iterable[str], chosen: str) -> tuple[ChoiceGroup, ...]:
    by_area: dict[str, list[str]] = {}
    for kind in kinds:
        by_area.setdefault(kind.partition(".")[0], []).append(kind)
    groups = [ChoiceGroup("", (Choice("", _("Everything"), not chosen),))]
    for area, names in by_area.items():
        title = _area(area)
        whole = Choice(f"{area}.", _("%(area)s: everything") % {"area": title}, chosen == f"{area}.")
        each = (Choice(name, _kind(name), name == chosen) for name in names)
        groups.append(ChoiceGroup(title, (whole, *each)))
    return tuple(groups)


def _area(area: str) -> str:
    names = {
        "order": _("Order"),
        "payment": _("Payment"),
        "shipment": _("Shipment"),
        "item": _("Item"),
        "mail": _("Email"),
        "customer": _("Customer"),
    }
    return names.get(area, thing(area))


def _kind(kind: str) -> str:
    return kind.partition(".")[2].replace("_", " ").capitalize()


def _sentence(row: EntryFacts) -> tuple[tuple[Part, ...], str]:
    if row.order is not None:
        return sentence(row, row.order)
    return configuration_sentence(row, row.stream)


def _row(row: EntryFacts, *, places: Places, zone_name: str, now: datetime) -> AuditRow:
    parts, mark = _sentence(row)
    return AuditRow(
        parts=parts,
        by=row.actor_name,
        when=when(row.at, now=now, zone_name=zone_name),
        about=_about(row, places),
        where=row.order.site.name if row.order else thing(row.stream),
        place=_("%(stream)s, entry %(place)s") % {"stream": row.stream, "place": row.sequence},
        mark=mark,
        note=note(row, row.order) if row.order else row.why,
    )


def _about(row: EntryFacts, places: Places) -> Link:
    if row.order is not None:
        return Link(f"#{row.order.number}", places.order.format(number=row.order.number))
    name = subject_name(row, row.subject) or thing(row.stream)
    return Link(name, places.configuration.get(row.stream.partition(":")[0], ""))


def _head(head: SignedHead, *, href: str, now: datetime) -> JournalHead:
    entries = ngettext("%(n)s entry", "%(n)s entries", head.entries) % {"n": count(head.entries, most=_MOST)}
    return JournalHead(
        number=str(head.number),
        when=when(head.at, now=now, zone_name="UTC", is_zone_shown=True),
        about=_("over %(entries)s") % {"entries": entries},
        root=head.root,
        key=head.public_key,
        href=href,
    )


def _check(check: CheckRow, *, here: str, now: datetime) -> JournalCheck:
    if check.finished_at is None:
        done, whole = str(check.checked), str(max(check.entries, 1))
        told = _("%(done)s of %(whole)s entries") if check.checked else _("Waits for the worker")
        words = {"done": count(check.checked, most=_MOST), "whole": count(check.entries, most=_MOST)}
        return JournalCheck(
            badge=Badge(_("Checking"), "blue", is_checking=True),
            text=told % words,
            poll_href=here,
            done=done,
            whole=whole,
        )
    values = {
        "when": when(check.finished_at, now=now, zone_name="UTC", is_zone_shown=True).text,
        "by": check.actor_name,
        "entries": ngettext("%(n)s entry", "%(n)s entries", check.entries) % {"n": count(check.entries, most=_MOST)},
        "heads": ngettext("%(n)s head", "%(n)s heads", check.heads) % {"n": count(check.heads, most=_MOST)},
    }
    left = check.faults_count - len(check.faults)
    more = ngettext("and %(n)s more", "and %(n)s more", left) % {"n": count(left, most=_MOST)} if left > 0 else ""
    return JournalCheck(
        badge=Badge(_("Faults found"), "red") if check.faults_count else Badge(_("Holds"), "green"),
        text=_("%(entries)s and %(heads)s checked on %(when)s, asked for by %(by)s") % values,
        faults=tuple(check.faults),
        more=more,
    )
