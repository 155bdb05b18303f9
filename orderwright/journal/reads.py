"""Reading the journal: changes since a version, and whole chains for verification."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from orderwright.journal.chain import Link, chain_faults
from orderwright.journal.models import Entry
from orderwright.journal.writes import WHY

# So many entries are in memory at once.
CHUNK: Final = 2000
Seen = Callable[[int], None]


def changes_since(stream: str, *, version: int) -> list[dict[str, Any]]:
    """Return the entries after `version`, oldest first; empty when unchanged.

    Shape: {"sequence", "kind", "fields", "by", "at"}.
    """
    rows = Entry.objects.filter(stream=stream, version__gt=version).order_by("sequence")
    return [
        {
            "sequence": row.sequence,
            "kind": row.kind,
            "fields": sorted(_fields(row)),
            "by": row.actor_name,
            "at": row.at.isoformat(),
        }
        for row in rows
    ]


def values_since(stream: str, *, version: int) -> dict[str, Any]:
    """Return what those fields were set to last that changed after `version`, sealed where they name a customer."""
    values: dict[str, Any] = {}
    for row in Entry.objects.filter(stream=stream, version__gt=version).order_by("sequence"):
        values |= _fields(row)
    return values


def values_at(stream: str, *, version: int) -> dict[str, Any]:
    """Return what those fields were at `version` that changed after it. Empty when unchanged."""
    values: dict[str, Any] = {}
    for before in Entry.objects.filter(stream=stream, version__gt=version).order_by("-sequence").values_list("before"):
        values |= before[0]
    return values


def _fields(row: Entry) -> dict[str, Any]:
    # What begins with an underscore tells the desk how to go back, and names no field that anybody edits.
    return {name: value for name, value in row.after.items() if name != WHY and not name.startswith("_")}


def touched_by(stream: str, *, version: int) -> list[str]:
    """Return who has changed the subject after `version`, people and programs alone, by name and each once."""
    entries = Entry.objects.filter(stream=stream, version__gt=version, actor_kind__in=("person", "key"))
    return sorted(set(entries.values_list("actor_name", flat=True)))


def faults(*, seen: Seen | None = None) -> Iterator[str]:
    """Return every break in every chain, as sentences. Cost: reads the whole journal once. Source: I10.

    `seen` is told how many entries were read, again and again, between two statements.
    """
    for _stream, entries in groupby(_each(seen), key=attrgetter("stream")):
        yield from chain_faults((_link(row), row.previous_hash, row.hash) for row in entries)


def _each(seen: Seen | None) -> Iterator[Entry]:
    # In pieces, so that no statement is open while whoever is told about it writes that down.
    after: tuple[str, int] = ("", 0)
    while rows := list(
        Entry.objects.raw(
            "SELECT * FROM journal_entry WHERE (stream, sequence) > (%s, %s) ORDER BY stream, sequence LIMIT %s",
            [*after, CHUNK],
        )
    ):
        yield from rows
        if seen is not None:
            seen(len(rows))
        after = rows[-1].stream, rows[-1].sequence


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
