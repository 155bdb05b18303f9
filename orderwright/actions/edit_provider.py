"""Edit a provider account: what it is called, for whom, how patient, on or off, and its credentials (W8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from orderwright.actions.configured import at, sites_of
from orderwright.actions.permission import lacks, require
from orderwright.actions.provider_calls import stream_of_account
from orderwright.actions.provider_fields import (
    REMOVED,
    AccountFields,
    Credentials,
    columns_of,
    credentials_after,
    lock_account,
    require_complete,
    require_name_free,
)
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.payments.errors import ProviderAccountChanged, ProviderAccountInUse
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.models import Payment, ProviderAccount
from orderwright.reads.provider_accounts import ProviderAccountRow

# Where the money of an account goes to.
_DESTINATION = ("is_live", "base_url")


def availability(account: ProviderAccountRow, actor: Actor) -> Availability:
    """Return whether this actor may edit the account; `limits` says whether mode and address may change."""
    return lacks(actor, "providers.edit") or allowed(may_move=account.payments == 0)


def run(*, slug: str, fields: AccountFields, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Change what differs; kind and slug never do. A credential that is empty stays as it is stored.

    Mode and address decide where money goes: they stay as soon as there is a payment, and before that a change of them
    needs every stored secret anew, so that nobody sends those elsewhere who does not know them.
    Raises: Invalid with a pointer; ProviderAccountChanged when somebody changed it since `version`;
    ProviderAccountInUse; ProviderNameTaken; ProviderAccountNotFound; CredentialsUnreadable; Refused.
    Effects: the row and its version, its sites; one journal entry, which holds no credential. Source: W8.
    """
    require(actor, "providers.edit")
    columns = columns_of(fields)

    def change() -> None:
        account = lock_account(slug)
        if version is not None and version != account.version:
            words = _("Somebody changed this provider account since you opened it.")
            raise ProviderAccountChanged(words, facts={"version": account.version})
        declared = gateway_kind(account.gateway).credentials
        sites = sites_of(fields.sites)
        credentials = credentials_after(account, fields.credentials, declared=declared, now=now)
        before, after = _differing(account, columns, [site.slug for site in sites])
        if not after and not credentials.touched:
            return
        if "name" in after:
            require_name_free(after["name"], except_id=account.pk)
        _require_same_destination(account, after, credentials)
        if columns["is_enabled"] and (credentials.touched or "is_enabled" in after):
            require_complete(credentials.sealed, declared=declared)
        _save(account, columns, credentials)
        account.sites.set(sites)
        append(
            stream=stream_of_account(account.pk),
            kind="provider_account.edited",
            actor=actor,
            now=now,
            before={**before, **({"credentials": None} if credentials.touched else {})},
            after={**after, **({"credentials": credentials.touched} if credentials.touched else {})},
            version=account.version,
        )

    in_write_transaction(change)


def _differing(
    account: ProviderAccount, columns: dict[str, Any], sites: list[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    wanted = {**columns, "sites": sorted(sites)}
    stored = {name: getattr(account, name) for name in columns}
    stored["sites"] = sorted(account.sites.values_list("slug", flat=True))
    changed = [name for name in wanted if wanted[name] != stored[name]]
    return {name: stored[name] for name in changed}, {name: wanted[name] for name in changed}


def _require_same_destination(account: ProviderAccount, after: dict[str, Any], credentials: Credentials) -> None:
    moved = next((name for name in _DESTINATION if name in after), None)
    if moved is None:
        return
    if Payment.objects.filter(account=account).exists():
        words = _("Payments are kept there, so test or live and the address stay; add another account instead.")
        raise ProviderAccountInUse(words, facts={"pointer": f"/{moved}"})
    kept = [each.name for each in gateway_kind(account.gateway).credentials if each.is_secret]
    for name in kept:
        is_fresh = credentials.touched.get(name, REMOVED) != REMOVED
        if name in credentials.stored and not is_fresh:
            words = _("Type it again: with another mode or address, what is stored is not sent along.")
            raise at(f"/credentials/{name}", "credential_needed_again", words)


def _save(account: ProviderAccount, columns: dict[str, Any], credentials: Credentials) -> None:
    for name, value in columns.items():
        setattr(account, name, value)
    account.sealed_credentials, account.credentials_stored = credentials.sealed, credentials.stored
    account.version += 1
    account.save(update_fields=[*columns, "sealed_credentials", "credentials_stored", "version"])
