"""Reactivate a person: they may sign in again, with the roles and the password that they had (W11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.own_rights import require_role_to_give
from orderwright.actions.people import PERMISSION, find_person, grants_of, lock_people, stream_of_user
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append


def availability(actor: Actor, *, is_active: bool) -> Availability:
    """Return whether this actor may reactivate somebody who may not sign in now."""
    refusal = lacks(actor, PERMISSION)
    if refusal is None and is_active:
        refusal = refused("user_active", _("This person may sign in already."))
    return refusal or allowed()


def run(*, user_id: int, actor: Actor, now: datetime) -> None:
    """Reactivate the person.

    It gives them their roles again, so nobody does it for whom that would be too much.
    Raises: UserNotFound; BeyondOwnRights; Conflict with the reason of `availability`; Refused.
    Effects: the person may sign in again, one journal entry.
    """

    def change() -> None:
        lock_people()
        user = find_person(user_id)
        availability(actor, is_active=user.is_active).require()
        for role, places in grants_of(user):
            require_role_to_give(actor, role, site_ids=places)
        user.is_active = True
        user.save(update_fields=["is_active"])
        append(
            stream=stream_of_user(user.pk),
            kind="user.reactivated",
            actor=actor,
            now=now,
            before={"is_active": False},
            after={"is_active": True},
        )

    in_write_transaction(change)
