"""Send a person a new link to choose a password: the first one was lost, or the password was."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.invite_person import Link, write_invitation
from orderwright.actions.people import PERMISSION, find_person, lock_people, stream_of_user
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append


def availability(actor: Actor, *, is_active: bool) -> Availability:
    """Return whether this actor may send the person a link."""
    refusal = lacks(actor, PERMISSION)
    if refusal is None and not is_active:
        refusal = refused("user_inactive", _("This person cannot sign in now. Reactivate them first."))
    return refusal or allowed()


def run(*, user_id: int, actor: Actor, now: datetime, link: Link) -> None:
    """Write the mail; an earlier link ends with it, and the present password stays until the new one is chosen.

    Raises: UserNotFound; NobodyToInviteFrom; Conflict with the reason of `availability`; Refused.
    Effects: one mail, one journal entry.
    """

    def change() -> None:
        lock_people()
        user = find_person(user_id)
        availability(actor, is_active=user.is_active).require()
        user.invited_at = now
        user.save(update_fields=["invited_at"])
        write_invitation(user, by=actor, now=now, link=link)
        append(stream=stream_of_user(user.pk), kind="user.link_sent", actor=actor, now=now)

    in_write_transaction(change)
