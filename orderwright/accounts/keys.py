"""API keys: making one and finding the actor behind one."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection

from orderwright.accounts.demo import DEMO_KEY_NAME
from orderwright.accounts.grants import HeldRole
from orderwright.accounts.models import ApiKey, ApiKeySite, Role
from orderwright.core.actor import Actor

# "Last used" is for people who tidy up keys; writing it at most once in this time keeps reads free of writes.
LAST_USED_STEP = timedelta(minutes=10)

# By hand, because every call of a program begins with it: through the ORM it takes about a millisecond.
_FIND: Final = """
SELECT k.id, k.name, k.secret_hash, k.expires_at, k.last_used_at, r.slug, r.name, r.permissions,
  r.needs_second_person, r.refund_ceilings, s.site_id
FROM accounts_apikey k JOIN accounts_role r ON r.id = k.role_id LEFT JOIN accounts_apikeysite s ON s.key_id = k.id
WHERE k.prefix = %s AND k.revoked_at IS NULL
"""


def create_key(*, name: str, role: Role, site_ids: Iterable[int] = (), expires_at: datetime | None = None) -> str:
    """Return the text of a fresh key, `ow_<prefix>_<secret>`, which is shown once and never stored.

    It is good at the sites named, or everywhere where none is.
    """
    prefix, secret = secrets.token_hex(5), secrets.token_hex(32)
    key = ApiKey.objects.create(name=name, prefix=prefix, secret_hash=_digest(secret), role=role, expires_at=expires_at)
    ApiKeySite.objects.bulk_create(ApiKeySite(key=key, site_id=site_id) for site_id in site_ids)
    return f"ow_{prefix}_{secret}"


def find_actor(key: str, *, now: datetime) -> Actor | None:
    """Return who acts with this key, or None when it is unknown, expired or revoked. Cost: one statement.

    In production the demo's key is nobody's.
    """
    mark, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != "ow" or not secret or not key.isascii():
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [prefix])
        rows = cursor.fetchall()
    if not rows:
        return None
    key_id, name, secret_hash, expires_at, last_used_at, role, role_name, *stored, _site_id = rows[0]
    permissions, needs_second_person, ceilings = stored
    if not hmac.compare_digest(secret_hash, _digest(secret)):
        return None
    if expires_at is not None and _aware(expires_at) <= now:
        return None
    if settings.IS_PRODUCTION and name == DEMO_KEY_NAME:
        return None
    if last_used_at is None or now - _aware(last_used_at) > LAST_USED_STEP:
        ApiKey.objects.filter(pk=key_id).update(last_used_at=now)
    held = HeldRole(
        role=role,
        role_name=role_name,
        permissions=_decoded(permissions),
        needs_second_person=bool(needs_second_person),
        refund_ceilings=_decoded(ceilings),
    )
    grants = tuple(replace(held, site_id=site_id).grant() for *_key, site_id in rows)
    return Actor(kind="key", ref=str(key_id), name=name, grants=grants)


def _decoded(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored


def _aware(moment: datetime) -> datetime:
    # SQLite hands times over in UTC without saying so.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
