"""What holds for every change of an email template: its place, its words, and who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from orderwright.actions.configured import checked_language
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.errors import Invalid, NotFound
from orderwright.core.text import clean_text
from orderwright.orders.models import Site
from orderwright.outbox.templates import stream_of_template
from orderwright.outbox.writing.language import LONGEST_HTML, LONGEST_SUBJECT, LONGEST_TEXT
from orderwright.outbox.writing.vocabulary import MAIL_KINDS, MailKind
from orderwright.outbox.writing.wording import Wording, check_wording

PERMISSION = "emails.edit"
# How an address names what is not one site, or not one language.
ALL_SITES: Final = "all-sites"
ANY_LANGUAGE: Final = "any-language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a template is used. `site` is None for all sites, `language` empty for any."""

    kind: MailKind
    site: Site | None
    language: str

    @property
    def site_id(self) -> int | None:
        """The site's row, or None."""
        return self.site.pk if self.site else None

    @property
    def site_slug(self) -> str | None:
        """What the site is called in addresses, or None."""
        return self.site.slug if self.site else None

    @property
    def stream(self) -> str:
        """The name of its stream in the journal."""
        return stream_of_template(kind=self.kind.slug, site_id=self.site_id, language=self.language)


def availability(place: Place, actor: Actor) -> Availability:
    """Return whether this actor may change the words of this place; those of all sites, only whoever may everywhere."""
    return lacks(actor, PERMISSION, place.site_id) or allowed()


def place_at(*, kind: str, site: str, language: str, actor: Actor) -> Place:
    """Return the place that an address names, where ALL_SITES and ANY_LANGUAGE stand for no one of them.

    Raises: NotFound, for a language that there is not as well.
    """
    try:
        return place_of(
            kind=kind,
            site=None if site == ALL_SITES else site,
            language="" if language == ANY_LANGUAGE else language,
            actor=actor,
        )
    except Invalid as error:
        raise NotFound(error.message, code=error.code) from error


def place_of(*, kind: str, site: str | None, language: str, actor: Actor) -> Place:
    """Return the place that these words name: a kind of mail, a site's slug or None, a language such as `de`.

    Raises: NotFound for a kind or a site that there is not, or not for this actor; Invalid with the pointer /language.
    """
    known = MAIL_KINDS.get(kind)
    if known is None:
        raise NotFound(_("There is no such kind of email."), code="email_kind_unknown", facts={"kind": kind[:60]})
    found = None
    if site is not None:
        found = Site.objects.filter(slug=site).first()
        if found is None or not actor.sees(found.pk):
            raise NotFound(_("There is no such site."), code="site_unknown", facts={"site": site[:60]})
    return Place(kind=known, site=found, language=checked_language(language, pointer="/language"))


def checked_wording(*, subject: str, text: str, html: str, kind: MailKind) -> Wording:
    """Return the words, clean and fit for this kind of mail.

    Raises: Invalid with a pointer at /subject, /text or /html; TemplateBroken, an Invalid too, with the line.
    """
    wording = Wording(
        subject=clean_text(subject, pointer="/subject", longest=LONGEST_SUBJECT, required=True),
        text=clean_text(text, pointer="/text", longest=LONGEST_TEXT, block=True, required=True),
        html=clean_text(html, pointer="/html", longest=LONGEST_HTML, block=True),
    )
    check_wording(wording, kind=kind)
    return wording
