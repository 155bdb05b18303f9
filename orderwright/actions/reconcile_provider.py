"""Reconcile: hold a provider's own list of a day against our books, every night and when somebody asks (I16)."""

# ruff: noqa: D102 - what a fact is, its name says

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from orderwright.actions.book_differences import drift_facts, keep_news, settle
from orderwright.actions.permission import lacks
from orderwright.actions.provider_calls import list_movements, look_up, rests_until, stream_of_account, turn_token
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.dates import full_day
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import FieldError
from orderwright.journal.writes import Fact, append_all
from orderwright.payments import reconciling
from orderwright.payments.accounts import lock_breaker, take_turn
from orderwright.payments.drift import booked_names, close
from orderwright.payments.errors import (
    DayNotOver,
    ProviderAccountNotFound,
    ProviderResting,
    ProviderUnreachable,
    ReconciliationUnderWay,
)
from orderwright.payments.gateways.port import Listed
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.listing import Booked, DayCompared, Gap, compare_day, unpaired
from orderwright.payments.models import Payment, ProviderAccount, Reconciliation
from orderwright.payments.states import DRIFT_UNDECIDED

RECONCILER: Final = Actor(kind="rule", ref="reconciliation", name="Daily reconciliation")
# What one side counts on the day before, the other may count on this one: by a clock that runs ahead, or because a
# call whose answer was lost was repeated within the time for which its key is known.
BEFORE: Final = timedelta(hours=24)
AFTER: Final = timedelta(hours=1)
# After a list that was not to be had, the next try by itself.
REST: Final = timedelta(minutes=15)
# After so many look-ups in a row without an answer the rest is left for later.
MOST_SILENT: Final = 5
# So far back somebody may ask.
FARTHEST: Final = timedelta(days=366)


class AccountFacts(Protocol):
    """A provider account as a row or as a model."""

    @property
    def name(self) -> str: ...
    @property
    def gateway(self) -> str: ...
    @property
    def next_try_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """How a day compares. `failure` says why there was no list, and the figures are then those of before."""

    day: date
    listed: int
    differences: int
    under_way: int
    failure: str


def availability(account: AccountFacts, actor: Actor, *, now: datetime, zone_name: str = "UTC") -> Availability:
    """Return whether this person may have the provider's list compared, and whether it has one.

    The list is of no one site: who has the right at some of them has it not for that.
    """
    refusal = lacks(actor, "payments.sync", None)
    if refusal is not None:
        return refusal
    if not gateway_kind(account.gateway).can_list:
        return refused("nothing_to_list", _("%(provider)s has no list to ask for.") % {"provider": account.name})
    return rests_until(account.next_try_at, name=account.name, zone=zone_name, now=now) or allowed()


def run(*, account: str, day: date, actor: Actor, now: datetime) -> Reconciled:
    """Compare one day of the account with this slug and return how it compares.

    Each difference is settled where a call of ours explains it, else kept on Provider drift; nothing is booked.
    Raises: DayNotOver at /day; ProviderAccountNotFound; ReconciliationUnderWay; Conflict with the reason of
    `availability`; ProviderResting; Refused. A provider that gives no list is no error: the result says `failure`.
    Effects: one listing, a look-up per payment that differs, differences, journal. Source: I16.
    """
    # What is no text is no slug; PostgreSQL would not even look for it.
    found = ProviderAccount.objects.filter(slug=account).first() if account.isprintable() else None
    if found is None:
        raise ProviderAccountNotFound(_("There is no such provider account."), facts={"provider_account": account})
    zone_name = reconciling.zone_of(found)
    availability(found, actor, now=now, zone_name=zone_name).require()
    latest = reconciling.latest_day(now, zone_name=zone_name)
    if not latest - FARTHEST <= day <= latest:
        words = _("Choose a day up to %(day)s, by the clock of %(zone)s, and not more than a year back.")
        message = words % {"day": full_day(latest), "zone": zone_name}
        raise DayNotOver(message, fields=(FieldError(pointer="/day", code=DayNotOver.code, message=message),))
    row = reconciling.lease(found, day, now=now)
    if row is None:
        raise ReconciliationUnderWay(_("This day is being compared already. Look again in a minute."))
    return _reconcile(row, found, actor=actor, now=now, retry_at=now)


def run_due(*, now: datetime) -> bool:
    """Compare one day that is due at some account, and return whether there was one. Effects: as `run`."""
    if settings.PROVIDER_SWEEP_HOUR < 0:
        return False
    for account in ProviderAccount.objects.filter(is_enabled=True).order_by("pk"):
        if not gateway_kind(account.gateway).can_list or (
            account.next_try_at is not None and account.next_try_at > now
        ):
            continue
        day = reconciling.due_day(account, now=now)
        row = reconciling.lease(account, day, now=now) if day is not None else None
        if row is not None:
            _reconcile(row, account, actor=RECONCILER, now=now, retry_at=now + REST)
            return True
    return False


def _reconcile(
    row: Reconciliation, account: ProviderAccount, *, actor: Actor, now: datetime, retry_at: datetime
) -> Reconciled:
    start, end = reconciling.bounds(row.day, zone_name=row.time_zone)
    try:
        listed = _list(account, start, end, now=now)
        seen = _look_again(account, listed, start, end, actor=actor, now=now)
    except (ProviderUnreachable, ProviderResting) as error:
        reconciling.give_up(row, why=error.message, until=retry_at)
        return _told(row, failure=error.message)
    except BaseException:
        reconciling.give_up(row, why=_("It broke off."), until=retry_at)
        raise
    ours = [one for one in _booked(account, listed, start, end) if one.name not in seen.on_other_days]
    compared = compare_day(listed, ours, start=start, end=end)

    def write() -> None:
        lock_breaker(account.pk)
        _keep(row, account, compared, start, end, silent=seen.silent, actor=actor, now=now)

    in_write_transaction(write)
    return _told(row, failure="")


def _list(account: ProviderAccount, start: datetime, end: datetime, *, now: datetime) -> list[Listed]:
    who = turn_token()
    if not take_turn(account, who=who, now=now):
        raise ProviderResting(_("%(provider)s is left alone for a while.") % {"provider": account.name})
    return list_movements(account, start - BEFORE, end + AFTER, who=who, now=now)


def _booked(account: ProviderAccount, listed: Collection[Listed], start: datetime, end: datetime) -> list[Booked]:
    near = reconciling.booked(account.pk, start=start - BEFORE, end=end + BEFORE, references=())
    missing = unpaired(listed, near)
    return (
        reconciling.booked(account.pk, start=start - BEFORE, end=end + BEFORE, references=missing) if missing else near
    )


@dataclass(slots=True)
class _Seen:
    """What looks at single payments told: movements that the provider counts on another day, and who gave no answer."""

    on_other_days: set[tuple[str, str, str]] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)


def _look_again(
    account: ProviderAccount, listed: Collection[Listed], start: datetime, end: datetime, *, actor: Actor, now: datetime
) -> _Seen:
    """Look every payment of ours up that the list and the books disagree on: that settles what is still under way.

    What differs then is kept on the payment, as the nightly sweep keeps it. A payment about which no answer comes
    leaves the others to be looked at; several in a row, and the provider is left alone.
    """
    gaps = compare_day(listed, _booked(account, listed, start, end), start=start, end=end).gaps
    names = {gap.reference for gap in gaps}
    seen, in_row = _Seen(), 0
    for payment in Payment.objects.filter(account=account, reference__in=names).order_by("pk"):
        who = turn_token()
        if not take_turn(account, who=who, now=now):
            raise ProviderResting(_("%(provider)s is left alone for a while.") % {"provider": account.name})
        asked_after = frozenset(booked_names(payment.pk))
        try:
            observed = look_up(account, payment.reference, who=who, now=now)
        except ProviderUnreachable:
            seen.silent.add(payment.pk)
            in_row += 1
            if in_row == MOST_SILENT:
                raise
            continue
        in_row = 0
        settle(payment, observed, now=now)
        keep_news(payment.pk, observed, asked_after=asked_after, actor=actor, now=now)
        # A time that is not before the question is no time: the gateway was not told when it was.
        seen.on_other_days |= {
            (payment.reference, one.kind, one.provider_ref)
            for one in observed.movements
            if one.at < now and not start - BEFORE <= one.at < end + AFTER
        }
    return seen


def _keep(
    row: Reconciliation,
    account: ProviderAccount,
    compared: DayCompared,
    start: datetime,
    end: datetime,
    *,
    silent: Collection[int],
    actor: Actor,
    now: datetime,
) -> None:
    names = {gap.reference for gap in compared.gaps}
    ids = dict(Payment.objects.filter(account=account, reference__in=names).values_list("reference", "pk"))
    waiting, on_payments = reconciling.under_way(ids.values()), reconciling.shown_by_looks(ids.values())
    known = reconciling.listed_rows(account.pk, start=start, end=end)
    facts: list[Fact] = []
    still, under_way = set(), 0
    for gap in compared.gaps:
        payment_id = ids.get(gap.reference)
        if payment_id in waiting or payment_id in silent:
            under_way += 1
        elif payment_id is None or (payment_id, gap.kind, gap.there_minor, gap.here_minor) not in on_payments:
            still.add(gap.name)
            facts += _kept(account, gap, known=known, now=now)
    for name, drift in known.items():
        before = drift.state
        if name not in still and before in DRIFT_UNDECIDED and close(drift, state="gone", by="", now=now):
            facts.append(
                _fact("provider_account.drift_gone", account, drift_facts(account, drift, state="gone"), before)
            )
    seen = None if row.finished_at is None else {"differences": row.differences, "listed": row.listed}
    reconciling.finish(row, compared, under_way=under_way, asked_by=actor.name, now=now)
    after = {"differences": row.differences, "listed": row.listed}
    if seen != after:
        day = f"reconciled:{row.day.isoformat()}"
        facts.append(Fact(kind="provider_account.reconciled", before={day: seen}, after={day: after}))
    if facts:
        append_all(stream=stream_of_account(account.pk), facts=facts, actor=actor, now=now, version=account.version)


def _kept(account: ProviderAccount, gap: Gap, *, known: dict[tuple[str, str, str], Any], now: datetime) -> list[Fact]:
    row = known.get(gap.name)
    before = row.state if row is not None else None
    news = reconciling.keep_gap(account.pk, gap, row, now=now)
    if news is None:
        return []
    return [_fact("provider_account.differs_at_provider", account, drift_facts(account, news, state="open"), before)]


def _fact(kind: str, account: ProviderAccount, after: dict[str, Any], before: str | None) -> Fact:
    name = f"listed:{account.pk}"
    return Fact(kind=kind, before={name: None if before is None else {"state": before}}, after={name: after})


def _told(row: Reconciliation, *, failure: str) -> Reconciled:
    return Reconciled(
        day=row.day, listed=row.listed, differences=row.differences, under_way=row.under_way, failure=failure
    )
