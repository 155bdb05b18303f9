"""Edit a site: names, zone, currency, number series, sender, which mails go by themselves, open or closed (W10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.actions.add_site import slug_taken
from orderwright.actions.permission import lacks, require
from orderwright.actions.site_fields import (
    NAMES,
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
from orderwright.journal.reads import changes_since, values_at
from orderwright.journal.writes import append
from orderwright.orders.errors import SiteChanged, SiteInUse
from orderwright.orders.models import Site
from orderwright.orders.sites import SERIES, lock_site, stream_of_site
from orderwright.reads.sites import SiteEntry


def availability(site: SiteEntry, actor: Actor) -> Availability:
    """Return whether this actor may edit the site; `limits` says whether its short name may change."""
    return lacks(actor, PERMISSION, site.id) or allowed(may_rename=site.orders == 0)


def run(*, slug: str, fields: SiteFields, actor: Actor, now: datetime, version: int | None = None) -> str:
    """Change what differs and return the site's slug, which stays as soon as there is an order.

    `version` is what the caller saw: what they left as it was then stays as it is by now, so that changes to different
    fields merge. What both changed is refused, with who did and what stands there.
    Raises: Invalid with a pointer; SiteChanged with facts {"changes", "wanted", "now", "version"}; NumberSeriesTaken;
    SiteInUse; SiteNameTaken, SiteSlugTaken; SiteNotFound; Refused.
    Effects: the row and its version; one journal entry, with both halves of a series that changed. With a series every
    site's lock, so that no order gets a number meanwhile. Source: W10, I13.
    """
    wanted = checked(fields)

    def change() -> str:
        site = lock_site(slug=slug, actor=actor, with_others=not wanted.keys().isdisjoint(SERIES))
        require(actor, PERMISSION, site.pk)
        before = stored(site)
        after = _differing(site, wanted, before, version=version)
        if not after:
            return site.slug
        if "name" in after:
            require_name_free(after["name"], except_id=site.pk)
        _apply(site, after, now=now)
        if not after.keys().isdisjoint(SERIES):
            require_free_series(site)
            after |= {name: getattr(site, name) for name in SERIES}
        site.version += 1
        site.save(update_fields=[*(name for name in NAMES if name != "is_open"), "closed_at", "version"])
        append(
            stream=stream_of_site(site.pk),
            kind="site.edited",
            actor=actor,
            now=now,
            before={name: before[name] for name in after},
            after=after,
            version=site.version,
        )
        return site.slug

    try:
        return in_write_transaction(change)
    except IntegrityError as error:
        raise slug_taken() from error


def _differing(
    site: Site, wanted: Mapping[str, Any], before: Mapping[str, Any], *, version: int | None
) -> dict[str, Any]:
    if version is None or version == site.version:
        return {name: value for name, value in wanted.items() if value != before[name]}
    stream = stream_of_site(site.pk)
    seen = {**before, **values_at(stream, version=version)}
    mine = {name: value for name, value in wanted.items() if value not in (seen[name], before[name])}
    clashes = [each for each in changes_since(stream, version=version) if not mine.keys().isdisjoint(each["fields"])]
    if clashes or version > site.version:
        by = ", ".join(sorted({each["by"] for each in clashes})) or _("Somebody")
        raise SiteChanged(
            _("%(by)s changed this site since you opened it.") % {"by": by},
            facts={
                "changes": clashes,
                "wanted": list(mine),
                "now": {name: before[name] for name in mine if any(name in each["fields"] for each in clashes)},
                "version": site.version,
            },
        )
    return mine


def _apply(site: Site, after: Mapping[str, Any], *, now: datetime) -> None:
    if "slug" in after and site.orders.exists():
        words = _("Orders were placed here, and programs name the site by its short name: it stays.")
        raise SiteInUse(words, facts={"pointer": "/slug"})
    for name, value in after.items():
        if name == "is_open":
            site.closed_at = None if value else now
        else:
            setattr(site, name, fit_slug(value, name=site.name) if name == "slug" else value)
