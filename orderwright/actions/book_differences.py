"""What follows from a provider's account of one payment: calls settled, movements booked, contradictions kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orderwright.actions.settle_operation import conclude, outcome_told
from orderwright.actions.taken_back import take_back
from orderwright.core.actor import SYSTEM, Actor
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import Fact, append_all
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.payments import drift, ledger
from orderwright.payments.comparison import CALENDARS, Difference, Figures, Name, compare
from orderwright.payments.gateways.port import Observed
from orderwright.payments.models import Drift, Operation, Payment, ProviderAccount
from orderwright.payments.operations import OperationResult, finish_look_up
from orderwright.payments.rules import TAKES_BACK
from orderwright.payments.states import DRIFT_UNDECIDED, FINAL_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One difference on one payment. `is_applied` once it is booked; what does not fit the books never is."""

    payment_id: int
    kind: str
    amount_minor: int
    there_minor: int | None
    here_minor: int | None
    currency: str
    provider_ref: str
    at: datetime | None
    fits: bool
    is_applied: bool

    @property
    def figures(self) -> Figures:
        """What both sides say of it."""
        return self.kind, self.provider_ref, self.there_minor, self.here_minor, self.currency


def differing(payment: Payment, observed: Observed, *, asked_after: Collection[Name]) -> tuple[Difference, ...]:
    """Return the differences that somebody has to deal with, without changing anything. Cost: three statements."""
    found = compare(drift.books_of(payment, asked_after=asked_after), observed).differences
    return _undecided(found, drift.rows_of(payment.pk)) if found else ()


def settle(payment: Payment, observed: Observed, *, now: datetime) -> list[OperationResult]:
    """Finish calls of ours whose outcome was open and is shown by the provider; return those that ended."""
    waiting = list(
        Operation.objects.select_related("payment__order", "payment__account").filter(
            payment=payment, state__in=("sent", "unknown", "pending", "manual")
        )
    )
    told = [(operation, outcome_told(operation, observed)) for operation in waiting if operation.kind != "lookup"]
    ended = [conclude(operation, outcome=outcome, now=now) for operation, outcome in told if outcome is not None]
    return [result for result in ended if result.state in FINAL_STATES]


def book(
    *,
    number: str,
    payment_id: int,
    observed: Observed,
    asked_after: Collection[Name],
    actor: Actor,
    now: datetime,
    is_booking: bool,
    look_up: Operation | None = None,
    shown: Collection[Figures] | None = None,
) -> list[Found]:
    """Book what fits, where asked to, and keep the rest as differences for a person; return them all.

    That a hold ran out is booked in any case: the calendar did it, and nobody has to decide. `shown` narrows the
    booking to differences with just these figures, where a person was shown them and agreed. `look_up` is the
    operation by which the provider was asked, which ends with it; without one, nothing is written
    unless there is news. Effects: ledger, differences, the payment's dates, the order's standing, journal.
    """

    def write() -> list[Found]:
        row = lock_order(number=number, actor=SYSTEM)
        payment = Payment.objects.select_related("account").get(pk=payment_id)
        differences = compare(drift.books_of(payment, asked_after=asked_after), observed).differences
        known = drift.rows_of(payment_id)
        found, facts = [], []
        for difference in _undecided(differences, known):
            is_wanted = is_booking and (shown is None or difference.figures in shown)
            is_wanted = is_wanted or difference.kind == CALENDARS
            entry, news = _deal_with(
                payment, difference, known.get(difference.name), actor=actor, now=now, is_booking=is_wanted
            )
            found.append(entry)
            facts.extend(news)
        facts.extend(_gone(payment, known, differences, now=now) if observed.is_whole else ())
        changed = _dates(payment, observed, now=now if look_up is not None else None)
        if changed:
            Payment.objects.filter(pk=payment_id).update(**changed)
        if look_up is not None:
            finish_look_up(look_up, failure="", now=now)
            facts = facts or [_synced_fact(payment)]
        if facts or changed:
            standing, hold_ends_at = ledger.order_standing(row.pk)
            change_order(row, payment_standing=standing, hold_ends_at=hold_ends_at)
            facts = facts or [_synced_fact(payment)]
            append_all(stream=stream_of(row.pk), facts=facts, actor=actor, now=now, version=row.version)
        return found

    return in_write_transaction(write)


def keep_news(
    payment_id: int, observed: Observed, *, asked_after: Collection[Name], actor: Actor, now: datetime
) -> int:
    """Keep what an answer differs in for a person, and return how much it is; without news nothing is written.

    Effects: those of `book`, which books nothing here but that a hold ran out.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    has_new_end = observed.expires_at is not None and observed.expires_at != payment.expires_at
    is_undecided = Drift.objects.filter(payment=payment, state__in=DRIFT_UNDECIDED).exists()
    if not has_new_end and not is_undecided and not differing(payment, observed, asked_after=asked_after):
        return 0
    return len(
        book(
            number=payment.order.number,
            payment_id=payment_id,
            observed=observed,
            asked_after=asked_after,
            actor=actor,
            now=now,
            is_booking=False,
        )
    )


def _undecided(differences: tuple[Difference, ...], known: dict[Name, Drift]) -> tuple[Difference, ...]:
    """Leave out what a person has accepted as it is, as long as the figures are the same."""
    return tuple(one for one in differences if not _is_accepted(one, known.get(one.name)))


def _is_accepted(difference: Difference, row: Drift | None) -> bool:
    return (
        row is not None
        and row.state == "accepted"
        and (row.there_minor, row.here_minor, row.currency)
        == (difference.there_minor, difference.here_minor, difference.currency)
    )


def _deal_with(
    payment: Payment, difference: Difference, row: Drift | None, *, actor: Actor, now: datetime, is_booking: bool
) -> tuple[Found, list[Fact]]:
    is_applied = difference.fits and is_booking
    if is_applied:
        book_movement(payment, difference, now=now)
        if row is not None:
            drift.close(row, state="accepted", by=actor.name, now=now)
        news = [found_fact(payment, difference, kind="payment.found_at_provider")]
    elif drift.keep(payment, difference, row, now=now):
        news = [found_fact(payment, difference, kind="payment.differs_at_provider")]
    else:
        news = []
    return as_found(payment.pk, difference, is_applied=is_applied), news


def book_movement(payment: Payment, difference: Difference, *, now: datetime) -> None:
    """Post a movement that was made past the desk to the ledger, marked as the provider's.

    Effects: `ledger.post`; a call of ours that it takes back is marked so, and Exceptions shows it.
    """
    ledger.post(
        payment=payment,
        kind=difference.kind,
        amount_minor=difference.amount_minor,
        provider_ref=difference.provider_ref,
        at=min(difference.at or now, now),
        origin="provider",
        parent_ref=difference.parent_ref,
    )
    payment.refresh_from_db()
    if difference.kind in TAKES_BACK:
        take_back(payment, difference)


def as_found(payment_id: int, difference: Difference, *, is_applied: bool) -> Found:
    """Return the difference as a result."""
    return Found(
        payment_id=payment_id,
        kind=difference.kind,
        amount_minor=difference.amount_minor,
        there_minor=difference.there_minor,
        here_minor=difference.here_minor,
        currency=difference.currency,
        provider_ref=difference.provider_ref,
        at=difference.at,
        fits=difference.fits,
        is_applied=is_applied,
    )


def _gone(
    payment: Payment, known: dict[Name, Drift], differences: tuple[Difference, ...], *, now: datetime
) -> list[Fact]:
    """Close what differed and does so no more; return an entry for each."""
    still = {difference.name for difference in differences}
    return [
        Fact(
            kind="payment.drift_gone",
            before={f"payment:{payment.pk}": {"state": row.state}},
            after={f"payment:{payment.pk}": drift_facts(payment.account, row, state="gone")},
        )
        for name, row in known.items()
        if name not in still and row.state in DRIFT_UNDECIDED and drift.close(row, state="gone", by="", now=now)
    ]


def drift_facts(account: ProviderAccount, row: Drift, *, state: str) -> dict[str, Any]:
    """Return what the journal keeps of a difference."""
    return {
        "state": state,
        "operation": row.kind,
        "amount_minor": row.there_minor if row.there_minor is not None else row.here_minor,
        "there_minor": row.there_minor,
        "here_minor": row.here_minor,
        "currency": row.currency,
        "provider_ref": row.provider_ref,
        "provider": account.name,
    }


def _dates(payment: Payment, observed: Observed, *, now: datetime | None) -> dict[str, datetime]:
    changed = {} if now is None else {"synced_at": now}
    if observed.expires_at is not None and observed.expires_at != payment.expires_at:
        changed["expires_at"] = observed.expires_at
    return changed


def found_fact(payment: Payment, difference: Difference, *, kind: str) -> Fact:
    """Return the journal's entry of a movement that the provider has, or has otherwise than we."""
    field = f"payment:{payment.pk}"
    after: dict[str, Any] = {
        "operation": difference.kind,
        "amount_minor": difference.amount_minor,
        "there_minor": difference.there_minor,
        "here_minor": difference.here_minor,
        "currency": difference.currency,
        "authorised_minor": payment.authorised_minor,
        "provider_ref": difference.provider_ref,
        "provider": payment.account.name,
        "applied": kind == "payment.found_at_provider",
    }
    return Fact(kind=kind, before={field: None}, after={field: after})


def _synced_fact(payment: Payment) -> Fact:
    return Fact(
        kind="payment.synced",
        before={"synced": None},
        after={"synced": {"payment": payment.pk, "provider": payment.account.name}},
    )
