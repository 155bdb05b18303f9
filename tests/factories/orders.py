"""Order documents as a storefront hands them in, whose figures add up whatever was changed in them."""

from __future__ import annotations

import itertools
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from tests.support.practice import rfc3339

SITE = "cozy-home-us"

# fmt: off
TABLE = {
    "sku": "TBL-OAK-45", "name": "Oak side table", "quantity": 1, "unit_price": 19900, "discount": 334, "tax": 398,
    "attributes": {"finish": "oil"},
}
LAMP = {
    "sku": "LMP-LIN-SND", "name": "Linen lamp shade, sand", "quantity": 2, "unit_price": 4900, "discount": 166,
    "tax": 192,
}
RUG = {
    "sku": "RUG-WOL-160", "name": "Wool rug 160 x 230", "quantity": 1, "unit_price": 28994, "discount": 500, "tax": 604,
}

SAMPLE: dict[str, Any] = {
    "site": SITE, "placed_at": "2026-11-20T21:42:11Z", "currency": "USD", "prices_include_tax": False,
    "customer": {
        "reference": "C-88213", "name": "Bob Norman", "email": "bob.norman@mail.example.com", "phone": "+16135550174",
        "language": "en",
    },
    "shipping_address": {
        "name": "Bob Norman", "company": None, "line1": "123 Amoebobacterieae St", "line2": "Unit 806",
        "city": "Ottawa", "region": "ON", "postcode": "K2P 0V6", "country": "CA",
    },
    "billing_address": None,
    "items": [TABLE, LAMP, RUG],
    "shipping": {"method": "ups-ground", "price": 1006, "discount": 0, "tax": 0},
    "discounts": [{"code": "TENOFF", "amount": 1000}],
    "note": None,
    "tags": [],
}
# fmt: on

_external_ids = itertools.count(5532)


def document(**changes: Any) -> dict[str, Any]:
    """Return the sample order with an external id of its own, without payments, and with these fields changed.

    Totals and the list of discount codes follow the items and the shipping, unless they are given.
    """
    made = {**deepcopy(SAMPLE), "external_id": str(next(_external_ids)), **deepcopy(changes)}
    made.setdefault("totals", totals_of(made))
    made.setdefault("payments", [])
    if "discounts" not in changes and sum(one["amount"] for one in made["discounts"]) != made["totals"]["discount"]:
        made["discounts"] = []
    return made


def totals_of(made: dict[str, Any]) -> dict[str, int]:
    """Return the totals that this document's items and shipping add up to."""
    items, shipping = made["items"], made["shipping"] or {}
    gross = sum(item["quantity"] * item["unit_price"] for item in items)
    discount = sum(item.get("discount", 0) for item in items) + shipping.get("discount", 0)
    tax = sum(item.get("tax", 0) for item in items) + shipping.get("tax", 0)
    price = shipping.get("price", 0)
    total = gross - discount + price + (0 if made["prices_include_tax"] else tax)
    return {"items": gross, "discount": discount, "shipping": price, "tax": tax, "total": total}


def payment(
    reference: str, amount: int, *, at: datetime, expires_in: timedelta = timedelta(days=7), **changes: Any
) -> dict[str, Any]:
    """Return a hold at the practice provider as the document of an order names it."""
    return {
        "provider": "practice",
        "reference": reference,
        "method": {"type": "card", "brand": "visa", "last4": "4242"},
        "authorised": amount,
        "authorised_at": rfc3339(at),
        "expires_at": rfc3339(at + expires_in),
        **changes,
    }
