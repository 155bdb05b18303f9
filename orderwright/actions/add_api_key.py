"""Make an API key: what a program may do, where, and until when (W12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError

from orderwright.accounts.keys import create_key
from orderwright.accounts.models import ApiKey
from orderwright.actions.api_key_fields import KeyFields, checked, name_taken, stream_of_key
from orderwright.actions.namesakes import namesake
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A key and what its holder has to show. `secret` is told this once, and kept nowhere."""

    key_id: int
    secret: str = field(repr=False)


def availability(actor: Actor) -> Availability:
    """Return whether this actor may make a key."""
    return lacks(actor, "keys.manage") or allowed()


def run(*, fields: KeyFields, actor: Actor, now: datetime) -> Made:
    """Make the key and return it with its secret.

    Raises: Invalid with a pointer; ApiKeyNameTaken; BeyondOwnRights; Refused.
    Effects: one key with its sites and one secret, of which the hash is stored; one journal entry without it.
    """
    availability(actor).require()

    def change() -> Made:
        wanted = checked(fields, actor=actor, now=now)
        if namesake(ApiKey.objects.all(), wanted.name) is not None:
            raise name_taken(wanted.name)
        secret = create_key(
            name=wanted.name,
            role=wanted.role,
            site_ids=[site.pk for site in wanted.sites],
            scopes=wanted.scopes,
            expires_at=wanted.expires_at,
            now=now,
        )
        key = ApiKey.objects.get(name=wanted.name)
        told = wanted.told()
        append(
            stream=stream_of_key(key.pk),
            kind="api_key.added",
            actor=actor,
            now=now,
            before=dict.fromkeys(told),
            after=told,
            version=key.version,
        )
        return Made(key_id=key.pk, secret=secret)

    try:
        return in_write_transaction(change)
    except IntegrityError as error:  # another one of this name was made in this very moment
        raise name_taken(fields.name.strip()) from error
