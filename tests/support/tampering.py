"""What somebody could do who has the database to themselves: lift the triggers, change the journal, hash it anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from orderwright.core.triggers import append_only, changeable
from orderwright.journal.chain import GENESIS, Link, link_hash
from orderwright.journal.models import Entry


@contextmanager
def unguarded(table: str = "journal_entry") -> Iterator[None]:
    """Let rows of the table be changed and removed inside the block."""
    _run(changeable(table))
    try:
        yield
    finally:
        _run(append_only(table))


def drop_last(stream: str) -> None:
    """Take the last entry of the stream away."""
    with unguarded():
        Entry.objects.filter(stream=stream).latest("sequence").delete()


def rewrite(stream: str, *, sequence: int, **columns: Any) -> None:
    """Change an entry and hash its whole stream anew, so that the chain holds."""
    head = GENESIS
    with unguarded():
        Entry.objects.filter(stream=stream, sequence=sequence).update(**columns)
        for row in Entry.objects.filter(stream=stream).order_by("sequence"):
            link = Link(**{name: getattr(row, name) for name in Link.__dataclass_fields__})
            row.previous_hash, head = head, link_hash(link, previous_hash=head)
            row.hash = head
            row.save(update_fields=["previous_hash", "hash"])


def _run(step: Any) -> None:
    with connection.schema_editor() as editor:
        step.code(None, editor)
