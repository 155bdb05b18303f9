"""Whether an order document adds up to the minor unit. Every mismatch names both figures and points at its place."""

from __future__ import annotations

from collections import defaultdict

from orderwright.actions.order_document.parts import Item, OrderDocument, PaymentPart
from orderwright.actions.order_document.reader import Errors
from orderwright.shipping.rules import tracking_key


def check_sums(document: OrderDocument, *, errors: Errors) -> None:
    """Note every sum that does not hold: lines, discounts, taxes, totals, shipments and payments.

    The formula: items = Σ quantity × unit price; discount and tax = Σ of all; total = items − discount + shipping
    + tax, which is not added where prices include it. Source: I7.
    """
    for at, item in enumerate(document.items):
        _check_item(item, f"/items/{at}", errors)
    _check_totals(document, errors)
    _check_shipments(document, errors)
    for at, payment in enumerate(document.payments):
        _check_payment(payment, f"/payments/{at}", errors)
    references = [(payment.provider, payment.reference) for payment in document.payments]
    for at, reference in enumerate(references):
        if reference in references[:at]:
            errors.add(f"/payments/{at}/reference", "repeated", "This payment is named twice.")


def _differs(errors: Errors, pointer: str, *, given: int, computed: int, what: str) -> None:
    if given != computed:
        errors.add(pointer, "does_not_add_up", f"Given {given}, but {what} is {computed}.")


def _check_item(item: Item, pointer: str, errors: Errors) -> None:
    price_minor = item.quantity * item.unit_price_minor
    if item.discount_minor > price_minor:
        errors.add(
            f"{pointer}/discount", "out_of_range", f"A discount of {item.discount_minor} on a price of {price_minor}."
        )
    if item.tax_lines:
        taxes = sum(line.amount_minor for line in item.tax_lines)
        _differs(errors, f"{pointer}/tax", given=item.tax_minor, computed=taxes, what="the sum of the tax lines")


def _check_totals(document: OrderDocument, errors: Errors) -> None:
    items, shipping, totals = document.items, document.shipping, document.totals
    _differs(
        errors,
        "/totals/items",
        given=totals.items_minor,
        computed=sum(item.quantity * item.unit_price_minor for item in items),
        what="the sum of quantity × unit price",
    )
    discount = sum(item.discount_minor for item in items) + shipping.discount_minor
    what = "the sum of all discounts"
    _differs(errors, "/totals/discount", given=totals.discount_minor, computed=discount, what=what)
    if document.discounts:
        by_code = sum(entry.amount_minor for entry in document.discounts)
        _differs(errors, "/discounts", given=by_code, computed=totals.discount_minor, what="the total discount")
    if shipping.discount_minor > shipping.price_minor:
        errors.add("/shipping/discount", "out_of_range", "The discount is above the price of shipping.")
    if shipping.tax_lines:
        taxes = sum(line.amount_minor for line in shipping.tax_lines)
        _differs(errors, "/shipping/tax", given=shipping.tax_minor, computed=taxes, what="the sum of the tax lines")
    _differs(
        errors,
        "/totals/shipping",
        given=totals.shipping_minor,
        computed=shipping.price_minor,
        what="the price of shipping",
    )
    tax = sum(item.tax_minor for item in items) + shipping.tax_minor
    _differs(errors, "/totals/tax", given=totals.tax_minor, computed=tax, what="the sum of all taxes")
    added_tax = 0 if document.prices_include_tax else totals.tax_minor
    total = totals.items_minor - totals.discount_minor + totals.shipping_minor + added_tax
    what = "items − discount + shipping" + ("" if document.prices_include_tax else " + tax")
    _differs(errors, "/totals/total", given=totals.total_minor, computed=total, what=what)


def _check_shipments(document: OrderDocument, errors: Errors) -> None:
    placed: defaultdict[int, int] = defaultdict(int)
    seen: set[str] = set()
    for at, shipment in enumerate(document.shipments):
        if not shipment.items:
            errors.add(f"/shipments/{at}/items", "required", "A shipment has at least one item.")
        for place, (index, quantity) in enumerate(shipment.items):
            pointer = f"/shipments/{at}/items/{place}"
            if index >= len(document.items):
                errors.add(f"{pointer}/item", "out_of_range", f"There is no item {index}.")
                continue
            if not document.items[index].requires_shipping:
                errors.add(f"{pointer}/item", "not_shipped", "This item requires no shipping.")
            placed[index] += quantity
            if placed[index] > document.items[index].quantity:
                ordered = document.items[index].quantity
                sentence = f"{placed[index]} pieces shipped of {ordered} ordered."
                errors.add(f"{pointer}/quantity", "out_of_range", sentence)
        for place, number in enumerate(shipment.tracking_numbers):
            plain = tracking_key(number)
            if plain in seen:
                here = f"/shipments/{at}/tracking_numbers/{place}"
                errors.add(here, "repeated", "This tracking number is used twice.")
            seen.add(plain)


def _check_payment(payment: PaymentPart, pointer: str, errors: Errors) -> None:
    if payment.expires_at is not None and payment.expires_at <= payment.authorised_at:
        errors.add(f"{pointer}/expires_at", "out_of_range", "A hold ends after it was authorised.")
    taken = released = 0
    left: dict[str, int] = {}
    references: set[str] = set()
    for at, past in enumerate(payment.transactions):
        here = f"{pointer}/transactions/{at}"
        if past.reference in references:
            errors.add(f"{here}/reference", "repeated", "This transaction is named twice.")
        references.add(past.reference)
        if past.kind == "capture":
            taken += past.amount_minor
            left[past.reference] = past.amount_minor
        elif past.kind == "reversal":
            released += past.amount_minor
        elif past.parent not in left:
            errors.add(f"{here}/parent", "unknown_capture", "A refund names an earlier capture of the same payment.")
        elif past.amount_minor > left[past.parent]:
            errors.add(
                f"{here}/amount",
                "out_of_range",
                f"A refund of {past.amount_minor}, but {left[past.parent]} is left of its capture.",
            )
        else:
            left[past.parent] -= past.amount_minor
        if taken + released > payment.authorised_minor:
            errors.add(
                f"{here}/amount",
                "out_of_range",
                f"{taken} captured and {released} reversed of {payment.authorised_minor} authorised.",
            )
            return
