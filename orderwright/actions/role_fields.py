"""What holds for every change of a role: name, permissions, ceilings, and that nobody gives what they lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from orderwright.accounts.errors import RoleChanged, RoleIsSystem, RoleNameTaken, RoleNotFound
from orderwright.accounts.models import Role
from orderwright.accounts.permissions import PERMISSIONS
from orderwright.actions.configured import at, checked_slug
from orderwright.actions.namesakes import namesake
from orderwright.actions.own_rights import require_own_role, require_unbound
from orderwright.core.actor import Actor
from orderwright.core.money import MAX_MINOR, known_currencies
from orderwright.core.text import clean_text

LONGEST_NAME: Final = 60
LONGEST_SLUG: Final = 40  # what the column holds
_LIMITS: Final = ("order", "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFields:
    """What somebody wants a role to be.

    `refund_ceilings` by currency: {"USD": {"order": 5000, "day": 20000}}, minor units. Empty: none.
    """

    name: str
    permissions: Sequence[str]
    refund_ceilings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    needs_second_person: bool = False
    needs_second_factor: bool = False


def checked(fields: RoleFields) -> dict[str, Any]:
    """Return a role's columns from what somebody asked for. Raises: Invalid with a pointer."""
    for place, permission in enumerate(fields.permissions):
        if permission not in PERMISSIONS:
            raise at(f"/permissions/{place}", "permission_unknown", _("There is no such permission."))
    if not fields.permissions:
        raise at("/permissions", "required", _("Choose at least one permission."))
    return {
        "name": clean_text(fields.name, pointer="/name", longest=LONGEST_NAME, required=True),
        "permissions": sorted(set(fields.permissions)),
        "refund_ceilings": _ceilings(fields.refund_ceilings),
        "needs_second_person": fields.needs_second_person,
        "needs_second_factor": fields.needs_second_factor,
    }


def require_giving(actor: Actor, columns: Mapping[str, Any], *, role: Role | None = None) -> None:
    """Do nothing when the actor has all that a role of these columns would give. Raises: BeyondOwnRights.

    `role`: the one that is edited. Whoever has it would get what is new, so that is for the actor to give, too.
    """
    wanted = Role(slug=role.slug if role else "", **columns)
    require_own_role(actor, wanted)
    if role is not None:
        added = set(columns["permissions"]) - set(role.permissions)
        require_unbound(actor, Role(permissions=sorted(added)))


def require_name_free(name: str, *, except_id: int | None = None) -> None:
    """Do nothing when no other role's name looks like this one. Raises: RoleNameTaken."""
    if namesake(Role.objects.all(), name, except_id=except_id) is not None:
        raise name_taken(name)


def name_taken(name: str) -> RoleNameTaken:
    """Return the refusal for a name that another role has."""
    message = _("There is a role named “%(name)s” already.") % {"name": name}
    return RoleNameTaken(message, facts={"pointer": "/name"})


def fresh_slug(name: str) -> str:
    """Return a slug for a new role that no other role has."""
    taken = Role.objects.values_list("slug", flat=True)
    return checked_slug("", name=name, taken=taken, longest=LONGEST_SLUG, otherwise="role")


def find_own(slug: str, *, version: int | None = None) -> Role:
    """Return a role of the shop's own, locked. Needs `lock_people`. Raises: RoleNotFound; RoleIsSystem; RoleChanged."""
    role = Role.objects.select_for_update().filter(slug=slug).first()
    if role is None:
        raise RoleNotFound(_("There is no such role."), facts={"role": slug})
    if role.is_system:
        raise RoleIsSystem(_("System roles stay as they are. Make a role of your own instead."))
    if version is not None and version != role.version:
        raise RoleChanged(_("Somebody changed this role since you opened it."), facts={"version": role.version})
    return role


def _ceilings(wanted: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    known = known_currencies()
    found = {}
    for currency, limits in wanted.items():
        if currency not in known:
            raise at(f"/refund_ceilings/{currency}", "currency_unknown", _("There is no such currency."))
        for name, amount in limits.items():
            if name not in _LIMITS or not 0 <= amount <= MAX_MINOR:
                raise at(f"/refund_ceilings/{currency}/{name}", "amount_out_of_range", _("It is not a ceiling."))
        if limits:
            found[currency] = {name: limits[name] for name in _LIMITS if name in limits}
    return {currency: found[currency] for currency in sorted(found)}
