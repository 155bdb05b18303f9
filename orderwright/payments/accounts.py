"""How a provider account's breaker stands, as its row keeps it; several processes share it (W8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderwright.payments.breaker import TRIAL_PATIENCE, Breaker, Patience
from orderwright.payments.models import ProviderAccount


def breaker_of(account: ProviderAccount) -> Breaker:
    """Return how the account stands."""
    return Breaker(
        failures=account.failures_in_row,
        opened_at=account.opened_at,
        next_try_at=account.next_try_at,
        tried_by=account.tried_by,
    )


def patience_of(account: ProviderAccount) -> Patience:
    """Return the account's settings."""
    return Patience(
        failures=account.breaker_failures,
        wait=timedelta(seconds=account.breaker_wait_s),
        cool_down=timedelta(seconds=account.breaker_cool_down_s),
    )


def take_turn(account: ProviderAccount, *, who: str, now: datetime) -> bool:
    """Return whether `who` may call the provider now; while it is tried again, only one may.

    Cost: none while the account works; otherwise one guarded UPDATE and, when somebody was faster, one SELECT.
    `account` carries the new values.
    """
    if breaker_of(account).may_call(who, now=now):
        return True
    waiting = ProviderAccount.objects.filter(pk=account.pk, opened_at__isnull=False, next_try_at__lte=now)
    if waiting.update(next_try_at=now + TRIAL_PATIENCE, tried_by=who):
        account.next_try_at, account.tried_by = now + TRIAL_PATIENCE, who
        return True
    account.refresh_from_db()
    return breaker_of(account).may_call(who, now=now)


def force_turn(account: ProviderAccount, *, who: str, now: datetime) -> None:
    """Give `who` the trial of an account that rests, before its time and whoever had it. Effects: one UPDATE."""
    resting = ProviderAccount.objects.filter(pk=account.pk, opened_at__isnull=False)
    resting.update(next_try_at=now + TRIAL_PATIENCE, tried_by=who)


def lock_breaker(account_id: int) -> ProviderAccount | None:
    """Return the account, locked until the transaction ends, or None when it was deleted. New payments may come in."""
    return ProviderAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()


def save_breaker(account: ProviderAccount, breaker: Breaker, *, failure: str = "", now: datetime) -> None:
    """Write how the account stands now; it has to be locked. Effects: one UPDATE."""
    account.failures_in_row, account.opened_at = breaker.failures, breaker.opened_at
    account.next_try_at, account.tried_by = breaker.next_try_at, breaker.tried_by
    fields = ["failures_in_row", "opened_at", "next_try_at", "tried_by"]
    if failure:
        account.last_failure, account.last_failed_at = failure[:300], now
        fields += ["last_failure", "last_failed_at"]
    account.save(update_fields=fields)
