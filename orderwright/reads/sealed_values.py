"""What names a customer in the journal, opened for whoever may see it. Sealing it does not belong here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
from cryptography.fernet import Fernet

from orderwright.journal.writes import WHY
from orderwright.orders.customer_keys import is_sealed, open_keys, opened
from orderwright.reads.row import Row

R = TypeVar("R", bound=Row)


def with_personal(rows: Sequence[R], *, may_see: Callable[[R], bool]) -> list[R]:
    """Return the entries with what was sealed in them as it was; the reason stands where it stands in every entry.

    Shape: rows with `before`, `after` and `why`. A value is ERASED where the customer was erased, HIDDEN where
    `may_see` says no; a reason is empty then. Cost: one statement, none where nothing is sealed or may be seen.
    """
    seen = [may_see(row) for row in rows]
    keys = open_keys({key for row, is_seen in zip(rows, seen, strict=True) if is_seen for key in _keys(row)})
    return [_opened(row, keys if is_seen else {}) for row, is_seen in zip(rows, seen, strict=True)]


def _keys(row: Any) -> Iterator[int]:
    return (value["key"] for fields in (row.before, row.after) for value in fields.values() if is_sealed(value))


def _opened(row: R, keys: dict[int, Fernet | None]) -> R:
    told: Any = row
    if not any(map(is_sealed, (*told.before.values(), *told.after.values()))):
        return row
    before, after = ({name: opened(value, keys) for name, value in each.items()} for each in (told.before, told.after))
    before.pop(WHY, None)
    why = after.pop(WHY, None)
    return msgspec.structs.replace(row, before=before, after=after, why=why if isinstance(why, str) else told.why)
