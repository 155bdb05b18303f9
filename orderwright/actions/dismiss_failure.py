"""Dismiss: take note of a call that the provider refused, so that Exceptions shows it no more. Nothing moves."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.operation_facts import OperationFacts, lock_operation
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.orders.writes import change_order, stream_of
from orderwright.payments.states import TAKEN_BACK


def availability(operation: OperationFacts, actor: Actor) -> Availability:
    """Return whether the failure can be dismissed; a leg of a cancellation is resumed instead.

    One permission for every kind, as the list is one: who only refunds leaves the list to those who look after it.
    """
    refusal = lacks(actor, "payments.capture", operation.site_id)
    if refusal is not None:
        return refusal
    is_failure = operation.state == "failed" or operation.failure_code == TAKEN_BACK
    if not is_failure or operation.kind == "lookup":
        return refused("not_failed", _("Only what the provider has refused can be dismissed."))
    if operation.cancellation_id is not None and operation.failure_code != TAKEN_BACK:
        return refused("part_of_cancellation", _("It is part of a cancellation; resume that instead."))
    if operation.dismissed_at is not None:
        return refused("dismissed_already", _("It is dismissed already."))
    return allowed()


def run(*, key: str, actor: Actor, now: datetime) -> None:
    """Dismiss the failure.

    Raises: OperationNotFound; Conflict with the reason of `availability`; Refused. Effects: one column, one journal
    entry.
    """

    def change() -> None:
        order, operation = lock_operation(key=key, actor=actor)
        availability(operation, actor).require()
        operation.dismissed_at = now
        operation.save(update_fields=["dismissed_at"])
        change_order(order)
        field = f"payment:{operation.payment_id}"
        after = {
            "dismissed": True,
            "operation": operation.kind,
            "amount_minor": operation.amount_minor,
            "currency": operation.currency,
            "failure_code": operation.failure_code,
            "key": operation.key,
        }
        append(
            stream=stream_of(order.pk),
            kind="payment.failure_dismissed",
            actor=actor,
            now=now,
            before={field: {"dismissed": False}},
            after={field: after},
            version=order.version,
        )

    in_write_transaction(change)
