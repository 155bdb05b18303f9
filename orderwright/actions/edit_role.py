"""Edit a role of the shop's own; its people have what it gives from the next request on (W11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.accounts.models import Role
from orderwright.actions.people import PERMISSION, lock_people, somebody_stays_in_charge, stream_of_role
from orderwright.actions.permission import lacks
from orderwright.actions.role_fields import RoleFields, checked, find_own, require_giving, require_name_free
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.reads.roles import RoleRow


def availability(role: RoleRow, actor: Actor) -> Availability:
    """Return whether this actor may edit the role."""
    refusal = lacks(actor, PERMISSION)
    if refusal is None and role.is_system:
        refusal = refused("role_is_system", _("System roles stay as they are."))
    return refusal or allowed()


def run(*, slug: str, fields: RoleFields, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Change what differs.

    Raises: RoleNotFound; RoleIsSystem; RoleChanged; RoleNameTaken; Invalid with a pointer; BeyondOwnRights;
    LastAdministrator; Refused. Effects: the row and its version, one journal entry.
    """
    (lacks(actor, PERMISSION) or allowed()).require()
    wanted = checked(fields)

    def change() -> None:
        lock_people()
        role = find_own(slug, version=version)
        require_giving(actor, wanted, role=role)
        require_name_free(wanted["name"], except_id=role.pk)
        before = {name: getattr(role, name) for name in wanted}
        changed = {name: value for name, value in wanted.items() if value != before[name]}
        if not changed:
            return
        with somebody_stays_in_charge():
            Role.objects.filter(pk=role.pk).update(version=role.version + 1, **changed)
        append(
            stream=stream_of_role(role.pk),
            kind="role.edited",
            actor=actor,
            now=now,
            before={name: before[name] for name in changed},
            after=changed,
            version=role.version + 1,
        )

    in_write_transaction(change)
