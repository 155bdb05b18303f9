"""Delete a role of the shop's own; its people and keys move to another role in the same step (W11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.accounts.errors import RoleInUse
from orderwright.accounts.models import ApiKey, Role, RoleGrant
from orderwright.actions.configured import at
from orderwright.actions.own_rights import require_role_to_give
from orderwright.actions.people import PERMISSION, lock_people, somebody_stays_in_charge, stream_of_role
from orderwright.actions.permission import lacks
from orderwright.actions.role_fields import find_own
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.reads.roles import RoleRow


def availability(role: RoleRow, actor: Actor) -> Availability:
    """Return whether this actor may delete the role; `limits` says how many people and keys would have to move."""
    refusal = lacks(actor, PERMISSION)
    if refusal is None and role.is_system:
        refusal = refused("role_is_system", _("System roles stay as they are."))
    return refusal or allowed(people=role.people, keys=role.keys)


def run(*, slug: str, move_to: str | None, actor: Actor, now: datetime) -> None:
    """Delete the role. `move_to`: the slug of the role that whoever has it gets instead; none is needed for nobody.

    Raises: RoleNotFound; RoleIsSystem; RoleInUse; Invalid at /move_to; BeyondOwnRights; LastAdministrator; Refused.
    Effects: grants and keys move, the row goes, one journal entry stays.
    """
    (lacks(actor, PERMISSION) or allowed()).require()

    def change() -> None:
        lock_people()
        role = find_own(slug)
        people = RoleGrant.objects.filter(role=role).values("user").distinct().count()
        programs = ApiKey.objects.filter(role=role).count()
        told = ("name", "permissions", "refund_ceilings", "needs_second_person", "needs_second_factor")
        before = {"people": people, "keys": programs, "moved_to": None, **{name: getattr(role, name) for name in told}}
        role_id, version = role.pk, role.version
        with somebody_stays_in_charge():
            if people or programs:
                _move(role, _target(role, move_to, people, programs), actor)
            role.delete()
        append(
            stream=stream_of_role(role_id),
            kind="role.deleted",
            actor=actor,
            now=now,
            before=before,
            after={**dict.fromkeys(before), "people": 0, "keys": 0, "moved_to": move_to or None},
            version=version + 1,
        )

    in_write_transaction(change)


def _target(role: Role, move_to: str | None, people: int, keys: int) -> Role:
    if not move_to:
        words = _("Somebody has this role. Say which role they get instead.")
        raise RoleInUse(words, facts={"people": people, "keys": keys, "pointer": "/move_to"})
    target = Role.objects.filter(slug=move_to).exclude(pk=role.pk).first()
    if target is None:
        raise at("/move_to", "role_unknown", _("There is no such role."))
    return target


def _move(role: Role, target: Role, actor: Actor) -> None:
    for grant in RoleGrant.objects.filter(role=role):
        require_role_to_give(actor, target, site_ids=[grant.site_id] if grant.site_id is not None else [])
        theirs = RoleGrant.objects.filter(user_id=grant.user_id, role=target)
        if grant.site_id in theirs.values_list("site_id", flat=True):
            grant.delete()
        else:
            RoleGrant.objects.filter(pk=grant.pk).update(role=target)
    for key in ApiKey.objects.filter(role=role).prefetch_related("sites"):
        require_role_to_give(actor, target, site_ids=[site.pk for site in key.sites.all()])
        ApiKey.objects.filter(pk=key.pk).update(role=target, version=key.version + 1)
