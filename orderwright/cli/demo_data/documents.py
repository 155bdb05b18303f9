"""An order document from a basket: prices, discounts, taxes and totals that add up to the minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from orderwright.cli.demo_data.goods import GIFT_CARD, Good, price_minor, shipping_minor
from orderwright.cli.demo_data.people import Person
from orderwright.cli.demo_data.stores import Store
from orderwright.core.money import split

# Unit: hundredths of a percent. A region that is not named is taxed as its country, a country that is not named is not.
_TAX: Final = {
    "AT": 2000,
    "BH": 1000,
    "DE": 1900,
    "ES": 2100,
    "FR": 2000,
    "GB": 2000,
    "IE": 2300,
    "IT": 2200,
    "JP": 1000,
    "NL": 2100,
    "PL": 2300,
    "SE": 2500,
    "US": 600,
    "US-CA": 975,
    "US-IL": 1025,
    "US-NY": 888,
    "US-OR": 0,
    "US-TX": 825,
    "US-WA": 1035,
}
_TAX_TITLES: Final = {
    "US": "Sales tax",
    "JP": "消費税",
    "DE": "MwSt.",
    "AT": "USt.",
    "FR": "TVA",
    "ES": "IVA",
    "IT": "IVA",
}
_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """A discount code. Unit: `share` is in hundredths of a percent of the goods' price."""

    code: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What somebody buys: goods with how many pieces of each, how they are sent, and a voucher.

    Unit: `prices` of one piece of each good, and `shipping_price`, are minor units; without them the lists hold.
    """

    goods: tuple[tuple[Good, int], ...]
    method: str
    voucher: Voucher | None = None
    prices: tuple[int, ...] = ()
    shipping_price: int | None = None

    def unit_prices(self, currency: str) -> list[int]:
        """Return the price of one piece of each good."""
        return list(self.prices) or [price_minor(good, currency) for good, _quantity in self.goods]


def tax_rate(person: Person) -> int:
    """Return the tax on a delivery to this person. Unit: hundredths of a percent."""
    return _TAX.get(f"{person.country}-{person.region}", _TAX.get(person.country, 0))


def order_document(
    *,
    store: Store,
    person: Person,
    basket: Basket,
    placed_at: datetime,
    external_id: str,
    **more: Any,
) -> dict[str, Any]:
    """Return the document of one order, without its payments. `more` sets or replaces fields of it."""
    currency = person.currency or store.currency
    rate = tax_rate(person)
    prices = basket.unit_prices(currency)
    grosses = [price * quantity for price, (_good, quantity) in zip(prices, basket.goods, strict=True)]
    discount = sum(grosses) * basket.voucher.share // _WHOLE if basket.voucher else 0
    discounts = split(discount, weights=grosses)
    items = []
    for (good, quantity), price, off in zip(basket.goods, prices, discounts, strict=True):
        tax = tax_on(price * quantity - off, rate, is_included=store.taxes_included)
        items.append(
            {
                "sku": good.sku,
                "name": good.name_in(person.language),
                "quantity": quantity,
                "unit_price": price,
                "discount": off,
                "tax": tax,
                "tax_lines": _tax_lines(tax, rate, person.country),
                "attributes": dict(good.attributes),
                "requires_shipping": good is not GIFT_CARD,
            }
        )
    shipped = sum(quantity for good, quantity in basket.goods if good is not GIFT_CARD)
    shipping = basket.shipping_price
    if shipping is None:
        is_free = not shipped or shipped >= store.pieces_free_of_shipping
        shipping = 0 if is_free else shipping_minor(basket.method, currency)
    document = {
        "site": store.slug,
        "external_id": external_id,
        "source": "demo",
        "placed_at": text_of(placed_at),
        "currency": currency,
        "prices_include_tax": store.taxes_included,
        "customer": customer_of(person),
        "shipping_address": person.address() if shipped else None,
        "billing_address": None,
        "items": items,
        "shipping": {
            "method": basket.method,
            "price": shipping,
            "discount": 0,
            "tax": tax_on(shipping, rate, is_included=True) if store.taxes_included else 0,
        },
        "discounts": [{"code": basket.voucher.code, "amount": discount}] if basket.voucher and discount else [],
        **more,
    }
    return {**document, "totals": totals_of(document)}


def customer_of(person: Person) -> dict[str, Any]:
    """Return the customer as an order's document has them."""
    return {
        "reference": None,
        "name": person.name,
        "email": person.email,
        "phone": person.phone or None,
        "language": person.language,
    }


def totals_of(document: dict[str, Any]) -> dict[str, int]:
    """Return the totals that the document's items and shipping add up to."""
    items, shipping = document["items"], document["shipping"]
    gross = sum(item["quantity"] * item["unit_price"] for item in items)
    discount = sum(item["discount"] for item in items) + shipping["discount"]
    tax = sum(item["tax"] for item in items) + shipping["tax"]
    added = 0 if document["prices_include_tax"] else tax
    total = gross - discount + shipping["price"] + added
    return {"items": gross, "discount": discount, "shipping": shipping["price"], "tax": tax, "total": total}


def tax_on(amount_minor: int, rate: int, *, is_included: bool) -> int:
    """Return the tax in, or on top of, an amount, rounded to the nearest minor unit."""
    divisor = _WHOLE + rate if is_included else _WHOLE
    return (amount_minor * rate + divisor // 2) // divisor


def text_of(moment: datetime) -> str:
    """Return a time as documents write it: RFC 3339 in UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tax_lines(amount: int, rate: int, country: str) -> Sequence[dict[str, Any]]:
    if not amount:
        return []
    return [{"title": _TAX_TITLES.get(country, "VAT"), "rate": f"0.{rate:04d}".rstrip("0"), "amount": amount}]
