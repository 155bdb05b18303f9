"""Add a site with its own zone, currency, number series and sender (W10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.actions.configured import at
from orderwright.actions.permission import lacks
from orderwright.actions.site_fields import (
    PERMISSION,
    SiteFields,
    checked,
    fit_slug,
    require_free_series,
    require_name_free,
    stored,
)
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.errors import SiteSlugTaken
from orderwright.orders.models import Site
from orderwright.orders.sites import lock_sites, stream_of_site


def availability(actor: Actor) -> Availability:
    """Return whether this actor may add sites: whoever may change them at some sites alone may not."""
    return lacks(actor, PERMISSION) or allowed()


def run(*, fields: SiteFields, actor: Actor, now: datetime) -> str:
    """Add the site and return its slug. Name and currency are needed; a slug is made from the name.

    Raises: Invalid with a pointer; NumberSeriesTaken; SiteNameTaken, SiteSlugTaken; Refused.
    Effects: every site's lock; one row, one journal entry. Source: W10, I13.
    """
    availability(actor).require()
    wanted = checked(fields)
    for name in ("name", "currency"):
        if name not in wanted:
            raise at(f"/{name}", "required", _("It must not be empty."))
    slug, is_open = wanted.pop("slug", ""), wanted.pop("is_open", True)

    def change() -> str:
        lock_sites()
        require_name_free(wanted["name"])
        site = Site(slug=fit_slug(slug, name=wanted["name"]), closed_at=None if is_open else now, **wanted)
        require_free_series(site)
        site.save(force_insert=True)
        after: dict[str, Any] = stored(site)
        append(
            stream=stream_of_site(site.pk),
            kind="site.added",
            actor=actor,
            now=now,
            before=dict.fromkeys(after),
            after=after,
            version=site.version,
        )
        return site.slug

    try:
        return in_write_transaction(change)
    except IntegrityError as error:
        raise slug_taken() from error


def slug_taken() -> SiteSlugTaken:
    """Return the refusal for a short name that another site has."""
    return SiteSlugTaken(_("There is a site of this short name already."), facts={"pointer": "/slug"})
