"""What may stand in a cell: words from outside, words of our own, and whole numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from orderwright.core.money import Money, UnknownCurrency, decimal_text

# A cell that begins so is a formula to a spreadsheet. Japanese and Chinese input writes them in full width.
_LEADS: Final = "=+-@\uff1d\uff0b\uff0d\uff20"
# What no file of ours has inside a cell: controls (TAB, CR and NUL among them), halves of pairs, non-characters.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_REPLACEMENT: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class Own:
    """Text that this desk has made itself, such as a day or an amount: it needs no guard."""

    text: str


# Plain text comes from outside.
Cell = str | Own | int


def words(text: str) -> str:
    """Return text from outside with a mark in the place of each character that no file may have."""
    return _UNPRINTABLE.sub(_REPLACEMENT, text)


def guarded(text: str) -> str:
    """Return text from outside for a file that has no types: with an apostrophe where it might be a formula.

    Spaces and invisible characters in front hide nothing, for spreadsheets look behind them. Source: FH3, ASVS 1.2.10.
    """
    shown = next((char for char in text if unicodedata.category(char)[0] not in "ZC"), "")
    return f"'{text}" if shown and shown in _LEADS else text


def amount(minor: int, currency: str) -> Own:
    """Return the amount in the currency's own decimals; empty for a currency whose decimals nobody knows any more."""
    try:
        return Own(decimal_text(Money(minor, currency)))
    except UnknownCurrency:
        return Own("")


def typed(cell: Cell) -> str:
    """Return what a cell shows where its type is known, so that text cannot be a formula."""
    if isinstance(cell, Own):
        return cell.text
    return words(cell) if isinstance(cell, str) else str(cell)


def untyped(cell: Cell) -> str:
    """Return what a cell shows where a reader guesses its type."""
    return guarded(words(cell)) if isinstance(cell, str) else typed(cell)
