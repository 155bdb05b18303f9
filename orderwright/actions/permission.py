"""The one answer when an actor lacks a permission, worded the same for every action."""

from __future__ import annotations

from django.utils.translation import gettext as _

from orderwright.accounts.permissions import words_of
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused


def lacks(actor: Actor, permission: str, site_id: int | None = None) -> Availability | None:
    """Return the refusal when the actor lacks the permission at the site of what is acted on, else None.

    Without a site it is about what belongs to none, such as configuration: a role that somebody has at some sites alone
    does not count then, so that whoever forgets the site refuses too much, and never too little.
    """
    if actor.at(site_id).can(permission):
        return None
    return _refused(permission)


def lacks_everywhere(actor: Actor, permission: str) -> Availability | None:
    """Return the refusal when there is no site at which the actor has the permission, else None."""
    return None if actor.can(permission) else _refused(permission)


def require(actor: Actor, permission: str, site_id: int | None = None) -> None:
    """Do nothing when the actor has the permission there. Raises: Refused."""
    (lacks(actor, permission, site_id) or allowed()).require()


def _refused(permission: str) -> Availability:
    reason = _("Your role does not allow this: %(permission)s.") % {"permission": words_of(permission)}
    return refused("not_permitted", reason, permission=permission)
