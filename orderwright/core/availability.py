"""The one answer to "may I, how much, and why not" that portal, API and the action itself share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orderwright.core.errors import Conflict, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Whether an action can be done now. `code` and `reason` are empty when it can; `limits` are its bounds."""

    allowed: bool
    code: str = ""
    reason: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)

    def require(self) -> None:
        """Do nothing when allowed; otherwise raise Refused (no permission) or Conflict (not in this situation)."""
        if self.allowed:
            return
        kind = Refused if self.code == Refused.code else Conflict
        raise kind(self.reason, code=self.code, facts=self.limits)


def allowed(**limits: Any) -> Availability:
    """Return the answer "yes", with the bounds within which it holds."""
    return Availability(allowed=True, limits=limits)


def refused(code: str, reason: str, **facts: Any) -> Availability:
    """Return the answer "no" with its permanent code and a reason fit for a person."""
    return Availability(allowed=False, code=code, reason=str(reason), limits=facts)
