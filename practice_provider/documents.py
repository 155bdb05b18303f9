"""Reading the JSON documents that callers send, and refusing the wrong form; what they mean is not decided here."""

import json
import re
from collections.abc import Iterable

from practice_provider.instants import parse_instant
from practice_provider.refusals import InvalidRequest
from practice_provider.words import gettext as _

Json = dict[str, object]

LONGEST_TEXT = 255


def merged(kept: Json, said: Json) -> Json:
    """Return what is kept with what is said added to it; objects are merged, everything else is replaced."""
    both = dict(kept)
    for name, value in said.items():
        earlier = both.get(name)
        both[name] = merged(earlier, value) if isinstance(earlier, dict) and isinstance(value, dict) else value
    return both


def parse_document(body: bytes) -> Json:
    """Return the JSON object in a body; an empty body is an empty object.

    Raises: InvalidRequest for anything that is not one object of strict JSON in UTF-8: NaN, repeated names, nesting or
    figures beyond what Python reads.
    """
    if not body.strip():
        return {}
    try:
        document = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as unreadable:
        raise InvalidRequest(_("The body is no JSON document that can be read.")) from unreadable
    if not isinstance(document, dict):
        raise InvalidRequest(_("The body has to be a JSON object."))
    return document


def _object(pairs: list[tuple[str, object]]) -> Json:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return fields


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


class Fields:
    """The fields of one JSON object, read one at a time; each reader refuses another type with the field's name."""

    def __init__(self, document: Json, *, allowed: Iterable[str], under: str = "") -> None:
        """Take an object.

        Raises: InvalidRequest when it has a field that is not allowed.
        """
        self._document = document
        self._under = under
        if set(document) - set(allowed):
            names = ", ".join(f"{under}{name}" for name in allowed)
            raise InvalidRequest(_("Only these fields are known here: {names}.").format(names=names or "–"))

    def has(self, name: str) -> bool:
        """Tell whether a field is given; null counts as not given."""
        return self._document.get(name) is not None

    def integer(self, name: str, *, default: int | None = None) -> int:
        """Return a whole number; true and false are none."""
        found = self._document.get(name)
        if found is None and default is not None:
            return default
        if isinstance(found, bool) or not isinstance(found, int):
            raise self._wrong(name, _("a whole number"))
        return found

    def number(self, name: str, *, least: int, most: int) -> float:  # not money: seconds, or a share of calls
        """Return a number within bounds, with or without a fraction; amounts are read as integers."""
        found = self._document.get(name)
        if isinstance(found, bool) or not isinstance(found, int | float):  # not money: as above
            raise self._wrong(name, _("a number"))
        if not least <= found <= most:  # refuses infinity too; NaN never gets past the reading of JSON
            raise self._wrong(name, _("a number from {least} to {most}").format(least=least, most=most))
        return found

    def truth(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        found = self._document.get(name)
        if found is None:
            return default
        if not isinstance(found, bool):
            raise self._wrong(name, _("true or false"))
        return found

    def text(self, name: str, *, pattern: str, meaning: str) -> str:
        """Return a text of the given form; ``meaning`` says the form in words."""
        found = self._document.get(name)
        if not isinstance(found, str) or len(found) > LONGEST_TEXT or not re.fullmatch(pattern, found, re.ASCII):
            raise self._wrong(name, meaning)
        return found

    def word(self, name: str, *, words: Iterable[str], default: str | None = None) -> str:
        """Return one of the given words."""
        found = self._document.get(name)
        if found is None and default is not None:
            return default
        choices = tuple(words)
        if not isinstance(found, str) or found not in choices:
            raise self._wrong(name, _("one of {words}").format(words=", ".join(choices)))
        return found

    def words(self, name: str, *, words: Iterable[str]) -> tuple[str, ...]:
        """Return a list, not empty, of the given words."""
        found = self._document.get(name)
        choices = tuple(words)
        if (
            not isinstance(found, list)
            or not found
            or not all(isinstance(one, str) and one in choices for one in found)
        ):
            raise self._wrong(name, _("a list of {words}").format(words=", ".join(choices)))
        return tuple(found)

    def instant(self, name: str) -> int | None:
        """Return an RFC 3339 time as an instant, or None when it is not given."""
        found = self._document.get(name)
        if found is None:
            return None
        try:
            return parse_instant(found if isinstance(found, str) else "")
        except ValueError as no_time:
            raise self._wrong(name, _("a time of RFC 3339, such as 2026-11-20T21:42:12Z")) from no_time

    def inner(self, name: str, *, allowed: Iterable[str]) -> "Fields":
        """Return the fields of an object inside this one."""
        found = self._document.get(name)
        if not isinstance(found, dict):
            raise self._wrong(name, _("an object"))
        return Fields(found, allowed=allowed, under=f"{self._under}{name}.")

    def _wrong(self, name: str, meaning: str) -> InvalidRequest:
        field = f"{self._under}{name}"
        return InvalidRequest(_("“{field}” has to be {meaning}.").format(field=field, meaning=meaning), field=field)
