"""The rows of reconciling with providers' lists: what was booked in a time, which days are due, differences kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from orderwright.core.days import day_start, today, zone
from orderwright.orders.models import Site
from orderwright.payments.listing import FLOWS, Booked, DayCompared, Gap
from orderwright.payments.models import Drift, LedgerEntry, Operation, ProviderAccount, Reconciliation
from orderwright.payments.states import DRIFT_UNDECIDED, FINAL_STATES

# A day is compared once it has been over for this long: what moved just before midnight is on the list by then.
SETTLES: Final = timedelta(hours=2)
# A gap in the nights is made up for so many days back, and a day with differences is compared again for so long.
MADE_UP: Final = timedelta(days=7)
COMPARED_AGAIN: Final = timedelta(days=30)
# Longer than reading a long list takes.
LEASE: Final = timedelta(minutes=10)
_ONE_DAY: Final = timedelta(days=1)
_AT_ONCE: Final = 500


def zone_of(account: ProviderAccount) -> str:
    """Return by which clock the account's days are cut: that of its first site or, where it has none, of the first."""
    return zones_of([account.pk])[account.pk]


def zones_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Return by which clock the days of each account are cut. Cost: two statements."""
    zones = dict(Site.objects.order_by("pk").values_list("pk", "time_zone"))
    first = next(iter(zones.values()), "UTC")
    own = ProviderAccount.sites.through.objects.order_by("-site_id").values_list("provideraccount_id", "site_id")
    firsts = dict(own)  # the last one counts, which is the first site
    return {each: zones[firsts[each]] if each in firsts else first for each in account_ids}


def latest_day(now: datetime, *, zone_name: str) -> date:
    """Return the latest day that has been over for long enough to be compared."""
    return today(now - SETTLES, zone_name=zone_name) - _ONE_DAY


def bounds(day: date, *, zone_name: str) -> tuple[datetime, datetime]:
    """Return the first moment of the day and of the one after it."""
    return day_start(day, zone_name=zone_name), day_start(day + _ONE_DAY, zone_name=zone_name)


def due_day(account: ProviderAccount, *, now: datetime) -> date | None:
    """Return the earliest day of the account that is to be compared now, or None.

    That is each day since the last one that was compared, and each with something open that was not looked at since
    the latest day ended. Cost: a handful of statements.
    """
    zone_name = zone_of(account)
    latest = latest_day(now, zone_name=zone_name)
    rows = Reconciliation.objects.filter(account=account, day__lte=latest)
    last = rows.filter(finished_at__isnull=False).order_by("-day").values_list("day", flat=True).first()
    first = latest if last is None else max(last + _ONE_DAY, latest - MADE_UP + _ONE_DAY)
    tonight = bounds(latest, zone_name=zone_name)[1]
    again = rows.filter(finished_at__lt=tonight, day__gte=latest - COMPARED_AGAIN)
    due = set(again.filter(under_way__gt=0).values_list("day", flat=True))
    undecided = Drift.objects.filter(account=account, state__in=DRIFT_UNDECIDED).values_list("at", flat=True)
    open_days = {at.astimezone(zone(zone_name)).date() for at in undecided if at is not None}
    due |= set(again.filter(day__in=open_days).values_list("day", flat=True))
    due |= {first + _ONE_DAY * place for place in range((latest - first).days + 1)}
    resting = set(rows.filter(day__in=due, leased_until__gt=now).values_list("day", flat=True))
    return min(due - resting, default=None)


def lease(account: ProviderAccount, day: date, *, now: datetime) -> Reconciliation | None:
    """Return the day's row, leased to the caller, or None while somebody else is at it. Effects: one row."""
    row = Reconciliation(account=account, day=day, time_zone=zone_of(account))
    Reconciliation.objects.bulk_create([row], ignore_conflicts=True)
    rows = Reconciliation.objects.filter(account=account, day=day)
    free = rows.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))
    return rows.get() if free.update(leased_until=now + LEASE) else None


def booked(account_id: int, *, start: datetime, end: datetime, references: Iterable[str]) -> list[Booked]:
    """Return what the ledger has of the time, and of any time on payments with these references at the account."""
    of_account = LedgerEntry.objects.filter(
        transaction__payment__account_id=account_id, transaction__kind__in=FLOWS, amount_minor__gt=0
    )
    found = _movements(of_account.filter(transaction__at__gte=start, transaction__at__lt=end))
    names = sorted(references)
    for place in range(0, len(names), _AT_ONCE):
        some = names[place : place + _AT_ONCE]
        found |= _movements(of_account.filter(transaction__payment__reference__in=some))
    return [movement for _pk, movement in sorted(found.items())]


def _movements(entries: QuerySet[LedgerEntry]) -> dict[int, Booked]:
    rows = entries.values_list(
        *("pk", "transaction__payment_id", "transaction__payment__reference", "transaction__kind"),
        *("transaction__provider_ref", "amount_minor", "currency", "transaction__at"),
    )
    return {
        pk: Booked(
            payment_id=payment_id,
            reference=reference,
            kind=kind,
            provider_ref=provider_ref,
            amount_minor=amount_minor,
            currency=currency,
            at=at,
        )
        for pk, payment_id, reference, kind, provider_ref, amount_minor, currency, at in rows
    }


def under_way(payment_ids: Iterable[int]) -> set[int]:
    """Return those of the payments on which a call of ours has no final outcome."""
    calls = Operation.objects.filter(payment__in=list(payment_ids)).exclude(kind="lookup")
    return set(calls.exclude(state__in=FINAL_STATES).values_list("payment_id", flat=True))


def shown_by_looks(payment_ids: Iterable[int]) -> set[tuple[int, str, int | None, int | None]]:
    """Return the differences that a look has put on these payments and nobody has seen vanish: what each side says."""
    rows = Drift.objects.filter(payment__in=list(payment_ids)).exclude(state="gone")
    return set(rows.values_list("payment_id", "kind", "there_minor", "here_minor"))


def listed_rows(account_id: int, *, start: datetime, end: datetime) -> dict[tuple[str, str, str], Drift]:
    """Return the differences that were found on the account's list of the time."""
    rows = Drift.objects.filter(account_id=account_id, at__gte=start, at__lt=end)
    return {(row.reference, row.kind, row.provider_ref): row for row in rows}


def keep_gap(account_id: int, gap: Gap, known: Drift | None, *, now: datetime) -> Drift | None:
    """Return the row of a difference that is news, open by now; None where it stands already, however decided.

    Effects: one row, unless nothing changed.
    """
    figures = {"there_minor": gap.there_minor, "here_minor": gap.here_minor, "currency": gap.currency}
    if known is None:
        return Drift.objects.create(
            account_id=account_id,
            reference=gap.reference,
            kind=gap.kind,
            provider_ref=gap.provider_ref,
            parent_ref=gap.parent_ref,
            at=gap.at,
            key=gap.key,
            found_at=now,
            **figures,
        )
    if known.state != "gone" and all(getattr(known, name) == value for name, value in figures.items()):
        return None
    for name, value in {**figures, "state": "open", "found_at": now, "decided_at": None, "decided_by": ""}.items():
        setattr(known, name, value)
    known.note = ""
    known.save()
    return known


def finish(row: Reconciliation, compared: DayCompared, *, under_way: int, asked_by: str, now: datetime) -> None:
    """Write what came of the day and give the lease back. Effects: one UPDATE."""
    row.listed, row.under_way = compared.listed, under_way
    row.differences = len(compared.gaps) - under_way
    row.totals = [asdict(total) for total in compared.totals]
    row.asked_by, row.failure, row.finished_at, row.leased_until = asked_by[:120], "", now, None
    row.save()


def give_up(row: Reconciliation, *, why: str, until: datetime) -> None:
    """Note that no list was to be had, and let nobody try by itself before then. Effects: one UPDATE."""
    Reconciliation.objects.filter(pk=row.pk).update(failure=why[:300], leased_until=until)
