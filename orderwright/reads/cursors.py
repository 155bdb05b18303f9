"""Places in a list, as opaque text that a client hands back. A cursor holds the sort key of the last row seen."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

import msgspec

from orderwright.core.errors import FieldError, Invalid
from orderwright.core.ids import LARGEST_ID


class CursorInvalid(Invalid):
    """The cursor is not one that this list gave."""

    code = "cursor_invalid"


def encode(*key: datetime | int) -> str:
    """Return the sort key as a cursor."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_time_and_id(cursor: str) -> tuple[datetime, int]:
    """Return the time and the id that a cursor of a list by time holds. Raises: CursorInvalid."""
    moment, order_id = _decode(cursor, tuple[datetime, int])
    try:
        return moment.astimezone(UTC), order_id
    except OverflowError as error:  # the first and the last day of the calendar, with an offset
        raise _invalid() from error


def decode_id(cursor: str) -> int:
    """Return the id that a cursor of a list by id holds. Raises: CursorInvalid."""
    (row_id,) = _decode(cursor, tuple[int])
    return int(row_id)


def _decode(cursor: str, shape: Any) -> Any:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=shape)
    except (msgspec.DecodeError, binascii.Error, UnicodeError, OverflowError) as error:
        raise _invalid() from error
    moment = key[0] if isinstance(key[0], datetime) else datetime.now(UTC)
    if moment.tzinfo is None or not 0 <= key[-1] <= LARGEST_ID:
        raise _invalid()
    return key


def _invalid() -> CursorInvalid:
    message = "This cursor is not from this list. Start again without it."
    return CursorInvalid(message, fields=(FieldError(pointer="/after", code=CursorInvalid.code, message=message),))
