"""Payment providers: every account with its sites, how it stands, and which credentials it has, never what they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.payments.breaker import Breaker, Patience
from orderwright.payments.errors import CredentialsUnreadable, ProviderAccountNotFound
from orderwright.payments.gateways.registry import gateway_kinds
from orderwright.payments.sealed import unseal
from orderwright.reads.counts import CEILING
from orderwright.reads.dialect import current
from orderwright.reads.own_sites import serving
from orderwright.reads.row import Row


class CredentialRow(Row, frozen=True, kw_only=True):
    """One thing that the account has to know. `stored_at` is None where it is missing, or was stored without a date."""

    name: str
    label: str
    is_secret: bool
    is_needed: bool
    is_stored: bool
    stored_at: datetime | None


class ProviderAccountRow(Row, frozen=True, kw_only=True):
    """One account. `payments` counts up to CEILING; `sites` are slugs, none for all."""

    id: int
    slug: str
    name: str
    kind: str
    kind_title: str
    sites: list[str]
    site_names: list[str]
    is_live: bool
    is_on: bool
    priority: int
    base_url: str
    version: int
    payments: int
    credentials: list[CredentialRow]
    can_open: bool  # whether a key of this installation opens the credentials
    breaker: Breaker
    patience: Patience
    last_failure: str
    last_failed_at: datetime | None


class _Site(msgspec.Struct):
    slug: str
    name: str


class _Stored(msgspec.Struct):
    id: int
    slug: str
    name: str
    gateway: str
    sites: list[_Site]
    is_live: bool
    is_enabled: bool
    priority: int
    base_url: str
    version: int
    payments: int
    sealed_credentials: str
    credentials_stored: dict[str, datetime]
    breaker_failures: int
    breaker_wait_s: int
    breaker_cool_down_s: int
    failures_in_row: int
    opened_at: datetime | None
    next_try_at: datetime | None
    tried_by: str
    last_failure: str
    last_failed_at: datetime | None


_decoder = msgspec.json.Decoder(list[_Stored])
_PLAIN = (
    *("id", "slug", "name", "gateway", "priority", "base_url", "version", "sealed_credentials", "breaker_failures"),
    *("breaker_wait_s", "breaker_cool_down_s", "failures_in_row", "tried_by", "last_failure"),
)


def list_provider_accounts(*, actor: Actor) -> list[ProviderAccountRow]:
    """Return every account that serves a site of the actor's, by priority and then by name. Cost: one statement."""
    return _listed(*serving(actor))


def read_provider_account(*, slug: str, actor: Actor) -> ProviderAccountRow:
    """Return one account. Raises: ProviderAccountNotFound. Cost: one statement."""
    own, sites = serving(actor)
    found = _listed(f"a.slug = %s AND {own}", [slug, *sites])
    if not found:
        raise ProviderAccountNotFound(_("There is no such provider account."), facts={"provider_account": slug})
    return found[0]


def _listed(condition: str, values: list[Any]) -> list[ProviderAccountRow]:
    d = current()
    sites = d.array(
        d.obj(slug="s.slug", name="s.name"),
        "payments_provideraccount_sites l JOIN orders_site s ON s.id = l.site_id "
        "WHERE l.provideraccount_id = a.id ORDER BY s.name, s.id",
    )
    account = d.obj(
        **{name: f"a.{name}" for name in _PLAIN},
        is_live=d.boolean("a.is_live"),
        is_enabled=d.boolean("a.is_enabled"),
        credentials_stored=d.json("a.credentials_stored"),
        opened_at=d.time("a.opened_at"),
        next_try_at=d.time("a.next_try_at"),
        last_failed_at=d.time("a.last_failed_at"),
        sites=sites,
        payments="(SELECT count(*) FROM (SELECT 1 FROM payments_payment p "
        f"WHERE p.account_id = a.id LIMIT {CEILING}) AS n)",
    )
    source = f"payments_provideraccount a WHERE {condition} ORDER BY a.priority, lower(a.name), a.id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {d.text(d.array(account, source))}", values)
        return [_row(stored) for stored in _decoder.decode(cursor.fetchone()[0])]


def _row(stored: _Stored) -> ProviderAccountRow:
    kind = gateway_kinds()[stored.gateway]
    try:
        known = frozenset(unseal(stored.sealed_credentials)) if stored.sealed_credentials else frozenset()
        can_open = True
    except CredentialsUnreadable:
        known, can_open = frozenset(stored.credentials_stored), False
    return ProviderAccountRow(
        id=stored.id,
        slug=stored.slug,
        name=stored.name,
        kind=stored.gateway,
        kind_title=kind.title,
        sites=[site.slug for site in stored.sites],
        site_names=[site.name for site in stored.sites],
        is_live=stored.is_live,
        is_on=stored.is_enabled,
        priority=stored.priority,
        base_url=stored.base_url,
        version=stored.version,
        payments=stored.payments,
        credentials=[
            CredentialRow(
                name=each.name,
                label=each.label,
                is_secret=each.is_secret,
                is_needed=each.is_needed,
                is_stored=each.name in known,
                stored_at=stored.credentials_stored.get(each.name) if each.name in known else None,
            )
            for each in kind.credentials
        ],
        can_open=can_open,
        breaker=Breaker(
            failures=stored.failures_in_row,
            opened_at=stored.opened_at,
            next_try_at=stored.next_try_at,
            tried_by=stored.tried_by,
        ),
        patience=Patience(
            failures=stored.breaker_failures,
            wait=timedelta(seconds=stored.breaker_wait_s),
            cool_down=timedelta(seconds=stored.breaker_cool_down_s),
        ),
        last_failure=stored.last_failure,
        last_failed_at=stored.last_failed_at,
    )
