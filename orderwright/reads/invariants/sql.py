"""Running one statement of a check, and going through many rows some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")


def rows(statement: str) -> list[tuple[Any, ...]]:
    """Return all rows of the statement, which has no values from outside."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def in_batches(found: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield what is found, so many at a time."""
    waiting = iter(found)
    while some := list(islice(waiting, size)):
        yield some
