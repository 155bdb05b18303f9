"""API keys: making one and finding the actor behind one."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.db import connection

from orderwright.accounts.demo import DEMO_KEY_NAME
from orderwright.accounts.grants import HeldRole
from orderwright.accounts.models import ApiKey, ApiKeySecret, ApiKeySite, Role
from orderwright.core import clock
from orderwright.core.actor import Actor

# "Last used" is for people who tidy up keys; writing it at most once in this time keeps reads free of writes.
LAST_USED_STEP = timedelta(minutes=10)

# By hand, because every call of a program begins with it: through the ORM it takes about a millisecond.
_FIND: Final = """
SELECT x.id, x.secret_hash, x.ends_at, x.last_used_at, k.id, k.name, k.expires_at, k.scopes, r.slug, r.name,
  r.permissions, r.needs_second_person, r.refund_ceilings, s.site_id
FROM accounts_apikeysecret x JOIN accounts_apikey k ON k.id = x.key_id JOIN accounts_role r ON r.id = k.role_id
  LEFT JOIN accounts_apikeysite s ON s.key_id = k.id
WHERE {} = %s AND k.revoked_at IS NULL
ORDER BY x.id
"""
_BY_PREFIX: Final = _FIND.format("x.prefix")
_BY_KEY: Final = _FIND.format("k.id")


def create_key(
    *,
    name: str,
    role: Role,
    site_ids: Iterable[int] = (),
    scopes: Iterable[str] = (),
    expires_at: datetime | None = None,
    now: datetime | None = None,
) -> str:
    """Return the text of a fresh key, `ow_<prefix>_<secret>`, which is shown once and never stored.

    It is good at the sites named, or everywhere where none is; and for all that the role allows where no scope is.
    """
    key = ApiKey.objects.create(name=name, role=role, scopes=sorted(scopes), expires_at=expires_at)
    ApiKeySite.objects.bulk_create(ApiKeySite(key=key, site_id=site_id) for site_id in site_ids)
    return add_secret(key, now=now or clock.now())


def add_secret(key: ApiKey, *, now: datetime) -> str:
    """Return the text of one more secret of this key; which other ones still count is the caller's to say."""
    prefix, secret = secrets.token_hex(5), secrets.token_hex(32)
    ApiKeySecret.objects.create(key=key, prefix=prefix, secret_hash=_digest(secret), made_at=now)
    return f"ow_{prefix}_{secret}"


def find_actor(key: str, *, now: datetime) -> Actor | None:
    """Return who acts with this key, or None when it is unknown, expired, replaced or revoked. Cost: one statement.

    In production the demo's key is nobody's.
    """
    mark, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != "ow" or not secret or not key.isascii():
        return None
    rows = _found(_BY_PREFIX, prefix)
    if not rows:
        return None
    secret_id, secret_hash, _ends_at, last_used_at, *_key = rows[0]
    if not hmac.compare_digest(secret_hash, _digest(secret)):
        return None
    actor = _holder(rows, now=now)
    if actor is not None and (last_used_at is None or now - _aware(last_used_at) > LAST_USED_STEP):
        ApiKeySecret.objects.filter(pk=secret_id).update(last_used_at=now)
    return actor


def actor_of_key(key_id: int, *, now: datetime) -> Actor | None:
    """Return who acts with this key as it is now, or None when nobody can any more: revoked, expired, replaced.

    For what the key asked for before. Cost: one statement.
    """
    by_secret = groupby(_found(_BY_KEY, key_id), key=lambda row: row[0])
    return next((actor for _id, rows in by_secret if (actor := _holder(list(rows), now=now)) is not None), None)


def _found(statement: str, value: str | int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        rows: list[Any] = cursor.fetchall()
        return rows


def _holder(rows: Sequence[Any], *, now: datetime) -> Actor | None:
    """Return who acts with one secret, of which there is a row for each of the key's sites; None when it has ended."""
    _id, _hash, ends_at, _last_used_at, key_id, name, expires_at, scopes, *stored, _site_id = rows[0]
    if any(end is not None and _aware(end) <= now for end in (expires_at, ends_at)):
        return None
    if settings.IS_PRODUCTION and name == DEMO_KEY_NAME:
        return None
    role, role_name, permissions, needs_second_person, ceilings = stored
    chosen = frozenset(_decoded(scopes))
    held = HeldRole(
        role=role,
        role_name=role_name,
        permissions=[each for each in _decoded(permissions) if not chosen or each in chosen],
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
