"""Money as integer minor units with a currency: reading, showing and splitting it. No Django, no floats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import (
    format_currency,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
    parse_pattern,
)

from orderwright.core.errors import Invalid

# Twelve digits of minor units: far above any order, far below what a 64-bit column or a JSON number can hold exactly.
MAX_MINOR = 999_999_999_999

# Where CLDR, and with it Babel, has none: it tells which decimals people still write, ISO 4217 what the smallest unit
# is, and amounts are exact to that. Source: ISO 4217, list one, column Minor unit; see adr/0024.
_ISO_4217_MINOR_UNITS = {
    **dict.fromkeys(("AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"), 2),
    "IQD": 3,
}
# No amount below MAX_MINOR has more digits before the point, whatever the currency.
_MOST_DIGITS = 14
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
# Unicode asks for a space between digits and a currency's letters, which Babel leaves out: "BHD38.500".
_LETTERS_BESIDE_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


class UnknownCurrency(Invalid):
    """The currency is no ISO 4217 code that money can be taken in."""

    code = "unknown_currency"


class AmountUnreadable(Invalid):
    """The text is not an amount of this currency."""

    code = "amount_unreadable"


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in a currency. Unit: `amount_minor` is in minor units (cents, yen, fils) and may be negative."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"money is counted in whole minor units, not {self.amount_minor!r}")

    def __str__(self) -> str:
        return f"{decimal_text(self)} {self.currency}"


@cache
def known_currencies() -> frozenset[str]:
    """Return every ISO 4217 code that is tender somewhere today."""
    rows = (row for rows in get_global("territory_currencies").values() for row in rows)
    return frozenset(code for code, _since, until, is_tender in rows if until is None and is_tender)


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """Return how many decimals the currency has by ISO 4217: JPY 0, USD 2, BHD 3.

    Raises: UnknownCurrency for anything that is not a tender's ISO 4217 code.
    """
    if currency not in known_currencies():
        raise UnknownCurrency(f"{currency!r} is not a currency code of ISO 4217.", facts={"currency": currency})
    known = _ISO_4217_MINOR_UNITS.get(currency)
    return int(get_currency_precision(currency)) if known is None else known


def decimal_text(money: Money) -> str:
    """Return the amount as plain digits with a point, such as `598.94`, `12800` or `38.500`."""
    places = exponent(money.currency)
    return f"{Decimal(money.amount_minor).scaleb(-places):.{places}f}"


def to_minor(amount: Decimal, *, currency: str) -> int:
    """Return a decimal amount as minor units.

    Raises: AmountUnreadable when it does not fit the currency's decimals exactly, is not finite, or is out of range.
    """
    if not amount.is_finite():
        raise AmountUnreadable("The amount is not a number.")
    places = exponent(currency)
    # Neither a hostile "1E+999999" nor "0E+999999" may be expanded into a million digits.
    if not amount:
        return 0
    if amount.adjusted() > _MOST_DIGITS:
        raise AmountUnreadable("The amount is larger than any order.")
    sign, digits, raw_exponent = amount.as_tuple()
    power = int(raw_exponent) + places
    # What stands behind the minor unit must be zeros; read digit by digit, for arithmetic of Decimal would round.
    if power < 0 and any(digits[power:]):
        raise AmountUnreadable(
            f"{currency} has {places} decimals; {amount} has more.", facts={"currency": currency, "decimals": places}
        )
    whole = digits[:power] if power < 0 else digits
    digits_read = int("".join(map(str, whole)) + "0" * power)
    minor = -digits_read if sign else digits_read
    if abs(minor) > MAX_MINOR:
        raise AmountUnreadable("The amount is larger than any order.")
    return minor


def parse_amount(text: str, *, currency: str, locale: str = "en") -> Money:
    """Return the amount that a person typed, such as `289.94`, `1,940.00` or, in German, `1.940,00`.

    Separators mean what they mean in the locale, and groups have three digits: what could be read in two ways is
    refused, for a wrong guess moves a thousand times the money.
    Raises: AmountUnreadable, UnknownCurrency.
    """
    compact = _SPACES.sub("", text)
    parsed_locale = _locale(locale)
    decimal_symbol = get_decimal_symbol(parsed_locale)
    group_symbol = _SPACES.sub("", get_group_symbol(parsed_locale))  # empty where groups stand apart
    whole = rf"\d{{1,3}}(?:{re.escape(group_symbol)}\d{{3}})+|\d+"
    if not re.fullmatch(rf"(?:{whole})(?:{re.escape(decimal_symbol)}\d+)?", compact, flags=re.ASCII):
        example = format_plain(Money(123456, currency), locale=locale)
        if not compact:
            raise AmountUnreadable(f"Type an amount, such as {example}.")
        raise AmountUnreadable(f"“{text.strip()[:40]}” is not an amount. Write it like {example}.")
    plain = compact.replace(group_symbol, "").replace(decimal_symbol, ".")
    return Money(to_minor(Decimal(plain), currency=currency), currency)


@lru_cache(maxsize=4096)
def format_money(money: Money, *, locale: str = "en") -> str:
    """Return the amount as the locale writes it, such as `$598.94`, `¥12,800` or `BHD 38.500`."""
    value = Decimal(money.amount_minor).scaleb(-exponent(money.currency))
    written = _written(value, money.currency, _locale(locale)).replace("-", "\u2212")
    return _LETTERS_BESIDE_DIGITS.sub("\u00a0", written)


def _written(value: Decimal, currency: str, locale: Locale) -> str:
    """Return the value as the locale writes it, with every decimal that the currency has."""
    if currency not in _ISO_4217_MINOR_UNITS:
        return str(format_currency(value, currency, locale=locale))
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)  # one of our own: the locale's is shared
    pattern.frac_prec = (_ISO_4217_MINOR_UNITS[currency],) * 2
    return str(pattern.apply(value, locale, currency=currency, currency_digits=False))


def format_plain(money: Money, *, locale: str = "en") -> str:
    """Return the amount without grouping or sign of currency, as a field shows it and `parse_amount` reads it."""
    return decimal_text(money).replace(".", get_decimal_symbol(_locale(locale)))


def split(total_minor: int, *, weights: Sequence[int]) -> list[int]:
    """Return `total_minor` shared in proportion to the weights, exact to the minor unit.

    The largest remainders get the odd units; equal remainders go to the earlier share, so that the result repeats.
    Shape: one share per weight, in order. Raises: ValueError for a negative weight, or when every weight is zero.
    """
    whole = sum(weights)
    if any(weight < 0 for weight in weights) or whole <= 0:
        raise ValueError("weights are counts of something, and at least one is positive")
    size = abs(total_minor)
    shares = [size * weight // whole for weight in weights]
    remainders = [size * weight % whole for weight in weights]
    # Sorting keeps equals in their order.
    for index in sorted(range(len(weights)), key=lambda at: -remainders[at])[: size - sum(shares)]:
        shares[index] += 1
    return shares if total_minor >= 0 else [-share for share in shares]


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
