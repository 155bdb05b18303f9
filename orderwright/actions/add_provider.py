"""Add an account at a payment provider (W8)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.actions.configured import at, sites_of
from orderwright.actions.permission import lacks
from orderwright.actions.provider_calls import stream_of_account
from orderwright.actions.provider_fields import (
    AccountFields,
    columns_of,
    credentials_after,
    free_slug,
    require_complete,
    require_name_free,
)
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.payments.errors import ProviderSlugTaken
from orderwright.payments.gateways.registry import gateway_kinds
from orderwright.payments.models import ProviderAccount


def availability(actor: Actor) -> Availability:
    """Return whether this actor may add an account."""
    return lacks(actor, "providers.edit") or allowed()


def run(*, kind: str, fields: AccountFields, actor: Actor, now: datetime, slug: str = "") -> str:
    """Add the account and return the slug by which orders name it, which never changes.

    Raises: Invalid with a pointer; ProviderNameTaken, ProviderSlugTaken; Refused.
    Effects: one row with its sites, the credentials sealed; one journal entry, which holds none of them. Source: W8.
    """
    availability(actor).require()
    found = gateway_kinds().get(kind)
    if found is None:
        known = ", ".join(sorted(gateway_kinds()))
        raise at("/kind", "kind_unknown", _("The kinds of provider are: %(known)s.") % {"known": known})
    columns = columns_of(fields)

    def change() -> str:
        require_name_free(columns["name"])
        sites = sites_of(fields.sites)
        account = ProviderAccount(slug=free_slug(slug, name=columns["name"]), gateway=kind, **columns)
        credentials = credentials_after(account, fields.credentials, declared=found.credentials, now=now)
        if fields.is_on:
            require_complete(credentials.sealed, declared=found.credentials)
        account.sealed_credentials, account.credentials_stored = credentials.sealed, credentials.stored
        account.save()
        account.sites.set(sites)
        after = {"kind": kind, **columns, "sites": [site.slug for site in sites], "credentials": credentials.touched}
        append(
            stream=stream_of_account(account.pk),
            kind="provider_account.added",
            actor=actor,
            now=now,
            before=dict.fromkeys(after),
            after=after,
            version=account.version,
        )
        return account.slug

    try:
        return in_write_transaction(change)
    except IntegrityError as error:
        words = _("There is a provider account of this short name already.")
        raise ProviderSlugTaken(words, facts={"pointer": "/slug"}) from error
