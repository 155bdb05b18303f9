"""I10: every chain of the journal holds, and every version of an order has an entry."""

from __future__ import annotations

from collections.abc import Iterator

from orderwright.journal.reads import faults
from orderwright.reads.invariants.sql import rows

_VERSIONS = """
SELECT o.number, o.version, coalesce(max(j.version), 0), count(DISTINCT j.version)
FROM orders_order o LEFT JOIN journal_entry j ON j.stream = 'order:' || o.id
GROUP BY o.id, o.number, o.version
HAVING coalesce(max(j.version), 0) <> o.version OR count(DISTINCT j.version) <> o.version
"""


def broken_chains() -> Iterator[str]:
    """Yield every break of a hash chain."""
    for fault in faults():
        yield f"I10: {fault}"


def versions_without_entry() -> Iterator[str]:
    """Yield orders that changed more often than their journal says, or less."""
    for number, version, last, told in rows(_VERSIONS):
        yield f"I10: order #{number} is at version {version}, its journal tells {told} and ends at {last}"
