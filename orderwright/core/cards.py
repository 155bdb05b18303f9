"""Telling card numbers from other numbers, so that none is stored (W14). No Django."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

# Between two groups of digits people type at most one sign.
_GROUPS = re.compile(r"(?<![\w+])\+?\d+(?:[ \-.\u2010-\u2015]\d+)*(?!\w)")
_SIGN = re.compile(r"\D")
_SHORTEST, _LONGEST = 13, 19
# The most digits of a phone number behind its plus. Source: ITU-T E.164.
_LONGEST_PHONE = 15

# How the numbers of the large schemes begin, and how long they are. Source: ISO/IEC 7812 and the schemes' own pages.
_SCHEMES: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = (
    (re.compile("4"), frozenset({13, 16, 19})),  # Visa
    (re.compile("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), frozenset({16})),  # Mastercard
    (re.compile("3[47]"), frozenset({15})),  # American Express
    (re.compile("6011|64[4-9]|65"), frozenset(range(16, 20))),  # Discover
    (re.compile("30[0-5]|3[689]"), frozenset({14})),  # Diners Club
    (re.compile("35(?:2[89]|[3-8])"), frozenset({16})),  # JCB
    (re.compile("62"), frozenset(range(16, 20))),  # UnionPay
    (re.compile("50(?:18|20|38)|6304|6759|676[123]"), frozenset(range(16, 20))),  # Maestro
)


def has_card_number(text: str) -> bool:
    """Return whether a card number stands in the text, with or without spaces and dashes.

    A number counts when it begins and is as long as those of a card scheme and its check digit is right (Luhn). What
    follows a plus and is not longer than any phone number is a phone's.
    """
    # Wide and foreign digits become plain ones; a no-break space becomes a space.
    plain = "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", text))
    return any(
        _is_among(_SIGN.split(found.lstrip("+"))) for found in _GROUPS.findall(plain) if not _is_phone_number(found)
    )


def _is_phone_number(found: str) -> bool:
    return found.startswith("+") and len(_SIGN.sub("", found)) <= _LONGEST_PHONE


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def _is_among(groups: list[str]) -> bool:
    """Return whether some neighbouring groups of digits, put together, are a card number."""
    for first in range(len(groups)):
        for number in accumulate(groups[first:]):
            if len(number) > _LONGEST:
                break
            if len(number) >= _SHORTEST and is_card_number(number):
                return True
    return False


def is_card_number(digits: str) -> bool:
    """Return whether plain digits are a number that a card can have."""
    return _has_right_check_digit(digits) and any(
        begins.match(digits) and len(digits) in lengths for begins, lengths in _SCHEMES
    )


def _has_right_check_digit(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0
