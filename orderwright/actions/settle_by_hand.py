"""It happened, or it did not: a person settles an operation that neither its key nor a look-up could settle (I5)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.legs import leg_ended
from orderwright.actions.operation_facts import OperationFacts, asked_by, lock_operation, read_operation
from orderwright.actions.permission import lacks
from orderwright.actions.provider_calls import look_up
from orderwright.actions.settle_operation import outcome_told
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Unavailable
from orderwright.core.text import clean_text
from orderwright.journal.writes import append
from orderwright.orders.models import Order
from orderwright.orders.writes import change_order, stream_of
from orderwright.payments import ledger
from orderwright.payments.accounts import take_turn
from orderwright.payments.errors import ProviderShowsIt, ReferenceBooked
from orderwright.payments.gateways.port import Failed, Observed, Outcome, Succeeded
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.models import LedgerTransaction, Operation
from orderwright.payments.operations import OperationResult, finish, result_of
from orderwright.payments.states import FINAL_STATES

LONGEST_REASON = 200
LONGEST_REFERENCE = 120  # what the ledger's column holds


def availability(operation: OperationFacts, actor: Actor) -> Availability:
    """Return whether this person may decide what became of the operation. Source: W11, four eyes."""
    refusal = lacks(actor, "payments.settle", operation.site_id)
    if refusal is not None:
        return refusal
    if operation.state in FINAL_STATES:
        return refused("operation_ended", _("It is settled already."))
    if operation.state != "manual":
        return refused("settles_by_itself", _("Its outcome is not known yet; the desk keeps asking."))
    if actor.at(operation.site_id).needs_second_person and asked_by(operation, actor):
        return refused("needs_second_person", _("You asked for it yourself; a second person has to settle it."))
    return allowed()


def run(
    *, key: str, happened: bool, reason: str, actor: Actor, now: datetime, provider_ref: str = ""
) -> OperationResult:
    """Book the operation as done at the provider, or free what it reserved, on a person's word.

    `reason` is always needed, `provider_ref` where it happened: what the provider calls the movement. Before anything
    is freed the provider is asked, where it can be; without its answer the person's word counts.
    Raises: Invalid at /reason or /reference; OperationNotFound; ReferenceBooked; ProviderShowsIt; Conflict with the
    reason of `availability`; Refused. Effects: as `operations.finish`, one journal entry with the evidence, and the
    cancellation that it is a leg of goes on. Source: I5.
    """
    why = clean_text(reason, pointer="/reason", longest=LONGEST_REASON, required=True)
    reference = clean_text(
        provider_ref, pointer="/reference", longest=LONGEST_REFERENCE, required=happened, is_reference=True
    )
    if not happened:
        _require_not_shown(key, actor=actor, now=now)

    def change() -> OperationResult:
        order, operation = lock_operation(key=key, actor=actor)
        availability(operation, actor).require()
        outcome: Outcome = Failed(code="settled_by_hand", message=why)
        if happened:
            _require_unbooked(operation, reference)
            outcome = Succeeded(
                provider_ref=reference, amount_minor=operation.amount_minor, currency=operation.currency, at=now
            )
        evidence = _evidence(operation)
        finish(operation, payment=operation.payment, outcome=outcome, now=now)
        if not happened:
            # Whoever decides it has taken note: it is no failure that somebody still has to look at.
            Operation.objects.filter(pk=operation.pk).update(dismissed_at=now)
        _book(order, operation, evidence, actor=actor, why=why, now=now)
        return result_of(operation)

    return in_write_transaction(change)


def _require_unbooked(operation: Operation, reference: str) -> None:
    if _is_booked(operation, reference):
        message = _("%(reference)s is in the books already. Give the reference of this movement.")
        raise ReferenceBooked(message % {"reference": reference}, facts={"reference": reference})


def _is_booked(operation: Operation, reference: str) -> bool:
    booked = LedgerTransaction.objects.filter(
        payment_id=operation.payment_id, kind=operation.kind, provider_ref=reference
    )
    return booked.exists()


def _require_not_shown(key: str, *, actor: Actor, now: datetime) -> None:
    """Do nothing unless the provider shows the movement: what it has done cannot be freed, to be done once more."""
    operation = read_operation(key=key, actor=actor)
    availability(operation, actor).require()
    account = operation.payment.account
    if not gateway_kind(account.gateway).can_be_asked or not take_turn(account, who=key, now=now):
        return
    try:
        observed = look_up(account, operation.payment.reference, who=key, now=now)
    except Unavailable:
        return
    reference = _shown(operation, observed)
    if reference and not _is_booked(operation, reference):
        message = _("The provider shows it as %(reference)s. Book it as done under this reference.")
        raise ProviderShowsIt(message % {"reference": reference}, facts={"reference": reference})


def _shown(operation: Operation, observed: Observed) -> str:
    """Return the reference of what the provider shows of the call, empty where it shows nothing or took it back."""
    told = outcome_told(operation, observed)
    if told is not None:
        return told.provider_ref if isinstance(told, Succeeded) else ""
    references = {one.provider_ref for one in observed.movements if one.kind == operation.kind}
    return operation.provider_ref if operation.provider_ref in references else ""


def _evidence(operation: Operation) -> dict[str, object]:
    return {
        "failure_code": operation.failure_code,
        "failure_message": operation.failure_message,
        "attempts": operation.attempts,
        "sent_at": operation.sent_at.isoformat() if operation.sent_at else None,
        "asked_by": operation.actor_name,
    }


def _book(
    order: Order, operation: Operation, evidence: dict[str, object], *, actor: Actor, why: str, now: datetime
) -> None:
    standing, hold_ends_at = ledger.order_standing(order.pk)
    change_order(order, payment_standing=standing, hold_ends_at=hold_ends_at)
    field = f"payment:{operation.payment_id}"
    append(
        stream=stream_of(order.pk),
        kind="payment.settled_by_hand",
        actor=actor,
        now=now,
        before={field: {"state": "manual"}},
        after={
            field: {
                "state": operation.state,
                "operation": operation.kind,
                "amount_minor": operation.amount_minor,
                "currency": operation.currency,
                "provider_ref": operation.provider_ref,
                "key": operation.key,
                "evidence": evidence,
            }
        },
        why=why,
        version=order.version,
    )
    leg_ended(order, operation, now=now, by=actor)
