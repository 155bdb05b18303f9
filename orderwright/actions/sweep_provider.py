"""The nightly sweep: look every payment up at its provider, settle what is open, keep what differs (I16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from orderwright.actions.book_differences import keep_news, settle
from orderwright.actions.provider_calls import look_up, turn_token
from orderwright.core.actor import Actor
from orderwright.core.db import in_write_transaction, is_postgresql
from orderwright.payments.accounts import take_turn
from orderwright.payments.drift import booked_names
from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.models import LedgerTransaction, Payment, ProviderAccount, ProviderSweep

SWEEPER: Final = Actor(kind="rule", ref="nightly-sweep", name="Nightly sweep")
# Longer than one look-up may take; renewed with each.
LEASE: Final = timedelta(seconds=90)
# Refunds and disputes come weeks after the sale; what is older is compared by `verify --providers`.
MOVED_WITHIN: Final = timedelta(days=30)
# After so many look-ups in a row without an answer the provider is left alone for a while, however patient its breaker.
MOST_UNREACHABLE: Final = 5
REST: Final = timedelta(minutes=15)


@dataclass(slots=True, kw_only=True)
class Batch:
    """Some payments of one night's walk, leased to one worker. `silent` counts look-ups in a row without an answer."""

    sweep_id: int
    worker: str
    payments: tuple[int, ...]
    silent: int = 0

    @property
    def is_resting(self) -> bool:
        """Whether the provider has been silent for so long that it is left alone for a while."""
        return self.silent >= MOST_UNREACHABLE


def night_of(now: datetime) -> date | None:
    """Return the night that a sweep at this time belongs to, by the day on which it began; None when switched off."""
    hour: int = settings.PROVIDER_SWEEP_HOUR
    return (now - timedelta(hours=hour)).date() if hour >= 0 else None


def take(*, worker: str, now: datetime, limit: int) -> Batch | None:
    """Lease the next payments of an account whose night is not done, or return None when all are.

    A lease that ran out is taken over where the one before had come to.
    Effects: one row; an account without further payments is done for the night.
    """
    night = night_of(now)
    if night is None:
        return None
    done = ProviderSweep.objects.filter(account=OuterRef("pk"), night=night)
    waiting = ProviderAccount.objects.filter(
        ~Exists(done.filter(Q(finished_at__isnull=False) | (Q(leased_until__gt=now) & ~Q(leased_by=worker)))),
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=now),
        is_enabled=True,
    )
    for account in waiting.order_by("pk"):
        if not gateway_kind(account.gateway).can_be_asked:
            continue
        lease = partial(_lease, account.pk, night, worker=worker, now=now, limit=limit)
        batch = in_write_transaction(lease)
        if batch is not None:
            return batch
    return None


def _lease(account_id: int, night: date, *, worker: str, now: datetime, limit: int) -> Batch | None:
    ProviderSweep.objects.bulk_create(
        [ProviderSweep(account_id=account_id, night=night, started_at=now)], ignore_conflicts=True
    )
    rows = ProviderSweep.objects.filter(account_id=account_id, night=night, finished_at__isnull=True)
    sweep = (rows.select_for_update(skip_locked=True) if is_postgresql() else rows).first()
    if sweep is None or (sweep.leased_until is not None and sweep.leased_until > now and sweep.leased_by != worker):
        return None
    payments = _payments(account_id, after=sweep.last_payment_id, now=now, limit=limit)
    if not payments:
        sweep.finished_at, sweep.leased_by, sweep.leased_until = now, "", None
    else:
        sweep.leased_by, sweep.leased_until = worker, now + LEASE
    sweep.save(update_fields=["finished_at", "leased_by", "leased_until"])
    return Batch(sweep_id=sweep.pk, worker=worker, payments=tuple(payments)) if payments else None


def _payments(account_id: int, *, after: int, now: datetime, limit: int) -> list[int]:
    moved = LedgerTransaction.objects.filter(payment=OuterRef("pk"), at__gte=now - MOVED_WITHIN)
    rows = Payment.objects.filter(Q(order__is_open=True) | Exists(moved), account_id=account_id, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def look_at(batch: Batch, *, payment_id: int, now: datetime) -> None:
    """Compare one payment with its provider: calls of ours are settled, what differs is kept for a person.

    Nothing is booked that we did not ask for ourselves. While the provider account rests, nothing is asked: the walk
    goes on from here after a while. Effects: those of `book_differences`, none when all is right; the walk has then
    come to this payment.
    """
    payment = Payment.objects.select_related("account", "order").get(pk=payment_id)
    who = turn_token()
    if not take_turn(payment.account, who=who, now=now):
        batch.silent = MOST_UNREACHABLE
        _own(batch).update(leased_by="-", leased_until=now + REST)
        return
    asked_after = frozenset(booked_names(payment_id))
    try:
        observed = look_up(payment.account, payment.reference, who=who, now=now)
    except ProviderUnreachable:
        batch.silent += 1
        if payment.account.opened_at is not None:
            batch.silent = MOST_UNREACHABLE
        _advance(batch, payment_id=payment_id, now=now, unreachable=1)
        return
    batch.silent = 0
    settle(payment, observed, now=now)
    found = keep_news(payment_id, observed, asked_after=asked_after, actor=SWEEPER, now=now)
    _advance(batch, payment_id=payment_id, now=now, found=found)


def pass_over(batch: Batch, *, payment_id: int, now: datetime) -> None:
    """Go on after a payment that could not be looked at, so that it does not hold up the others."""
    _advance(batch, payment_id=payment_id, now=now, unreachable=1)


def put_down(batch: Batch) -> None:
    """Give the lease back, so that any worker can go on. Effects: one UPDATE."""
    if not batch.is_resting:
        _own(batch).update(leased_by="", leased_until=None)


def _advance(batch: Batch, *, payment_id: int, now: datetime, unreachable: int = 0, found: int = 0) -> None:
    _own(batch).update(
        last_payment_id=payment_id,
        asked=F("asked") + 1,
        unreachable=F("unreachable") + unreachable,
        found=F("found") + found,
        # At rest it is nobody's, and nobody may take it before.
        leased_by="-" if batch.is_resting else batch.worker,
        leased_until=now + (REST if batch.is_resting else LEASE),
    )


def _own(batch: Batch) -> QuerySet[ProviderSweep]:
    return ProviderSweep.objects.filter(pk=batch.sweep_id, leased_by=batch.worker)
