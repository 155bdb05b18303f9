"""I1 and I2 for whole accounts: what the ledger shows by day adds up to its accounts' sums and to the payments'."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection

from orderwright.core.actor import SYSTEM
from orderwright.payments.models import ProviderAccount
from orderwright.reads.invariants.sql import rows
from orderwright.reads.ledger_days import Sums, read_days
from orderwright.reads.ledger_scope import FIRST_DAY, LAST_DAY, MOST_DAYS, AccountRow, Scope, scope_of
from orderwright.reads.order_list import aware, stored
from orderwright.reads.sites import list_sites

FIGURES: Final = ("authorised", "captured", "released", "refunded", "held", "kept", "transactions")
_BY_ACCOUNT: Final = """
SELECT p.account_id, e.currency,
  -sum(CASE WHEN e.account = 'customer' THEN e.amount_minor ELSE 0 END),
  sum(CASE WHEN e.account IN ('captured', 'refunded') THEN e.amount_minor ELSE 0 END),
  sum(CASE WHEN e.account = 'released' THEN e.amount_minor ELSE 0 END),
  sum(CASE WHEN e.account = 'refunded' THEN e.amount_minor ELSE 0 END),
  sum(CASE WHEN e.account = 'held' THEN e.amount_minor ELSE 0 END),
  sum(CASE WHEN e.account = 'captured' THEN e.amount_minor ELSE 0 END),
  count(DISTINCT t.id)
FROM payments_ledgerentry e JOIN payments_ledgertransaction t ON t.id = e.transaction_id
JOIN payments_payment p ON p.id = t.payment_id GROUP BY p.account_id, e.currency
"""
_BY_PAYMENT: Final = """
SELECT p.account_id, p.currency, sum(p.authorised_minor), sum(p.captured_minor), sum(p.released_minor),
  sum(p.refunded_minor), sum(p.authorised_minor - p.captured_minor - p.released_minor),
  sum(p.captured_minor - p.refunded_minor)
FROM payments_payment p GROUP BY p.account_id, p.currency
"""
# The same day begins less than this apart in any two zones.
_APART: Final = timedelta(days=2)

Figures = dict[tuple[int, str], list[int]]


def days_differ_from_accounts() -> Iterator[str]:
    """Yield provider accounts and currencies in which days, ledger accounts and payments do not sum to the same."""
    by_day = sums_by_day()
    by_account = _figures(_BY_ACCOUNT)
    by_payment = _figures(_BY_PAYMENT)
    for group in sorted(by_day.keys() | by_account.keys() | by_payment.keys()):
        days, accounts, payments = (found.get(group, []) for found in (by_day, by_account, by_payment))
        if days != accounts or days[:-1] != payments:
            named = f"I2: provider account {group[0]} in {group[1]}"
            yield f"{named}: the ledger's days sum to {days}, its accounts to {accounts}, its payments to {payments}"


def sums_by_day() -> Figures:
    """Return FIGURES by provider account and currency, added up from the days of all time.

    Cost: four statements, and two for each stretch of 366 days on which something moved.
    """
    sites = {site.id: site for site in list_sites(actor=SYSTEM)}
    accounts = {row["id"]: AccountRow(**row) for row in ProviderAccount.objects.values("id", "slug", "name", "is_live")}
    found: Figures = {}
    day = FIRST_DAY
    newest = _last()
    while newest is not None and (moved_at := _first_from(day)) is not None:
        first = max(day, moved_at.date() - _APART)
        last = min(first + timedelta(days=MOST_DAYS - 1), newest.date() + _APART, LAST_DAY)
        _add(found, scope_of(first=first, last=last, sites=sites, accounts=accounts))
        if last == LAST_DAY:
            break
        day = last + timedelta(days=1)
    return found


def _first_from(day: date) -> datetime | None:
    since = datetime.combine(day, time.min, UTC) - _APART
    # Not min(at): SQLite would hand over text.
    return _moment("SELECT at FROM payments_ledgertransaction WHERE at >= %s ORDER BY at LIMIT 1", stored(since))


def _last() -> datetime | None:
    return _moment("SELECT at FROM payments_ledgertransaction ORDER BY at DESC LIMIT 1")


def _moment(statement: str, *values: Any) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
    return aware(found[0]) if found else None


def _add(found: Figures, scope: Scope) -> None:
    for row in read_days(scope).days:
        sums = found.setdefault((row.account.id, row.currency), [0] * len(FIGURES))
        for place, figure in enumerate(_of(row.sums)):
            sums[place] += figure


def _of(sums: Sums) -> list[int]:
    released = sums.reversed_minor + sums.expired_minor
    return [
        sums.authorised_minor,
        sums.captured_minor,
        released,
        sums.refunded_minor,
        sums.authorised_minor - sums.captured_minor - released,
        sums.captured_minor - sums.refunded_minor,
        sums.transactions,
    ]


def _figures(statement: str) -> Figures:
    return {(account, currency): [int(each) for each in sums] for account, currency, *sums in rows(statement)}
