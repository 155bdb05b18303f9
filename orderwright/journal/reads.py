"""Reading the journal: changes since a version, and whole chains for verification."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from orderwright.journal.chain import Link, chain_faults
from orderwright.journal.models import Entry


def changes_since(stream: str, *, version: int) -> list[dict[str, Any]]:
    """Return the entries after `version`, oldest first: {"kind", "fields", "by", "at"}. Empty when unchanged."""
    rows = Entry.objects.filter(stream=stream, version__gt=version).order_by("sequence")
    return [
        {"kind": row.kind, "fields": sorted(row.after), "by": row.actor_name, "at": row.at.isoformat()} for row in rows
    ]


def faults() -> Iterator[str]:
    """Return every break in every chain, as sentences. Cost: reads the whole journal once. Source: I10."""
    rows = Entry.objects.order_by("stream", "sequence").iterator(chunk_size=2000)
    for _stream, entries in groupby(rows, key=lambda row: row.stream):
        yield from chain_faults((_link(row), row.previous_hash, row.hash) for row in entries)


def _link(row: Entry) -> Link:
    return Link(
        stream=row.stream,
        sequence=row.sequence,
        kind=row.kind,
        version=row.version,
        actor_kind=row.actor_kind,
        actor_ref=row.actor_ref,
        actor_name=row.actor_name,
        at=row.at,
        before=row.before,
        after=row.after,
        why=row.why,
    )
