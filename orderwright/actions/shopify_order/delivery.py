"""Shopify's shipping lines and fulfilments as shipping and shipments of an order document. No money but shipping's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from orderwright.actions.shopify_order.amounts import Purse
from orderwright.actions.shopify_order.lines import Discounts, Item, allocated, tax_lines_of
from orderwright.actions.shopify_order.reading import Node

LONGEST_METHOD = 120
LONGEST_TRACKING = 60
# The courier's news of a fulfilment (shipment_status), as our delivery states.
DELIVERY_STATES: Final = {
    "label_purchased": "ready-to-ship",
    "label_printed": "ready-to-ship",
    "confirmed": "ready-to-ship",
    "carrier_picked_up": "in-transit",
    "in_transit": "in-transit",
    "delayed": "in-transit",
    "out_for_delivery": "in-transit",
    "attempted_delivery": "in-transit",
    "ready_for_pickup": "in-transit",
    "picked_up": "delivered",
    "delivered": "delivered",
    "failure": "failed",
    "not_delivered": "failed",
}
# What a fulfilment is when nobody has reported on it yet.
_WITHOUT_NEWS: Final = {"success": "shipped", "open": "ready-to-ship", "pending": "ready-to-ship"}
_DEAD: Final = frozenset({"cancelled", "error", "failure"})


@dataclass(slots=True)
class Delivery:
    """The shipments of the document, and whether every piece that needs sending was sent or refunded."""

    shipments: list[dict[str, Any]]
    is_begun: bool
    is_finished: bool


def shipping_of(order: Node, *, purse: Purse, discounts: Discounts, fallback: str) -> dict[str, Any]:
    """Return the order's shipping: all its shipping lines as one, their titles joined by a plus.

    The method is None where there is no shipping line: point of sale, drafts, digital goods.
    """
    price, discount = 0, 0
    tax_lines: list[dict[str, Any]] = []
    titles: list[str] = []
    for line in order.objects("shipping_lines"):
        if line.flag("is_removed"):
            line.warn("shipping_line_removed", "The shipping line was removed from the order and was left out.")
            continue
        own_price, discounted = purse.of(line, "price"), purse.of(line, "discounted_price")
        if own_price is None:
            if not line.has("price") and not line.has("price_set"):
                line.at("price").fault("required", "A shipping line has its price here.")
            continue
        off = 0 if discounted is None else max(own_price - discounted, 0)
        own = allocated(line, purse=purse, discounts=discounts, unallocated=off, fallback=fallback)
        if own > own_price:
            purse.disagree(line, "discount_above_price", "The discount exceeds the price", own, own_price)
        price, discount = price + own_price, discount + own
        tax_lines += tax_lines_of(line, purse=purse)
        title = line.text("title", longest=LONGEST_METHOD, shorten=True) or line.text("code", longest=LONGEST_METHOD)
        if title and title not in titles:
            titles.append(title)
    method = " + ".join(titles)
    return {
        "method": (method if len(method) <= LONGEST_METHOD else method[: LONGEST_METHOD - 1] + "…") or None,
        "price": price,
        "discount": discount,
        "tax": sum(tax["amount"] for tax in tax_lines),
        "tax_lines": tax_lines,
    }


def delivery_of(order: Node, *, items: Sequence[Item], method: str | None) -> Delivery:
    """Return the order's fulfilments as shipments.

    Cancelled and failed fulfilments are left out. Pieces refunded before they were sent go into a shipment of their
    own, already returned, so that nobody sends them.
    """
    unsent = {at: item.quantity for at, item in enumerate(items) if item.document["requires_shipping"]}
    place_of = {item.line_id: at for at, item in enumerate(items) if item.line_id is not None}
    shipments: list[dict[str, Any]] = []
    for fulfilment in order.objects("fulfillments"):
        shipment = _shipment(order, fulfilment, items=items, place_of=place_of, unsent=unsent, method=method)
        if shipment is not None:
            _append(shipments, shipment, fulfilment)
    is_begun = bool(shipments)
    back = _refunded_unsent(order, items=items, place_of=place_of, unsent=unsent)
    if back:
        shipments.append(
            {
                "method": method,
                "tracking_numbers": [],
                "delivery_state": "returned",
                "sent_at": None,
                "items": back,
            }
        )
    finished = not any(unsent.values()) and all(each["delivery_state"] != "ready-to-ship" for each in shipments)
    return Delivery(shipments=shipments, is_begun=is_begun, is_finished=finished)


def _shipment(
    order: Node,
    fulfilment: Node,
    *,
    items: Sequence[Item],
    place_of: dict[str, int],
    unsent: dict[int, int],
    method: str | None,
) -> dict[str, Any] | None:
    status = fulfilment.text("status", longest=30) or "success"
    if status in _DEAD:
        if status != "cancelled":
            fulfilment.warn("fulfilment_failed", f"A fulfilment with status “{status}” was left out.")
        return None
    if status not in _WITHOUT_NEWS:
        fulfilment.at("status").fault("fulfilment_status_unknown", "Shopify documents no such status of a fulfilment.")
        return None
    parts = _parts(order, fulfilment, items=items, place_of=place_of, unsent=unsent)
    if not parts:
        return None
    state = _WITHOUT_NEWS[status]
    news = fulfilment.text("shipment_status", longest=30)
    if news is not None:
        state = DELIVERY_STATES.get(news, state)
        if news not in DELIVERY_STATES:
            fulfilment.at("shipment_status").warn(
                "shipment_status_unknown", f"The shipment status is not one that Shopify documents; taken as {state}."
            )
    sent_at = fulfilment.time("created_at")
    company = fulfilment.text("tracking_company", longest=LONGEST_METHOD, shorten=True)
    return {
        "method": _carried_by(method, company),
        "tracking_numbers": _tracking_numbers(fulfilment),
        "delivery_state": state,
        "sent_at": None if state == "ready-to-ship" else sent_at,
        "items": parts,
    }


def _parts(
    order: Node, fulfilment: Node, *, items: Sequence[Item], place_of: dict[str, int], unsent: dict[int, int]
) -> list[dict[str, int]]:
    if not fulfilment.has("line_items"):
        if order.text("fulfillment_status", longest=30) == "fulfilled" and len(order.objects("fulfillments")) == 1:
            parts = [{"item": at, "quantity": left} for at, left in unsent.items() if left]
            unsent.update(dict.fromkeys(unsent, 0))
            return parts
        fulfilment.at("line_items").fault("required", "A fulfilment has the line items that it sends here.")
        return []
    taken: dict[int, int] = {}
    for line in fulfilment.objects("line_items"):
        at, quantity = place_of.get(line.id("id") or ""), line.whole("quantity")
        if at is None:
            line.at("id").fault("line_unknown", "The fulfilment sends a line that the order does not have.")
        elif at in unsent and quantity:
            taken[at] = taken.get(at, 0) + quantity
            if quantity > unsent[at]:
                ordered = items[at].quantity
                sent = ordered - unsent[at] + quantity
                line.at("quantity").fault(
                    "fulfilled_more_than_ordered",
                    f"{sent} pieces are fulfilled of a line of {ordered}.",
                    figures=(str(sent), str(ordered)),
                )
            unsent[at] = max(unsent[at] - quantity, 0)
    return [{"item": at, "quantity": quantity} for at, quantity in sorted(taken.items())]


def _carried_by(method: str | None, company: str | None) -> str | None:
    if method is None or company is None:
        return method or company
    if company.casefold() in method.casefold():
        return method
    named = f"{method} · {company}"
    return named if len(named) <= LONGEST_METHOD else company


def _tracking_numbers(fulfilment: Node) -> list[str]:
    numbers = [
        each.own_text(longest=LONGEST_TRACKING, is_reference=True) for each in fulfilment.elements("tracking_numbers")
    ]
    numbers.append(fulfilment.text("tracking_number", longest=LONGEST_TRACKING, is_reference=True))
    known: dict[str, str] = {}
    for number in numbers:
        if number:
            known.setdefault(_plain(number), number)
    return list(known.values())


def _plain(tracking_number: str) -> str:
    """Return a tracking number as carriers compare it: without spaces, in capitals."""
    return tracking_number.replace(" ", "").upper()


def _append(shipments: list[dict[str, Any]], shipment: dict[str, Any], fulfilment: Node) -> None:
    """Add a shipment, or put it into the one that goes in the same parcel: no two share a tracking number (G20)."""
    numbers = {_plain(number) for number in shipment["tracking_numbers"]}
    twin = next((each for each in shipments if numbers & set(map(_plain, each["tracking_numbers"]))), None)
    if twin is None:
        shipments.append(shipment)
        return
    fulfilment.warn("tracking_number_shared", "Two fulfilments share a tracking number and became one shipment.")
    together: dict[int, int] = {}
    for part in twin["items"] + shipment["items"]:
        together[part["item"]] = together.get(part["item"], 0) + part["quantity"]
    twin["items"] = [{"item": at, "quantity": quantity} for at, quantity in sorted(together.items())]
    known = set(map(_plain, twin["tracking_numbers"]))
    twin["tracking_numbers"] += [number for number in shipment["tracking_numbers"] if _plain(number) not in known]
    twin["delivery_state"], twin["sent_at"] = shipment["delivery_state"], shipment["sent_at"]


def _refunded_unsent(
    order: Node, *, items: Sequence[Item], place_of: dict[str, int], unsent: dict[int, int]
) -> list[dict[str, int]]:
    back: dict[int, int] = {}
    for refund in order.objects("refunds"):
        for line in refund.objects("refund_line_items"):
            at, quantity = place_of.get(line.id("line_item_id") or ""), line.whole("quantity")
            # "return" means that the pieces had been sent and came back; their fulfilment tells of them.
            if at is None or not quantity or line.text("restock_type", longest=30) == "return":
                continue
            pieces = min(quantity, unsent.get(at, 0))
            if pieces:
                unsent[at] -= pieces
                back[at] = back.get(at, 0) + pieces
                line.warn(
                    "refunded_before_sending",
                    f"{pieces} of “{items[at].document['name']}” were refunded before they were sent: do not send.",
                )
    return [{"item": at, "quantity": quantity} for at, quantity in sorted(back.items())]
