"""I1, I2, I7 and I8: figures, balance, sums of an order, and that a canceled order keeps no money."""

from __future__ import annotations

from collections.abc import Iterator

from orderwright.reads.invariants.sql import rows

_FIGURES = """
SELECT p.id, p.authorised_minor, p.captured_minor, p.released_minor, p.refunded_minor,
  coalesce(-sum(CASE WHEN e.account = 'customer' THEN e.amount_minor END), 0),
  coalesce(sum(CASE WHEN e.account IN ('captured', 'refunded') THEN e.amount_minor END), 0),
  coalesce(sum(CASE WHEN e.account = 'released' THEN e.amount_minor END), 0),
  coalesce(sum(CASE WHEN e.account = 'refunded' THEN e.amount_minor END), 0)
FROM payments_payment p
LEFT JOIN payments_ledgertransaction t ON t.payment_id = p.id
LEFT JOIN payments_ledgerentry e ON e.transaction_id = t.id
GROUP BY p.id, p.authorised_minor, p.captured_minor, p.released_minor, p.refunded_minor
"""
_UNBALANCED = """
SELECT t.id, count(e.id), coalesce(sum(e.amount_minor), 0), count(DISTINCT e.currency), min(e.currency), p.currency
FROM payments_ledgertransaction t JOIN payments_payment p ON p.id = t.payment_id
LEFT JOIN payments_ledgerentry e ON e.transaction_id = t.id
GROUP BY t.id, p.currency
HAVING count(e.id) <> 2 OR sum(e.amount_minor) <> 0 OR count(DISTINCT e.currency) <> 1 OR min(e.currency) <> p.currency
"""
_SUMS = """
SELECT o.number FROM orders_order o LEFT JOIN orders_line l ON l.order_id = o.id
GROUP BY o.id, o.number, o.items_minor, o.discount_minor, o.tax_minor, o.shipping_discount_minor, o.shipping_tax_minor
HAVING coalesce(sum(l.quantity * l.unit_price_minor), 0) <> o.items_minor
  OR coalesce(sum(l.discount_minor), 0) + o.shipping_discount_minor <> o.discount_minor
  OR coalesce(sum(l.tax_minor), 0) + o.shipping_tax_minor <> o.tax_minor
"""
_CANCELED_WITH_MONEY = """
SELECT o.number, p.reference FROM orders_order o JOIN orders_orderstate s ON s.id = o.state_id
JOIN payments_payment p ON p.order_id = o.id
WHERE s.system_state = 'canceled'
  AND (p.authorised_minor <> p.captured_minor + p.released_minor OR p.captured_minor <> p.refunded_minor)
  AND NOT EXISTS (
    SELECT 1 FROM payments_ledgertransaction x WHERE x.payment_id = p.id
    AND x.kind IN ('capture_failed', 'refund_failed', 'dispute_won'))
"""


def figures_differ_from_ledger() -> Iterator[str]:
    """Yield payments whose cached figures are not sums of their ledger entries, or break 0 ≤ refunded ≤ captured."""
    for payment, authorised, captured, released, refunded, *ledger in rows(_FIGURES):
        if [authorised, captured, released, refunded] != ledger:
            yield f"I1: payment {payment} says {[authorised, captured, released, refunded]}, its ledger {ledger}"
        if not (0 <= refunded <= captured and captured + released <= authorised):
            yield f"I1: payment {payment} has figures out of order"


def unbalanced_transactions() -> Iterator[str]:
    """Yield ledger transactions that are not two entries of one currency summing to zero."""
    for transaction, count, total, *_ in rows(_UNBALANCED):
        yield f"I2: ledger transaction {transaction} has {count} entries that sum to {total}"


def sums_of_lines_differ() -> Iterator[str]:
    """Yield orders whose lines do not add up to their totals."""
    for (number,) in rows(_SUMS):
        yield f"I7: the lines of order #{number} do not add up to its totals"


def canceled_with_money() -> Iterator[str]:
    """Yield canceled orders with a hold or an amount that was not refunded, unless the provider took it back later."""
    for number, reference in rows(_CANCELED_WITH_MONEY):
        yield f"I8: order #{number} is canceled, but payment {reference} still holds or keeps money"
