"""From what an action says of itself to the control on the page."""

from __future__ import annotations

from orderwright.core.availability import Availability
from orderwright.web.presenters.parts import Choice, Clash, Field, Press, Select


def press(availability: Availability) -> Press:
    """Return the button for an action."""
    return Press(is_allowed=availability.allowed, reason=availability.reason)


def field(availability: Availability, *, value: str, error: str = "", clash: Clash | None = None) -> Field:
    """Return the field for an action."""
    return Field(
        value=value,
        is_allowed=availability.allowed,
        reason=availability.reason,
        error=error,
        clash=clash,
        longest=availability.limits.get("longest"),
    )


def select(
    availability: Availability, *, choices: tuple[Choice, ...], error: str = "", clash: Clash | None = None
) -> Select:
    """Return the dropdown for an action."""
    return Select(
        choices=choices, is_allowed=availability.allowed, reason=availability.reason, error=error, clash=clash
    )
