"""Nobody gives to a role, a person or a key what they do not have themselves (W11, W12)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from orderwright.accounts.errors import BeyondOwnRights
from orderwright.accounts.grants import HeldRole
from orderwright.accounts.models import Role
from orderwright.accounts.permissions import GLOBAL_PERMISSIONS, PERMISSIONS, words_of
from orderwright.core.actor import Actor, RefundCeiling, Rights

_REFUND: Final = "payments.refund"
_SETTLE: Final = "payments.settle"


def require_own_role(actor: Actor, role: Role, *, site_ids: Iterable[int] = ()) -> None:
    """Do nothing when the actor has all that the role gives, and is bound no tighter than it. Raises: BeyondOwnRights.

    Whoever refunds up to a ceiling makes nobody who refunds beyond it; whom four eyes bind frees nobody of them.
    """
    require_own(actor, role.permissions, site_ids=site_ids)
    theirs = HeldRole(
        role=role.slug,
        role_name=role.name,
        permissions=role.permissions,
        needs_second_person=role.needs_second_person,
        refund_ceilings=role.refund_ceilings,
    ).grant()
    given = Rights(grants=(theirs,))
    places: list[int | None] = [*site_ids] or [None]
    for place in places:
        mine = actor.at(place)
        if given.can(_REFUND) and not _is_within(given.refund_ceilings, mine.refund_ceilings):
            raise BeyondOwnRights(
                _("Your own refunds have a ceiling, so you cannot give a higher one, or none."),
                facts={"permissions": [_REFUND]},
            )
        if given.can(_SETTLE) and mine.needs_second_person and not given.needs_second_person:
            raise BeyondOwnRights(
                _("What you asked for yourself a second person settles, so you cannot give less."),
                facts={"permissions": [_SETTLE]},
            )


def require_role_to_give(actor: Actor, role: Role, *, site_ids: Iterable[int] = ()) -> None:
    """Do nothing when the actor may let a person or a key have the role. Raises: BeyondOwnRights.

    As `require_own_role`; and whoever refunds up to a ceiling lets nobody refund at all: each of them would have a
    ceiling of their own, and all of them together, in one hand, none.
    """
    places = tuple(site_ids)
    require_own_role(actor, role, site_ids=places)
    require_unbound(actor, role, site_ids=places)


def require_unbound(actor: Actor, role: Role, *, site_ids: Iterable[int] = ()) -> None:
    """Do nothing unless the role refunds, and the actor does so up to a ceiling there. Raises: BeyondOwnRights."""
    places: list[int | None] = [*site_ids] or [None]
    if _REFUND in role.permissions and any(actor.at(place).refund_ceilings for place in places):
        raise BeyondOwnRights(
            _("Your own refunds have a ceiling, so you cannot let anybody else refund: they would have one more."),
            facts={"permissions": [_REFUND]},
        )


def _is_within(given: tuple[RefundCeiling, ...], mine: tuple[RefundCeiling, ...]) -> bool:
    if not mine:
        return True
    by_currency = {ceiling.currency: ceiling for ceiling in mine}
    return bool(given) and all(
        each.currency in by_currency
        and _at_most(each.per_order_minor, by_currency[each.currency].per_order_minor)
        and _at_most(each.per_day_minor, by_currency[each.currency].per_day_minor)
        for each in given
    )


def _at_most(given: int | None, mine: int | None) -> bool:
    return mine is None or (given is not None and given <= mine)


def require_own(actor: Actor, permissions: Iterable[str], *, site_ids: Iterable[int] = ()) -> None:
    """Do nothing when the actor has all of these at each of the sites, or everywhere where none is named.

    What belongs to no site is not given at a site, and so not asked for there. Raises: BeyondOwnRights.
    """
    places: list[int | None] = [*site_ids] or [None]
    given = sorted(set(permissions) - (GLOBAL_PERMISSIONS if places != [None] else frozenset()))
    missing = [each for each in given if not all(actor.at(place).can(each) for place in places)]
    if missing:
        words = ", ".join(words_of(each) if each in PERMISSIONS else each for each in missing)
        raise BeyondOwnRights(
            _("You do not have this yourself, so you cannot give it: %(permissions)s.") % {"permissions": words},
            facts={"permissions": missing},
        )
