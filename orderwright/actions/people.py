"""What holds for every change of people and roles: one lock, and that somebody stays in charge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from orderwright.accounts.errors import LastAdministrator, UserNotFound
from orderwright.accounts.models import Role, RoleGrant, User
from orderwright.accounts.permissions import ADMINISTRATOR, PERMISSIONS
from orderwright.core.db import assert_in_transaction

PERMISSION: Final = "users.manage"
_NOBODYS: Final = "!"  # how a password that nobody has begins


def lock_people() -> None:
    """Let no other change of people and roles go on beside this one, until the transaction ends.

    Two administrators who strip each other at once come one after the other. Effects: a lock on one role's row.
    """
    assert_in_transaction("people are locked for the length of a transaction")
    Role.objects.select_for_update().get(slug=ADMINISTRATOR)


def find_person(user_id: int) -> User:
    """Return the person. Raises: UserNotFound."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise UserNotFound(_("There is no such person."), facts={"user": user_id})
    return user


@contextmanager
def somebody_stays_in_charge() -> Iterator[None]:
    """Let a change happen that leaves somebody in charge, where there was somebody before. Needs `lock_people`.

    In charge is who has every right, unbound: nobody else can give them all, and so make an administrator anew. A
    shop without one keeps, as far as it has them, those who manage users.
    Raises: LastAdministrator after the change, which the transaction then rolls back. Source: W11.
    """
    before = (_has_holder(_gives_everything), _has_holder(_manages))
    yield
    after = (_has_holder(_gives_everything), _has_holder(_manages))
    if after < before:
        raise LastAdministrator(
            _("Nobody else could do everything and give it to others then. Make somebody else an administrator first.")
        )


def _gives_everything(role: Role) -> bool:
    return set(PERMISSIONS) <= set(role.permissions) and not role.refund_ceilings and not role.needs_second_person


def _manages(role: Role) -> bool:
    return PERMISSION in role.permissions


def _has_holder(is_wanted: Callable[[Role], bool]) -> bool:
    """Return whether an active person who can sign in has such a role everywhere."""
    wanted = [role.pk for role in Role.objects.all() if is_wanted(role)]
    able = Q(user__last_login__isnull=False) | ~Q(user__password__startswith=_NOBODYS)
    return RoleGrant.objects.filter(able, role__in=wanted, site__isnull=True, user__is_active=True).exists()


def grants_of(user: User) -> list[tuple[Role, list[int]]]:
    """Return each role that the person has, with the site where they have it, or none where they have it everywhere."""
    grants = RoleGrant.objects.filter(user=user).select_related("role").order_by("pk")
    return [(grant.role, [grant.site_id] if grant.site_id is not None else []) for grant in grants]


def held(user: User) -> list[str]:
    """Return what the person has, for the journal: `order-clerk`, `viewer @ cozy-home-eu`."""
    grants = RoleGrant.objects.filter(user=user).select_related("role", "site").order_by("role__slug", "site__slug")
    return [grant_words(grant.role.slug, grant.site.slug if grant.site else None) for grant in grants]


def grant_words(role: str, site: str | None) -> str:
    """Return how the journal names a role somewhere."""
    return role if site is None else f"{role} @ {site}"


def stream_of_user(user_id: int) -> str:
    """Return the name of the person's stream in the journal."""
    return f"user:{user_id}"


def stream_of_role(role_id: int) -> str:
    """Return the name of the role's stream in the journal."""
    return f"role:{role_id}"
