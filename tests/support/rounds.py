"""How often a race or a crash is repeated, and with which seed: as often as the test says, ten times that in a soak.

TEST_ROUNDS_FACTOR is the ten.
"""

from __future__ import annotations

import os

FACTOR = int(os.environ.get("TEST_ROUNDS_FACTOR", "1"))


def rounds(count: int) -> range:
    """Return the rounds of one test, numbered from 0."""
    return range(count * FACTOR)


def seed_of(part: int = 0, *, of: int = 1) -> int:
    """Return the seed of this part: fresh in every run, the same in all its processes, unless one is asked for."""
    asked = os.environ.get("HYPOTHESIS_SEED")
    return int(asked) if asked else (int(os.environ["ORDERWRIGHT_TEST_RUN"], 16) * of + part) % 2**32
