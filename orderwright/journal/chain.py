"""How an entry is hashed and how a chain is checked: pure functions, no Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The content of one entry that its hash covers, in stream order."""

    stream: str
    sequence: int
    kind: str
    version: int
    actor_kind: str
    actor_ref: str
    actor_name: str
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: str


def link_hash(link: Link, *, previous_hash: str) -> str:
    """Return the SHA-256 of the entry and of the hash before it, as 64 hexadecimal digits."""
    content = [
        previous_hash,
        link.stream,
        link.sequence,
        link.kind,
        link.version,
        link.actor_kind,
        link.actor_ref,
        link.actor_name,
        link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        link.before,
        link.after,
        link.why,
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def chain_faults(entries: Iterable[tuple[Link, str, str]]) -> list[str]:
    """Return what is wrong with one stream, as sentences; empty when the chain holds.

    Shape of an entry: (link, previous_hash, hash), in order of sequence.
    """
    faults: list[str] = []
    head = GENESIS
    for place, (link, previous_hash, own_hash) in enumerate(entries, start=1):
        if link.sequence != place:
            faults.append(f"{link.stream}: entry {place} is missing, {link.sequence} stands in its place")
            return faults
        if previous_hash != head or link_hash(link, previous_hash=previous_hash) != own_hash:
            faults.append(f"{link.stream}: entry {link.sequence} does not match its hash")
            return faults
        head = own_hash
    return faults
