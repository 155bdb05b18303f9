"""Reading a request's body: JSON that means the same to everybody, or a refusal that points at the place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from ninja.parser import Parser
from typing_extensions import override

from orderwright.actions.order_document.reader import escape
from orderwright.api.errors import LengthRequired, MalformedJson, UnsupportedMediaType
from orderwright.core.errors import FieldError

# Deeper than any document of ours by far, shallower than what would exhaust the stack of whatever walks it later.
DEEPEST: Final = 32
# No object of ours has as many names; each unknown one would cost an error to be made and thrown away.
MOST_NAMES: Final = 500
# What fits a 64-bit integer; longer numbers are read differently by different programs.
_LONGEST_NUMBER: Final = 19
_LONGEST_FRACTION: Final = 40
_LARGEST_EXPONENT: Final = 308  # of a double, which is what other programs would make of it
_MOST_FAULTS: Final = 20


class _Unreadable(NamedTuple):
    """Stands in for a value that JSON allows to be written and that nobody should have to guess."""

    code: str
    message: str


class _Repeated(dict[str, Any]):
    """An object in which a name stands twice: readers would disagree on which one counts."""

    name: str


class _Place(NamedTuple):
    """Where a value stands: its name or index within its parent."""

    parent: _Place | None
    token: str


class StrictParser(Parser):
    """How the API reads bodies."""

    @override
    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's value. Raises: UnsupportedMediaType, MalformedJson."""
        if request.content_type != "application/json":
            raise UnsupportedMediaType(
                "Send JSON, with the header Content-Type: application/json.", facts={"accepted": ["application/json"]}
            )
        return read_json(request.body)


def require_length(request: HttpRequest) -> None:
    """Do nothing when the body's length is known, or there is no body. Raises: LengthRequired."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise LengthRequired("Send the body with its Content-Length, not in chunks.")


def read_json(body: bytes) -> Any:
    """Return what the body says. Numbers with a fraction come as Decimal, so that no double ever holds an amount.

    Raises: MalformedJson for broken UTF-8 or JSON, repeated names, halves of surrogate pairs, NaN, numbers beyond 64
    bits or a double's range, nesting deeper than 32 and more than 500 names; it points at up to twenty places.
    """
    try:
        value = _decoder.decode(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise MalformedJson(f"The body is not UTF-8 (byte {error.start}).") from error
    except RecursionError as error:
        raise MalformedJson(f"The body is nested deeper than {DEEPEST} levels.") from error
    except json.JSONDecodeError as error:
        raise MalformedJson(f"The body is not JSON: {error.msg}, line {error.lineno}, column {error.colno}.") from error
    faults = tuple(islice(_faults(value), _MOST_FAULTS))
    if faults:
        raise MalformedJson("The body is JSON that cannot be read in one way only.", fields=faults)
    return value


def _faults(document: Any) -> Iterator[FieldError]:
    pending: list[tuple[Any, _Place | None, int]] = [(document, None, 0)]
    while pending:
        value, place, depth = pending.pop()
        if isinstance(value, str):
            if not _is_whole(value):
                yield _fault(place, "lone_surrogate", "It has half of a character pair.")
        elif isinstance(value, _Unreadable):
            yield _fault(place, value.code, value.message)
        elif isinstance(value, dict | list) and depth == DEEPEST:
            yield _fault(place, "nested_too_deeply", f"At most {DEEPEST} levels.")
        elif isinstance(value, dict):
            if isinstance(value, _Repeated):
                yield _fault(_Place(place, value.name), "repeated_name", "The object has this name twice.")
            for name, inner in value.items():
                if not _is_whole(name):
                    yield _fault(place, "lone_surrogate", "A name in it has half of a character pair.")
                pending.append((inner, _Place(place, name), depth + 1))
        elif isinstance(value, list):
            pending.extend((inner, _Place(place, str(at)), depth + 1) for at, inner in enumerate(value))


def _is_whole(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _fault(place: _Place | None, code: str, message: str) -> FieldError:
    tokens: list[str] = []
    while place is not None:
        tokens.append(escape(place.token))
        place = place.parent
    return FieldError(pointer="".join(f"/{token}" for token in reversed(tokens)), code=code, message=message)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Unreadable:
    if len(pairs) > MOST_NAMES:
        return _Unreadable("too_many_names", f"At most {MOST_NAMES} names; this object has {len(pairs)}.")
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = _Repeated(found)
    names = [name for name, _value in pairs]
    repeated.name = next(name for at, name in enumerate(names) if name in names[:at])
    return repeated


def _integer(digits: str) -> int | _Unreadable:
    if len(digits) > _LONGEST_NUMBER:
        return _Unreadable("number_out_of_range", "A number with more digits than 64 bits hold.")
    return int(digits)


def _fraction(digits: str) -> Decimal | _Unreadable:
    try:
        value = Decimal(digits) if len(digits) <= _LONGEST_FRACTION else None
    except InvalidOperation:
        value = None
    if value is None or abs(value.adjusted()) > _LARGEST_EXPONENT:
        return _Unreadable("number_out_of_range", "A number that other programs would round or lose.")
    return value


def _constant(word: str) -> _Unreadable:
    return _Unreadable("not_a_number", f"{word} is not JSON.")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
