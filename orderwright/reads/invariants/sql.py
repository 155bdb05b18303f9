"""Running one statement of a check."""

from __future__ import annotations

from typing import Any

from django.db import connection


def rows(statement: str) -> list[tuple[Any, ...]]:
    """Return all rows of the statement, which has no values from outside."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
