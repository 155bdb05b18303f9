"""Appending to the journal. Needs an open transaction that holds the subject's lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from orderwright.core.actor import Actor
from orderwright.core.db import assert_in_transaction
from orderwright.journal.chain import GENESIS, Link, link_hash
from orderwright.journal.models import Entry
from orderwright.journal.streams import Plain, seal_of, site_of

# Under this name the sealed reason stands among an entry's fields.
WHY: Final = "why"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One entry to be. `before` and `after` have the same keys, the fields that changed, with plain JSON values."""

    kind: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""


def append(
    *,
    stream: str,
    kind: str,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str = "",
    version: int = 0,
) -> None:
    """Add one entry at the end of the stream. Like `append_all` with one fact."""
    fact = Fact(kind=kind, before=before or {}, after=after or {}, why=why)
    append_all(stream=stream, facts=[fact], actor=actor, now=now, version=version)


def append_all(*, stream: str, facts: Sequence[Fact], actor: Actor, now: datetime, version: int = 0) -> None:
    """Add the facts, in order, at the end of the stream.

    Why something was done is typed by people and may name the customer: in a stream with a seal it stands sealed among
    the fields, unless it is Plain. See docs/adr/0021.
    Raises: ValueError for a fact that does not say of the same fields what was and what is.
    Effects: two statements however many facts; the caller's lock on the subject keeps the chain straight, and the
    unique key on stream and sequence proves that it did. Source: W13, I10.
    """
    assert_in_transaction("a journal entry belongs to the transaction of its change")
    last = Entry.objects.filter(stream=stream).order_by("-sequence").values_list("sequence", "hash").first()
    sequence, head = last or (0, GENESIS)
    entries: list[Entry] = []
    for place, fact in enumerate(facts, start=sequence + 1):
        if fact.before.keys() != fact.after.keys():
            raise ValueError(f"{fact.kind}: what was and what is name other fields")
        before, after, why = _sealed(fact, stream)
        content: dict[str, Any] = {
            "stream": stream,
            "sequence": place,
            "kind": fact.kind,
            "version": version,
            "actor_kind": actor.kind,
            "actor_ref": actor.ref,
            "actor_name": actor.name,
            "at": now,
            "before": before,
            "after": after,
            "why": why,
        }
        own_hash = link_hash(Link(**content), previous_hash=head)
        entries.append(Entry(**content, site_id=site_of(stream), previous_hash=head, hash=own_hash))
        head = own_hash
    Entry.objects.bulk_create(entries)


def _sealed(fact: Fact, stream: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    before, after, seal = dict(fact.before), dict(fact.after), seal_of(stream)
    if not fact.why or seal is None or isinstance(fact.why, Plain):
        return before, after, str(fact.why)
    return {**before, WHY: None}, {**after, WHY: seal(fact.why)}, ""
