"""The ledger by day, site, provider account and currency: what moved, and what stood at each day's end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any, Final

from django.db import connection

from orderwright.reads import dialect
from orderwright.reads.ledger_scope import AccountRow, Scope
from orderwright.reads.order_list import stored
from orderwright.reads.own_sites import among
from orderwright.reads.row import Row
from orderwright.reads.rows import SiteRow

KINDS: Final = ("authorise", "capture", "reverse", "expire", "refund")
# What takes a movement back lessens its column; a disputed payment is money that went back.
_COUNTED_AS: Final = {
    "capture_failed": ("capture", -1),
    "refund_failed": ("refund", -1),
    "dispute": ("refund", 1),
    "dispute_won": ("refund", -1),
}
# Before everything that can have happened.
_BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)


class Sums(Row, frozen=True, kw_only=True):
    """What moved, by kind, and what stood at the end. Unit: minor units of the currency beside them.

    `held`: authorised, and neither captured, reversed nor expired by then; `kept`: captured less refunded by then.
    """

    authorised_minor: int
    captured_minor: int
    reversed_minor: int
    expired_minor: int
    refunded_minor: int
    held_minor: int
    kept_minor: int
    transactions: int


class DayRow(Row, frozen=True, kw_only=True):
    """One day of one site, provider account and currency on which something moved."""

    day: date
    site: SiteRow
    account: AccountRow
    currency: str
    sums: Sums


class TotalRow(Row, frozen=True, kw_only=True):
    """All days and sites of one provider account and currency, also where nothing moved but something stands."""

    account: AccountRow
    currency: str
    sums: Sums


class LedgerDays(Row, frozen=True, kw_only=True):
    """The days by date, site, account and currency; then totals by account and currency.

    `last_id` is the greatest number of a ledger transaction among those counted; zero where there are none.
    """

    days: list[DayRow]
    totals: list[TotalRow]
    transactions: int
    last_id: int


@dataclass(slots=True)
class _Tally:
    """Sums that grow. `moved` is by kind; the two balances run through all days."""

    moved: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    transactions: int = 0

    def add(self, kind: str, amount_minor: int, transactions: int) -> None:
        column, sign = _COUNTED_AS.get(kind, (kind, 1))
        self.moved[column] += sign * amount_minor
        self.transactions += transactions

    @property
    def held(self) -> int:
        return self.moved["authorise"] - self.moved["capture"] - self.moved["reverse"] - self.moved["expire"]

    @property
    def kept(self) -> int:
        return self.moved["capture"] - self.moved["refund"]

    def sums(self, *, held: int, kept: int) -> Sums:
        return Sums(
            authorised_minor=self.moved["authorise"],
            captured_minor=self.moved["capture"],
            reversed_minor=self.moved["reverse"],
            expired_minor=self.moved["expire"],
            refunded_minor=self.moved["refund"],
            held_minor=held,
            kept_minor=kept,
            transactions=self.transactions,
        )


def read_days(scope: Scope) -> LedgerDays:
    """Return the scope's days. Cost: one statement, however many days, sites and rows."""
    days: dict[tuple[int, int, int, str], _Tally] = {}
    before: dict[tuple[int, int, str], _Tally] = {}
    transactions = last_id = 0
    segments = segments_of(scope)
    places = {name: [cut.index(start) for start in segments] for name, cut in scope.cuts.items()}
    for segment, site_id, account_id, currency, kind, amount, count, greatest in _moved(scope, segments):
        if site_id not in scope.sites or account_id not in scope.accounts:
            continue  # made since the scope was read
        index = places[scope.sites[site_id].time_zone][segment]
        if index >= scope.days:
            continue  # over for this site, while the last day goes on elsewhere
        if index < 0:
            before.setdefault((site_id, account_id, currency), _Tally()).add(kind, int(amount), 0)
            continue
        days.setdefault((index, site_id, account_id, currency), _Tally()).add(kind, int(amount), count)
        transactions, last_id = transactions + count, max(last_id, greatest)
    return LedgerDays(
        days=_days(scope, days, before),
        totals=_totals(scope, days, before),
        transactions=transactions,
        last_id=last_id,
    )


def segments_of(scope: Scope) -> list[datetime]:
    """Return where time has to be cut so that every site's day is made of whole segments; the first has no start."""
    return [_BEGINNING, *sorted({start for cut in scope.cuts.values() for start in cut.starts})]


def _moved(scope: Scope, segments: list[datetime]) -> Iterable[tuple[Any, ...]]:
    # The last moment only ends a segment.
    moments = [str(stored(start)) for start in segments]
    pieces = [{"n": number, "starts": starts, "ends": ends} for number, (starts, ends) in enumerate(pairwise(moments))]
    conditions: list[str] = []
    values: list[Any] = [json.dumps(pieces)]
    if scope.site is not None or not scope.is_whole:
        own, sites = among(scope.sites)
        conditions.append(f"AND {own}")
        values += sites
    if scope.account is not None:
        conditions.append("AND p.account_id = %s")
        values.append(scope.account.id)
    source = dialect.current().records("b", n="integer", starts="timestamptz", ends="timestamptz")
    # CROSS JOIN makes SQLite go through the segments and look each up by time, and not the other way round.
    statement = (
        "SELECT b.n, o.site_id, p.account_id, e.currency, t.kind, sum(e.amount_minor), count(*), max(t.id) "
        f"FROM {source} CROSS JOIN payments_ledgertransaction t "
        "JOIN payments_ledgerentry e ON e.transaction_id = t.id AND e.amount_minor > 0 "
        "JOIN payments_payment p ON p.id = t.payment_id JOIN orders_order o ON o.id = p.order_id "
        f"WHERE t.at >= b.starts AND t.at < b.ends {' '.join(conditions)} "
        "GROUP BY b.n, o.site_id, p.account_id, e.currency, t.kind"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _days(
    scope: Scope, days: dict[tuple[int, int, int, str], _Tally], before: dict[tuple[int, int, str], _Tally]
) -> list[DayRow]:
    held = {key: tally.held for key, tally in before.items()}
    kept = {key: tally.kept for key, tally in before.items()}

    def place(key: tuple[int, int, int, str]) -> tuple[int, str, str, str]:
        index, site_id, account_id, currency = key
        return index, scope.sites[site_id].slug, scope.accounts[account_id].slug, currency

    rows = []
    for key in sorted(days, key=place):
        index, site_id, account_id, currency = key
        group, tally = key[1:], days[key]
        held[group] = held.get(group, 0) + tally.held
        kept[group] = kept.get(group, 0) + tally.kept
        rows.append(
            DayRow(
                day=scope.cut_of(site_id).day(index),
                site=scope.sites[site_id],
                account=scope.accounts[account_id],
                currency=currency,
                sums=tally.sums(held=held[group], kept=kept[group]),
            )
        )
    return rows


def _totals(
    scope: Scope, days: dict[tuple[int, int, int, str], _Tally], before: dict[tuple[int, int, str], _Tally]
) -> list[TotalRow]:
    within: dict[tuple[int, str], _Tally] = {}
    until: dict[tuple[int, str], _Tally] = {}
    for (_index, _site, account_id, currency), tally in days.items():
        for kind, amount in tally.moved.items():
            until.setdefault((account_id, currency), _Tally()).add(kind, amount, 0)
            within.setdefault((account_id, currency), _Tally()).add(kind, amount, 0)
        within[account_id, currency].transactions += tally.transactions
    for (_site, account_id, currency), tally in before.items():
        for kind, amount in tally.moved.items():
            until.setdefault((account_id, currency), _Tally()).add(kind, amount, 0)
    return [
        TotalRow(
            account=scope.accounts[account_id],
            currency=currency,
            sums=within.get((account_id, currency), _Tally()).sums(
                held=until[account_id, currency].held, kept=until[account_id, currency].kept
            ),
        )
        for account_id, currency in sorted(until, key=lambda key: (scope.accounts[key[0]].slug, key[1]))
        if (account_id, currency) in within or until[account_id, currency].held or until[account_id, currency].kept
    ]
