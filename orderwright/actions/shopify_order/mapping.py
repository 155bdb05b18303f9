"""A Shopify order as an order document: its totals, state, note and tags, and the parts from the other modules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orderwright.actions.shopify_order.amounts import Purse, purse_of
from orderwright.actions.shopify_order.delivery import Delivery, delivery_of, shipping_of
from orderwright.actions.shopify_order.lines import (
    Item,
    discount_fallback,
    discounts_of,
    extra_items,
    items_of,
    value_text,
)
from orderwright.actions.shopify_order.payments import Hold, holds_of
from orderwright.actions.shopify_order.people import addresses_of, customer_of
from orderwright.actions.shopify_order.presumed import presumed_holds
from orderwright.actions.shopify_order.reading import Node
from orderwright.actions.shopify_order.results import Findings, MappedOrder, MappingProblem
from orderwright.core.money import MAX_MINOR

SOURCE = "shopify"
LONGEST_ORDER_NAME = 80
LONGEST_NOTE = 5000
LONGEST_TAG = 60
MOST_TAGS = 50


def order_documents(payload: object, *, site: str, provider: str) -> list[MappedOrder | MappingProblem]:
    """Return an order document, or a problem, for every Shopify order in the decoded JSON.

    Shape: `payload` is one order, `{"order": …}` or `{"orders": […]}`; results stand in the payload's order, and
    pointers begin at the payload's root. `provider` is the account that the payments are recorded for.
    Errors: none are raised, whatever the payload is; an order that cannot be taken in exactly is a problem.
    Source: the Order, Transaction, Fulfillment and Refund resources of Shopify's admin REST API.
    """
    root = Node(payload, "", Findings())
    if isinstance(payload, dict) and "orders" in payload:
        places = [Node(each.value, each.pointer, Findings()) for each in root.elements("orders")]
        if root.findings.faults:
            return [MappingProblem(external_id=None, name=None, faults=tuple(root.findings.faults))]
        return [_mapped(place, site=site, provider=provider) for place in places]
    place = root.at("order") if isinstance(payload, dict) and "order" in payload else root
    return [_mapped(place, site=site, provider=provider)]


def _mapped(order: Node, *, site: str, provider: str) -> MappedOrder | MappingProblem:
    findings = order.findings
    if not order.is_object():
        return MappingProblem(external_id=None, name=None, faults=tuple(findings.faults))
    external_id = order.id("id")
    if external_id is None and not order.has("id"):
        order.at("id").fault("required", "Shopify gives every order an id.")
    name = order.text("name", longest=LONGEST_ORDER_NAME)
    purse = purse_of(order)
    document = None
    if purse is not None and external_id is not None:
        document = _document(order, purse=purse, external_id=external_id, name=name or f"#{external_id}")
    if findings.faults or document is None or external_id is None:
        return MappingProblem(external_id=external_id, name=name, faults=tuple(findings.faults))
    holds: Sequence[Hold] = document.pop("payments")
    document["site"] = site
    document["payments"] = [hold.document(provider=provider) for hold in holds]
    return MappedOrder(
        external_id=external_id, name=name or f"#{external_id}", document=document, warnings=tuple(findings.warnings)
    )


def _document(order: Node, *, purse: Purse, external_id: str, name: str) -> dict[str, Any] | None:
    """Return the document with its payments still as holds, or None when the order could not be read through."""
    placed_at = order.time("processed_at") or order.time("created_at")
    if placed_at is None and not order.has("processed_at") and not order.has("created_at"):
        order.at("created_at").fault("required", "Shopify gives every order its time.")
    discounts = discounts_of(order)
    items = items_of(order, purse=purse, discounts=discounts)
    extras = extra_items(order, purse=purse, items=items)
    if not items and not order.findings.faults:
        order.at("line_items").fault("required", "The order has no line items.")
    shipping = shipping_of(order, purse=purse, discounts=discounts, fallback=discount_fallback(order))
    taxes_included = order.flag("taxes_included") is True
    totals = _totals([*items, *extras], shipping=shipping, taxes_included=taxes_included)
    if not order.findings.faults:  # a figure that could not be read would only be reported twice
        _compare_totals(order, purse=purse, items=items, shipping=shipping, totals=totals)
    delivery = delivery_of(order, items=items, method=shipping["method"])
    customer, (ship_to, bill_to) = customer_of(order, order_name=name), addresses_of(order)
    note, tags = _note(order), _tags(order, name=name)
    if placed_at is None or order.findings.faults:
        return None
    if order.has("transactions"):
        holds = holds_of(order, purse=purse)
        if not order.findings.faults:
            _compare_payments(order, purse=purse, holds=holds, total=totals["total"])
    else:
        holds = presumed_holds(order, purse=purse, total=totals["total"], external_id=external_id, placed_at=placed_at)
    return {
        "source": SOURCE,
        "external_id": external_id,
        "placed_at": placed_at,
        "currency": purse.currency,
        "prices_include_tax": taxes_included,
        "customer": customer,
        "shipping_address": ship_to,
        "billing_address": bill_to,
        "items": [item.document for item in (*items, *extras)],
        "shipping": shipping,
        "discounts": discounts.listed(),
        "totals": totals,
        "shipments": delivery.shipments,
        "state": _state(order, holds=holds, delivery=delivery, total=totals["total"]),
        "invoice_number": None,
        "note": note,
        "tags": tags,
        "payments": holds,
    }


def _totals(items: Sequence[Item], *, shipping: dict[str, Any], taxes_included: bool) -> dict[str, int]:
    gross = sum(item.gross for item in items)
    discount = sum(item.document["discount"] for item in items) + shipping["discount"]
    tax = sum(item.document["tax"] for item in items) + shipping["tax"]
    return {
        "items": gross,
        "discount": discount,
        "shipping": shipping["price"],
        "tax": tax,
        "total": gross - discount + shipping["price"] + (0 if taxes_included else tax),
    }


def _compare_totals(
    order: Node, *, purse: Purse, items: Sequence[Item], shipping: dict[str, Any], totals: dict[str, int]
) -> None:
    """Note every total of Shopify's that its own parts do not add up to.

    Shopify counts tips and shipping discounts in or out, depending on the age of the order; either is right, for the
    total tells.
    """
    tips = sum(item.gross for item in items if item.is_tip)
    goods = sum(item.gross for item in items if not item.is_tip)
    off_lines = totals["discount"] - shipping["discount"]
    _expect(order, purse, "total_line_items_price", (goods, goods + tips), "The line items and their total differ")
    _expect(order, purse, "total_discounts", (totals["discount"], off_lines), "The discounts and their total differ")
    net = shipping["price"] - shipping["discount"]
    _expect(order, purse, "total_shipping_price", (shipping["price"], net), "The shipping lines and their total differ")
    _expect(order, purse, "total_tax", (totals["tax"],), "The taxes of the lines and their total differ")
    _expect(order, purse, "total_price", (totals["total"],), "What the parts add up to and the order's total differ")
    if not order.has("total_price") and not order.has("total_price_set"):
        order.at("total_price").fault("required", "Shopify gives every order its total.")
    if totals["total"] < 0 or max(totals.values()) > MAX_MINOR:
        order.at("total_price").fault("out_of_range", f"The parts make a total of {purse.show(totals['total'])}.")
    # The subtotal is not carried over, and Shopify's own documentation shows one that does not add up.
    subtotal = purse.of(order, "subtotal_price")
    if subtotal is not None and subtotal not in (goods - off_lines, goods + tips - off_lines):
        order.at("subtotal_price").warn(
            "subtotal_differs",
            f"The subtotal is {purse.show(subtotal)}, the lines make {purse.show(goods - off_lines)}; it is not used.",
        )


def _expect(order: Node, purse: Purse, key: str, right: tuple[int, ...], message: str) -> None:
    stated = purse.of(order, key)
    if stated is not None and stated not in right:
        purse.disagree(order.at(key if order.has(key) else f"{key}_set"), "does_not_add_up", message, stated, right[0])


def _compare_payments(order: Node, *, purse: Purse, holds: Sequence[Hold], total: int) -> None:
    captured = sum(hold.captured for hold in holds)
    status = order.text("financial_status", longest=30)
    place = order.at("transactions")
    if total and not captured and status in ("paid", "partially_paid", "partially_refunded", "refunded"):
        place.fault("transactions_incomplete", f"The order is “{status}”, yet none of its transactions captured money.")
    elif total and not holds and status == "authorized":
        place.fault("transactions_incomplete", "The order is “authorized”, yet none of its transactions holds money.")
    elif status == "paid" and captured < total:
        place.warn("paid_less_than_total", f"{purse.show(captured)} of {purse.show(total)} were captured.")


def _state(order: Node, *, holds: Sequence[Hold], delivery: Delivery, total: int) -> str:
    """Return the slug of the order's state. Cancelled or archived alone do not end an order: money and goods decide."""
    open_money = any(hold.held > 0 for hold in holds)
    kept = sum(hold.captured - hold.refunded for hold in holds)
    if order.time("cancelled_at") is not None:
        if not open_money and not kept:
            return "canceled"
        order.at("cancelled_at").warn(
            "cancelled_with_money", "Shopify cancelled the order, but money is still held or kept; it stays Processing."
        )
        return "processing"
    is_paid = not open_money and sum(hold.captured for hold in holds) >= total
    if order.time("closed_at") is not None:
        if is_paid and delivery.is_finished:
            return "completed"
        order.at("closed_at").warn(
            "closed_but_open", "Shopify archived the order, but it is not paid for or not sent in full; it stays open."
        )
    return "processing" if delivery.is_begun else "new"


def _note(order: Node) -> str | None:
    lines = [order.text("note", longest=LONGEST_NOTE, block=True, shorten=True)]
    for attribute in order.objects("note_attributes"):
        label = attribute.text("name", longest=80, shorten=True)
        value = value_text(attribute)
        lines.append(f"{label}: {value}" if label and value else value)
    reason = order.text("cancel_reason", longest=80, shorten=True)
    if reason and order.has("cancelled_at"):
        lines.append(f"Cancelled in Shopify: {reason}")
    note = "\n".join(line for line in lines if line)
    if len(note) > LONGEST_NOTE:
        order.at("note_attributes").warn("shortened", f"The note with its attributes was cut to {LONGEST_NOTE}.")
    return note[:LONGEST_NOTE] or None


def _tags(order: Node, *, name: str) -> list[str]:
    """Return the order's name as first tag, so that it is found by it, then Shopify's comma-separated tags."""
    tags = [name[:LONGEST_TAG]]
    if isinstance(order.at("tags").value, list):
        found = [each.own_text(longest=LONGEST_TAG, shorten=True) for each in order.elements("tags")]
    else:
        joined = order.text("tags", longest=20_000) or ""
        found = [tag.strip()[:LONGEST_TAG] for tag in joined.split(",")]
    if order.flag("test"):
        order.at("test").warn("test_order", "Shopify marks this as a test order.")
        found.append("test")
    kept = list(dict.fromkeys(tag for tag in (*tags, *found) if tag))
    if len(kept) > MOST_TAGS:
        order.at("tags").warn("tags_left_out", f"Only the first {MOST_TAGS} tags were kept.")
    return kept[:MOST_TAGS]
