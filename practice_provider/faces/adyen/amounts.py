"""Amounts as Adyen writes them, which for some currencies differ from ISO 4217. Source: Adyen, Currency codes."""

from practice_provider.currencies import DECIMALS
from practice_provider.documents import Json

# Adyen's decimals where they are not those of ISO 4217.
_DIFFERENT = {"CLP": 2, "CVE": 0, "IDR": 0, "ISK": 2}


def to_wire(amount: int, currency: str) -> Json:
    """Return an amount in minor units as this interface writes it."""
    return {"currency": currency, "value": amount * 10 ** _wire(currency) // 10 ** DECIMALS[currency]}


def from_wire(value: int, currency: str) -> int | None:
    """Return what a caller wrote in minor units, or None where the currency has no such digits or is not known."""
    if currency not in DECIMALS:
        return None
    figure, rest = divmod(value * 10 ** DECIMALS[currency], 10 ** _wire(currency))
    return None if rest else figure


def _wire(currency: str) -> int:
    return _DIFFERENT.get(currency, DECIMALS[currency])
