"""The life of one call to a provider: prepared, sent, finished. Each step is one short transaction of the caller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.core.db import in_write_transaction
from orderwright.core.ids import operation_key
from orderwright.core.money import Money, UnknownCurrency, format_money
from orderwright.payments import ledger
from orderwright.payments.errors import NothingLeft, RequestReused
from orderwright.payments.gateways.port import (
    HOLD_EXPIRED,
    Accepted,
    Call,
    Failed,
    NeedsPerson,
    NotTaken,
    Outcome,
    Succeeded,
)
from orderwright.payments.models import Cancellation, Operation, Payment, Refund
from orderwright.payments.rules import retry_wait
from orderwright.payments.states import WRONG_ECHO

T = TypeVar("T")

# How long after a step the worker looks after an operation, in case the process that owned it has died. Longer than
# connecting and reading may take together, so that a slow answer is not taken for a dead process.
STEP_PATIENCE = timedelta(seconds=90)
# Something accepted and not settled is asked about again after this time, webhook or not.
SETTLE_PATIENCE = timedelta(hours=1)
RESENDABLE = ("prepared", "sent", "unknown")
# From which states an outcome may lead on. What was never sent can only fail: its account could not be opened.
_OPEN_FOR = {
    "succeeded": ("sent", "unknown", "pending", "manual"),
    "failed": ("prepared", "sent", "unknown", "pending", "manual"),
    "manual": ("sent", "unknown", "pending"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationResult:
    """How a call stands. `state` is one of OPERATION_STATES; failure texts are the provider's and empty otherwise."""

    key: str
    operation_id: int
    payment_id: int
    kind: str
    state: str
    amount_minor: int
    currency: str
    failure_code: str
    failure_message: str


def result_of(operation: Operation) -> OperationResult:
    """Return how the operation stands."""
    return OperationResult(
        key=operation.key,
        operation_id=operation.pk,
        payment_id=operation.payment_id,
        kind=operation.kind,
        state=operation.state,
        amount_minor=operation.amount_minor,
        currency=operation.currency,
        failure_code=operation.failure_code,
        failure_message=operation.failure_message,
    )


def prepare(
    *,
    payment_id: int,
    kind: str,
    amount_minor: int,
    currency: str,
    actor: Actor,
    now: datetime,
    request_ref: str | None = None,
    capture_ref: str = "",
    cancellation: Cancellation | None = None,
    refund: Refund | None = None,
    known_ref: str = "",
) -> Operation:
    """Reserve the amount and write the operation down, before anybody is called.

    `known_ref`: the reference that a person typed for money that moved already.

    Raises: NothingLeft when the amount is not free. Effects: one guarded UPDATE (none for a look-up), one row. I4, I5.
    """
    if kind != "lookup" and not ledger.reserve(payment_id=payment_id, kind=kind, amount_minor=amount_minor):
        raise NothingLeft(_("The amount is no longer free: another call has taken or reserved it."))
    return Operation.objects.create(
        payment_id=payment_id,
        cancellation=cancellation,
        refund=refund,
        kind=kind,
        amount_minor=amount_minor,
        currency=currency,
        capture_ref=capture_ref,
        provider_ref=known_ref,
        key=operation_key(),
        request_ref=request_ref,
        actor_kind=actor.kind,
        actor_ref=actor.ref,
        actor_name=actor.name,
        prepared_at=now,
        due_at=now + STEP_PATIENCE,
    )


def find_repeated(
    request_ref: str | None, *, payment_id: int, kind: str, amount_minor: int | None = None
) -> Operation | None:
    """Return what this request did when it came before, or None when it is new. To be asked under the order's lock.

    `amount_minor` is None where the request names no amount. Raises: RequestReused when it asked for something else.
    """
    earlier = Operation.objects.filter(request_ref=request_ref).first() if request_ref else None
    if earlier is None:
        return None
    is_same_amount = amount_minor in (None, earlier.amount_minor)
    if (earlier.payment_id, earlier.kind) != (payment_id, kind) or not is_same_amount:
        raise RequestReused(_("This form was used before for something else. Open the order again."))
    return earlier


def reserve_once(reserve: Callable[[], T]) -> T:
    """Return what `reserve` returns, run in a transaction of its own, which asks first whether the request came before.

    Requests on two orders wait for different locks, so that neither finds the other when they carry the same reference
    at once. Whoever writes second asks again, and finds it then. Raises: what `reserve` raises, RequestReused foremost.
    """
    try:
        return in_write_transaction(reserve)
    except IntegrityError as error:
        if "request_ref" not in str(error):
            raise
    return in_write_transaction(reserve)


def prepared_fact(operation: Operation) -> dict[str, Any]:
    """Return what the journal says of a call that is written down and not sent yet."""
    return {
        "state": "prepared",
        "operation": operation.kind,
        "amount_minor": operation.amount_minor,
        "currency": operation.currency,
        "key": operation.key,
    }


def mark_sent(operation: Operation, *, now: datetime) -> bool:
    """Return whether this process may make the call now: a compare-and-set from the state and due time that it read.

    Effects: one UPDATE; `operation` carries the new values.
    """
    first_sent_at = operation.sent_at or now
    changed = Operation.objects.filter(
        pk=operation.pk, state=operation.state, due_at=operation.due_at, state__in=RESENDABLE
    ).update(state="sent", sent_at=first_sent_at, attempts=operation.attempts + 1, due_at=now + STEP_PATIENCE)
    if changed:
        operation.state, operation.sent_at = "sent", first_sent_at
        operation.attempts, operation.due_at = operation.attempts + 1, now + STEP_PATIENCE
    return bool(changed)


def call_of(operation: Operation, payment: Payment) -> Call:
    """Return the call that this operation stands for, the same on every repetition."""
    return Call(
        kind=operation.kind,  # type: ignore[arg-type]  # look-ups are never sent as calls
        reference=payment.reference,
        amount_minor=operation.amount_minor,
        currency=operation.currency,
        capture_ref=operation.capture_ref,
        key=operation.key,
        known_ref=operation.provider_ref,
    )


def finish(operation: Operation, *, payment: Payment, outcome: Outcome, now: datetime) -> bool:
    """Return whether this outcome was the one that counted: a compare-and-set from an unfinished state.

    Effects: on success ledger rows in place of the reservation, on refusal the reservation freed, otherwise it stays.
    An answer that names another amount or currency, or a movement that is booked, waits for a person (FG4).
    """
    changes = _changes(operation, outcome, now, payment=payment)
    if isinstance(outcome, Succeeded) and ledger.is_booked(payment.pk, operation, outcome.provider_ref):
        told = f"{outcome.provider_ref} is in the books already, so it cannot be what came of this call."
        changes = {"provider_ref": outcome.provider_ref, **_for_person("reference_booked", told)}
    open_states = _OPEN_FOR.get(changes["state"], ("sent",))
    if not Operation.objects.filter(pk=operation.pk, state__in=open_states).update(**changes):
        operation.refresh_from_db()
        return False
    for name, value in changes.items():
        setattr(operation, name, value)
    if isinstance(outcome, Succeeded) and operation.state == "succeeded":
        ledger.post(
            payment=payment,
            kind=operation.kind,
            amount_minor=operation.amount_minor,
            provider_ref=outcome.provider_ref,
            at=min(outcome.at, now),
            origin="desk",
            operation=operation,
            parent_ref=operation.capture_ref,
        )
        if outcome.released_minor:
            _book_release(payment, outcome, now=now)
    elif operation.state == "failed":
        ledger.release_reservation(
            payment_id=operation.payment_id, kind=operation.kind, amount_minor=operation.amount_minor
        )
        if operation.kind == "reverse" and operation.failure_code == HOLD_EXPIRED:
            _book_expiry(operation, payment, now=now)
    return True


def _book_release(payment: Payment, outcome: Succeeded, *, now: datetime) -> None:
    """Book what the provider let go with a capture, because it captures only once on a hold."""
    ledger.post(
        payment=payment,
        kind="reverse",
        amount_minor=outcome.released_minor,
        provider_ref=f"{outcome.provider_ref}-rest"[:120],
        at=min(outcome.at, now),
        origin="provider",
    )


def _book_expiry(operation: Operation, payment: Payment, *, now: datetime) -> None:
    """Book what the provider says when it has nothing left to reverse: the hold ran out, its rest is free."""
    ledger.post(
        payment=payment,
        kind="expire",
        amount_minor=operation.amount_minor,
        provider_ref=f"expired-{payment.reference}"[:120],
        at=min(payment.expires_at or now, now),
        origin="provider",
    )


def _changes(operation: Operation, outcome: Outcome, now: datetime, *, payment: Payment) -> dict[str, Any]:
    """Return the columns that this outcome sets."""
    asked = (operation.amount_minor, operation.currency)
    match outcome:
        case Succeeded() if (outcome.amount_minor or asked[0], outcome.currency) == asked:
            ended = {"state": "succeeded", "finished_at": now, "due_at": None}
            return ended | {"provider_ref": outcome.provider_ref, "failure_code": "", "failure_message": ""}
        case Succeeded():
            words = _("Asked for %(asked)s, was told %(told)s.")
            told = _amount(outcome.amount_minor or asked[0], outcome.currency, operation)
            why = words % {"asked": _amount(*asked, operation), "told": told}
            return {"provider_ref": outcome.provider_ref, **_for_person(WRONG_ECHO, why)}
        case NeedsPerson():
            return _for_person("needs_person", outcome.why)
        case Failed() | NotTaken():
            return _refused(operation, outcome, now)
        case Accepted():
            return {"state": "pending", "provider_ref": outcome.provider_ref, "due_at": now + SETTLE_PATIENCE}
        case _:  # Unknown
            least = timedelta(seconds=payment.account.breaker_wait_s)
            wait = max(retry_wait(operation.attempts), outcome.retry_after or timedelta(0), least)
            return _unknown(outcome.why, now + wait)


def _amount(minor: int, currency: str, operation: Operation) -> str:
    """Return the amount as the order's site writes it; one in a strange currency as it was told."""
    try:
        return format_money(Money(minor, currency), locale=operation.payment.order.site.locale)
    except UnknownCurrency:
        return f"{minor} {currency}"


def _refused(operation: Operation, outcome: Failed | NotTaken, now: datetime) -> dict[str, Any]:
    if isinstance(outcome, NotTaken) and operation.attempts > 1:
        # An earlier try may have moved the money: a key that is refused today says nothing of yesterday.
        return _unknown(outcome.message, now + retry_wait(operation.attempts))
    ended = {"state": "failed", "finished_at": now, "due_at": None}
    return ended | {"failure_code": outcome.code, "failure_message": outcome.message}


def _for_person(code: str, why: str) -> dict[str, Any]:
    return {"state": "manual", "due_at": None, "failure_code": code, "failure_message": why[:300]}


def _unknown(why: str, due_at: datetime) -> dict[str, Any]:
    return {"state": "unknown", "due_at": due_at, "failure_code": "no_answer", "failure_message": why[:300]}


def hasten(keys: Sequence[str], *, now: datetime) -> None:
    """Let the worker take these prepared calls at once, for nobody waits for them here. Effects: one UPDATE."""
    Operation.objects.filter(key__in=keys, state="prepared").update(due_at=now)


def postpone(operation: Operation, *, now: datetime, until: datetime | None = None) -> None:
    """Let an operation whose outcome stays open be looked after again later. Effects: one UPDATE, unless it ended."""
    due_at = until or now + retry_wait(operation.attempts)
    changed = Operation.objects.filter(pk=operation.pk, state=operation.state, due_at=operation.due_at)
    if changed.update(due_at=due_at):
        operation.due_at = due_at
    else:
        operation.refresh_from_db()


def postpone_account(account_id: int, *, now: datetime, until: datetime) -> None:
    """Let everything that is due at this account wait until then; nothing was tried. Effects: one UPDATE."""
    Operation.objects.filter(
        payment__account_id=account_id, due_at__lte=now, state__in=(*RESENDABLE, "pending")
    ).exclude(kind="lookup").update(due_at=until)


def hand_to_person(operation: Operation, *, why: str) -> bool:
    """Return whether the operation now waits for a person; its reservation stays. Effects: one UPDATE. Source: I5."""
    changes = {"state": "manual", "failure_code": "needs_person", "failure_message": why[:300], "due_at": None}
    if not Operation.objects.filter(pk=operation.pk, state__in=(*RESENDABLE, "pending")).update(**changes):
        operation.refresh_from_db()
        return False
    for name, value in changes.items():
        setattr(operation, name, value)
    return True


def finish_look_up(operation: Operation, *, failure: str, now: datetime) -> None:
    """Close a look-up: succeeded, or failed with why the provider gave no answer. Effects: one UPDATE."""
    changes = {
        "state": "failed" if failure else "succeeded",
        "failure_code": "no_answer" if failure else "",
        "failure_message": failure[:300],
        "finished_at": now,
        "due_at": None,
    }
    if Operation.objects.filter(pk=operation.pk, state="sent").update(**changes):
        for name, value in changes.items():
            setattr(operation, name, value)
