"""Counting the SQL statements that something costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

# Opening and closing a transaction costs a word on one engine and a round trip on the other; neither is counted.
BRACKETS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class Counted:
    """The statements that were run so far, in order."""

    def __init__(self) -> None:
        self.sql: list[str] = []

    @property
    def count(self) -> int:
        return len(self.sql)

    def __repr__(self) -> str:
        return "\n".join([f"{self.count} statements:", *self.sql])


@contextmanager
def statements() -> Iterator[Counted]:
    """Count the statements on this thread's connection, without those that open and close transactions."""
    counted = Counted()

    def note(execute: Any, text: str, params: Any, many: bool, context: Any) -> Any:
        if not text.lstrip().upper().startswith(BRACKETS):
            counted.sql.append(text)
        return execute(text, params, many, context)

    with connection.execute_wrapper(note):
        yield counted
