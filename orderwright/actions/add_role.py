"""Add a role of the shop's own: a choice from the fixed list of permissions (W11)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from orderwright.accounts.models import Role
from orderwright.actions.people import PERMISSION, lock_people, stream_of_role
from orderwright.actions.permission import lacks
from orderwright.actions.role_fields import (
    RoleFields,
    checked,
    fresh_slug,
    name_taken,
    require_giving,
    require_name_free,
)
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append


def availability(actor: Actor) -> Availability:
    """Return whether this actor may add roles."""
    return lacks(actor, PERMISSION) or allowed()


def run(*, fields: RoleFields, actor: Actor, now: datetime) -> str:
    """Add the role and return its slug, which never changes.

    Raises: Invalid with a pointer; RoleNameTaken; BeyondOwnRights; Refused. Effects: one row, one journal entry.
    """
    availability(actor).require()
    wanted = checked(fields)

    def change() -> str:
        lock_people()
        require_giving(actor, wanted)
        require_name_free(wanted["name"])
        role = Role.objects.create(slug=fresh_slug(wanted["name"]), **wanted)
        append(
            stream=stream_of_role(role.pk),
            kind="role.added",
            actor=actor,
            now=now,
            before=dict.fromkeys(wanted),
            after=wanted,
            version=role.version,
        )
        return role.slug

    try:
        return in_write_transaction(change)
    except IntegrityError as error:  # by hand in the database, in this very moment
        raise name_taken(wanted["name"]) from error
