"""I13 and what refunds say: numbered without a gap, made of their lines and legs, never above a capture."""

from __future__ import annotations

from collections.abc import Iterator

from orderwright.reads.invariants.sql import rows

_LEGS = """
SELECT u.id, o.number, u.position, u.state, u.amount_minor, u.refunded_minor,
  u.shipping_minor + u.other_minor + coalesce((
    SELECT sum(w.amount_minor) FROM payments_refundline w WHERE w.refund_id = u.id), 0),
  coalesce(sum(q.amount_minor), 0),
  coalesce(sum(CASE WHEN q.state = 'succeeded' AND q.failure_code <> 'taken_back' THEN q.amount_minor END), 0),
  coalesce(sum(CASE WHEN q.state IN ('succeeded', 'failed') THEN 0 ELSE 1 END), 0)
FROM payments_refund u JOIN orders_order o ON o.id = u.order_id
LEFT JOIN payments_operation q ON q.refund_id = u.id
GROUP BY u.id, o.number, u.position, u.state, u.amount_minor, u.refunded_minor, u.shipping_minor, u.other_minor
"""
_NUMBERS = """
SELECT o.number, count(*), max(u.position) FROM payments_refund u JOIN orders_order o ON o.id = u.order_id
GROUP BY o.id, o.number HAVING count(*) <> max(u.position) OR min(u.position) <> 1
"""
_PIECES = """
SELECT o.number, l.sku, l.quantity, sum(w.quantity) FROM payments_refundline w
JOIN payments_refund u ON u.id = w.refund_id JOIN orders_line l ON l.id = w.line_id
JOIN orders_order o ON o.id = l.order_id
WHERE u.state <> 'failed' GROUP BY o.number, l.id, l.sku, l.quantity HAVING sum(w.quantity) > l.quantity
"""
_OVER_A_CAPTURE = """
SELECT c.provider_ref, c.captured, sum(e.amount_minor) FROM (
  SELECT t.payment_id, t.provider_ref, sum(s.amount_minor) AS captured FROM payments_ledgertransaction t
  JOIN payments_ledgerentry s ON s.transaction_id = t.id AND s.amount_minor > 0
  WHERE t.kind = 'capture' GROUP BY t.payment_id, t.provider_ref) AS c
JOIN payments_ledgertransaction r ON r.payment_id = c.payment_id AND r.kind = 'refund' AND r.origin = 'desk'
  AND r.parent_ref = c.provider_ref
JOIN payments_ledgerentry e ON e.transaction_id = r.id AND e.amount_minor > 0
WHERE NOT EXISTS (SELECT 1 FROM payments_ledgertransaction f
  WHERE f.payment_id = c.payment_id AND f.kind = 'refund_failed')
GROUP BY c.payment_id, c.provider_ref, c.captured HAVING sum(e.amount_minor) > c.captured
"""


def refunds_differ() -> Iterator[str]:
    """Yield refunds that do not say what their lines and legs come to, or are numbered with a gap."""
    for _id, number, position, state, amount, refunded, parts, legs, gone, under_way in rows(_LEGS):
        name = f"refund {position} of order #{number}"
        if not amount == parts == legs:
            yield f"refunds: {name} is {amount}, its parts come to {parts} and its legs to {legs}"
        if refunded != gone:
            yield f"refunds: {name} says that {refunded} went back, its legs say {gone}"
        ended = "done" if gone == amount else "partly" if gone else "failed"
        if state != ("running" if under_way else ended):
            yield f"refunds: {name} is {state}, by its legs it is {'running' if under_way else ended}"
    for number, count, last in rows(_NUMBERS):
        yield f"I13: order #{number} has {count} refunds, the last is number {last}"


def refunded_beyond() -> Iterator[str]:
    """Yield lines of which more pieces were refunded than ordered, and captures that gave back more than they had."""
    for number, sku, ordered, refunded in rows(_PIECES):
        yield f"refunds: order #{number} has {ordered} of {sku}, and {refunded} were refunded"
    for reference, captured, refunded in rows(_OVER_A_CAPTURE):
        yield f"refunds: capture {reference} of {captured} gave back {refunded}"
