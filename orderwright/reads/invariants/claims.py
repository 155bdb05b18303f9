"""I3: what a provider calls by one name stands on one payment; and no row points at a row that is gone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from orderwright.core.db import is_postgresql
from orderwright.payments.gateways.registry import gateway_kinds
from orderwright.reads.invariants.sql import rows

_TWICE = """
SELECT a.gateway, t.kind, t.provider_ref, count(DISTINCT t.payment_id)
FROM payments_ledgertransaction t JOIN payments_payment p ON p.id = t.payment_id
JOIN payments_provideraccount a ON a.id = p.account_id
WHERE a.gateway IN ({gateways}) AND t.provider_ref <> ''
GROUP BY a.gateway, a.base_url, t.kind, t.provider_ref HAVING count(DISTINCT t.payment_id) > 1
"""


def movements_on_two_payments() -> Iterator[str]:
    """Yield holds and movements of a provider that are booked under two payments, at whichever of its accounts."""
    named = [kind.name for kind in gateway_kinds().values() if kind.can_move_money and not kind.is_recorded]
    gateways = ", ".join(f"'{name}'" for name in sorted(named))
    for gateway, kind, reference, payments in rows(_TWICE.format(gateways=gateways)):
        yield f"I3: {kind} {reference} at {gateway} is booked under {payments} payments"


def rows_that_point_nowhere() -> Iterator[str]:
    """Yield rows whose other end is gone, as after a hand in the file; PostgreSQL lets nobody take it away."""
    if is_postgresql():
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _constraint in cursor.fetchall():
            yield f"I3: row {row} of {table} points at a row of {parent} that is gone"
