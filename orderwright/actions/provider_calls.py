"""Calls to a provider account with respect for its breaker: who may call, and what each call tells of it (W8)."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, passing
from orderwright.core.clock import clock_text
from orderwright.core.db import DatabaseBusy, in_write_transaction, outside_transaction
from orderwright.journal.writes import append
from orderwright.payments.accounts import breaker_of, lock_breaker, patience_of, save_breaker, take_turn
from orderwright.payments.breaker import after_answer, after_failure, is_answer, next_look
from orderwright.payments.errors import ProviderResting, ProviderUnreachable
from orderwright.payments.gateways.port import Listed, Observed, Outcome, Unknown
from orderwright.payments.gateways.registry import gateway_for
from orderwright.payments.models import Operation, ProviderAccount
from orderwright.reads.money_rows import PaymentRow
from orderwright.reads.rows import OrderDetail

logger = logging.getLogger(__name__)

BREAKER: Final = Actor(kind="rule", ref="breaker", name="Breaker")


def stream_of_account(account_id: int) -> str:
    """Return the name of the account's stream in the journal."""
    return f"provider_account:{account_id}"


def turn_token() -> str:
    """Return a name for a caller that has no operation's key."""
    return f"turn_{secrets.token_hex(8)}"


def rests(payment: PaymentRow, order: OrderDetail, *, now: datetime) -> Availability | None:
    """Return why nothing new is sent to this payment's provider now, or None when it works or may be tried."""
    name, zone = payment.account_name, order.site.time_zone
    return rests_until(payment.account_rests_until, name=name, zone=zone, now=now)


def rests_until(until: datetime | None, *, name: str, zone: str, now: datetime) -> Availability | None:
    """Return the refusal of whatever would call a provider that rests until then, or None when that has passed."""
    if until is None or until <= now:
        return None
    words = _("%(provider)s has not answered lately and is left alone until %(time)s. Nothing is lost meanwhile.")
    return passing(
        ProviderResting.code,
        words % {"provider": name, "time": clock_text(until, zone)},
        passes_in_s=_seconds_until(until, now),
        next_try_at=until,
    )


def is_off(payment: PaymentRow) -> Availability | None:
    """Return why nothing new is captured at this payment's account, or None when it is on."""
    if payment.account_is_on:
        return None
    words = _("%(provider)s is switched off: nothing is captured there; refunds, reversals and syncs still go.")
    return Availability(allowed=False, code="provider_off", reason=words % {"provider": payment.account_name})


def next_turn(account: ProviderAccount, *, now: datetime) -> datetime:
    """Return when something that waits for an account that rests is looked at again."""
    return next_look(breaker_of(account), patience_of(account), now=now)


def require_turn(payment: PaymentRow, *, who: str, now: datetime) -> None:
    """Take the trial of a provider that rested for this call, inside the transaction that writes the call down.

    Raises: ProviderResting when somebody else has it. Cost: none while the provider works.
    """
    if payment.account_rests_until is None:
        return
    account = ProviderAccount.objects.get(slug=payment.account_slug)
    if not take_turn(account, who=who, now=now):
        wait_s = _seconds_until(account.next_try_at or now, now)
        words = _("%(provider)s has not answered lately and is being tried by somebody else. Try again in a moment.")
        facts = {"next_try_at": account.next_try_at, "retry_after": min(wait_s, account.breaker_wait_s)}
        raise ProviderResting(words % {"provider": account.name}, facts=facts)


def require_turns(order: OrderDetail, legs: Iterable[Operation], *, now: datetime) -> None:
    """Take the trial of each provider that rested for the first of these calls to it; the others follow its answer.

    Raises: ProviderResting when somebody else has it. Cost: as `require_turn`, once for each provider.
    """
    payments = {payment.id: payment for payment in order.payments}
    first: dict[str, Operation] = {}
    for leg in legs:
        first.setdefault(payments[leg.payment_id].account_slug, leg)
    for leg in first.values():
        require_turn(payments[leg.payment_id], who=leg.key, now=now)


def look_up(account: ProviderAccount, reference: str, *, who: str, now: datetime, actor: Actor = BREAKER) -> Observed:
    """Ask the provider how this payment stands; whoever calls has the turn.

    Raises: ProviderUnreachable. Effects: what the answer, or its absence, tells of the account.
    """
    gateway = gateway_for(account)
    with _asking(account, who=who, now=now, actor=actor), _understood(account):
        return gateway.look_up(reference)


def list_movements(
    account: ProviderAccount, start: datetime, end: datetime, *, who: str, now: datetime
) -> list[Listed]:
    """Read the provider's list of a time to its end; whoever calls has the turn.

    Raises: ProviderUnreachable. Effects: what the answers, or their absence, tell of the account.
    """
    gateway = gateway_for(account)
    with _asking(account, who=who, now=now), _understood(account):
        return list(gateway.movements_between(start, end))


@contextmanager
def _understood(account: ProviderAccount) -> Iterator[None]:
    """Raise ProviderUnreachable for what a gateway trips over, so that whoever asked goes on as without an answer."""
    try:
        yield
    except ProviderUnreachable:
        raise
    except Exception as error:
        logger.exception("the gateway of %s failed over an answer", account.slug)
        raise ProviderUnreachable("The provider’s answer could not be understood.") from error


@contextmanager
def _asking(account: ProviderAccount, *, who: str, now: datetime, actor: Actor = BREAKER) -> Iterator[None]:
    """Let something be asked outside a transaction, and note what the answer, or its absence, tells of the account."""
    started = time.monotonic_ns()
    try:
        with outside_transaction():
            yield
    except ProviderUnreachable as error:
        ended = now + _since(started)
        if is_answer(error.facts.get("status")):
            note_answer(account, now=ended, actor=actor)
        else:
            note_failure(account, who=who, why=error.message, now=ended)
        raise
    note_answer(account, now=now + _since(started), actor=actor)


def note_outcome(account: ProviderAccount, outcome: Outcome, *, who: str, now: datetime) -> None:
    """Let the breaker know what came of a call: a refusal is an answer, only its absence is a failure."""
    if isinstance(outcome, Unknown):
        note_failure(account, who=who, why=outcome.why, now=now)
    else:
        note_answer(account, now=now)


def note_answer(account: ProviderAccount, *, now: datetime, actor: Actor = BREAKER) -> None:
    """Note that the provider answered. Effects: none while it works; else the breaker closes, with a journal entry."""
    if not account.failures_in_row and account.opened_at is None:
        return

    def close() -> None:
        row = lock_breaker(account.pk)
        if row is None:
            return
        was_open = row.opened_at is not None
        failures = row.failures_in_row
        save_breaker(row, after_answer(breaker_of(row)), now=now)
        if was_open:
            _append(row, "provider_account.answered", {"breaker": "open", "failures": failures}, now=now, actor=actor)

    _write(close, account)


def note_failure(account: ProviderAccount, *, who: str, why: str, now: datetime) -> None:
    """Note that the provider gave no answer. Effects: the count; at its limit the breaker opens, with an entry."""

    def count() -> None:
        row = lock_breaker(account.pk)
        if row is None:
            return
        before = breaker_of(row)
        after = after_failure(before, patience_of(row), who=who, now=now)
        save_breaker(row, after, failure=why, now=now)
        if before.opened_at is None and after.opened_at is not None:
            _append(row, "provider_account.rested", {"breaker": "closed", "failures": 0}, now=now, actor=BREAKER)

    _write(count, account)


def _write(change: Callable[[], None], account: ProviderAccount) -> None:
    # What came of the call is in the books already: a breaker that cannot be written must not make it look undone.
    try:
        in_write_transaction(change)
        account.refresh_from_db()
    except (OperationalError, InterfaceError, DatabaseBusy, ProviderAccount.DoesNotExist) as error:
        logger.warning("how %s stands could not be noted: %s", account.slug, error)


def _append(row: ProviderAccount, kind: str, before: dict[str, object], *, now: datetime, actor: Actor) -> None:
    after = {"breaker": "closed" if row.opened_at is None else "open", "failures": row.failures_in_row}
    append(
        stream=stream_of_account(row.pk),
        kind=kind,
        actor=actor,
        now=now,
        before=before,
        after=after,
        why=row.last_failure if row.opened_at is not None else "",
        version=row.version,
    )


def _since(started_ns: int) -> timedelta:
    return timedelta(seconds=(time.monotonic_ns() - started_ns) // 1_000_000_000)


def _seconds_until(at: datetime, now: datetime) -> int:
    return max(1, -((now - at) // timedelta(seconds=1)))
