"""Typed access to an untrusted JSON document, with a pointer to every place. Knows nothing of orders or money."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import NoReturn

from orderwright.actions.shopify_order.results import Findings
from orderwright.core.errors import Invalid
from orderwright.core.text import clean_text, text_problem

# Shopify's ids are 64-bit numbers; exports sometimes write them as text.
_ID_TEXT = re.compile(r"[0-9]{1,20}", re.ASCII)
_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")
# What an order can be dated; outside it stands a mistake, not a time.
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class UnreadableJson(Invalid):
    """The bytes are not a JSON document."""

    code = "json_unreadable"


def decode(data: bytes) -> object:
    """Return the JSON document in the bytes, with decimals kept exact.

    Raises: UnreadableJson for broken JSON, bytes that are not UTF-8, NaN, nesting or numbers beyond reason.
    """
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError) as broken:
        raise UnreadableJson(f"The file is not readable JSON: {str(broken)[:200]}") from broken


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the document: its value, its pointer, and the findings that it adds to."""

    value: object
    pointer: str
    findings: Findings

    def at(self, key: str) -> Node:
        """Return the place under a key; its value is None where there is nothing."""
        return _inside(self, key, self.value.get(key) if isinstance(self.value, dict) else None)

    def has(self, key: str) -> bool:
        """Return whether something other than null stands under the key."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def fault(self, code: str, message: str, *, figures: tuple[str, str] | None = None) -> None:
        """Note a reason to refuse the order, at this place."""
        self.findings.fault(self.pointer, code, message, figures=figures)

    def warn(self, code: str, message: str) -> None:
        """Note something to know, at this place."""
        self.findings.warn(self.pointer, code, message)

    def wrong_type(self, wanted: str) -> None:
        """Note that something else stands here than what the platform documents."""
        self.fault("wrong_type", f"Here stands {_kind(self.value)}; Shopify documents {wanted}.")

    def object(self, key: str) -> Node | None:
        """Return the object under the key, or None when it is absent or null."""
        inner = self.at(key)
        if isinstance(inner.value, dict):
            return inner
        if inner.value is not None:
            inner.wrong_type("an object")
        return None

    def objects(self, key: str) -> list[Node]:
        """Return the objects of the list under the key; an absent or null list is an empty one."""
        return [each for each in self.elements(key) if each.is_object()]

    def elements(self, key: str) -> Iterator[Node]:
        """Yield what is in the list under the key."""
        inner = self.at(key)
        if isinstance(inner.value, list):
            yield from (_inside(inner, index, each) for index, each in enumerate(inner.value))
        elif inner.value is not None:
            inner.wrong_type("a list")

    def is_object(self) -> bool:
        """Return whether an object stands here; note it when something else does."""
        if not isinstance(self.value, dict):
            self.wrong_type("an object")
            return False
        return True

    def text(
        self, key: str, *, longest: int, block: bool = False, shorten: bool = False, is_reference: bool = False
    ) -> str | None:
        """Return the text under the key, trimmed and in normal form, or None when it is absent or empty.

        `block` keeps line breaks, which otherwise become spaces; `shorten` cuts what is too long and warns.
        """
        return self.at(key).own_text(longest=longest, block=block, shorten=shorten, is_reference=is_reference)

    def own_text(
        self, *, longest: int, block: bool = False, shorten: bool = False, is_reference: bool = False
    ) -> str | None:
        """Return the text that stands here, under the same rules as `text`."""
        if self.value is None:
            return None
        if not isinstance(self.value, str):
            self.wrong_type("text")
            return None
        raw = (self.value if block else _BREAKS.sub(" ", self.value)).strip()
        if shorten and len(raw) > longest:
            self.warn("shortened", f"The text has {len(raw)} characters and was cut to {longest}.")
            raw = raw[: longest - 1] + "…"
        problem = text_problem(raw, longest=longest, block=block, is_reference=is_reference)
        if problem is not None:
            self.fault(*problem)
            return None
        kept = clean_text(raw, pointer=self.pointer, longest=longest, block=block, is_reference=is_reference)
        return kept or None

    def id(self, key: str) -> str | None:
        """Return the platform's id under the key as text, or None when it is absent."""
        inner = self.at(key)
        if inner.value is None:
            return None
        if type(inner.value) is int and 0 <= inner.value < 10**20:
            return str(inner.value)
        if isinstance(inner.value, str) and _ID_TEXT.fullmatch(inner.value):
            return inner.value
        inner.wrong_type("an id, which is a number")
        return None

    def whole(self, key: str, *, most: int = 1_000_000) -> int | None:
        """Return the whole number under the key, from zero to `most`, or None when it is absent."""
        inner = self.at(key)
        if inner.value is None:
            return None
        if type(inner.value) is not int:
            inner.wrong_type("a whole number")
        elif not 0 <= inner.value <= most:
            inner.fault("out_of_range", f"The number must be from 0 to {most}.")
        else:
            return inner.value
        return None

    def flag(self, key: str) -> bool | None:
        """Return the yes or no under the key, or None when it is absent."""
        inner = self.at(key)
        if inner.value is None or isinstance(inner.value, bool):
            return inner.value
        inner.wrong_type("true or false")
        return None

    def time(self, key: str) -> str | None:
        """Return the moment under the key in UTC as RFC 3339 text, or None when it is absent."""
        inner = self.at(key)
        if inner.value is None:
            return None
        if not isinstance(inner.value, str):
            inner.wrong_type("a time with its offset")
            return None
        moment = _moment(inner.value)
        if moment is None:
            inner.fault("time_unreadable", "This is not a time with its offset from UTC (ISO 8601), 1990 to 2100.")
            return None
        # Whole seconds, so that times also compare as text.
        return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _inside(holder: Node, key: str | int, value: object) -> Node:
    token = str(key).replace("~", "~0").replace("/", "~1")
    return Node(value, f"{holder.pointer}/{token}", holder.findings)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        aware = None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware if aware is not None and _EARLIEST <= aware <= _LATEST else None


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float() | Decimal():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"
