"""Which fields an order document has, and their types. Sums are checked in `arithmetic`, not here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from orderwright.actions.order_document.parts import (
    Customer,
    Discount,
    Item,
    OrderDocument,
    PastTransaction,
    PaymentPart,
    ShipmentPart,
    Shipping,
    TaxLine,
    Totals,
)
from orderwright.actions.order_document.reader import Errors, Node
from orderwright.core.money import known_currencies

MOST_ITEMS, MOST_PAYMENTS, MOST_SHIPMENTS = 1000, 50, 200
_ROOT = (
    *("site", "external_id", "source", "placed_at", "currency", "prices_include_tax", "customer", "shipping_address"),
    *("billing_address", "items", "shipping", "discounts", "totals", "payments", "shipments", "state"),
    *("invoice_number", "note", "tags"),
)
ADDRESS_PARTS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country", "phone")
_ITEM = (
    *("sku", "name", "reference", "quantity", "unit_price", "discount", "tax", "tax_lines", "attributes"),
    "requires_shipping",
)
_PAYMENT = ("provider", "reference", "method", "authorised", "authorised_at", "expires_at", "transactions")


def read_document(handed_in: Any, *, errors: Errors) -> OrderDocument | None:
    """Return the document's parts, or None when it is not an object with the fields that an order must have.

    `errors` collects what is wrong; parts that could not be read stand there with harmless values, so that the sums
    can be checked only when `errors` stayed empty.
    """
    if not isinstance(handed_in, Mapping):
        errors.add("", "wrong_type", "An order is an object.")
        return None
    root = Node(handed_in, pointer="", errors=errors, fields=_ROOT)
    placed_at = root.time("placed_at", required=True)
    currency = root.text("currency", longest=3, required=True)
    if currency and currency not in known_currencies():
        root.wrong("currency", "unknown_currency", "It must be a currency code of ISO 4217, such as USD.")
    customer = _customer(root)
    document = OrderDocument(
        site=root.text("site", longest=60, required=True),
        external_id=root.text("external_id", longest=80, required=True, is_reference=True),
        source=root.text("source", longest=20, default="api"),
        placed_at=placed_at or _NEVER,
        currency=currency,
        prices_include_tax=root.boolean("prices_include_tax"),
        customer=customer or _NOBODY,
        state=root.text("state", longest=60, default="new"),
        invoice_number=root.text("invoice_number", longest=60),
        note=root.text("note", longest=5000, block=True),
        tags=root.texts("tags", longest=60, most=50),
        shipping_address=read_address(root, "shipping_address"),
        billing_address=read_address(root, "billing_address"),
        items=_items(root),
        shipping=_shipping(root),
        discounts=_discounts(root),
        totals=_totals(root),
        payments=_payments(root),
        shipments=_shipments(root),
    )
    return document if placed_at is not None and customer is not None else None


def _customer(root: Node) -> Customer | None:
    node = root.child("customer", fields=("reference", "name", "email", "phone", "language"), required=True)
    if node is None:
        return None
    return Customer(
        reference=node.text("reference", longest=80, is_reference=True),
        name=read_name(node),
        email=read_email(node),
        phone=read_phone(node),
        language=read_language(node),
    )


def read_name(node: Node) -> str:
    """Return the customer's name; `node` is told when there is none."""
    return node.text("name", longest=120, required=True)


def read_email(node: Node) -> str:
    """Return the customer's e-mail, or an empty text; `node` is told when it is none."""
    email = node.text("email", longest=254)
    if email and not re.fullmatch(r"[^@\s,;:<>\"]+@[^@\s,;:<>\"]+", email):
        node.wrong("email", "not_an_email", "It must be an e-mail address.")
    return email


def read_phone(node: Node) -> str:
    """Return the customer's phone as written, or an empty text."""
    return node.text("phone", longest=40)


def read_language(node: Node) -> str:
    """Return the language in which the customer is written to."""
    return node.text("language", longest=12, default="en")


def read_address(root: Node, name: str) -> dict[str, str | None] | None:
    """Return the address under this name with all of its parts, or None when there is none."""
    node = root.child(name, fields=ADDRESS_PARTS)
    if node is None:
        return None
    address: dict[str, str | None] = {part: node.text(part, longest=200) or None for part in ADDRESS_PARTS}
    country = address["country"]
    if country is not None and not re.fullmatch("[A-Z]{2}", country, flags=re.ASCII):
        node.wrong("country", "not_a_country", "It must be a two-letter country code, such as CA.")
    return address


def _items(root: Node) -> tuple[Item, ...]:
    nodes = root.children("items", fields=_ITEM, most=MOST_ITEMS, required=True)
    if root.has("items") and root.value["items"] == []:
        root.wrong("items", "required", "An order has at least one item.")
    return tuple(
        Item(
            sku=node.text("sku", longest=80, is_reference=True),
            name=node.text("name", longest=200, required=True),
            reference=node.text("reference", longest=80, is_reference=True),
            quantity=node.count("quantity"),
            unit_price_minor=node.amount("unit_price", required=True),
            discount_minor=node.amount("discount"),
            tax_minor=node.amount("tax"),
            tax_lines=_tax_lines(node),
            attributes=node.attributes("attributes"),
            requires_shipping=node.boolean("requires_shipping", default=True),
        )
        for node in nodes
    )


def _tax_lines(node: Node) -> tuple[TaxLine, ...]:
    return tuple(
        TaxLine(
            title=line.text("title", longest=80, required=True),
            rate=line.text("rate", longest=20) or None,
            amount_minor=line.amount("amount", required=True),
        )
        for line in node.children("tax_lines", fields=("title", "rate", "amount"), most=50)
    )


def _shipping(root: Node) -> Shipping:
    node = root.child("shipping", fields=("method", "price", "discount", "tax", "tax_lines"))
    if node is None:
        return Shipping(method="", price_minor=0, discount_minor=0, tax_minor=0, tax_lines=())
    return Shipping(
        method=node.text("method", longest=120),
        price_minor=node.amount("price"),
        discount_minor=node.amount("discount"),
        tax_minor=node.amount("tax"),
        tax_lines=_tax_lines(node),
    )


def _discounts(root: Node) -> tuple[Discount, ...]:
    return tuple(
        Discount(code=node.text("code", longest=80, required=True), amount_minor=node.amount("amount", required=True))
        for node in root.children("discounts", fields=("code", "amount"), most=100)
    )


def _totals(root: Node) -> Totals:
    names = ("items", "discount", "shipping", "tax", "total")
    node = root.child("totals", fields=names, required=True)
    amounts = {f"{name}_minor": node.amount(name, required=True) if node else 0 for name in names}
    return Totals(**amounts)


def _payments(root: Node) -> tuple[PaymentPart, ...]:
    return tuple(_payment(node) for node in root.children("payments", fields=_PAYMENT, most=MOST_PAYMENTS))


def _payment(node: Node) -> PaymentPart:
    method = node.child("method", fields=("type", "brand", "last4"))
    last4 = method.text("last4", longest=4) if method else ""
    if method and last4 and not re.fullmatch(r"\d{4}", last4, flags=re.ASCII):
        method.wrong("last4", "not_last_digits", "Only the last four digits, and never more (W14).")
    return PaymentPart(
        provider=node.text("provider", longest=40, required=True),
        reference=node.text("reference", longest=120, required=True),
        method_type=method.text("type", longest=20, default="card") if method else "card",
        brand=method.text("brand", longest=40) if method else "",
        last4=last4,
        authorised_minor=node.amount("authorised", required=True, least=1),
        authorised_at=node.time("authorised_at", required=True) or _NEVER,
        expires_at=node.time("expires_at"),
        transactions=_transactions(node),
    )


def _transactions(node: Node) -> tuple[PastTransaction, ...]:
    found = []
    for entry in node.children("transactions", fields=("kind", "amount", "reference", "parent", "at"), most=200):
        kind = entry.text("kind", longest=20, required=True)
        if kind and kind not in ("capture", "refund", "reversal"):
            entry.wrong("kind", "unknown_kind", "It is one of capture, refund, reversal.")
        found.append(
            PastTransaction(
                kind=kind,
                amount_minor=entry.amount("amount", required=True, least=1),
                reference=entry.text("reference", longest=120, required=True, is_reference=True),
                parent=entry.text("parent", longest=120, is_reference=True) or None,
                at=entry.time("at", required=True) or _NEVER,
            )
        )
    return tuple(found)


def _shipments(root: Node) -> tuple[ShipmentPart, ...]:
    fields = ("method", "tracking_numbers", "delivery_state", "sent_at", "items")
    return tuple(
        ShipmentPart(
            method=node.text("method", longest=120),
            tracking_numbers=node.texts("tracking_numbers", longest=60, most=50, is_reference=True),
            delivery_state=node.text("delivery_state", longest=60, default="pending"),
            sent_at=node.time("sent_at"),
            items=tuple(
                (entry.count("item", least=0), entry.count("quantity"))
                for entry in node.children("items", fields=("item", "quantity"), most=MOST_ITEMS, required=True)
            ),
        )
        for node in root.children("shipments", fields=fields, most=MOST_SHIPMENTS)
    )


# These stand in for what could not be read; a document with such a fault never reaches the database.
_NEVER = datetime.min.replace(tzinfo=UTC)
_NOBODY = Customer(reference="", name="", email="", phone="", language="en")
