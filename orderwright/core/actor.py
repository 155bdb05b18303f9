"""Who does something: a person, a program with a key, a provider, a rule of ours, or the system itself; and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, cast

ActorKind = Literal["person", "key", "provider", "rule", "system"]

# What a role's ceilings and its second person are about: they bind whoever has the permission from that role alone.
_REFUND: Final = "payments.refund"
_SETTLE: Final = "payments.settle"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCeiling:
    """How much somebody may refund in one currency. Unit: minor units; None where there is no ceiling. Source: W11."""

    currency: str
    per_order_minor: int | None = None
    per_day_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one role allows at one site, or everywhere where `site_id` is None."""

    permissions: frozenset[str]
    site_id: int | None = None
    # What this role's people asked for and the machine could not settle, somebody else has to settle.
    needs_second_person: bool = False
    # Empty: no ceiling. Otherwise what is to be refunded in a currency that is not named here is refused.
    refund_ceilings: tuple[RefundCeiling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What somebody may do at one site, or with what belongs to no site. Several roles add up."""

    grants: tuple[Grant, ...]
    is_unbound: bool = False

    def can(self, permission: str) -> bool:
        """Return whether one of the roles has the permission here."""
        return self.is_unbound or any(permission in grant.permissions for grant in self.grants)

    @property
    def needs_second_person(self) -> bool:
        """Whether every role by which they settle asks for four eyes."""
        settling = [grant for grant in self.grants if _SETTLE in grant.permissions]
        return bool(settling) and all(grant.needs_second_person for grant in settling)

    @property
    def refund_ceilings(self) -> tuple[RefundCeiling, ...]:
        """What may be refunded by currency; empty where there is no ceiling. The most generous role counts."""
        refunding = [grant for grant in self.grants if _REFUND in grant.permissions]
        if not all(grant.refund_ceilings for grant in refunding):
            return ()
        found: dict[str, RefundCeiling] = {}
        for ceiling in (ceiling for grant in refunding for ceiling in grant.refund_ceilings):
            found[ceiling.currency] = _higher(found.get(ceiling.currency), ceiling)
        return tuple(found[currency] for currency in sorted(found))

    def refund_ceiling(self, currency: str) -> RefundCeiling | None:
        """Return the ceiling in a currency, or None where none is set for it."""
        return next((ceiling for ceiling in self.refund_ceilings if ceiling.currency == currency), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody on whose behalf an action runs. `ref` is the row's id or a rule's name; `name` is shown to people.

    What they may do depends on the place: an order is decided about `at` its site. An actor says by itself only
    whether there is any place at all (`can`), for doors and menus.
    """

    kind: ActorKind
    ref: str
    name: str
    grants: tuple[Grant, ...] = ()

    def can(self, permission: str) -> bool:
        """Return whether this actor has the permission somewhere; the system and our own rules have every one."""
        return self._is_unbound or any(permission in grant.permissions for grant in self.grants)

    def at(self, site_id: int | None) -> Rights:
        """Return what this actor may do at the site, or, for None, with what belongs to no site."""
        here = tuple(grant for grant in self.grants if grant.site_id is None or grant.site_id == site_id)
        return Rights(grants=here, is_unbound=self._is_unbound)

    def through(self, permission: str) -> Actor:
        """Return this actor at those sites alone where they have the permission: who passed a door stands there."""
        holding = [grant.site_id for grant in self.grants if permission in grant.permissions]
        if self._is_unbound or None in holding:
            return self
        sites = sorted({site_id for site_id in holding if site_id is not None})
        spread = [
            replace(grant, site_id=site_id)
            for grant in self.grants
            for site_id in sites
            if grant.site_id is None or grant.site_id == site_id
        ]
        return replace(self, grants=tuple(spread))

    @property
    def sites(self) -> frozenset[int] | None:
        """The sites whose orders exist for this actor; None for every site, also those that are still to be opened."""
        if self._is_unbound or any(grant.site_id is None for grant in self.grants):
            return None
        return frozenset(grant.site_id for grant in self.grants if grant.site_id is not None)

    def sees(self, site_id: int) -> bool:
        """Return whether what belongs to the site exists for this actor."""
        return self.sites is None or site_id in self.sites

    @property
    def permissions(self) -> frozenset[str]:
        """Every permission that this actor has somewhere."""
        return frozenset().union(*(grant.permissions for grant in self.grants))

    @property
    def _is_unbound(self) -> bool:
        return self.kind in ("system", "rule")


def _higher(one: RefundCeiling | None, other: RefundCeiling) -> RefundCeiling:
    if one is None:
        return other
    return RefundCeiling(
        currency=one.currency,
        per_order_minor=_more(one.per_order_minor, other.per_order_minor),
        per_day_minor=_more(one.per_day_minor, other.per_day_minor),
    )


def _more(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def stored_actor(*, kind: str, ref: str, name: str) -> Actor:
    """Return the actor whom a row remembers, without permissions: the row says who asked, not what they may do now."""
    return Actor(kind=cast("ActorKind", kind), ref=ref, name=name)


SYSTEM = Actor(kind="system", ref="orderwright", name="Orderwright")
