"""How pieces move between shipments, delivery states and parcels: pure functions on facts. No Django, no rows."""

from __future__ import annotations


def tracking_key(tracking_number: str) -> str:
    """Return the number as it is compared: without spaces and without regard to letter case. Source: G20."""
    return "".join(tracking_number.split()).casefold()
