"""Roots over the whole journal: what the next head covers, and whether heads still match. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db import connection

from orderwright.core.db import is_postgresql
from orderwright.journal.chain import GENESIS
from orderwright.journal.heads import SignedHead, extended, is_signed
from orderwright.journal.models import Entry, Head
from orderwright.journal.reads import CHUNK, Seen
from orderwright.journal.signing import trusted_keys

_NEWEST_SQLITE = "SELECT coalesce(max(id), 0), 0 FROM journal_entry"
_NEWEST_POSTGRESQL = (
    "SELECT coalesce(max(id), 0), pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM journal_entry"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The last entry that can be seen, and by when all that were begun before it have come or never will."""

    entry_id: int
    horizon: int


def newest() -> Newest:
    """Return the last entry, 0 when there is none. Cost: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_POSTGRESQL if is_postgresql() else _NEWEST_SQLITE)
        entry_id, horizon = cursor.fetchone()
    return Newest(entry_id=entry_id, horizon=horizon)


def is_settled(seen: Newest) -> bool:
    """Return whether no entry can appear any more before the last one seen.

    PostgreSQL gives out ids before transactions end, so an earlier id may still be on its way; once every transaction
    that was open then has ended, it is here or was rolled back. SQLite lets one transaction write at a time.
    """
    if not is_postgresql():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %s", [seen.horizon])
        settled: bool = cursor.fetchone()[0]
    return settled


def last_head() -> SignedHead | None:
    """Return the newest head, or None while there is none. Cost: one statement."""
    row = Head.objects.order_by("-number").first()
    return stored_head(row) if row else None


def stored_head(row: Head) -> SignedHead:
    """Return the row as what is kept outside."""
    return SignedHead(
        number=row.number,
        at=row.at,
        entries=row.entries,
        last_entry=row.last_entry,
        root=row.root,
        public_key=row.public_key,
        signature=row.signature,
    )


def root_since(last: SignedHead | None, *, until: int) -> tuple[str, int]:
    """Return the root over all entries up to the id `until`, and how many they are, going on from the last head.

    Cost: a statement for each two thousand entries since then.
    """
    root, entries, reached = (last.root, last.entries, last.last_entry) if last else (GENESIS, 0, 0)
    for hashes, last_id in _hashes(after=reached, until=until):
        root, more = extended(root, hashes)
        entries, reached = entries + more, last_id
    return root, entries


def head_faults(*, outside: Sequence[SignedHead] = (), seen: Seen | None = None) -> Iterator[str]:
    """Yield what the heads, those of this desk and those kept outside, say against the journal. Source: I10.

    Cost: reads every entry's hash once where there is any head. `seen` as in `journal.reads.faults`.
    """
    here = [stored_head(row) for row in Head.objects.order_by("number")]
    yield from _forged(here, where="here")
    yield from _forged(outside, where="kept outside")
    known = {head.number: head for head in here}
    for head in outside:
        if head.number not in known:
            yield f"head {head.number}, kept outside, is not known here"
        elif head != known[head.number]:
            yield f"head {head.number}, kept outside, is another one here"
    for place, head in enumerate(here, start=1):
        if head.number != place:
            yield f"head {place} is missing, {head.number} stands in its place"
            break
    yield from _differing(sorted({*here, *outside}, key=attrgetter("last_entry", "number")), seen=seen)


def _forged(heads: Sequence[SignedHead], *, where: str) -> Iterator[str]:
    trusted = trusted_keys()
    for head in heads:
        if head.public_key not in trusted or not is_signed(head):
            yield f"head {head.number}, {where}, is not signed by a key of this desk"


def _differing(heads: Sequence[SignedHead], *, seen: Seen | None) -> Iterator[str]:
    root, entries, reached = GENESIS, 0, 0
    for last_entry, same in groupby(heads, key=attrgetter("last_entry")):
        for hashes, last_id in _hashes(after=reached, until=last_entry):
            root, more = extended(root, hashes)
            entries, reached = entries + more, last_id
            if seen is not None:
                seen(more)
        for head in same:
            name = f"head {head.number} of {head.at:%Y-%m-%d %H:%M}"
            if head.entries != entries:
                yield f"{name} covers {head.entries} entries, {entries} are here"
            elif head.root != root:
                yield f"{name} does not match the {entries} entries it covers"


def _hashes(*, after: int, until: int) -> Iterator[tuple[list[str], int]]:
    """Yield the hashes after this id up to that one, in the order of the ids, in pieces with the last id of each."""
    while True:
        within = Entry.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")
        rows = list(within.values_list("pk", "hash")[:CHUNK])
        if not rows:
            return
        after = rows[-1][0]
        yield [own for _pk, own in rows], after
