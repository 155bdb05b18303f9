"""Reconciliations with providers' own lists: how each account last compared, and the days before that."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from django.db.models import OuterRef, QuerySet, Subquery

from orderwright.payments.models import ProviderAccount, Reconciliation
from orderwright.payments.reconciling import zones_of
from orderwright.reads.row import Row


class CurrencyTotals(Row, frozen=True, kw_only=True):
    """What moved on a day in one currency, there and here. Unit: minor units."""

    currency: str
    captured_there: int
    captured_here: int
    refunded_there: int
    refunded_here: int

    @property
    def ties(self) -> bool:
        """Whether both sides say the same."""
        return (self.captured_there, self.refunded_there) == (self.captured_here, self.refunded_here)


class ReconciliationRow(Row, frozen=True, kw_only=True):
    """One day of one account. `finished_at` is None, and the figures are nothing, until a list was to be had."""

    account_slug: str
    account_name: str
    day: date
    time_zone: str
    listed: int
    differences: int
    under_way: int
    totals: list[CurrencyTotals]
    asked_by: str
    failure: str
    finished_at: datetime | None


class AccountReconciled(Row, frozen=True, kw_only=True):
    """How an account stands: the latest day that was compared, and why the latest try came to nothing, if it did."""

    slug: str
    name: str
    gateway: str
    next_try_at: datetime | None
    time_zone: str
    latest: ReconciliationRow | None
    failure: str


def list_accounts_reconciled() -> list[AccountReconciled]:
    """Return every account that is on, by priority and name. Cost: four statements."""
    of_account = Reconciliation.objects.filter(account=OuterRef("pk")).order_by("-day")
    accounts = ProviderAccount.objects.filter(is_enabled=True).annotate(
        latest=Subquery(of_account.filter(finished_at__isnull=False).values("pk")[:1]),
        failure=Subquery(of_account.values("failure")[:1]),
    )
    found = list(accounts.order_by("priority", "name"))
    latest = {row.pk: row for row in _rows().filter(pk__in=[account.latest for account in found if account.latest])}
    zones = zones_of([account.pk for account in found])
    return [
        AccountReconciled(
            slug=account.slug,
            name=account.name,
            gateway=account.gateway,
            next_try_at=account.next_try_at,
            time_zone=zones[account.pk],
            latest=_row(latest[account.latest]) if account.latest in latest else None,
            failure=account.failure or "",
        )
        for account in found
    ]


def list_reconciliations(*, account: str = "", limit: int = 50) -> list[ReconciliationRow]:
    """Return the days that were compared, or tried, the newest first. Cost: one statement."""
    rows = _rows().order_by("-day", "account__slug")
    return [_row(row) for row in (rows.filter(account__slug=account) if account else rows)[:limit]]


def read_reconciliation(*, account: str, day: date) -> ReconciliationRow:
    """Return one day of an account, which has to be there. Cost: one statement."""
    return _row(_rows().get(account__slug=account, day=day))


def _rows() -> QuerySet[Reconciliation]:
    return Reconciliation.objects.select_related("account")


def _row(row: Reconciliation) -> ReconciliationRow:
    return ReconciliationRow(
        account_slug=row.account.slug,
        account_name=row.account.name,
        day=row.day,
        time_zone=row.time_zone,
        listed=row.listed,
        differences=row.differences,
        under_way=row.under_way,
        totals=msgspec.convert(row.totals, list[CurrencyTotals]),
        asked_by=row.asked_by,
        failure=row.failure,
        finished_at=row.finished_at,
    )
