"""The one answer to "may I, how much, and why not" that portal, API and the action itself share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orderwright.core.errors import Conflict, Refused, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Whether an action can be done now. `code` and `reason` are empty when it can; `limits` are its bounds.

    `passes_in_s`: what stands in the way is out of reach for now, and worth another try after so many seconds.
    """

    allowed: bool
    code: str = ""
    reason: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    passes_in_s: int | None = None

    def require(self) -> None:
        """Do nothing when allowed; otherwise raise Refused (no permission) or Conflict (not in this situation).

        Raises: Unavailable, too, for what passes by itself.
        """
        if self.allowed:
            return
        if self.passes_in_s is not None:
            raise Unavailable(self.reason, code=self.code, facts={**self.limits, "retry_after": self.passes_in_s})
        kind = Refused if self.code == Refused.code else Conflict
        raise kind(self.reason, code=self.code, facts=self.limits)


def allowed(**limits: Any) -> Availability:
    """Return the answer "yes", with the bounds within which it holds."""
    return Availability(allowed=True, limits=limits)


def refused(code: str, reason: str, **facts: Any) -> Availability:
    """Return the answer "no" with its permanent code and a reason fit for a person."""
    return Availability(allowed=False, code=code, reason=str(reason), limits=facts)


def passing(code: str, reason: str, *, passes_in_s: int, **facts: Any) -> Availability:
    """Return the answer "not now": what stands in the way passes by itself, after about so many seconds."""
    return Availability(allowed=False, code=code, reason=str(reason), limits=facts, passes_in_s=passes_in_s)
