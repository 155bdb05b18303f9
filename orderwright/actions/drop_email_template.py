"""Email templates: stop using one's own words, so that the next that fit are used; its versions stay."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.email_template_rules import Place, availability
from orderwright.core.actor import Actor
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import NotFound
from orderwright.journal.writes import append
from orderwright.outbox.errors import TemplateChanged
from orderwright.outbox.templates import digest_of, lock_template

__all__ = ["availability", "run"]


def run(*, place: Place, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Stop using the template of this place. Saving or restoring takes it into use again.

    Raises: NotFound when none is in use there; TemplateChanged when somebody saved another version since `version`;
    Refused. Effects: the template's row, one journal entry.
    """
    availability(place, actor).require()

    def change() -> None:
        template = lock_template(kind=place.kind.slug, site_id=place.site_id, language=place.language)
        if template is None or not template.is_used:
            raise NotFound(_("There is no such template."), code="template_not_found")
        if version is not None and version != template.version:
            words = _("Somebody saved another version since you opened it.")
            raise TemplateChanged(words, facts={"version": template.version})
        template.is_used = False
        template.save(update_fields=["is_used"])
        append(
            stream=place.stream,
            kind="email_template.dropped",
            actor=actor,
            now=now,
            before={"words": digest_of(template.versions.get(number=template.version))},
            after={"words": None},
            version=template.version,
        )

    in_write_transaction(change)
