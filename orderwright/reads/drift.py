"""Provider drift: where a provider and our books disagree, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.payments.comparison import Room
from orderwright.payments.errors import DriftNotFound
from orderwright.reads import cursors
from orderwright.reads.order_list import aware
from orderwright.reads.own_sites import of_sites
from orderwright.reads.personal import name_for
from orderwright.reads.row import Row

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
    "d.decided_at, d.decided_by, d.note, d.payment_id IS NULL, p.id, COALESCE(p.reference, d.reference), "
    "COALESCE(p.currency, d.currency), COALESCE(p.method_type, ''), COALESCE(p.brand, ''), COALESCE(p.last4, ''), "
    "COALESCE(p.authorised_minor - p.captured_minor - p.released_minor - p.pending_minor, 0), "
    "COALESCE(p.captured_minor - p.refunded_minor - p.refund_pending_minor, 0), COALESCE(p.refunded_minor, 0), "
    "a.name, o.number, COALESCE(o.customer_name, ''), CASE WHEN d.payment_id IS NULL THEN NULL ELSE t.id END, "
    "COALESCE(t.locale, 'en'), t.time_zone"
)
# What was found on a provider's list belongs to the payment of that reference, once an order knows it; its times are
# shown by the clock by which the account's days are cut (see `reconciling.zone_of`).
_FROM: Final = (
    "FROM payments_drift d LEFT JOIN payments_payment p ON p.id = COALESCE(d.payment_id, (SELECT q.id "
    "FROM payments_payment q WHERE q.account_id = d.account_id AND q.reference = d.reference)) "
    "JOIN payments_provideraccount a ON a.id = COALESCE(d.account_id, p.account_id) "
    "LEFT JOIN orders_order o ON o.id = p.order_id "
    "LEFT JOIN orders_site t ON t.id = COALESCE(o.site_id, (SELECT s.id FROM orders_site s "
    "LEFT JOIN payments_provideraccount_sites x ON x.site_id = s.id AND x.provideraccount_id = a.id "
    "ORDER BY CASE WHEN x.site_id IS NULL THEN 1 ELSE 0 END, s.id LIMIT 1))"
)


class DriftRow(Row, frozen=True, kw_only=True):
    """One difference. Unit: minor units, `there_minor` of `currency`, the others of the payment's currency.

    `is_listed`: found on the provider's list of a day; then no order may know the payment.
    """

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
    is_listed: bool
    payment_id: int | None
    payment_reference: str
    payment_currency: str
    method_type: str
    brand: str
    last4: str
    free_minor: int
    refundable_minor: int
    returned_minor: int
    account_name: str
    order_number: str | None
    customer_name: str
    site_id: int | None  # None: found on a list, which is of no one site
    site_locale: str
    site_time_zone: str | None

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
    condition, values = f"{VIEWS[view]} AND {_own(own, actor)}", [*sites]
    if after is not None:
        condition += " AND d.id < %s"
        values.append(cursors.decode_id(after))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} {_FROM} WHERE {condition} ORDER BY d.id DESC LIMIT %s", [*values, limit + 1])
        rows = [_row(record, actor) for record in cursor.fetchall()]
    items = rows[:limit]
    return DriftPage(items=items, next=cursors.encode(items[-1].id) if len(rows) > limit else None)


def read_drift(*, drift_id: int, actor: Actor) -> DriftRow:
    """Return one difference. Cost: one statement. Raises: DriftNotFound."""
    own, sites = of_sites(actor)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} {_FROM} WHERE d.id = %s AND {_own(own, actor)}", [drift_id, *sites])
        record = cursor.fetchone()
    if record is None:
        raise DriftNotFound(_("There is no such difference."), facts={"drift": drift_id})
    return _row(record, actor)


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


def _own(own: str, actor: Actor) -> str:
    """Return the condition of the actor's sites; what was found on a list is for those who see every site."""
    return own if actor.sites is None else f"{own} AND d.payment_id IS NOT NULL"


def _row(record: tuple[Any, ...], actor: Actor) -> DriftRow:
    values = dict(zip(DriftRow.__struct_fields__, record, strict=True))
    values["is_listed"] = bool(values["is_listed"])
    for name in ("at", "found_at", "decided_at"):
        values[name] = aware(values[name])
    values["customer_name"] = name_for(actor, values["site_id"], values["customer_name"])
    return DriftRow(**values)
