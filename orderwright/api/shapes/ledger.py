"""The ledger: sums by day with balances, totals, and its transactions one by one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from orderwright.api.shapes.base import Minor, Shape, SiteRef, Time

Day = Annotated[date, Meta(description="In the site's time zone.")]


class AccountRef(Shape):
    """A provider account. `live` is whether it moves real money."""

    slug: str
    name: str
    live: bool


class LedgerSums(Shape):
    """What moved, and what stood at the end. `held` and `kept` (captured less refunded) are balances of all time."""

    authorised: Minor
    captured: Minor
    reversed: Minor
    expired: Minor
    refunded: Minor
    held: Minor
    kept: Minor
    transactions: Annotated[int, Meta(description="How many ledger transactions moved it.")]


class LedgerDay(LedgerSums):
    """One day of one site, provider account and currency on which something moved."""

    day: Day
    time_zone: str
    site: SiteRef
    provider: AccountRef
    currency: str


class LedgerTotal(LedgerSums):
    """All days and sites of one provider account and currency."""

    provider: AccountRef
    currency: str


class Ledger(Shape):
    """The ledger by day: items by day, site, provider account and currency. Totals are also of what stands unmoved.

    `last_transaction` is the greatest number among the ledger transactions counted, null where there are none.
    """

    from_: Annotated[date, Meta(description="The first day.")] = field(name="from")
    to: Annotated[date, Meta(description="The last day.")]
    items: list[LedgerDay]
    totals: list[LedgerTotal]
    transactions: int
    last_transaction: int | None


class LedgerTransaction(Shape):
    """One movement of money."""

    id: int
    at: Time
    day: Day
    time_zone: str
    site: SiteRef
    order: Annotated[str, Meta(description="The order's number.")]
    external_id: str
    provider: AccountRef
    payment_reference: str
    kind: Annotated[str, Meta(description="authorisation, capture, reversal, expiry or refund")]
    reference: Annotated[str, Meta(description="What the provider calls it.")]
    parent: Annotated[str | None, Meta(description="Refunds: the capture that is given back.")]
    amount: Minor
    currency: str
    origin: Annotated[str, Meta(description="desk, intake (came with the order) or provider (done there)")]
    by: Annotated[str | None, Meta(description="Who asked for it, where it was asked for at the desk.")]


class LedgerTransactionPage(Shape):
    """A page of ledger transactions, the first to happen first. `next` is the cursor of the following page."""

    items: list[LedgerTransaction]
    next: str | None
