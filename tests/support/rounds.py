"""How often a race or a crash is repeated: as often as the test says, times TEST_ROUNDS_FACTOR for a soak."""

from __future__ import annotations

import os

FACTOR = int(os.environ.get("TEST_ROUNDS_FACTOR", "1"))


def rounds(count: int) -> range:
    """Return the rounds of one test, numbered from 0."""
    return range(count * FACTOR)
