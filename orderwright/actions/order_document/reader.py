"""Reading JSON values strictly, collecting every error with its pointer instead of stopping at the first."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from numbers import Number
from typing import Any

from django.utils.translation import gettext as _

from orderwright.core.errors import FieldError
from orderwright.core.money import MAX_MINOR
from orderwright.core.text import clean_text, text_problem

_MISSING = object()
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", flags=re.ASCII)
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MAX_PIECES = 1_000_000
MOST_ERRORS, MOST_ATTRIBUTES = 100, 50
LONGEST_ATTRIBUTE, LONGEST_ATTRIBUTE_NAME = 500, 80


def escape(token: str) -> str:
    """Return the name as one token of a JSON pointer (RFC 6901), cut short and printable."""
    printable = "".join(sign if sign.isprintable() else "\ufffd" for sign in token[:80])
    return printable.replace("~", "~0").replace("/", "~1")


class Errors:
    """Collects what is wrong. Nobody reads more than some, and a hostile body could make millions."""

    def __init__(self) -> None:
        self.found: list[FieldError] = []

    def add(self, pointer: str, code: str, message: str) -> None:
        """Note one more error."""
        if len(self.found) < MOST_ERRORS:
            self.found.append(FieldError(pointer=pointer, code=code, message=message))


class Node:
    """One JSON object of the document, with the pointer where it stands. Reading a field never raises."""

    def __init__(self, value: Any, *, pointer: str, errors: Errors, fields: Iterable[str]) -> None:
        self.pointer, self.errors = pointer, errors
        self.value: Mapping[str, Any] = {}
        if not isinstance(value, Mapping):
            errors.add(pointer, "wrong_type", _("It must be an object."))
            return
        self.value = value
        for name in value.keys() - set(fields):
            errors.add(f"{pointer}/{escape(str(name))}", "unknown_field", _("There is no such field."))

    def has(self, name: str) -> bool:
        """Return whether the field is there and not null."""
        return self.value.get(name) is not None

    def text(
        self,
        name: str,
        *,
        longest: int,
        required: bool = False,
        block: bool = False,
        default: str = "",
        is_reference: bool = False,
    ) -> str:
        """Return the field as clean text; the default when it is missing or null and need not be there."""
        value = self._get(name, required=required)
        if value is _MISSING:
            return default
        if not isinstance(value, str):
            self._wrong(name, "wrong_type", _("It must be text."))
            return default
        problem = text_problem(value, longest=longest, block=block, is_reference=is_reference)
        if problem is not None:
            self._wrong(name, *problem)
            return default
        cleaned = clean_text(
            value, pointer=f"{self.pointer}/{name}", longest=longest * 4, block=block, is_reference=is_reference
        )
        if required and not cleaned:
            self._wrong(name, "required", _("It must not be empty."))
        return cleaned or default

    def amount(self, name: str, *, required: bool = False, least: int = 0) -> int:
        """Return the field as minor units; 0 when it is missing and need not be there, or wrong."""
        return self._whole(name, required=required, least=least, most=MAX_MINOR, what="minor units")

    def count(self, name: str, *, least: int = 1) -> int:
        """Return the field as a number of pieces or places; `least` when it is wrong."""
        return self._whole(name, required=True, least=least, most=MAX_PIECES, what="pieces") or least

    def boolean(self, name: str, *, default: bool = False) -> bool:
        """Return the field as true or false."""
        value = self._get(name, required=False)
        if value is _MISSING:
            return default
        if not isinstance(value, bool):
            self._wrong(name, "wrong_type", _("It must be true or false."))
            return default
        return value

    def time(self, name: str, *, required: bool = False) -> datetime | None:
        """Return the field as an aware UTC time; None when it is missing and need not be there, or wrong."""
        value = self._get(name, required=required)
        if value is _MISSING:
            return None
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            self._wrong(name, "not_a_time", _("It must be a time with offset (RFC 3339): 2026-11-20T21:42:11Z."))
            return None
        try:
            moment = datetime.fromisoformat(value.upper()[:19] + _fraction_and_offset(value)).astimezone(UTC)
        except (ValueError, OverflowError):
            moment = None
        if moment is None or not _EARLIEST <= moment <= _LATEST:
            self._wrong(name, "not_a_time", _("There is no such time between 1990 and 2100."))
            return None
        return moment

    def child(self, name: str, *, fields: Iterable[str], required: bool = False) -> Node | None:
        """Return the object in the field, or None when it is missing or null."""
        value = self._get(name, required=required)
        if value is _MISSING:
            return None
        return Node(value, pointer=f"{self.pointer}/{name}", errors=self.errors, fields=fields)

    def children(self, name: str, *, fields: Iterable[str], most: int, required: bool = False) -> list[Node]:
        """Return the objects of the list in the field, in order; none when it is missing."""
        fields = tuple(fields)
        return [
            Node(entry, pointer=f"{self.pointer}/{name}/{at}", errors=self.errors, fields=fields)
            for at, entry in enumerate(self._list(name, most=most, required=required))
        ]

    def texts(self, name: str, *, longest: int, most: int, is_reference: bool = False) -> tuple[str, ...]:
        """Return the list of texts in the field, empty ones left out."""
        found: list[str] = []
        for at, value in enumerate(self._list(name, most=most, required=False)):
            holder = Node({str(at): value}, pointer=f"{self.pointer}/{name}", errors=self.errors, fields=(str(at),))
            if text := holder.text(str(at), longest=longest, is_reference=is_reference):
                found.append(text)
        return tuple(found)

    def attributes(self, name: str) -> dict[str, Any]:
        """Return a flat object of short texts, numbers and booleans, as shops attach it to a line."""
        value = self._get(name, required=False)
        if value is _MISSING:
            return {}
        if not isinstance(value, Mapping) or len(value) > MOST_ATTRIBUTES:
            self._wrong(name, "wrong_type", _("It must be an object of at most fifty names."))
            return {}
        holder = Node(value, pointer=f"{self.pointer}/{name}", errors=self.errors, fields=value.keys())
        found: dict[str, Any] = {}
        for key, entry in value.items():
            if not isinstance(key, str) or text_problem(key, longest=LONGEST_ATTRIBUTE_NAME) is not None:
                pointer = f"{holder.pointer}/{escape(str(key))}"
                holder.errors.add(pointer, "forbidden_character", _("The name is not plain text."))
            elif isinstance(entry, bool):
                found[key] = entry
            elif isinstance(entry, Number):
                found[key] = holder._whole(key, required=False, least=-MAX_MINOR, most=MAX_MINOR)
            else:
                found[key] = holder.text(key, longest=LONGEST_ATTRIBUTE)
        return found

    def wrong(self, name: str, code: str, message: str) -> None:
        """Note an error at the field."""
        self._wrong(name, code, message)

    def _whole(self, name: str, *, required: bool, least: int, most: int, what: str = "") -> int:
        value = self._get(name, required=required)
        if value is _MISSING:
            return 0
        if type(value) is not int:
            self._wrong(name, "not_an_integer", _whole_number(what))
            return 0
        if not least <= value <= most:
            words = _("It must be between %(least)s and %(most)s.")
            self._wrong(name, "out_of_range", words % {"least": least, "most": most})
            return 0
        return value

    def _list(self, name: str, *, most: int, required: bool) -> list[Any]:
        value = self._get(name, required=required)
        if value is _MISSING:
            return []
        if not isinstance(value, list):
            self._wrong(name, "wrong_type", _("It must be a list."))
            return []
        if len(value) > most:
            words = _("At most %(most)s entries; this has %(size)s.")
            self._wrong(name, "too_many", words % {"most": most, "size": len(value)})
            return []
        return value

    def _get(self, name: str, *, required: bool) -> Any:
        value = self.value.get(name, _MISSING)
        if value is None or value is _MISSING:
            if required:
                self._wrong(name, "required", _("It is missing."))
            return _MISSING
        return value

    def _wrong(self, name: str, code: str, message: str) -> None:
        self.errors.add(f"{self.pointer}/{escape(name)}", code, message)


def _whole_number(what: str) -> str:
    return {
        "minor units": _("It must be a whole number of minor units."),
        "pieces": _("It must be a whole number of pieces."),
    }.get(what) or _("It must be a whole number.")


def _fraction_and_offset(value: str) -> str:
    """Return the tail of a time with its fraction cut to microseconds, which is all that Python reads."""
    tail = value[19:].upper()
    if not tail.startswith("."):
        return tail
    fraction = "".join(itertools.takewhile(str.isdigit, tail[1:]))
    return f".{fraction[:6]:0<6}{tail[1 + len(fraction) :]}"
