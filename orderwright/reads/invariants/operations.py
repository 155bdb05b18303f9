"""I3, I4 and I5 as our own rows tell them: one operation per effect, written before, reserving what it may move."""

from __future__ import annotations

from collections.abc import Iterator

from orderwright.reads.invariants.sql import rows

_EFFECTS = """
SELECT q.key, q.state, q.amount_minor, count(DISTINCT t.id),
  sum(CASE WHEN e.amount_minor > 0 THEN e.amount_minor ELSE 0 END), q.provider_ref, min(t.provider_ref)
FROM payments_operation q
LEFT JOIN payments_ledgertransaction t ON t.operation_id = q.id
LEFT JOIN payments_ledgerentry e ON e.transaction_id = t.id
WHERE q.kind <> 'lookup'
GROUP BY q.id, q.key, q.state, q.amount_minor, q.provider_ref
"""
_ORPHANS = """
SELECT t.id FROM payments_ledgertransaction t WHERE (t.origin = 'desk') <> (t.operation_id IS NOT NULL)
"""
_UNWRITTEN = """
SELECT key FROM payments_operation
WHERE (state NOT IN ('prepared') AND sent_at IS NULL AND NOT (state = 'failed' AND attempts = 0))
  OR (sent_at IS NOT NULL AND sent_at < prepared_at)
  OR (state IN ('succeeded', 'failed')) <> (finished_at IS NOT NULL)
  OR (state IN ('prepared', 'sent', 'unknown', 'pending')) <> (due_at IS NOT NULL)
"""
_RESERVED = """
SELECT p.id, p.pending_minor, p.refund_pending_minor,
  coalesce(sum(CASE WHEN q.kind IN ('capture', 'reverse') THEN q.amount_minor END), 0),
  coalesce(sum(CASE WHEN q.kind = 'refund' THEN q.amount_minor END), 0)
FROM payments_payment p LEFT JOIN payments_operation q
  ON q.payment_id = p.id AND q.state NOT IN ('succeeded', 'failed')
GROUP BY p.id, p.pending_minor, p.refund_pending_minor
"""


def effects_differ_from_operations() -> Iterator[str]:
    """Yield operations without exactly the ledger transaction that their state says."""
    for key, state, amount, transactions, posted, own_ref, posted_ref in rows(_EFFECTS):
        if state == "succeeded" and (transactions, posted, posted_ref) != (1, amount, own_ref):
            yield f"I3: operation {key} succeeded for {amount}, but {transactions} transactions post {posted}"
        if state != "succeeded" and transactions:
            yield f"I3: operation {key} is {state}, but something is posted for it"
    for (transaction,) in rows(_ORPHANS):
        yield f"I3: ledger transaction {transaction} does not say by which operation it came"


def sent_without_a_row_before() -> Iterator[str]:
    """Yield operations whose times say that they were called before they were written, or that nobody looks after."""
    for (key,) in rows(_UNWRITTEN):
        yield f"I4: the times of operation {key} do not fit its state"


def reservations_differ() -> Iterator[str]:
    """Yield payments whose reserved amounts are not those of the operations under way."""
    for payment, pending, refund_pending, *under_way in rows(_RESERVED):
        if [pending, refund_pending] != under_way:
            yield f"I5: payment {payment} reserves {[pending, refund_pending]}, operations under way {under_way}"
