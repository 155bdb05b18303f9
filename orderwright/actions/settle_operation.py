"""Carry a prepared call to its end: send it, learn how it went, book it. For actions of people and for the worker."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from orderwright.actions.legs import leg_ended
from orderwright.actions.provider_calls import look_up, next_turn, note_outcome
from orderwright.core import crash
from orderwright.core.actor import SYSTEM, stored_actor
from orderwright.core.clock import Stopwatch
from orderwright.core.db import DatabaseBusy, in_write_transaction, outside_transaction
from orderwright.core.errors import Unavailable
from orderwright.journal.streams import Plain
from orderwright.journal.writes import append
from orderwright.orders.models import Order
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.payments import ledger
from orderwright.payments.accounts import take_turn
from orderwright.payments.errors import OutcomeUnsaved, ProviderUnreachable
from orderwright.payments.gateways.port import Call, Failed, Gateway, NotTaken, Observed, Outcome, Unknown
from orderwright.payments.gateways.registry import gateway_for
from orderwright.payments.models import Operation
from orderwright.payments.operations import (
    RESENDABLE,
    OperationResult,
    call_of,
    finish,
    finish_look_up,
    hand_to_person,
    mark_sent,
    postpone,
    postpone_account,
    result_of,
)
from orderwright.payments.rules import TAKES_BACK
from orderwright.payments.states import TAKEN_BACK, TOLD_BY_PROVIDER

logger = logging.getLogger(__name__)

# How long a provider may take to say what became of a call, asked or not: weekends and bank holidays included.
PATIENCE = timedelta(days=5)

# The journal's word for each way that a call can end.
_KINDS = {
    ("capture", "succeeded"): "payment.captured",
    ("reverse", "succeeded"): "payment.reversed",
    ("refund", "succeeded"): "payment.refunded",
    ("capture", "failed"): "payment.capture_failed",
    ("reverse", "failed"): "payment.reverse_failed",
    ("refund", "failed"): "payment.refund_failed",
}
_OPEN_KINDS = {"unknown": "payment.outcome_unknown", "pending": "payment.accepted", "manual": "payment.needs_person"}


def due(*, now: datetime, limit: int = 50) -> list[str]:
    """Return the keys of operations that somebody has to look after by now, the longest waiting first."""
    rows = Operation.objects.filter(due_at__lte=now).order_by("due_at")
    return list(rows.values_list("key", flat=True)[:limit])


def carry_out(*, key: str, now: datetime) -> OperationResult:
    """Send the call and book what came of it, unless somebody else is at it; then return how it stands.

    While the provider account rests, nothing is sent: the operation waits as it is for the worker, and no try is spent.
    Raises: OutcomeUnsaved when the call was made and the database did not take its outcome; the worker finds it out.

    Effects: marks it sent and commits, calls the provider with no transaction open, then `conclude`. Source: I3, I4.
    """
    operation = _read(key)
    try:
        # Before it is marked as sent: an account whose credentials cannot be opened has sent nothing.
        gateway = _gateway(operation)
    except Unavailable as error:
        if operation.state == "prepared" and not operation.attempts:
            # Nobody is to find money moved days later, when the account can be opened again.
            return conclude(operation, outcome=NotTaken(code=error.code, message=error.message), now=now)
        raise
    # What is sent and not due yet belongs to whoever sent it: the same form twice at once, say.
    is_free = operation.state == "prepared" or (operation.due_at is not None and operation.due_at <= now)
    if operation.state not in RESENDABLE or not is_free:
        operation.refresh_from_db()
        return result_of(operation)
    account = operation.payment.account
    if not take_turn(account, who=key, now=now):
        postpone(operation, now=now, until=next_turn(account, now=now))
        return result_of(operation)
    if not mark_sent(operation, now=now):
        operation.refresh_from_db()
        return result_of(operation)
    crash.point("operation.sent")
    watch = Stopwatch(now)
    with outside_transaction():
        outcome = _sent(gateway, call_of(operation, operation.payment))
    crash.point("operation.answered")
    # A provider may take its half minute: what came of the call happened now, not when somebody pressed.
    ended = watch.now()
    try:
        result = conclude(operation, outcome=outcome, now=ended)
    except (OperationalError, InterfaceError, DatabaseBusy) as error:
        raise OutcomeUnsaved(
            _("The provider was asked, and its answer could not be saved yet. Do not ask again: the desk finds out.")
        ) from error
    note_outcome(account, outcome, who=key, now=ended)
    return result


def _sent(gateway: Gateway, call: Call) -> Outcome:
    """Make the call. What a gateway trips over is no answer: the money may have moved, so it is looked after."""
    try:
        return gateway.send(call)
    except Exception:
        logger.exception("the gateway of %s failed in the middle of a call", call.key)
        return Unknown(why="The answer could not be understood.")


def run(*, key: str, now: datetime) -> OperationResult:
    """Bring an operation that nobody is waiting for any more to its end, or closer to it.

    Within the provider's key window the call is repeated under the same key; after it, or when the provider settles
    later, the payment is looked up; what neither can tell waits for a person. No fresh key is ever made. While the
    provider account rests, everything that is due there waits, and no try is spent. Source: I5, W8.
    """
    operation = _read(key)
    gateway = _gateway(operation)
    if operation.kind == "lookup":
        # Whoever asked is gone, and a look-up moves nothing: a new sync asks anew.
        finish_look_up(operation, failure="The sync that asked was interrupted.", now=now)
        return result_of(operation)
    can_replay = operation.state in RESENDABLE and _can_replay(operation, gateway, now)
    if not can_replay and (operation.state not in (*RESENDABLE, "pending") or not gateway.can_be_asked):
        return _wait_for_notice(operation, now) if operation.state in (*RESENDABLE, "pending") else result_of(operation)
    account = operation.payment.account
    if not take_turn(account, who=key, now=now):
        postpone_account(account.pk, now=now, until=next_turn(account, now=now))
        operation.refresh_from_db()
        return result_of(operation)
    return carry_out(key=key, now=now) if can_replay else _settle_by_look_up(operation, now)


def conclude(operation: Operation, *, outcome: Outcome, now: datetime) -> OperationResult:
    """Book the outcome: ledger, order, journal, and the cancellation that the call is a leg of, in one transaction.

    Only the first outcome of an operation counts; a later one changes nothing. Effects: as `operations.finish`, and the
    order's payment standing and version, one journal entry, and what `leg_ended` does.
    """
    number = operation.payment.order.number

    def change() -> None:
        order = lock_order(number=number, actor=SYSTEM)
        before = Operation.objects.get(pk=operation.pk)
        operation.state, operation.due_at = before.state, before.due_at
        if not finish(operation, payment=operation.payment, outcome=outcome, now=now):
            return
        is_news = not (before.failure_code == "no_answer" and operation.state == "unknown")
        _book(order, operation, now=now, is_news=is_news)
        crash.point("operation.finishing")

    in_write_transaction(change)
    crash.point("operation.finished")
    return result_of(operation)


def _settle_by_look_up(operation: Operation, now: datetime) -> OperationResult:
    try:
        observed = look_up(operation.payment.account, operation.payment.reference, who=operation.key, now=now)
    except ProviderUnreachable as error:
        if operation.state == "sent":
            return conclude(operation, outcome=Unknown(why=error.message), now=now)
        if now - (operation.sent_at or now) > PATIENCE:
            why = f"The provider has given no usable answer about {operation.key} since it was asked for it."
            return _ask_person(operation, why=why, now=now)
        postpone(operation, now=now)
        return result_of(operation)
    outcome = outcome_told(operation, observed)
    if outcome is not None:
        return conclude(operation, outcome=outcome, now=now)
    if operation.key in observed.awaited:
        postpone(operation, now=now)
        return result_of(operation)
    why = f"The provider shows no {operation.kind} under {operation.key}, and its memory of the key has run out."
    return _ask_person(operation, why=why, now=now)


def outcome_told(operation: Operation, observed: Observed) -> Outcome | None:
    """Return how the call went by the provider's account of the payment, or None where it does not tell.

    A reversal without a key is ours when it released just what we asked for: a hold is reversed once. What was done
    and taken back since has failed.
    """
    taken_back = {one.parent_ref for one in observed.movements if TAKES_BACK.get(one.kind) == operation.kind}
    if operation.provider_ref in taken_back - {""}:
        return Failed(code=TAKEN_BACK, message="The provider accepted it, and could not carry it out.")
    for movement in observed.movements:
        is_ours = movement.key == operation.key or (
            not movement.key
            and movement.kind == operation.kind == "reverse"
            and movement.amount_minor in (0, operation.amount_minor)
        )
        if is_ours and movement.kind == operation.kind:
            if movement.provider_ref in taken_back:
                return Failed(code=TAKEN_BACK, message="The provider did it, and took it back.")
            return movement.as_outcome()
    return observed.refused.get(operation.key)


def _wait_for_notice(operation: Operation, now: datetime) -> OperationResult:
    """Let what cannot be asked about wait for the provider's own word, and after a while for a person."""
    if now - (operation.sent_at or now) > PATIENCE:
        why = f"The provider has not told what became of {operation.key}, and it cannot be asked."
        return _ask_person(operation, why=why, now=now)
    postpone(operation, now=now)
    return result_of(operation)


def _ask_person(operation: Operation, *, why: str, now: datetime) -> OperationResult:
    def change() -> None:
        order = lock_order(number=operation.payment.order.number, actor=SYSTEM)
        if hand_to_person(operation, why=why):
            _book(order, operation, now=now, is_news=True)

    in_write_transaction(change)
    return result_of(operation)


def _book(order: Order, operation: Operation, *, now: datetime, is_news: bool) -> None:
    standing, hold_ends_at = ledger.order_standing(order.pk)
    if is_news:
        change_order(order, payment_standing=standing, hold_ends_at=hold_ends_at)
        _append(order, operation, now=now)
    leg_ended(order, operation, now=now)


def _append(order: Order, operation: Operation, *, now: datetime) -> None:
    field = f"payment:{operation.payment_id}"
    kind = _KINDS.get((operation.kind, operation.state)) or _OPEN_KINDS[operation.state]
    after = {
        "state": operation.state,
        "operation": operation.kind,
        "amount_minor": operation.amount_minor,
        "currency": operation.currency,
        "authorised_minor": operation.payment.authorised_minor,
        "provider_ref": operation.provider_ref,
        "failure_code": operation.failure_code,
        "key": operation.key,
    }
    append(
        stream=stream_of(order.pk),
        kind=kind,
        actor=stored_actor(kind=operation.actor_kind, ref=operation.actor_ref, name=operation.actor_name),
        now=now,
        before={field: None},
        after={field: after},
        why=operation.failure_message if operation.state in TOLD_BY_PROVIDER else Plain(operation.failure_message),
        version=order.version,
    )


def _read(key: str) -> Operation:
    return Operation.objects.select_related("payment__order", "payment__account").get(key=key)


def _gateway(operation: Operation) -> Gateway:
    return gateway_for(operation.payment.account)


def _can_replay(operation: Operation, gateway: Gateway, now: datetime) -> bool:
    if operation.state == "prepared":
        return True
    sent_at = operation.sent_at or now
    return gateway.recovery == "replay" and now - sent_at < gateway.key_window
