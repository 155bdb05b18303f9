"""API keys: making one and finding the actor behind one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from orderwright.accounts.models import ApiKey, Role
from orderwright.core.actor import Actor

# "Last used" is for people who tidy up keys; writing it at most once in this time keeps reads free of writes.
LAST_USED_STEP = timedelta(minutes=10)


def create_key(*, name: str, role: Role, expires_at: datetime | None = None) -> str:
    """Return the text of a fresh key, `ow_<prefix>_<secret>`, which is shown once and never stored."""
    prefix, secret = secrets.token_hex(5), secrets.token_hex(32)
    ApiKey.objects.create(name=name, prefix=prefix, secret_hash=_digest(secret), role=role, expires_at=expires_at)
    return f"ow_{prefix}_{secret}"


def find_actor(key: str, *, now: datetime) -> Actor | None:
    """Return who acts with this key, or None when it is unknown, expired or revoked. Cost: one statement."""
    mark, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != "ow" or not secret or not key.isascii():
        return None
    row = ApiKey.objects.select_related("role").filter(prefix=prefix, revoked_at=None).first()
    if row is None or not hmac.compare_digest(row.secret_hash, _digest(secret)):
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    if row.last_used_at is None or now - row.last_used_at > LAST_USED_STEP:
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return Actor(kind="key", ref=str(row.pk), name=row.name, permissions=frozenset(row.role.permissions))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
