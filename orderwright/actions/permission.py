"""The one answer when an actor lacks a permission, worded the same for every action."""

from __future__ import annotations

from django.utils.translation import gettext as _

from orderwright.accounts.permissions import PERMISSIONS
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused


def lacks(actor: Actor, permission: str) -> Availability | None:
    """Return the refusal when the actor lacks the permission, else None."""
    if actor.can(permission):
        return None
    reason = _("Your role does not allow this: %(permission)s.") % {"permission": PERMISSIONS[permission]}
    return refused("not_permitted", reason, permission=permission)


def require(actor: Actor, permission: str) -> None:
    """Do nothing when the actor has the permission. Raises: Refused."""
    (lacks(actor, permission) or allowed()).require()
