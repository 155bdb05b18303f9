"""Revoke an API key: from the next request on it is nobody's (W12)."""

from __future__ import annotations

from datetime import datetime

from orderwright.accounts.models import ApiKey
from orderwright.actions.api_key_fields import lock_key, stream_of_key
from orderwright.actions.edit_api_key import availability
from orderwright.actions.permission import require
from orderwright.core.actor import Actor
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append

__all__ = ["availability", "run"]


def run(*, key_id: int, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Revoke the key for good; it stays in the list, for the journal names it.

    Raises: ApiKeyNotFound; ApiKeyRevoked; ApiKeyChanged; Refused. Effects: one column, one journal entry.
    """
    require(actor, "keys.manage")

    def change() -> None:
        key = lock_key(key_id, version=version)
        ApiKey.objects.filter(pk=key_id).update(revoked_at=now, version=key.version + 1)
        append(
            stream=stream_of_key(key_id),
            kind="api_key.revoked",
            actor=actor,
            now=now,
            before={"revoked_at": None},
            after={"revoked_at": now.isoformat()},
            version=key.version + 1,
        )

    in_write_transaction(change)
