"""Email templates: give a kind of mail words of one's own, for one site or all, in one language or any."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.actions.email_template_rules import Place, availability, checked_wording
from orderwright.core.actor import Actor
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import NotFound
from orderwright.journal.streams import Plain
from orderwright.journal.writes import append
from orderwright.outbox.errors import TemplateChanged, TemplateUnchanged
from orderwright.outbox.models import EmailTemplate, EmailTemplateVersion
from orderwright.outbox.templates import digest_of, lock_template
from orderwright.outbox.writing.wording import Wording

__all__ = ["availability", "restore", "run"]


def run(
    *,
    place: Place,
    subject: str,
    text: str,
    html: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> int:
    """Keep the words as the template's newest version, in use from now on, and return its number.

    `version` is the one that was seen, 0 for none. Earlier versions stay.
    Raises: Invalid and TemplateBroken with a pointer and, in the words, the line; TemplateChanged when somebody saved
    another version meanwhile; TemplateUnchanged; Refused.
    Effects: one version, the template, one journal entry.
    """
    availability(place, actor).require()
    wording = checked_wording(subject=subject, text=text, html=html, kind=place.kind)
    return _keep(place, wording, actor=actor, now=now, version=version)


def restore(*, place: Place, number: int, actor: Actor, now: datetime, version: int | None = None) -> int:
    """Use the words of an earlier version again, as a new version, and return its number.

    Raises: NotFound when there is no such version; otherwise as `run`. Effects: as `run`.
    """
    availability(place, actor).require()
    earlier = EmailTemplateVersion.objects.filter(
        template__kind=place.kind.slug, template__site=place.site, template__language=place.language, number=number
    ).first()
    if earlier is None:
        raise NotFound(_("There is no such version."), code="template_version_not_found", facts={"version": number})
    # What could be written once may name something that mails do not have any more.
    wording = checked_wording(subject=earlier.subject, text=earlier.text, html=earlier.html, kind=place.kind)
    return _keep(place, wording, actor=actor, now=now, version=version, restored_from=number)


def _keep(
    place: Place,
    wording: Wording,
    *,
    actor: Actor,
    now: datetime,
    version: int | None,
    restored_from: int | None = None,
) -> int:
    def change() -> int:
        template = lock_template(kind=place.kind.slug, site_id=place.site_id, language=place.language)
        seen = template.version if template else 0
        if version is not None and version != seen:
            raise TemplateChanged(_("Somebody saved another version since you opened it."), facts={"version": seen})
        before = template.versions.get(number=template.version) if template else None
        if template and before and template.is_used and _words(before) == _words(wording):
            raise TemplateUnchanged(_("It says this already."), facts={"version": seen})
        template = template or EmailTemplate(kind=place.kind.slug, site=place.site, language=place.language)
        was_used = bool(before) and template.is_used
        template.version, template.is_used = seen + 1, True
        template.save()
        EmailTemplateVersion.objects.create(
            template=template,
            number=template.version,
            subject=wording.subject,
            text=wording.text,
            html=wording.html,
            restored_from=restored_from,
            actor_kind=actor.kind,
            actor_ref=actor.ref,
            actor_name=actor.name,
            written_at=now,
        )
        append(
            stream=place.stream,
            kind="email_template.restored" if restored_from else "email_template.saved",
            actor=actor,
            now=now,
            before={"version": seen or None, "words": digest_of(before) if before and was_used else None},
            after={"version": template.version, "words": digest_of(wording)},
            why=Plain(str(restored_from or "")),
            version=template.version,
        )
        return template.version

    try:
        return in_write_transaction(change)
    except IntegrityError as error:
        raise TemplateChanged(_("Somebody saved another version since you opened it.")) from error


def _words(wording: Wording | EmailTemplateVersion) -> tuple[str, str, str]:
    return wording.subject, wording.text, wording.html
