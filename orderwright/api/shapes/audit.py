"""The audit: entries of the whole journal, its signed heads, and checks of it."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from orderwright.api.shapes.base import Shape, SiteRef, Time


class AuditEntry(Shape):
    """One committed change. `before` and `after` have the same names; amounts in them end in `_minor`."""

    id: int
    stream: Annotated[str, Meta(description="What it is about, such as `order:17`; each stream is one hash chain.")]
    sequence: Annotated[int, Meta(description="Its place in the stream, from 1.")]
    kind: str
    order: Annotated[str | None, Meta(description="The order's number, where it is about an order.")]
    site: SiteRef | None
    by: str
    by_kind: Annotated[str, Meta(description="person, key, provider, rule or system")]
    by_reference: str
    at: Time
    version: Annotated[int, Meta(description="The subject's version after the change.")]
    before: dict[str, Any]
    after: dict[str, Any]
    why: str | None
    previous_hash: str
    hash: str


class AuditPage(Shape):
    """A page of entries, newest first. `next` is the cursor of the following page, null on the last one."""

    items: list[AuditEntry]
    next: str | None


class SignedHead(Shape):
    """What the journal was at a moment, signed with Ed25519: kept elsewhere, it tells whether entries were changed.

    The root is SHA-256 over the root before and the entry's hash, from 64 zeros on, in the order of the entries' ids.
    """

    format: str
    number: int
    at: Time
    entries: Annotated[int, Meta(description="How many entries it covers.")]
    last_entry: Annotated[int, Meta(description="The id of the last one.")]
    root: str
    public_key: Annotated[str, Meta(description="Base64.")]
    signature: Annotated[
        str, Meta(description="Base64, over the other members as JSON with sorted names and without spaces.")
    ]


class JournalCheck(Shape):
    """One check of every chain and every head. `checked` of `entries` have been looked at."""

    id: int
    state: Annotated[str, Meta(description="running or done")]
    by: str
    asked_at: Time
    finished_at: Time | None
    entries: int
    checked: int
    heads: int
    faults: Annotated[list[str], Meta(description="Sentences, the first of them.")]
    faults_count: int
