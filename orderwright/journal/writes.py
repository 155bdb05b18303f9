"""Appending to the journal. Needs an open transaction that holds the subject's lock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from orderwright.core.actor import Actor
from orderwright.journal.chain import GENESIS, Link, link_hash
from orderwright.journal.models import Entry


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
) -> Entry:
    """Add one entry at the end of the stream.

    Shape: `before` and `after` have the same keys, the names of the fields that changed, with plain JSON values.
    Effects: one row; the caller's lock on the subject keeps the chain straight, the unique key proves it. Source: W13.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry belongs to the transaction of its change")
    last = Entry.objects.filter(stream=stream).order_by("-sequence").values_list("sequence", "hash").first()
    sequence, previous_hash = last or (0, GENESIS)
    link = Link(
        stream=stream,
        sequence=sequence + 1,
        kind=kind,
        version=version,
        actor_kind=actor.kind,
        actor_ref=actor.ref,
        actor_name=actor.name,
        at=now,
        before=dict(before or {}),
        after=dict(after or {}),
        why=why,
    )
    return Entry.objects.create(
        stream=link.stream,
        sequence=link.sequence,
        kind=link.kind,
        version=link.version,
        actor_kind=link.actor_kind,
        actor_ref=link.actor_ref,
        actor_name=link.actor_name,
        at=link.at,
        before=link.before,
        after=link.after,
        why=link.why,
        previous_hash=previous_hash,
        hash=link_hash(link, previous_hash=previous_hash),
    )
