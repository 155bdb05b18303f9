"""Deactivate a person: signed out at once, and not let in until reactivated. Nothing of theirs goes (W11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.people import (
    PERMISSION,
    find_person,
    lock_people,
    somebody_stays_in_charge,
    stream_of_user,
)
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append


def availability(actor: Actor, *, is_active: bool) -> Availability:
    """Return whether this actor may deactivate somebody who may sign in now."""
    refusal = lacks(actor, PERMISSION)
    if refusal is None and not is_active:
        refusal = refused("user_inactive", _("This person is deactivated already."))
    return refusal or allowed()


def run(*, user_id: int, actor: Actor, now: datetime) -> None:
    """Deactivate the person.

    Raises: UserNotFound; LastAdministrator; Conflict with the reason of `availability`; Refused.
    Effects: sessions and links of the person end, one journal entry.
    """

    def change() -> None:
        lock_people()
        user = find_person(user_id)
        availability(actor, is_active=user.is_active).require()
        user.is_active = False
        user.session_epoch += 1
        user.invited_at = None
        with somebody_stays_in_charge():
            user.save(update_fields=["is_active", "session_epoch", "invited_at"])
        append(
            stream=stream_of_user(user.pk),
            kind="user.deactivated",
            actor=actor,
            now=now,
            before={"is_active": True},
            after={"is_active": False},
        )

    in_write_transaction(change)
