"""What people call the system states, in their language."""

from __future__ import annotations

from django.utils.translation import gettext

from orderwright.orders.states import SYSTEM_STATES


def system_state_name(system_state: str) -> str:
    """Return what people call a system state."""
    return gettext(SYSTEM_STATES[system_state])
