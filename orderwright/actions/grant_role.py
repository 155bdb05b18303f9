"""Give a person a role, everywhere or at one site (W11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.accounts.errors import RoleHeldAlready
from orderwright.accounts.models import Role, RoleGrant, User
from orderwright.actions.configured import at
from orderwright.actions.own_rights import require_role_to_give
from orderwright.actions.people import PERMISSION, find_person, grant_words, held, lock_people, stream_of_user
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.models import Site


def availability(actor: Actor) -> Availability:
    """Return whether this actor may give roles at all; which ones, `run` decides."""
    return lacks(actor, PERMISSION) or allowed()


def run(*, user_id: int, role: str, site: str | None, actor: Actor, now: datetime) -> int:
    """Give the role and return the grant's id. `site` is a slug; None: everywhere.

    Raises: UserNotFound; Invalid at /role or /site; RoleHeldAlready; BeyondOwnRights; Refused.
    Effects: one grant, one journal entry; the person has it from the next request on.
    """
    availability(actor).require()

    def change() -> int:
        lock_people()
        user = find_person(user_id)
        before = held(user)
        grant = give(user, role=role, site=site, actor=actor)
        append(
            stream=stream_of_user(user.pk),
            kind="user.role_granted",
            actor=actor,
            now=now,
            before={"roles": before},
            after={"roles": held(user)},
        )
        return grant.pk

    return in_write_transaction(change)


def give(user: User, *, role: str, site: str | None, actor: Actor) -> RoleGrant:
    """Add the grant. Needs `lock_people`; the journal is the caller's. Raises: as `run`."""
    chosen = Role.objects.filter(slug=role).first()
    if chosen is None:
        raise at("/role", "role_unknown", _("There is no such role."))
    place = Site.objects.filter(slug=site).first() if site is not None else None
    if site is not None and (place is None or not actor.sees(place.pk)):
        raise at("/site", "site_unknown", _("There is no such site."))
    require_role_to_give(actor, chosen, site_ids=[place.pk] if place else [])
    if RoleGrant.objects.filter(user=user, role=chosen, site=place).exists():
        raise RoleHeldAlready(
            _("%(name)s has this role there already.") % {"name": user.name},
            facts={"role": grant_words(chosen.slug, place.slug if place else None)},
        )
    return RoleGrant.objects.create(user=user, role=chosen, site=place)
