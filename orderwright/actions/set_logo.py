"""Give a site a logo, or take it away. Mails that were written with another one keep it (W10)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from orderwright.actions.configured import at
from orderwright.actions.permission import require
from orderwright.actions.site_fields import PERMISSION
from orderwright.core.actor import Actor
from orderwright.core.db import in_write_transaction
from orderwright.core.png import Png, PngRefused, rewritten
from orderwright.journal.writes import append
from orderwright.orders.models import Logo
from orderwright.orders.sites import lock_site, stream_of_site


def run(*, slug: str, png: bytes | None, actor: Actor, now: datetime) -> None:
    """Show this picture in the site's mails from now on; None: none. It is read whole and written anew.

    Raises: Invalid at /png for what is no such picture; SiteNotFound; Refused.
    Effects: one logo, unless the same picture was given before; the site and its version; one journal entry, which
    names pictures by their digests.
    """
    picture = None if png is None else _checked(png)

    def change() -> None:
        site = lock_site(slug=slug, actor=actor)
        require(actor, PERMISSION, site.pk)
        logo = None if picture is None else _kept(picture, now=now)
        before, after = (each.digest if each else None for each in (site.logo, logo))
        if before == after:
            return
        site.logo = logo
        site.version += 1
        site.save(update_fields=["logo", "version"])
        append(
            stream=stream_of_site(site.pk),
            kind="site.edited",
            actor=actor,
            now=now,
            before={"logo": before},
            after={"logo": after},
            version=site.version,
        )

    in_write_transaction(change)


def _checked(png: bytes) -> Png:
    try:
        return rewritten(png)
    except PngRefused as refusal:
        raise at("/png", refusal.code, refusal.words) from refusal


def _kept(picture: Png, *, now: datetime) -> Logo:
    digest = hashlib.sha256(picture.data).hexdigest()
    columns = {"png": picture.data, "width": picture.width, "height": picture.height, "stored_at": now}
    return Logo.objects.get_or_create(digest=digest, defaults=columns)[0]
