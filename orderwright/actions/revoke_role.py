"""Take a role from a person, where they have it (W11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.accounts.errors import GrantNotFound
from orderwright.accounts.models import RoleGrant
from orderwright.actions.people import (
    PERMISSION,
    find_person,
    held,
    lock_people,
    somebody_stays_in_charge,
    stream_of_user,
)
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append


def availability(actor: Actor) -> Availability:
    """Return whether this actor may take roles away."""
    return lacks(actor, PERMISSION) or allowed()


def run(*, user_id: int, grant_id: int, actor: Actor, now: datetime) -> None:
    """Take the role away; the person lacks it from the next request on.

    Raises: UserNotFound; GrantNotFound; LastAdministrator; Refused. Effects: the grant goes, one journal entry.
    """
    availability(actor).require()

    def change() -> None:
        lock_people()
        user = find_person(user_id)
        before = held(user)
        with somebody_stays_in_charge():
            if not RoleGrant.objects.filter(pk=grant_id, user=user).delete()[0]:
                raise GrantNotFound(_("%(name)s does not have this role any more.") % {"name": user.name})
        append(
            stream=stream_of_user(user.pk),
            kind="user.role_revoked",
            actor=actor,
            now=now,
            before={"roles": before},
            after={"roles": held(user)},
        )

    in_write_transaction(change)
