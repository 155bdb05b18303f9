"""Nobody gives to a role, a person or a key what they do not have themselves (W11, W12)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from orderwright.accounts.errors import BeyondOwnRights
from orderwright.accounts.permissions import GLOBAL_PERMISSIONS, PERMISSIONS
from orderwright.core.actor import Actor


def require_own(actor: Actor, permissions: Iterable[str], *, site_ids: Iterable[int] = ()) -> None:
    """Do nothing when the actor has all of these at each of the sites, or everywhere where none is named.

    What belongs to no site is not given at a site, and so not asked for there. Raises: BeyondOwnRights.
    """
    places: list[int | None] = [*site_ids] or [None]
    given = sorted(set(permissions) - (GLOBAL_PERMISSIONS if places != [None] else frozenset()))
    missing = [each for each in given if not all(actor.at(place).can(each) for place in places)]
    if missing:
        words = ", ".join(PERMISSIONS.get(each, each) for each in missing)
        raise BeyondOwnRights(
            _("You do not have this yourself, so you cannot give it: %(permissions)s.") % {"permissions": words},
            facts={"permissions": missing},
        )
