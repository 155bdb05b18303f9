"""Edit an API key: its name, what it may do, where, and until when (W12)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.accounts.errors import ApiKeyRevoked
from orderwright.accounts.models import ApiKey, ApiKeySite
from orderwright.actions.api_key_fields import KeyFields, checked, lock_key, name_taken, stream_of_key, told_of
from orderwright.actions.namesakes import namesake
from orderwright.actions.permission import lacks, require
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.reads.api_keys import ApiKeyRow


def availability(key: ApiKeyRow, actor: Actor) -> Availability:
    """Return whether this actor may edit the key, replace its secret or revoke it; what is revoked stays so."""
    refusal = lacks(actor, "keys.manage")
    if refusal is not None:
        return refusal
    if key.revoked_at is not None:
        return refused(ApiKeyRevoked.code, _("This key was revoked. Make a new one."))
    return allowed()


def run(*, key_id: int, fields: KeyFields, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Change the key; its holder goes on with the same secret. Nothing is written where nothing differs.

    Raises: ApiKeyNotFound; ApiKeyRevoked; ApiKeyChanged; ApiKeyNameTaken; Invalid with a pointer; BeyondOwnRights;
    Refused. Effects: the row, its sites and version, one journal entry.
    """
    require(actor, "keys.manage")

    def change() -> None:
        key = lock_key(key_id, version=version)
        wanted = checked(fields, actor=actor, now=now)
        if namesake(ApiKey.objects.all(), wanted.name, except_id=key_id) is not None:
            raise name_taken(wanted.name)
        before, after = told_of(key), wanted.told()
        changed = {name: value for name, value in after.items() if value != before[name]}
        if not changed:
            return
        ApiKey.objects.filter(pk=key_id).update(
            name=wanted.name,
            role=wanted.role,
            scopes=wanted.scopes,
            expires_at=wanted.expires_at,
            version=key.version + 1,
        )
        ApiKeySite.objects.filter(key=key).exclude(site__in=wanted.sites).delete()
        known = set(ApiKeySite.objects.filter(key=key).values_list("site_id", flat=True))
        ApiKeySite.objects.bulk_create(ApiKeySite(key=key, site=site) for site in wanted.sites if site.pk not in known)
        append(
            stream=stream_of_key(key_id),
            kind="api_key.edited",
            actor=actor,
            now=now,
            before={name: before[name] for name in changed},
            after=changed,
            version=key.version + 1,
        )

    try:
        in_write_transaction(change)
    except IntegrityError as error:
        raise name_taken(fields.name.strip()) from error
