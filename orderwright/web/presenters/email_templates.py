"""Email templates: the list by kind, the form with its placeholders, versions and what they changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final, Literal

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orderwright.actions import save_email_template
from orderwright.actions.email_template_rules import ALL_SITES, ANY_LANGUAGE, PERMISSION, Place
from orderwright.actions.permission import lacks_everywhere
from orderwright.core.actor import Actor
from orderwright.outbox.writing.vocabulary import MAIL_KINDS, MailKind, Placeholder
from orderwright.outbox.writing.wording import built_in
from orderwright.reads.email_templates import TemplateDetail, TemplateRow, VersionRow
from orderwright.reads.rows import SiteRow
from orderwright.web.presenters.parts import Choice, Field, Link, Press, When
from orderwright.web.presenters.press import press
from orderwright.web.presenters.words import when

# Templates belong to no one site, so one zone for all of them.
_ZONE: Final = "UTC"
# The languages that the page offers; others can be named through the API.
_OFFERED: Final = (
    *("ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "he", "hi", "hr", "hu", "id", "it"),
    *("ja", "ko", "lt", "lv", "ms", "mt", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "uk", "vi"),
    "zh",
)
_MOST_LINES: Final = 2_000
_AROUND: Final = 2


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One place where a kind of mail has words: for whom, by whom, and whether they could be used."""

    href: str
    sites: str
    language: str
    words: str
    saved: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class KindBlock:
    """One kind of mail with its templates."""

    slug: str
    title: str
    about: str
    lines: tuple[TemplateLine, ...]


@dataclass(frozen=True, slots=True)
class TemplateList:
    """Email templates. `add_href` is where a place is chosen for words of its own, empty for whoever may not."""

    blocks: tuple[KindBlock, ...]
    add_href: str
    kinds: tuple[Choice, ...]
    sites: tuple[Choice, ...]
    languages: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class PlaceholderLine:
    """A placeholder as one types it, and what it stands for."""

    typed: str
    meaning: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the history."""

    number: str
    when: When
    by: str
    href: str
    note: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """The words of one place, to be changed, tried on a real order, and their history."""

    title: str
    place: str
    back_href: str
    action: str
    version: str
    subject: Field
    text: Field
    html: Field
    save: Press
    number: Field
    placeholders: tuple[PlaceholderLine, ...]
    versions: tuple[VersionLine, ...]
    state: str
    can_drop: bool
    preview_href: str = ""  # what the frame shows to begin with: the words in use
    error: str = ""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison; `kind` is same, was, now or gap."""

    kind: Literal["same", "was", "now", "gap"]
    text: str


@dataclass(frozen=True, slots=True)
class DiffPart:
    """What became of the subject, the plain text or the HTML."""

    title: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version: what it changed, and the button that uses it again."""

    title: str
    sub: str
    back_href: str
    back_text: str
    parts: tuple[DiffPart, ...]
    restore_href: str
    restore_text: str
    version: str


def template_list(
    rows: Sequence[TemplateRow], sites: Sequence[SiteRow], actor: Actor, *, base: str, now: datetime
) -> TemplateList:
    """Return every kind of mail with the words that it has, the built-in ones where nobody wrote others."""
    may_edit = lacks_everywhere(actor, PERMISSION) is None
    return TemplateList(
        blocks=tuple(
            KindBlock(
                slug=kind.slug,
                title=str(kind.title),
                about=str(kind.about),
                lines=tuple(_lines(kind, [row for row in rows if row.kind == kind.slug], base=base, now=now)),
            )
            for kind in MAIL_KINDS.values()
        ),
        add_href=f"{base}/add" if may_edit else "",
        kinds=tuple(Choice(kind.slug, str(kind.title)) for kind in MAIL_KINDS.values()),
        sites=(Choice(ALL_SITES, _("All sites")), *(Choice(site.slug, site.name) for site in sites)),
        languages=(Choice(ANY_LANGUAGE, _("Any language")), *_languages()),
    )


def _lines(kind: MailKind, rows: Sequence[TemplateRow], *, base: str, now: datetime) -> Iterator[TemplateLine]:
    if not any(row.site_slug is None and not row.language for row in rows):
        yield TemplateLine(
            href=f"{base}/{kind.slug}/{ALL_SITES}/{ANY_LANGUAGE}",
            sites=_("All sites"),
            language=_("Any language"),
            words=built_in(kind.slug).subject,
            saved=_("Built in"),
        )
    for row in rows:
        said = when(row.saved_at, now=now, zone_name=_ZONE)
        yield TemplateLine(
            href=f"{base}/{kind.slug}/{row.site_slug or ALL_SITES}/{row.language or ANY_LANGUAGE}",
            sites=row.site_name or _("All sites"),
            language=language_name(row.language),
            words=row.subject,
            saved=_("Version %(number)s, %(by)s, %(when)s")
            % {"number": row.version, "by": row.saved_by, "when": said.text},
            fault=_faults(row.faults),
        )


def _faults(faults: int) -> str:
    if not faults:
        return ""
    words = ngettext(
        "%(n)s email went out in the built-in words: these could not be used.",
        "%(n)s emails went out in the built-in words: these could not be used.",
        faults,
    )
    return words % {"n": faults}


def _languages() -> tuple[Choice, ...]:
    named = sorted((language_name(code), code) for code in _OFFERED)
    return tuple(Choice(code, name) for name, code in named)


def language_name(code: str) -> str:
    """Return what a language is called in the reader's, such as `German (Austria)`; empty means any."""
    if not code:
        return _("Any language")
    try:
        return str(Locale.parse(code, sep="-").get_display_name(get_language() or "en")).capitalize()
    except (UnknownLocaleError, ValueError):
        return code


def template_form(
    place: Place,
    detail: TemplateDetail | None,
    values: Mapping[str, str],
    actor: Actor,
    *,
    base: str,
    here: str,
    now: datetime,
    errors: Mapping[str, str],
) -> TemplateForm:
    """Return the form of one place; `values` is what stands in its fields, `errors` a message per field."""
    may = save_email_template.availability(place, actor)

    def field(name: str) -> Field:
        return Field(values.get(name, ""), is_allowed=may.allowed, reason=may.reason, error=errors.get(name, ""))

    is_used = detail is not None and detail.is_used
    return TemplateForm(
        title=str(place.kind.title),
        place=f"{place.site.name if place.site else _('All sites')} · {language_name(place.language)}",
        back_href=base,
        action=here,
        version=values.get("version", ""),
        subject=field("subject"),
        text=field("text"),
        html=field("html"),
        save=press(may),
        number=Field(values.get("number", ""), error=errors.get("number", "")),
        placeholders=tuple(_placeholders(place.kind)),
        versions=tuple(_version(version, detail, here=here, now=now) for version in detail.versions) if detail else (),
        state=_("Version %(number)s is in use.") % {"number": detail.version}
        if detail is not None and is_used
        else _("Not in use: what stands here is what goes out now. Save it to have words of your own."),
        can_drop=is_used and may.allowed,
        preview_href=f"{here}/preview" if values.get("number") and not errors else "",
        error=errors.get("", ""),
    )


def _placeholders(kind: MailKind) -> Iterator[PlaceholderLine]:
    for each in kind.placeholders.values():
        if not each.is_list:
            yield PlaceholderLine("{{ " + each.name + " }}", str(each.meaning))
            continue
        yield PlaceholderLine(_loop(each), str(each.meaning))
        for field in each.fields:
            yield PlaceholderLine("{{ row." + field.name + " }}", str(field.meaning))


def _loop(rows: Placeholder) -> str:
    inside = "…" if rows.fields else "{{ row }}"
    return "{% for row in " + rows.name + " %}" + inside + "{% endfor %}"


def _version(version: VersionRow, detail: TemplateDetail, *, here: str, now: datetime) -> VersionLine:
    return VersionLine(
        number=str(version.number),
        when=when(version.saved_at, now=now, zone_name=_ZONE),
        by=version.saved_by,
        href=f"{here}/versions/{version.number}",
        note=_("Version %(number)s again") % {"number": version.restored_from} if version.restored_from else "",
        is_current=detail.is_used and version.number == detail.version,
    )


def version_page(
    kind: MailKind,
    version: VersionRow,
    before: VersionRow | None,
    *,
    current: int,
    place: Link,
    is_used: bool,
    may_restore: bool,
    now: datetime,
) -> VersionPage:
    """Return what a version changed against the one before it, the first against the built-in words."""
    earlier = before or built_in(kind.slug)
    said = when(version.saved_at, now=now, zone_name=_ZONE)
    against = (
        _("compared with version %(number)s") % {"number": before.number}
        if before is not None
        else _("compared with the built-in words")
    )
    is_offered = may_restore and (version.number != current or not is_used)
    return VersionPage(
        title=_("%(kind)s, version %(number)s") % {"kind": kind.title, "number": version.number},
        sub=_("%(by)s, %(when)s, %(against)s") % {"by": version.saved_by, "when": said.full, "against": against},
        back_href=place.href,
        back_text=place.text,
        parts=(
            DiffPart(_("Subject"), _diff(earlier.subject, version.subject)),
            DiffPart(_("Plain text"), _diff(earlier.text, version.text)),
            DiffPart(_("HTML"), _diff(earlier.html, version.html)),
        ),
        restore_href=f"{place.href}/versions/{version.number}/restore" if is_offered else "",
        restore_text=_("Use version %(number)s again") % {"number": version.number},
        version=str(current),
    )


def _diff(was: str, now: str) -> tuple[DiffLine, ...]:
    """Return the lines that differ with two of those around them; all of the new ones where there are too many."""
    old, new = was.strip().splitlines(), now.strip().splitlines()
    if max(len(old), len(new)) > _MOST_LINES:
        return tuple(DiffLine("same", line) for line in new)
    lines: list[DiffLine] = []
    for group in SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(_AROUND):
        if lines or group[0][1] or group[0][3]:
            lines.append(DiffLine("gap", "…"))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                lines += [DiffLine("same", line) for line in new[new_from:new_to]]
            else:
                lines += [DiffLine("was", line) for line in old[old_from:old_to]]
                lines += [DiffLine("now", line) for line in new[new_from:new_to]]
    return tuple(lines)
