"""What the actions on one operation decide on, and how they find and lock it. What they do does not belong here."""

# ruff: noqa: D102 - what a fact is, its name says

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.orders.models import Order
from orderwright.orders.writes import lock_order
from orderwright.payments.errors import OperationNotFound
from orderwright.payments.models import Operation


class OperationFacts(Protocol):
    """One call to a provider as it stands: a row of Exceptions, or the operation itself under the lock."""

    @property
    def site_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def failure_code(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def account_rests_until(self) -> datetime | None: ...
    @property
    def cancellation_id(self) -> int | None: ...
    @property
    def dismissed_at(self) -> datetime | None: ...
    @property
    def actor_kind(self) -> str: ...
    @property
    def actor_ref(self) -> str: ...


def asked_by(operation: OperationFacts, actor: Actor) -> bool:
    """Return whether this person asked for the call. A program's key is a person of its own."""
    return (operation.actor_kind, operation.actor_ref) == (actor.kind, actor.ref)


def read_operation(*, key: str, actor: Actor) -> Operation:
    """Return the operation with its payment, account and order. Raises: OperationNotFound. Cost: one statement."""
    rows = Operation.objects.select_related("payment__account", "payment__order")
    operation = rows.filter(key=key).first()
    if operation is None or not actor.sees(operation.payment.order.site_id):
        raise OperationNotFound(_("There is no such operation."), facts={"key": key})
    return operation


def lock_operation(*, key: str, actor: Actor) -> tuple[Order, Operation]:
    """Return the operation and its order, the order locked first. Needs an open transaction.

    Raises: OperationNotFound. Cost: three statements.
    """
    found = Operation.objects.filter(key=key).values_list("payment__order__number", "payment__order__site").first()
    if found is None or not actor.sees(found[1]):
        raise OperationNotFound(_("There is no such operation."), facts={"key": key})
    order = lock_order(number=found[0], actor=actor)
    return order, Operation.objects.select_related("payment__account", "payment__order").get(key=key)
