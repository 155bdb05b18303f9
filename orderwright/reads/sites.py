"""The sites of this installation: by name for lists to choose from, whole for their configuration."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from orderwright.accounts.models import ApiKeySite, RoleGrant
from orderwright.core.actor import Actor
from orderwright.orders.errors import SiteNotFound
from orderwright.orders.models import Logo, Site
from orderwright.outbox.models import EmailTemplate
from orderwright.payments.models import ProviderAccount
from orderwright.reads.counts import CEILING
from orderwright.reads.row import Row
from orderwright.reads.rows import SiteRow
from orderwright.shipping.models import Carrier, ShippingMethod

_COLUMNS = ("id", "slug", "name", "time_zone", "locale", "currency", "sender", "sender_name", "logo_id")
_CONFIGURED = (*_COLUMNS, "number_prefix", "next_number", "mails_received", "mails_shipped", "closed_at", "version")
# What can belong to a site besides orders, by the word that says so.
_USES: Final[dict[str, Any]] = {
    "email_templates": EmailTemplate,
    "roles": RoleGrant,
    "api_keys": ApiKeySite,
    "provider_accounts": ProviderAccount.sites.through,
    "carriers": Carrier.sites.through,
    "shipping_methods": ShippingMethod.sites.through,
}


class SiteEntry(SiteRow, frozen=True, kw_only=True):
    """A site with all that is configured of it. `orders` counts up to CEILING.

    `used_by`: what belongs to it, so that it cannot be deleted: orders, email_templates, roles, api_keys and so on.
    """

    number_prefix: str
    next_number: int
    mails_received: bool
    mails_shipped: bool
    closed_at: datetime | None
    version: int
    logo_digest: str | None
    logo_width: int | None
    logo_height: int | None
    orders: int
    used_by: list[str]


class LogoRow(Row, frozen=True, kw_only=True):
    """A site's logo. Unit: pixels."""

    digest: str
    png: bytes
    width: int
    height: int
    stored_at: datetime


def list_sites(*, actor: Actor) -> list[SiteRow]:
    """Return every site that the actor sees, by name. Cost: one statement."""
    return [SiteRow(**row) for row in _of(actor).order_by("name").values(*_COLUMNS)]


def list_site_entries(*, actor: Actor) -> list[SiteEntry]:
    """Return every site that the actor sees, whole, by name. Cost: one statement."""
    return [_entry(row) for row in _whole(actor).order_by("name", "id")]


def read_site(*, slug: str, actor: Actor) -> SiteEntry:
    """Return one site, whole. Cost: one statement. Raises: SiteNotFound."""
    row = _whole(actor).filter(slug=slug).first()
    if row is None:
        raise _not_found(slug)
    return _entry(row)


def read_site_logo(*, slug: str, actor: Actor) -> LogoRow | None:
    """Return the site's logo, None where it has none. Cost: one statement. Raises: SiteNotFound."""
    site = _of(actor).select_related("logo").filter(slug=slug).first()
    if site is None:
        raise _not_found(slug)
    return None if site.logo is None else _logo(site.logo)


def read_logo(*, id: int) -> LogoRow:  # noqa: A002 - the row's id, by its name
    """Return a logo that a mail names, whether or not its site still shows it. Cost: one statement."""
    return _logo(Logo.objects.get(pk=id))


def _of(actor: Actor) -> QuerySet[Site]:
    return Site.objects.all() if actor.sites is None else Site.objects.filter(pk__in=actor.sites)


def _whole(actor: Actor) -> Any:
    counted = RawSQL(
        "(SELECT count(*) FROM (SELECT 1 FROM orders_order c WHERE c.site_id = orders_site.id LIMIT %s) AS n)",
        [CEILING],
    )
    uses = {f"has_{name}": Exists(model.objects.filter(site=OuterRef("pk"))) for name, model in _USES.items()}
    logo = {f"logo_{name}": F(f"logo__{name}") for name in ("digest", "width", "height")}
    return _of(actor).annotate(orders_made=counted, **uses).values(*_CONFIGURED, "orders_made", *uses, **logo)


def _entry(row: dict[str, Any]) -> SiteEntry:
    columns = {name: value for name, value in row.items() if name != "orders_made" and not name.startswith("has_")}
    used_by = ["orders"] if row["orders_made"] else []
    used_by += [name for name in _USES if row[f"has_{name}"]]
    return SiteEntry(**columns, orders=row["orders_made"], used_by=used_by)


def _logo(logo: Logo) -> LogoRow:
    return LogoRow(
        digest=logo.digest,
        png=bytes(logo.png),
        width=logo.width,
        height=logo.height,
        stored_at=logo.stored_at,
    )


def _not_found(slug: str) -> SiteNotFound:
    return SiteNotFound(_("There is no such site."), facts={"site": slug})
