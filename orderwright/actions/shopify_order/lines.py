"""Shopify's line items, tips, duties and fees as items of an order document. Totals are compared elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orderwright.actions.shopify_order.amounts import Purse
from orderwright.actions.shopify_order.reading import Node

# The longest text that the desk keeps for each.
LONGEST_SKU = 80
LONGEST_NAME = 200
LONGEST_DISCOUNT = 80
LONGEST_TAX = 80
LONGEST_ATTRIBUTE = 500
MOST_ATTRIBUTES = 50
LONGEST_RATE = 20
_MOST_RATE = 1000
_RATE_TEXT = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?", re.ASCII)
# A number in a property is shown as it stands; beyond this many digits it is left out.
_LONGEST_NUMBER = 30
# What our totals do not know as a kind of its own becomes an item with one of these SKUs.
TIP_SKU = "TIP"
DUTY_SKU = "DUTY"
FEE_SKU = "FEE"


@dataclass(slots=True)
class Item:
    """One item of the document, and the place in Shopify's order that it was read from."""

    document: dict[str, Any]
    node: Node
    line_id: str | None = None
    is_tip: bool = False

    @property
    def quantity(self) -> int:
        """Return the pieces ordered."""
        return int(self.document["quantity"])

    @property
    def gross(self) -> int:
        """Return quantity times unit price, before discount, in minor units."""
        return int(self.document["quantity"]) * int(self.document["unit_price"])


@dataclass(slots=True)
class Discounts:
    """How much each discount code, or titled discount, took off. Unit: minor units."""

    labels: Sequence[str]
    by_label: dict[str, int] = field(default_factory=dict)

    def add(self, label: str, amount: int) -> None:
        """Count an amount under a label; nothing is nothing."""
        if amount:
            self.by_label[label] = self.by_label.get(label, 0) + amount

    def listed(self) -> list[dict[str, Any]]:
        """Return the discounts as an order document lists them."""
        return [{"code": label, "amount": amount} for label, amount in self.by_label.items()]


def discounts_of(order: Node) -> Discounts:
    """Return an empty count with the label of every discount application of the order, by its index."""
    labels = []
    for application in order.objects("discount_applications"):
        named = (
            application.text(key, longest=LONGEST_DISCOUNT, shorten=True)
            for key in ("code", "title", "description", "type")
        )
        labels.append(next((name for name in named if name), "discount"))
    return Discounts(labels=labels)


def allocated(holder: Node, *, purse: Purse, discounts: Discounts, unallocated: int | None, fallback: str) -> int:
    """Return the discount on a line in minor units, counted under the labels of its applications.

    `discount_allocations` say it all where there are any; orders from before Shopify had them give one figure per
    line, which is passed as `unallocated` and counted under `fallback`.
    """
    total = 0
    allocations = holder.objects("discount_allocations")
    for allocation in allocations:
        amount = purse.of(allocation, "amount")
        index = allocation.whole("discount_application_index")
        if amount is None:
            continue
        known = index is not None and index < len(discounts.labels)
        discounts.add(discounts.labels[index] if known and index is not None else fallback, amount)
        total += amount
    if not allocations and unallocated:
        discounts.add(fallback, unallocated)
        return unallocated
    return total


def tax_lines_of(holder: Node, *, purse: Purse) -> list[dict[str, Any]]:
    """Return the tax lines of an item or of shipping: title, rate as text or null, amount in minor units."""
    lines = []
    for line in holder.objects("tax_lines"):
        amount = purse.of(line, "price")
        if amount is None:
            if not line.has("price") and not line.has("price_set"):
                line.at("price").fault("required", "A tax line has its amount here.")
            continue
        title = line.text("title", longest=LONGEST_TAX, shorten=True) or "Tax"
        lines.append({"title": title, "rate": _rate(line), "amount": amount})
    return lines


def _rate(line: Node) -> str | None:
    place = line.at("rate")
    if place.value is None:
        return None
    text = ""
    if isinstance(place.value, str):
        text = place.value
    elif isinstance(place.value, Decimal | float) or (type(place.value) is int and abs(place.value) < _MOST_RATE):
        # A rate is only shown, never calculated with, so the shortest text of a binary fraction will do.
        rate = Decimal(str(place.value))
        text = format(rate, "f") if rate.is_finite() and abs(rate.adjusted()) < LONGEST_RATE else ""
    if _RATE_TEXT.fullmatch(text) and len(text) <= LONGEST_RATE:
        return text
    place.fault("rate_unreadable", "A tax rate is a number such as 0.06.")
    return None


def items_of(order: Node, *, purse: Purse, discounts: Discounts) -> list[Item]:
    """Return the order's line items in their order; a removed line without pieces is left out with a warning."""
    items = []
    fallback = discount_fallback(order)
    for line in order.objects("line_items"):
        item = _item(line, purse=purse, discounts=discounts, fallback=fallback)
        if item is not None:
            items.append(item)
    return items


def discount_fallback(order: Node) -> str:
    """Return the label for discounts that Shopify does not tie to an application: the only code, or `discount`."""
    codes = [code.text("code", longest=LONGEST_DISCOUNT, shorten=True) for code in order.objects("discount_codes")]
    return codes[0] if len(codes) == 1 and codes[0] else "discount"


def _item(line: Node, *, purse: Purse, discounts: Discounts, fallback: str) -> Item | None:
    line_id = line.id("id")
    quantity, unit_price = line.whole("quantity"), purse.of(line, "price")
    if quantity is None and not line.has("quantity"):
        line.at("quantity").fault("required", "A line item has its quantity here.")
    if unit_price is None and not line.has("price") and not line.has("price_set"):
        line.at("price").fault("required", "A line item has its price here.")
    if quantity == 0:
        line.warn("line_without_pieces", "The line has no pieces (removed from the order) and was left out.")
        return None
    if quantity is None or unit_price is None:
        return None
    tax_lines = tax_lines_of(line, purse=purse)
    total_discount = purse.of(line, "total_discount")
    discount = allocated(line, purse=purse, discounts=discounts, unallocated=total_discount, fallback=fallback)
    if discount > quantity * unit_price:
        purse.disagree(line, "discount_above_price", "The discount exceeds the price", discount, quantity * unit_price)
    is_tip = line.has("tip_payment_gateway") or line.has("tip_payment_method")
    names = (line.text(key, longest=LONGEST_NAME, shorten=True) for key in ("name", "title"))
    variant = line.id("variant_id") or line.id("product_id") or line_id
    document = {
        "sku": TIP_SKU
        if is_tip
        else line.text("sku", longest=LONGEST_SKU, is_reference=True) or f"SHOPIFY-{variant or 'ITEM'}",
        "name": next((name for name in names if name), "Item"),
        "quantity": quantity,
        "unit_price": unit_price,
        "discount": discount,
        "tax": sum(tax["amount"] for tax in tax_lines),
        "tax_lines": tax_lines,
        "requires_shipping": False if is_tip else line.flag("requires_shipping") is not False,
        "attributes": _attributes(line),
    }
    if line_id is not None:
        document["reference"] = line_id
    return Item(document=document, node=line, line_id=line_id, is_tip=is_tip)


def _attributes(line: Node) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for entry in line.objects("properties"):
        name = entry.text("name", longest=LONGEST_TAX, shorten=True)
        value = value_text(entry)
        if name and value:
            attributes[name] = f"{attributes[name]}, {value}" if name in attributes else value
    if len(attributes) > MOST_ATTRIBUTES:
        line.at("properties").warn("properties_left_out", f"Only the first {MOST_ATTRIBUTES} properties were kept.")
    kept = list(attributes.items())[:MOST_ATTRIBUTES]
    return {name: value[:LONGEST_ATTRIBUTE] for name, value in kept}


def value_text(entry: Node) -> str | None:
    """Return the value of a property or note attribute as text; anything but text and numbers is left out."""
    value = entry.at("value").value
    if isinstance(value, str):
        return entry.text("value", longest=LONGEST_ATTRIBUTE, shorten=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    is_small = isinstance(value, Decimal) or (isinstance(value, int) and abs(value) < 10**_LONGEST_NUMBER)
    return str(value) if is_small and len(str(value)) <= _LONGEST_NUMBER else None


def extra_items(order: Node, *, purse: Purse, items: Sequence[Item]) -> list[Item]:
    """Return an item each for a tip, duties and additional fees that the order charges outside its line items."""
    extras = [
        _tip(order, purse=purse, items=items),
        _duty(order, purse=purse, items=items),
        _fee(order, purse=purse),
    ]
    return [item for item in extras if item is not None]


def _charge(node: Node, *, sku: str, name: str, amount: int, tax_lines: list[dict[str, Any]]) -> Item:
    document = {
        "sku": sku,
        "name": name,
        "quantity": 1,
        "unit_price": amount,
        "discount": 0,
        "tax": sum(tax["amount"] for tax in tax_lines),
        "tax_lines": tax_lines,
        "requires_shipping": False,
        "attributes": {},
    }
    return Item(document=document, node=node, is_tip=sku == TIP_SKU)


def _tip(order: Node, *, purse: Purse, items: Sequence[Item]) -> Item | None:
    place = order.at("total_tip_received")
    amount = purse.of(order, "total_tip_received")
    if not amount:
        return None
    lines = [item for item in items if item.is_tip] or [item for item in items if _looks_like_tip(item, amount)][:1]
    if not lines:
        return _charge(place, sku=TIP_SKU, name="Tip", amount=amount, tax_lines=[])
    for item in lines:
        item.is_tip = True
        item.document.update(sku=TIP_SKU, requires_shipping=False)
    in_lines = sum(item.gross for item in lines)
    if in_lines != amount:
        purse.disagree(place, "tips_do_not_add_up", "The tips and their line items differ", amount, in_lines)
    return None


def _looks_like_tip(item: Item, amount: int) -> bool:
    """Return whether a line without product is the tip itself, which must then not be counted twice."""
    has_product = item.node.has("product_id") or item.node.has("variant_id")
    return not has_product and item.gross == amount and str(item.document["name"]).casefold() == "tip"


def _duty(order: Node, *, purse: Purse, items: Sequence[Item]) -> Item | None:
    if order.flag("duties_included"):
        return None  # the prices of the lines contain them
    whole = order.object("original_total_duties_set")
    stated = None if whole is None else purse.of_set(whole)
    in_lines, tax_lines = 0, []
    for item in items:
        for duty in item.node.objects("duties"):
            in_lines += purse.of_set(duty) or 0
            tax_lines += tax_lines_of(duty, purse=purse)
    if whole is not None and stated is not None and in_lines and stated != in_lines:
        purse.disagree(whole, "duties_do_not_add_up", "The duties and those of the lines differ", stated, in_lines)
    amount = in_lines or stated or 0
    if not amount:
        return None
    place = order.at("original_total_duties_set")
    return _charge(place, sku=DUTY_SKU, name="Import duties", amount=amount, tax_lines=tax_lines)


def _fee(order: Node, *, purse: Purse) -> Item | None:
    whole = order.object("original_total_additional_fees_set")
    amount = None if whole is None else purse.of_set(whole)
    if whole is None or not amount:
        return None
    return _charge(whole, sku=FEE_SKU, name="Additional fees", amount=amount, tax_lines=[])
