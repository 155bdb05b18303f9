"""Sync Payments: ask the provider how each payment stands, and append what the desk has missed (G22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks
from orderwright.actions.settle_operation import conclude
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction, outside_transaction
from orderwright.journal.writes import Fact, append_all
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.payments import ledger
from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import Movement, Observed
from orderwright.payments.gateways.registry import gateway_for, gateway_kind
from orderwright.payments.models import LedgerTransaction, Operation, Payment, ProviderAccount
from orderwright.payments.operations import OperationResult, finish_look_up, mark_sent, prepare
from orderwright.payments.states import UNDER_WAY
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One movement that the desk did not know. `is_applied` is false where it contradicts what the desk has booked."""

    payment_id: int
    kind: str
    amount_minor: int
    currency: str
    provider_ref: str
    at: datetime
    is_applied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """What a sync brought: movements found, calls of ours that it settled, and whether some provider gave no answer."""

    found: tuple[Found, ...]
    settled: tuple[OperationResult, ...]
    unreachable: bool


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether there is a provider to ask."""
    refusal = lacks(actor, "payments.sync")
    if refusal is not None:
        return refusal
    if not any(gateway_kind(payment.gateway).can_be_asked for payment in order.payments):
        return refused("nothing_to_sync", _("No payment of this order is kept at a provider that can be asked."))
    return allowed(payments=len(order.payments))


def run(*, number: str, actor: Actor, now: datetime) -> SyncResult:
    """Look every payment up at its provider and book what was missed; nothing old is rewritten.

    Raises: Conflict with the reason of `availability`; OrderNotFound; Refused. A provider that does not answer is no
    error: the result says `unreachable`.
    Effects: one look-up operation per payment, missing ledger transactions marked as the provider's, journal. G22.
    """
    order = read_order(number=number)
    availability(order, actor).require()
    found: list[Found] = []
    settled: list[OperationResult] = []
    unreachable = False
    accounts = {account.slug: account for account in ProviderAccount.objects.all()}
    for payment in order.payments:
        if not gateway_kind(payment.gateway).can_be_asked:
            continue
        gateway = gateway_for(accounts[payment.account_slug])
        look_up = _prepare(number, payment.id, payment.currency, actor=actor, now=now)
        try:
            with outside_transaction():
                observed = gateway.look_up(payment.reference)
        except ProviderUnreachable as error:
            finish_look_up(look_up, failure=error.message, now=now)
            unreachable = True
            continue
        settled.extend(_settle(payment.id, observed, now=now))
        found.extend(_append_missing(number, payment.id, observed, look_up, actor=actor, now=now))
    return SyncResult(found=tuple(found), settled=tuple(settled), unreachable=unreachable)


def _prepare(number: str, payment_id: int, currency: str, *, actor: Actor, now: datetime) -> Operation:
    def write() -> Operation:
        lock_order(number=number)
        operation = prepare(
            payment_id=payment_id, kind="lookup", amount_minor=0, currency=currency, actor=actor, now=now
        )
        mark_sent(operation, now=now)
        return operation

    return in_write_transaction(write)


def _settle(payment_id: int, observed: Observed, *, now: datetime) -> list[OperationResult]:
    """Finish calls of ours whose outcome was unknown and whose effect the provider now shows."""
    by_key = {movement.key: movement for movement in observed.movements if movement.key}
    open_operations = Operation.objects.select_related("payment__order", "payment__account").filter(
        payment_id=payment_id, state__in=UNDER_WAY - {"prepared"}, key__in=list(by_key)
    )
    return [conclude(operation, outcome=by_key[operation.key].as_outcome(), now=now) for operation in open_operations]


def _append_missing(
    number: str, payment_id: int, observed: Observed, look_up: Operation, *, actor: Actor, now: datetime
) -> list[Found]:
    def write() -> list[Found]:
        row = lock_order(number=number)
        payment = Payment.objects.select_related("account").get(pk=payment_id)
        known = set(LedgerTransaction.objects.filter(payment=payment).values_list("kind", "provider_ref"))
        our_keys = set(Operation.objects.filter(payment=payment).values_list("key", flat=True))
        found = [
            _book(payment, movement, now=now)
            for movement in observed.movements
            if (movement.kind, movement.provider_ref) not in known and movement.key not in our_keys
        ]
        changed = {"synced_at": now}
        if observed.expires_at is not None and observed.expires_at != payment.expires_at:
            changed["expires_at"] = observed.expires_at
        Payment.objects.filter(pk=payment_id).update(**changed)
        finish_look_up(look_up, failure="", now=now)
        standing, hold_ends_at = ledger.order_standing(row.pk)
        change_order(row, payment_standing=standing, hold_ends_at=hold_ends_at)
        facts = [_found_fact(payment, entry) for entry in found] or [_synced_fact(payment)]
        append_all(stream=stream_of(row.pk), facts=facts, actor=actor, now=now, version=row.version)
        return found

    return in_write_transaction(write)


def _book(payment: Payment, movement: Movement, *, now: datetime) -> Found:
    is_applied = _fits(payment, movement)
    if is_applied:
        ledger.post(
            payment=payment,
            kind=movement.kind,
            amount_minor=movement.amount_minor,
            provider_ref=movement.provider_ref,
            at=min(movement.at, now),
            origin="provider",
            parent_ref=movement.parent_ref,
        )
        payment.refresh_from_db()
    return Found(
        payment_id=payment.pk,
        kind=movement.kind,
        amount_minor=movement.amount_minor,
        currency=movement.currency,
        provider_ref=movement.provider_ref,
        at=movement.at,
        is_applied=is_applied,
    )


def _fits(payment: Payment, movement: Movement) -> bool:
    """Return whether booking the movement keeps I1; what does not fit is shown as a difference and left to a person."""
    if movement.currency != payment.currency or movement.amount_minor < 1:
        return False
    if movement.kind == "refund":
        free = payment.captured_minor - payment.refunded_minor - payment.refund_pending_minor
    else:
        free = payment.authorised_minor - payment.captured_minor - payment.released_minor - payment.pending_minor
    return movement.amount_minor <= free


def _found_fact(payment: Payment, found: Found) -> Fact:
    field = f"payment:{payment.pk}"
    after: dict[str, Any] = {
        "operation": found.kind,
        "amount_minor": found.amount_minor,
        "currency": found.currency,
        "authorised_minor": payment.authorised_minor,
        "provider_ref": found.provider_ref,
        "provider": payment.account.name,
        "applied": found.is_applied,
    }
    kind = "payment.found_at_provider" if found.is_applied else "payment.differs_at_provider"
    return Fact(kind=kind, before={field: None}, after={field: after})


def _synced_fact(payment: Payment) -> Fact:
    return Fact(
        kind="payment.synced", before={"synced": None}, after={"synced": payment.pk, "provider": payment.account.name}
    )
