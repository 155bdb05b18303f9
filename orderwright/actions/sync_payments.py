"""Sync Payments: ask the provider how each payment stands, show what differs, and append what was missed (G22)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.book_differences import Found, as_found, book, differing, settle
from orderwright.actions.permission import lacks
from orderwright.actions.provider_calls import look_up as ask_provider
from orderwright.actions.provider_calls import rests, turn_token
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.clock import now as machine_now
from orderwright.core.db import in_write_transaction
from orderwright.orders.writes import lock_order
from orderwright.payments.accounts import take_turn
from orderwright.payments.comparison import Name
from orderwright.payments.drift import booked_names
from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import Observed
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.models import Operation, Payment, ProviderAccount
from orderwright.payments.operations import OperationResult, finish_look_up, mark_sent, prepare
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """What a sync brought: differences found, calls of ours that it settled, and whether some provider was silent.

    A difference that fits the books is booked, unless the sync was only to show it; one that contradicts them stands
    on Provider drift.
    """

    found: tuple[Found, ...]
    settled: tuple[OperationResult, ...]
    unreachable: bool

    @property
    def bookable(self) -> tuple[Found, ...]:
        """What would be booked if it were asked for."""
        return tuple(found for found in self.found if found.fits and not found.is_applied)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a provider told of one payment, and what the books had when it was asked."""

    payment_id: int
    look_up: Operation
    observed: Observed
    asked_after: frozenset[Name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The answers of every provider of an order, in hand and not yet booked."""

    number: str
    answers: tuple[Answer, ...]
    unreachable: bool


def availability(order: OrderDetail, actor: Actor, *, now: datetime | None = None) -> Availability:
    """Return whether there is a provider to ask; one that rests is not asked, unless every one does."""
    refusal = lacks(actor, "payments.sync", order.site.id)
    if refusal is not None:
        return refusal
    asked = [payment for payment in order.payments if gateway_kind(payment.gateway).can_be_asked]
    if not asked:
        return refused("nothing_to_sync", _("No payment of this order is kept at a provider that can be asked."))
    resting = [rests(payment, order, now=now or machine_now()) for payment in asked]
    if resting[0] is not None and all(resting):
        return resting[0]
    return allowed(payments=len(order.payments))


def run(*, number: str, actor: Actor, now: datetime, apply: bool = True) -> SyncResult:
    """Look every payment up at its provider and book what was missed; nothing old is rewritten.

    With `apply` false nothing is booked: the result says what would be.
    Raises: Conflict with the reason of `availability`; OrderNotFound; Refused. A provider that does not answer is no
    error: the result says `unreachable`. One that rests is not asked, which is told in the same way.
    Effects: one look-up operation per payment; then, as asked, those of `apply_answers`. G22.
    """
    asked = ask(number=number, actor=actor, now=now)
    if apply:
        return apply_answers(asked, actor=actor, now=now)
    result = show_answers(asked)
    put_aside(asked, now=now)
    return result


def ask(*, number: str, actor: Actor, now: datetime) -> Asked:
    """Ask every provider of the order and keep the answers in hand; nothing is booked.

    Raises: as `run`; ProviderResting when every provider rests.
    Effects: one look-up operation per payment, open until the answers are applied or put aside.
    """
    order = read_order(number=number, actor=actor)
    availability(order, actor, now=now).require()
    answers: list[Answer] = []
    unreachable = False
    accounts = {account.slug: account for account in ProviderAccount.objects.all()}
    for payment in order.payments:
        if not gateway_kind(payment.gateway).can_be_asked:
            continue
        account, who = accounts[payment.account_slug], turn_token()
        if not take_turn(account, who=who, now=now):
            unreachable = True
            continue
        look_up = _prepare(number, payment.id, payment.currency, actor=actor, now=now)
        asked_after = frozenset(booked_names(payment.id))
        try:
            observed = ask_provider(account, payment.reference, who=who, now=now)
        except ProviderUnreachable as error:
            finish_look_up(look_up, failure=error.message, now=now)
            unreachable = True
            continue
        answers.append(Answer(payment_id=payment.id, look_up=look_up, observed=observed, asked_after=asked_after))
    return Asked(number=number, answers=tuple(answers), unreachable=unreachable)


def settle_answers(asked: Asked, *, now: datetime) -> tuple[OperationResult, ...]:
    """End calls of ours whose effect the answers show, and return them: what we asked for ourselves is no news."""
    payments = Payment.objects.in_bulk([answer.payment_id for answer in asked.answers])
    return tuple(
        result for answer in asked.answers for result in settle(payments[answer.payment_id], answer.observed, now=now)
    )


def show_answers(asked: Asked) -> SyncResult:
    """Return what the answers differ in from the books, without changing anything."""
    payments = Payment.objects.in_bulk([answer.payment_id for answer in asked.answers])
    found = tuple(
        as_found(answer.payment_id, difference, is_applied=False)
        for answer in asked.answers
        for difference in differing(payments[answer.payment_id], answer.observed, asked_after=answer.asked_after)
    )
    return SyncResult(found=found, settled=(), unreachable=asked.unreachable)


def apply_answers(asked: Asked, *, actor: Actor, now: datetime, shown: SyncResult | None = None) -> SyncResult:
    """Settle calls of ours, book what fits the books, keep what contradicts them as differences.

    With `shown` only what a person was shown is booked; what came up since is kept as a difference.
    Effects: missing ledger transactions marked as the provider's, operations ended, differences, journal.
    """
    return _take_in(asked, actor=actor, now=now, is_booking=True, shown=shown)


def keep_answers(asked: Asked, *, actor: Actor, now: datetime) -> SyncResult:
    """Settle calls of ours and keep every difference for a decision on Provider drift; nothing is booked.

    Effects: operations ended, differences, journal.
    """
    return _take_in(asked, actor=actor, now=now, is_booking=False)


def _take_in(
    asked: Asked, *, actor: Actor, now: datetime, is_booking: bool, shown: SyncResult | None = None
) -> SyncResult:
    settled = settle_answers(asked, now=now)
    agreed = None if shown is None else {(found.payment_id, found.figures) for found in shown.bookable}
    found = tuple(
        one
        for answer in asked.answers
        for one in book(
            number=asked.number,
            payment_id=answer.payment_id,
            observed=answer.observed,
            asked_after=answer.asked_after,
            actor=actor,
            now=now,
            is_booking=is_booking,
            look_up=answer.look_up,
            shown=None if agreed is None else {figures for of, figures in agreed if of == answer.payment_id},
        )
    )
    return SyncResult(found=found, settled=settled, unreachable=asked.unreachable)


def put_aside(asked: Asked, *, now: datetime) -> None:
    """Close the look-ups of answers that are not to be booked. Effects: one UPDATE per payment."""
    for answer in asked.answers:
        finish_look_up(answer.look_up, failure="", now=now)


def fingerprint(result: SyncResult) -> str:
    """Return a text that names exactly these differences, so that only what was shown is booked."""
    shown = sorted(
        repr((one.payment_id, one.kind, one.provider_ref, one.there_minor, one.here_minor, one.currency, one.fits))
        for one in (replace(found, is_applied=False) for found in result.found)
    )
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:32]


def _prepare(number: str, payment_id: int, currency: str, *, actor: Actor, now: datetime) -> Operation:
    def write() -> Operation:
        lock_order(number=number, actor=actor)
        operation = prepare(
            payment_id=payment_id, kind="lookup", amount_minor=0, currency=currency, actor=actor, now=now
        )
        mark_sent(operation, now=now)
        return operation

    return in_write_transaction(write)
