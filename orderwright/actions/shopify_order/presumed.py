"""The payments of an order that came without transactions, presumed from its financial status."""

from __future__ import annotations

from orderwright.actions.shopify_order.amounts import Purse
from orderwright.actions.shopify_order.payments import Hold, Movement, method_of, movements_of
from orderwright.actions.shopify_order.reading import Node

# The order resource of the REST API has no transactions of its own: they are asked for separately.
_PAID = frozenset({"paid", "partially_paid", "partially_refunded", "refunded"})


def presumed_holds(order: Node, *, purse: Purse, total: int, external_id: str, placed_at: str) -> list[Hold]:
    """Return the payment that the financial status tells of, with a warning that it is presumed.

    Unit: `total` in minor units. Shape: none or one, named after the order. A status that leaves the amount open
    (partly paid without what is outstanding, partly refunded without refunds) is a fault.
    """
    status = order.text("financial_status", longest=30)
    place = order.at("financial_status")
    if total == 0:
        return []
    if status in (None, "pending", "expired", "unpaid"):
        order.at("transactions").warn(
            "payment_unknown", "The order has no transactions and is not paid for; it was read without a payment."
        )
        return []
    if status not in _PAID | {"authorized", "voided"}:
        place.fault("financial_status_unknown", "Shopify documents no such financial status.")
        return []
    amount = _paid(order, purse=purse, total=total) if status == "partially_paid" else total
    if amount is None or amount <= 0:
        return []
    order.at("transactions").warn(
        "payment_presumed",
        f"The order has no transactions; a payment of {purse.show(amount)} was presumed from its status “{status}”.",
    )
    hold = Hold(node=order, id=f"order-{external_id}", authorised=amount, at=placed_at, method=_method(order))
    if status == "voided":
        hold.reverse(f"{hold.id}-void", order.time("cancelled_at") or placed_at)
    elif status in _PAID:
        hold.capture(f"{hold.id}-capture", amount, placed_at)
        _give_back(order, hold=hold, status=status, purse=purse)
    return [hold]


def _method(order: Node) -> dict[str, object]:
    found = [each.own_text(longest=80, shorten=True) for each in order.elements("payment_gateway_names")]
    names = [name for name in found if name]
    if len(names) > 1:
        order.at("payment_gateway_names").warn(
            "payments_merged", "Several gateways took part; without transactions they were read as one payment."
        )
        return {"type": "other", "brand": None, "last4": None}
    described: dict[str, object] = {"gateway": names[0]} if names else {"gateway": order.at("gateway").value}
    described["payment_details"] = order.at("payment_details").value
    return method_of(Node(described, order.pointer, order.findings))


def _paid(order: Node, *, purse: Purse, total: int) -> int | None:
    outstanding = purse.of(order, "total_outstanding")
    if outstanding is None or outstanding > total:
        order.at("total_outstanding").fault(
            "payments_unknown", "The order is partly paid; without transactions nothing says how much was paid."
        )
        return None
    return total - outstanding


def _give_back(order: Node, *, hold: Hold, status: str | None, purse: Purse) -> None:
    refunds = [each for each in movements_of(order, purse=purse) if each.kind == "refund" and each.is_settled]
    (capture,) = hold.captures.values()
    for refund in sorted(refunds, key=lambda each: each.at):
        _refund(refund, hold=hold, purse=purse)
    if status == "refunded" and capture.refunded < capture.amount:
        if refunds:
            purse.disagree(
                order.at("refunds"), "refunds_incomplete", "Refunded and paid differ", capture.refunded, capture.amount
            )
        else:
            rest = capture.amount - capture.refunded
            hold.refund(f"{hold.id}-refund", rest, order.time("updated_at") or capture.at, of=capture)
    if status == "partially_refunded" and not refunds:
        order.at("refunds").fault(
            "payments_unknown", "The order is partly refunded; without transactions nothing says how much was refunded."
        )


def _refund(refund: Movement, *, hold: Hold, purse: Purse) -> None:
    (capture,) = hold.captures.values()
    left = capture.amount - capture.refunded
    if refund.amount > left:
        purse.disagree(
            refund.node.at("amount"), "refunded_above_captured", "More refunded than captured", refund.amount, left
        )
    elif refund.amount:
        hold.refund(refund.id, refund.amount, refund.at, of=capture)
