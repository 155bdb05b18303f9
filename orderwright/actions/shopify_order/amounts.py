"""Shopify's money read as minor units of the currency in which the customer paid. No rules on totals here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from orderwright.actions.shopify_order.reading import Node
from orderwright.core.money import MAX_MINOR, AmountUnreadable, Money, UnknownCurrency, decimal_text, exponent, to_minor

# More digits than any amount that a shop can charge, fewer than Decimal's default context rounds at (28).
_AMOUNT_TEXT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?", re.ASCII)
_MOST_DIGITS = 25
_ZERO_TEXT = re.compile(r"0{1,15}(?:\.0{1,10})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Purse:
    """Reads the amounts of one order.

    Shopify gives most amounts twice: as text in the shop's currency, and as a set that also has the presentment
    currency, in which the customer saw the prices and paid. The second is read: holds, captures and refunds are in it.
    """

    currency: str
    shop_currency: str

    def of(self, node: Node, key: str, *, set_key: str | None = None, may_be_negative: bool = False) -> int | None:
        """Return the amount under the key in minor units, or None when it is absent or unreadable."""
        money_set = node.object(set_key or f"{key}_set")
        from_set = None if money_set is None else self.of_set(money_set, may_be_negative=may_be_negative)
        if not node.has(key):
            return from_set
        if self.currency != self.shop_currency:
            if money_set is None and _is_nothing(node.at(key).value):
                return 0  # nothing is nothing in every currency
            if money_set is None:
                node.at(key).fault(
                    "presentment_amount_missing",
                    f"The customer paid in {self.currency}, and this amount is given in {self.shop_currency} only.",
                )
            return from_set
        plain = self.plain(node.at(key), may_be_negative=may_be_negative)
        if plain is not None and from_set is not None and plain != from_set:
            self.disagree(node.at(key), "amounts_differ", "The amount and its set differ", plain, from_set)
        return plain

    def of_set(self, money_set: Node, *, may_be_negative: bool = False) -> int | None:
        """Return the presentment amount of a set (shop_money beside presentment_money) in minor units."""
        money = money_set.object("presentment_money")
        if money is None and self.currency == self.shop_currency:
            money = money_set.object("shop_money")
        if money is None:
            money_set.at("presentment_money").fault("presentment_amount_missing", f"No amount in {self.currency} here.")
            return None
        currency = money.text("currency_code", longest=3)
        if currency is not None and currency != self.currency:
            self._wrong_currency(money.at("currency_code"), currency)
            return None
        return self.plain(money.at("amount"), may_be_negative=may_be_negative)

    def plain(self, place: Node, *, may_be_negative: bool = False) -> int | None:
        """Return the amount that stands here, which is known to be in the order's currency, in minor units."""
        value = place.value
        if isinstance(value, str) and _AMOUNT_TEXT.fullmatch(value):
            amount = Decimal(value)
        elif isinstance(value, Decimal) and len(value.as_tuple().digits) <= _MOST_DIGITS:
            amount = value
        elif type(value) is int and abs(value) <= MAX_MINOR:
            amount = Decimal(value)
        else:
            place.fault("amount_unreadable", "Here must stand an amount, as text with decimals such as “598.94”.")
            return None
        try:
            minor = to_minor(amount, currency=self.currency)
        except AmountUnreadable as unreadable:
            place.fault("amount_unreadable", unreadable.message)
            return None
        if minor < 0 and not may_be_negative:
            place.fault("amount_negative", f"The amount is below zero: {self.show(minor)}.")
            return None
        return minor

    def in_currency(self, node: Node, key: str) -> bool:
        """Return whether the currency code under the key is the order's, or absent; note it when it is another."""
        currency = node.text(key, longest=3)
        if currency is not None and currency != self.currency:
            self._wrong_currency(node.at(key), currency)
            return False
        return True

    def show(self, minor: int) -> str:
        """Return the amount for a message, such as `598.94 USD`."""
        return f"{decimal_text(Money(minor, self.currency))} {self.currency}"

    def disagree(self, place: Node, code: str, message: str, stated: int, computed: int) -> None:
        """Note that a figure of Shopify's is not what its parts add up to, with both figures."""
        figures = (self.show(stated), self.show(computed))
        place.fault(code, f"{message}: {figures[0]} against {figures[1]}.", figures=figures)

    def _wrong_currency(self, place: Node, currency: str) -> None:
        place.fault("currency_differs", f"The order is in {self.currency}; this amount is in {currency}.")


def _is_nothing(value: object) -> bool:
    return value == 0 if type(value) is int else isinstance(value, str) and bool(_ZERO_TEXT.fullmatch(value))


def purse_of(order: Node) -> Purse | None:
    """Return the reader for this order's amounts, or None when its currencies are missing or unknown."""
    shop = order.text("currency", longest=3)
    if shop is None:
        stated = order.at("currency").value
        if stated is None or (isinstance(stated, str) and not stated.strip()):
            order.at("currency").fault("required", "Shopify gives every order a currency.")
        return None
    presentment = order.text("presentment_currency", longest=3) or shop
    for key, currency in (("currency", shop), ("presentment_currency", presentment)):
        try:
            exponent(currency)
        except UnknownCurrency as unknown:
            order.at(key).fault("unknown_currency", unknown.message)
            return None
    return Purse(currency=presentment, shop_currency=shop)
