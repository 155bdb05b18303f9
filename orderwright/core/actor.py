"""Who does something: a person, a program with a key, a provider, a rule of ours, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

ActorKind = Literal["person", "key", "provider", "rule", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody on whose behalf an action runs. `ref` is the row's id or a rule's name; `name` is shown to people."""

    kind: ActorKind
    ref: str
    name: str
    permissions: frozenset[str] = frozenset()
    # What this actor asked for and the machine could not settle, somebody else has to settle.
    needs_second_person: bool = False

    def can(self, permission: str) -> bool:
        """Return whether this actor holds the permission; the system and our own rules hold every one."""
        return self.kind in ("system", "rule") or permission in self.permissions


def stored_actor(*, kind: str, ref: str, name: str) -> Actor:
    """Return the actor whom a row remembers, without permissions: the row says who asked, not what they may do now."""
    return Actor(kind=cast("ActorKind", kind), ref=ref, name=name)


SYSTEM = Actor(kind="system", ref="orderwright", name="Orderwright")
