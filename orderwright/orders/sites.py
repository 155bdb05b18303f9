"""Sites under their lock: the next order number, and which numbers are used. Needs an open transaction."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.db.models.functions import Length
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.core.db import assert_in_transaction
from orderwright.journal.streams import Stream
from orderwright.orders.errors import SiteClosed, SiteNotFound
from orderwright.orders.models import Order, Site

# Of the entries in a site's journal, what its series is made of: both stand there whenever one of them changes.
SERIES: Final = ("number_prefix", "next_number")


def stream_of_site(site_id: int) -> Stream:
    """Return the site's stream in the journal."""
    return Stream(f"site:{site_id}", site=site_id)


def lock_site(*, slug: str, actor: Actor, with_others: bool = False) -> Site:
    """Return the site, locked until the transaction ends; one that the actor does not see does not exist.

    Whoever takes an order number meanwhile waits. `with_others`: every site is locked, so that no number is taken
    anywhere while a series is compared with what is used. Raises: SiteNotFound.
    Effects: row locks on PostgreSQL, in the order of their ids; on SQLite the transaction itself is the lock.
    """
    assert_in_transaction("a site is locked for the length of a transaction")
    if with_others:
        lock_sites()
    site = Site.objects.select_for_update().filter(slug=slug).first()
    if site is None or not actor.sees(site.pk):
        raise SiteNotFound(_("There is no such site."), facts={"site": slug})
    return site


def lock_sites() -> None:
    """Lock every site until the transaction ends. Effects: as `lock_site`."""
    list(Site.objects.select_for_update().order_by("pk"))


def take_number(site: Site) -> str:
    """Return the next order number of the site's series; no number is given out twice.

    Raises: SiteClosed when no order may be handed in any more.
    Effects: one UPDATE, guarded by prefix and number together: where either changed since it was read, as by staff who
    begin another series, both are read anew. Its lock stays until the order is stored. Source: I13.
    """
    while True:
        prefix, current, closed_at = _series_of(site)
        if closed_at is not None:
            message = _("%(site)s is closed: it takes in no orders.") % {"site": site.name}
            raise SiteClosed(message, facts={"pointer": "/site", "site": site.slug})
        unchanged = Site.objects.filter(pk=site.pk, number_prefix=prefix, next_number=current, closed_at=None)
        if unchanged.update(next_number=current + 1):
            return f"{prefix}{current}"


def _series_of(site: Site) -> tuple[str, int, datetime | None]:
    return Site.objects.filter(pk=site.pk).values_list("number_prefix", "next_number", "closed_at").get()


def highest_number(prefix: str) -> int | None:
    """Return the highest number that any order has behind this prefix, or None. Cost: looks at all orders once."""
    used = Order.objects.filter(number__regex=rf"^{re.escape(prefix)}[0-9]+$")
    last = used.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return None if last is None else int(last.removeprefix(prefix))
