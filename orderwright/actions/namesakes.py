"""Names by which people tell rows of configuration apart: no two of a kind may differ in trifles alone."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from orderwright.core.db import take_turns
from orderwright.core.text import look_of

AnyModel = TypeVar("AnyModel", bound=Model)


def namesake(rows: QuerySet[AnyModel], name: str, *, except_id: int | None = None) -> AnyModel | None:
    """Return the row whose name is this one but for letter case, width, composed accents and what is not seen, or None.

    Who keeps the name that they have, letter for letter, has no namesake: there may be one from before.
    Whoever gives names to rows of this kind waits until this transaction has ended. Cost: one statement, all rows of
    the kind, of which there are few.
    """
    take_turns(f"names of {rows.model._meta.db_table}")  # noqa: SLF001 - Django's own way to a table's name
    known: list[Any] = list(rows)
    if any(row.pk == except_id and row.name == name for row in known):
        return None
    look = look_of(name)
    return next((row for row in known if row.pk != except_id and look_of(row.name) == look), None)
