"""API keys: what each may do and where, until when, and when it was last used. Never what its holder shows."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from orderwright.accounts.errors import ApiKeyNotFound
from orderwright.accounts.models import ApiKey, ApiKeySecret
from orderwright.core.actor import Actor
from orderwright.reads.row import Row


class SecretRow(Row, frozen=True, kw_only=True):
    """One secret of a key. `ends_at` is None for the one that counts; the other one is being replaced by it."""

    prefix: str
    made_at: datetime
    ends_at: datetime | None
    last_used_at: datetime | None


class ApiKeyRow(Row, frozen=True, kw_only=True):
    """One key. `scopes` empty: all that the role allows; `sites` (slugs) empty: everywhere. Newest secret first."""

    id: int
    name: str
    role: str
    role_name: str
    permissions: list[str]
    scopes: list[str]
    sites: list[str]
    site_names: list[str]
    expires_at: datetime | None
    revoked_at: datetime | None
    version: int
    secrets: list[SecretRow]

    @property
    def last_used_at(self) -> datetime | None:
        """When one of the secrets was last used, to the ten minutes; None: never."""
        return max((each.last_used_at for each in self.secrets if each.last_used_at is not None), default=None)


def list_api_keys(*, actor: Actor) -> list[ApiKeyRow]:
    """Return the keys by name, those that were revoked last. Cost: three statements, however many keys.

    Whoever manages keys does so everywhere, so there is nothing to leave out; to anybody else there are none.
    """
    if not actor.at(None).can("keys.manage"):
        return []
    return [_row(key) for key in _keys().order_by("revoked_at", "name")]


def read_api_key(*, key_id: int, actor: Actor) -> ApiKeyRow:
    """Return one key. Raises: ApiKeyNotFound. Cost: three statements."""
    key = _keys().filter(pk=key_id).first() if actor.at(None).can("keys.manage") else None
    if key is None:
        raise ApiKeyNotFound(_("There is no such API key."), facts={"api_key": key_id})
    return _row(key)


def _keys() -> QuerySet[ApiKey]:
    secrets = Prefetch("secrets", ApiKeySecret.objects.order_by("-made_at", "-pk"))
    return ApiKey.objects.select_related("role").prefetch_related(secrets, "sites")


def _row(key: ApiKey) -> ApiKeyRow:
    sites = sorted(key.sites.all(), key=lambda site: site.name)
    return ApiKeyRow(
        id=key.pk,
        name=key.name,
        role=key.role.slug,
        role_name=key.role.name,
        permissions=[each for each in key.role.permissions if not key.scopes or each in key.scopes],
        scopes=list(key.scopes),
        sites=[site.slug for site in sites],
        site_names=[site.name for site in sites],
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        version=key.version,
        secrets=[
            SecretRow(prefix=each.prefix, made_at=each.made_at, ends_at=each.ends_at, last_used_at=each.last_used_at)
            for each in key.secrets.all()
        ],
    )
