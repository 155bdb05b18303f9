"""I10: every chain of the journal holds and matches the signed heads; every version of an order has an entry."""

from __future__ import annotations

from collections.abc import Iterator

from orderwright.journal.reads import faults
from orderwright.journal.roots import head_faults
from orderwright.reads.invariants.sql import rows

_VERSIONS = """
SELECT o.number, o.version, coalesce(max(j.version), 0), count(DISTINCT j.version)
FROM orders_order o LEFT JOIN journal_entry j ON j.stream = 'order:' || o.id
GROUP BY o.id, o.number, o.version
HAVING coalesce(max(j.version), 0) <> o.version OR count(DISTINCT j.version) <> o.version
"""
_SITES = """
SELECT j.stream, j.sequence FROM journal_entry j
JOIN orders_order o ON o.id = CAST(substr(j.stream, 7) AS bigint)
WHERE j.stream LIKE 'order:%' AND j.site_id <> o.site_id
"""


def broken_chains() -> Iterator[str]:
    """Yield every break of a hash chain."""
    for fault in faults():
        yield f"I10: {fault}"


def versions_without_entry() -> Iterator[str]:
    """Yield orders that changed more often than their journal says, or less."""
    for number, version, last, told in rows(_VERSIONS):
        yield f"I10: order #{number} is at version {version}, its journal tells {told} and ends at {last}"


def heads_that_do_not_match() -> Iterator[str]:
    """Yield every signed head that the journal does not match any more."""
    for fault in head_faults():
        yield f"I10: {fault}"


def entries_of_another_site() -> Iterator[str]:
    """Yield entries that the people of another site would see."""
    for stream, sequence in rows(_SITES):
        yield f"I10: entry {sequence} of {stream} belongs to another site than its order"
