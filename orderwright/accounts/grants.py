"""What a role gives to whoever has it at a site or everywhere, as an actor carries it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orderwright.accounts.permissions import GLOBAL_PERMISSIONS
from orderwright.core.actor import Grant, RefundCeiling


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """A role that somebody has, at one site or, where `site_id` is None, everywhere."""

    role: str
    role_name: str
    permissions: Iterable[str]
    needs_second_person: bool = False
    needs_second_factor: bool = False
    refund_ceilings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    site_id: int | None = None
    site_name: str | None = None

    def grant(self) -> Grant:
        """Return what it allows: at a site alone, nothing of what belongs to no site."""
        everything = frozenset(self.permissions)
        return Grant(
            permissions=everything if self.site_id is None else everything - GLOBAL_PERMISSIONS,
            site_id=self.site_id,
            needs_second_person=self.needs_second_person,
            refund_ceilings=ceilings_of(self.refund_ceilings),
        )


def ceilings_of(stored: Mapping[str, Mapping[str, int]]) -> tuple[RefundCeiling, ...]:
    """Return a role's refund ceilings as it stores them, by currency: {"USD": {"order": 5000, "day": 20000}}."""
    return tuple(
        RefundCeiling(currency=currency, per_order_minor=limits.get("order"), per_day_minor=limits.get("day"))
        for currency, limits in sorted(stored.items())
    )
