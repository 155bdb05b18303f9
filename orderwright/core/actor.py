"""Who does something: a person, a program with a key, a provider, a rule of ours, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["person", "key", "provider", "rule", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody on whose behalf an action runs. `ref` is the row's id or a rule's name; `name` is shown to people."""

    kind: ActorKind
    ref: str
    name: str
    permissions: frozenset[str] = frozenset()

    def can(self, permission: str) -> bool:
        """Return whether this actor holds the permission; the system and our own rules hold every one."""
        return self.kind in ("system", "rule") or permission in self.permissions


SYSTEM = Actor(kind="system", ref="orderwright", name="Orderwright")
