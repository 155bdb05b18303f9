"""What holds for every change of an API key: name, role, scopes, sites, expiry, and its lock (W12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from orderwright.accounts.errors import ApiKeyChanged, ApiKeyNameTaken, ApiKeyNotFound, ApiKeyRevoked
from orderwright.accounts.models import ApiKey, Role
from orderwright.accounts.permissions import PERMISSIONS
from orderwright.actions.configured import at, sites_of
from orderwright.actions.own_rights import require_role_to_give
from orderwright.core.actor import Actor
from orderwright.core.db import assert_in_transaction
from orderwright.core.text import clean_text
from orderwright.orders.models import Site

LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFields:
    """What somebody wants a key to be. `scopes` empty: all that the role allows; `sites` (slugs) empty: everywhere."""

    name: str
    role: str
    scopes: Sequence[str] = ()
    sites: Sequence[str] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The same with what it names, ready to be stored."""

    name: str
    role: Role
    scopes: list[str]
    sites: list[Site]
    expires_at: datetime | None

    def told(self) -> dict[str, Any]:
        """Return the fields as the journal keeps them."""
        return _told(self.name, self.role, self.scopes, self.sites, self.expires_at)


def checked(fields: KeyFields, *, actor: Actor, now: datetime) -> Checked:
    """Return the columns from what somebody asked for. Needs an open transaction, for the role is locked.

    Raises: Invalid with a pointer; BeyondOwnRights.
    """
    name = clean_text(fields.name, pointer="/name", longest=LONGEST_NAME, required=True)
    role = Role.objects.select_for_update().filter(slug=fields.role).first()
    if role is None:
        raise at("/role", "role_unknown", _("There is no such role."))
    for place, scope in enumerate(fields.scopes):
        if scope not in PERMISSIONS or scope not in role.permissions:
            raise at(f"/scopes/{place}", "scope_beyond_role", _("The role does not have this permission."))
    if fields.expires_at is not None and fields.expires_at <= now:
        raise at("/expires_at", "in_the_past", _("It lies in the past."))
    sites = sites_of(fields.sites)
    scopes = sorted(set(fields.scopes))
    require_role_to_give(actor, of_role(role, scopes), site_ids=[site.pk for site in sites])
    return Checked(name=name, role=role, scopes=scopes, sites=sites, expires_at=fields.expires_at)


def of_role(role: Role, scopes: list[str]) -> Role:
    """Return the role with what a key of these scopes has of it. Effects: in memory alone."""
    role.permissions = scopes or role.permissions
    return role


def told_of(key: ApiKey) -> dict[str, Any]:
    """Return what a key is as the journal keeps it. Cost: one statement."""
    return _told(key.name, key.role, key.scopes, sorted(key.sites.all(), key=lambda site: site.slug), key.expires_at)


def lock_key(key_id: int, *, version: int | None = None) -> ApiKey:
    """Return the key, locked until the transaction ends.

    Raises: ApiKeyNotFound; ApiKeyRevoked, for what is revoked stays as it is; ApiKeyChanged.
    """
    assert_in_transaction("a key is locked for the length of a transaction")
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("role").filter(pk=key_id).first()
    if key is None:
        raise ApiKeyNotFound(_("There is no such API key."), facts={"api_key": key_id})
    if key.revoked_at is not None:
        raise ApiKeyRevoked(_("This key was revoked. Make a new one."))
    if version is not None and version != key.version:
        raise ApiKeyChanged(_("Somebody changed this key since you opened it."), facts={"version": key.version})
    return key


def name_taken(name: str) -> ApiKeyNameTaken:
    """Return the refusal for a name that another key has, one that was revoked included: the journal names keys."""
    message = _("There is a key named “%(name)s” already.") % {"name": name}
    return ApiKeyNameTaken(message, facts={"pointer": "/name"})


def stream_of_key(key_id: int) -> str:
    """Return the name of the key's stream in the journal."""
    return f"api_key:{key_id}"


def _told(name: str, role: Role, scopes: list[str], sites: list[Site], expires_at: datetime | None) -> dict[str, Any]:
    return {
        "name": name,
        "role": role.slug,
        "scopes": scopes,
        "sites": sorted(site.slug for site in sites),
        "expires_at": expires_at.isoformat() if expires_at is not None else None,
    }
