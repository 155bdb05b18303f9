"""Who does something: a person, a program with a key, a provider, a rule of ours, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

ActorKind = Literal["person", "key", "provider", "rule", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCeiling:
    """How much somebody may refund in one currency. Unit: minor units; None where there is no ceiling. Source: W11."""

    currency: str
    per_order_minor: int | None = None
    per_day_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody on whose behalf an action runs. `ref` is the row's id or a rule's name; `name` is shown to people."""

    kind: ActorKind
    ref: str
    name: str
    permissions: frozenset[str] = frozenset()
    # What this actor asked for and the machine could not settle, somebody else has to settle.
    needs_second_person: bool = False
    # Empty: no ceiling. Otherwise what is to be refunded in a currency that is not named here is refused.
    refund_ceilings: tuple[RefundCeiling, ...] = ()

    def refund_ceiling(self, currency: str) -> RefundCeiling | None:
        """Return this actor's ceiling in a currency, or None where none is set for it."""
        return next((ceiling for ceiling in self.refund_ceilings if ceiling.currency == currency), None)

    def can(self, permission: str) -> bool:
        """Return whether this actor holds the permission; the system and our own rules hold every one."""
        return self.kind in ("system", "rule") or permission in self.permissions


def stored_actor(*, kind: str, ref: str, name: str) -> Actor:
    """Return the actor whom a row remembers, without permissions: the row says who asked, not what they may do now."""
    return Actor(kind=cast("ActorKind", kind), ref=ref, name=name)


SYSTEM = Actor(kind="system", ref="orderwright", name="Orderwright")
