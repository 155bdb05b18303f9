"""Provider drift: where a provider and our books disagree, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import connection

from orderwright.core.actor import Actor
from orderwright.payments.comparison import Room
from orderwright.payments.errors import DriftNotFound
from orderwright.reads import cursors
from orderwright.reads.order_list import aware
from orderwright.reads.own_sites import of_sites
from orderwright.reads.rows import Row

# What a list of differences can be narrowed to; without one, those that nobody has decided.
VIEWS: Final = {
    "undecided": "d.state IN ('open', 'investigating')",
    "investigating": "d.state = 'investigating'",
    "accepted": "d.state = 'accepted'",
    "gone": "d.state = 'gone'",
    "all": "TRUE",
}
_COLUMNS: Final = (
    "d.id, d.kind, d.provider_ref, d.parent_ref, d.there_minor, d.here_minor, d.currency, d.at, d.state, d.found_at, "
    "d.decided_at, d.decided_by, d.note, p.id, p.reference, p.currency, p.method_type, p.brand, p.last4, "
    "p.authorised_minor - p.captured_minor - p.released_minor - p.pending_minor, "
    "p.captured_minor - p.refunded_minor - p.refund_pending_minor, p.refunded_minor, a.name, o.number, "
    "o.customer_name, t.id, t.locale, t.time_zone"
)
_FROM: Final = (
    "FROM payments_drift d JOIN payments_payment p ON p.id = d.payment_id "
    "JOIN payments_provideraccount a ON a.id = p.account_id JOIN orders_order o ON o.id = p.order_id "
    "JOIN orders_site t ON t.id = o.site_id"
)


class DriftRow(Row, frozen=True, kw_only=True):
    """One difference. Unit: minor units, `there_minor` of `currency`, the others of the payment's currency."""

    id: int
    kind: str
    provider_ref: str
    parent_ref: str
    there_minor: int | None
    here_minor: int | None
    currency: str
    at: datetime | None
    state: str
    found_at: datetime
    decided_at: datetime | None
    decided_by: str
    note: str
    payment_id: int
    payment_reference: str
    payment_currency: str
    method_type: str
    brand: str
    last4: str
    free_minor: int
    refundable_minor: int
    returned_minor: int
    account_name: str
    order_number: str
    customer_name: str
    site_id: int
    site_locale: str
    site_time_zone: str

    @property
    def room(self) -> Room:
        """How much can still move on the payment."""
        return Room(
            free_minor=self.free_minor, refundable_minor=self.refundable_minor, returned_minor=self.returned_minor
        )


class DriftPage(Row, frozen=True, kw_only=True):
    """Some differences, newest first, and the cursor of the following page; None at the end."""

    items: list[DriftRow]
    next: str | None


def list_drift(*, actor: Actor, view: str = "undecided", after: str | None = None, limit: int = 50) -> DriftPage:
    """Return one page of VIEWS[view]. Cost: one statement. Raises: CursorInvalid."""
    own, sites = of_sites(actor)
    condition, values = f"{VIEWS[view]} AND {own}", [*sites]
    if after is not None:
        condition += " AND d.id < %s"
        values.append(cursors.decode_id(after))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} {_FROM} WHERE {condition} ORDER BY d.id DESC LIMIT %s", [*values, limit + 1])
        rows = [_row(record) for record in cursor.fetchall()]
    items = rows[:limit]
    return DriftPage(items=items, next=cursors.encode(items[-1].id) if len(rows) > limit else None)


def read_drift(*, drift_id: int, actor: Actor) -> DriftRow:
    """Return one difference. Cost: one statement. Raises: DriftNotFound."""
    own, sites = of_sites(actor)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} {_FROM} WHERE d.id = %s AND {own}", [drift_id, *sites])
        record = cursor.fetchone()
    if record is None:
        raise DriftNotFound("There is no such difference.", facts={"drift": drift_id})
    return _row(record)


def count_drift(*, actor: Actor) -> dict[str, int]:
    """Return how many differences each of VIEWS has. Cost: one statement."""
    own, sites = of_sites(actor)
    joined = (
        ""
        if actor.sites is None
        else "JOIN payments_payment p ON p.id = d.payment_id JOIN orders_order o ON o.id = p.order_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT d.state, count(*) FROM payments_drift d {joined} WHERE {own} GROUP BY d.state", sites)
        counted: dict[str, int] = dict(cursor.fetchall())
    undecided = counted.get("open", 0) + counted.get("investigating", 0)
    return {**dict.fromkeys(VIEWS, 0), **counted, "undecided": undecided, "all": sum(counted.values())}


def _row(record: tuple[Any, ...]) -> DriftRow:
    values = dict(zip(DriftRow.__struct_fields__, record, strict=True))
    for name in ("at", "found_at", "decided_at"):
        values[name] = aware(values[name])
    return DriftRow(**values)
