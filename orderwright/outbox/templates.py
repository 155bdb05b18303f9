"""Which wording a mail is written in: the shop's own template that fits best, else the built-in one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.db.models import F, Q

from orderwright.journal.streams import Stream
from orderwright.outbox.models import EmailTemplate, EmailTemplateVersion
from orderwright.outbox.writing.wording import Wording, built_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The wording of a mail and where it comes from. `template_id` is None for what is built in."""

    wording: Wording
    template_id: int | None = None
    version: int | None = None


def stream_of_template(*, kind: str, site_id: int | None, language: str) -> Stream:
    """Return the name of the template's stream in the journal; it is the same before the template is first saved."""
    return Stream(f"email_template:{kind}:{site_id or 'all'}:{language or 'any'}", site=site_id)


def choose_wording(*, kind: str, site_id: int | None, site_locale: str, language: str) -> Chosen:
    """Return the wording for a mail of this site, or of none, in this language. Cost: one statement.

    The first that there is: for the site in the language; for the site in any; for all sites in the language; for all
    sites in any; built in. A language with a region, such as `de-AT`, counts as itself before it counts as `de`.
    """
    wanted = _languages(language)
    rows = EmailTemplateVersion.objects.filter(
        Q(template__site=None) if site_id is None else Q(template__site_id=site_id) | Q(template__site=None),
        number=F("template__version"),
        template__is_used=True,
        template__kind=kind,
        template__language__in=wanted,
    ).select_related("template")
    best = min(rows, key=lambda row: (row.template.site_id is None, wanted.index(row.template.language)), default=None)
    if best is None:
        return Chosen(wording=built_in(kind))
    written_in = best.template.language or _languages(site_locale)[-2]
    return Chosen(wording=wording_of(best, language=written_in), template_id=best.template_id, version=best.number)


def wording_of(version: EmailTemplateVersion, *, language: str) -> Wording:
    """Return the words of a version; dates in it are written in the language."""
    return Wording(subject=version.subject, text=version.text, html=version.html, language=language)


def digest_of(words: Wording | EmailTemplateVersion) -> str:
    """Return what tells these words from others, for the journal, which must not hold them."""
    return hashlib.sha256(json.dumps([words.subject, words.text, words.html]).encode()).hexdigest()


def lock_template(*, kind: str, site_id: int | None, language: str) -> EmailTemplate | None:
    """Return the template of this place, locked until the transaction ends, or None. Effects: a row lock."""
    of_site = Q(site=None) if site_id is None else Q(site_id=site_id)
    return EmailTemplate.objects.select_for_update().filter(of_site, kind=kind, language=language).first()


def _languages(language: str) -> list[str]:
    """Return the language as it was given, then without its region, then any: `["de-AT", "de", ""]`."""
    name, _dash, region = language.replace("_", "-").partition("-")
    whole = f"{name.lower()}-{region.upper()}" if region else name.lower()
    return list(dict.fromkeys((whole, name.lower(), "")))
