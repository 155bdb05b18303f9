"""Delete a site that nothing belongs to (W10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks, require
from orderwright.actions.site_fields import PERMISSION, stored
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.errors import SiteInUse
from orderwright.orders.sites import lock_site, stream_of_site
from orderwright.reads.sites import SiteEntry, read_site


def availability(site: SiteEntry, actor: Actor) -> Availability:
    """Return whether this actor may delete the site now: as with adding, whoever may change every site."""
    refusal = lacks(actor, PERMISSION)
    if refusal is None and site.used_by:
        refusal = refused(SiteInUse.code, _words(site.used_by), used_by=site.used_by)
    return refusal or allowed()


def run(*, slug: str, actor: Actor, now: datetime) -> None:
    """Delete the site. Raises: SiteInUse; SiteNotFound; Refused. Effects: the row goes, one journal entry stays."""
    require(actor, PERMISSION)

    def change() -> None:
        # Whatever would come to belong to the site waits for its lock, and then finds it gone.
        site = lock_site(slug=slug, actor=actor)
        used_by = read_site(slug=slug, actor=actor).used_by
        if used_by:
            raise SiteInUse(_words(used_by), facts={"used_by": used_by})
        before = stored(site)
        append(
            stream=stream_of_site(site.pk),
            kind="site.deleted",
            actor=actor,
            now=now,
            before=before,
            after=dict.fromkeys(before),
            version=site.version + 1,
        )
        site.delete()

    in_write_transaction(change)


def _words(used_by: Sequence[str]) -> str:
    names = {
        "orders": _("orders"),
        "email_templates": _("email templates"),
        "roles": _("roles of people"),
        "api_keys": _("API keys"),
        "provider_accounts": _("payment providers"),
        "carriers": _("carriers"),
        "shipping_methods": _("shipping methods"),
    }
    return _("These belong to it: %(things)s.") % {"things": ", ".join(names[each] for each in used_by)}
