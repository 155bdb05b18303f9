"""Check again now: do at once what the worker would do later with an operation whose outcome is open (I5)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions import settle_operation
from orderwright.actions.operation_facts import OperationFacts, lock_operation
from orderwright.actions.permission import lacks
from orderwright.actions.provider_calls import rests_until
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.payments.models import Operation
from orderwright.payments.operations import OperationResult
from orderwright.payments.states import FINAL_STATES


def availability(operation: OperationFacts, actor: Actor, *, now: datetime) -> Availability:
    """Return whether asking again now can help: its outcome is unknown, or it has waited longer than it should."""
    refusal = lacks(actor, "payments.sync", operation.site_id)
    if refusal is not None:
        return refusal
    if operation.state in FINAL_STATES:
        return refused("operation_ended", _("It has ended; there is nothing to check any more."))
    if operation.state == "manual":
        return refused("needs_person", _("The provider cannot tell; a person has to decide."))
    if operation.state != "unknown" and (operation.due_at is None or operation.due_at > now):
        return refused("not_due", _("Its answer may still come; the desk keeps asking."))
    resting = rests_until(operation.account_rests_until, name=_("The provider"), zone="UTC", now=now)
    return resting or allowed()


def run(*, key: str, actor: Actor, now: datetime) -> OperationResult:
    """Ask the provider at once, under the same key, and return how the operation stands then.

    Raises: OperationNotFound; Conflict with the reason of `availability`; ProviderResting; Refused.
    Effects: the operation becomes due now, then as `settle_operation.run`; whoever is at it already keeps it.
    """

    def make_due() -> None:
        _order, operation = lock_operation(key=key, actor=actor)
        availability(operation, actor, now=now).require()
        Operation.objects.filter(pk=operation.pk, state="unknown", due_at__gt=now).update(due_at=now)

    in_write_transaction(make_due)
    return settle_operation.run(key=key, now=now)
