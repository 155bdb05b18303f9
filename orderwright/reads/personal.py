"""What a read hides of the people behind the orders from whoever may not see their personal data (customers.view)."""

from __future__ import annotations

from typing import Final

import msgspec

from orderwright.core.actor import Actor
from orderwright.outbox.addresses import is_mailable
from orderwright.payments.states import TOLD_BY_PROVIDER
from orderwright.reads.money_rows import OperationRow
from orderwright.reads.rows import Address, OrderDetail

PERMISSION: Final = "customers.view"
# Stands wherever there is something that is not shown: neither its length nor its first letters are told.
HIDDEN: Final = "•••"


def may_see(actor: Actor, site_id: int | None) -> bool:
    """Return whether the actor may see the personal data of this site's customers, or, for None, of every site's."""
    return actor.at(site_id).can(PERMISSION)


def name_for(actor: Actor, site_id: int | None, name: str) -> str:
    """Return a customer's name as the actor may see it."""
    return name if may_see(actor, site_id) else _hidden(name)


def failure_for(actor: Actor, site_id: int | None, message: str, *, state: str) -> str:
    """Return why an operation in this state failed, as the actor may see it: a provider may name the cardholder."""
    return message if state not in TOLD_BY_PROVIDER or may_see(actor, site_id) else _hidden(message)


def why_declined(order: OrderDetail, message: str | None, *, state: str) -> str | None:
    """Return why an operation of the order in this state failed, None where nothing is kept or it may not be read.

    `order`: as whoever asks may see it. A provider may name the cardholder.
    """
    is_hidden = order.is_masked and state in TOLD_BY_PROVIDER
    return None if is_hidden else message or None


def masked(order: OrderDetail) -> OrderDetail:
    """Return the order without what tells who the customer is. The country of an address and the language stay.

    What a provider said of a refusal goes too: it may name the cardholder.
    """
    return msgspec.structs.replace(
        order,
        is_masked=True,
        is_reachable=is_mailable(order.customer_email),
        customer_name=HIDDEN,
        customer_email=_hidden(order.customer_email),
        customer_phone=_hidden(order.customer_phone),
        shipping_address=_masked_address(order.shipping_address),
        billing_address=_masked_address(order.billing_address),
        payments=[
            msgspec.structs.replace(payment, operations=[_masked_operation(each) for each in payment.operations])
            for payment in order.payments
        ],
    )


def can_be_mailed(order: OrderDetail) -> bool:
    """Return whether the customer has an address that mail can be sent to, whether or not it is shown."""
    return order.is_reachable if order.is_masked else is_mailable(order.customer_email)


def require_whole(order: OrderDetail) -> None:
    """Do nothing unless the order is masked. Raises: RuntimeError, for a mask must not be stored or sent."""
    if order.is_masked:
        raise RuntimeError("what is stored or sent needs the whole order: read_whole_order")


def _hidden(text: str) -> str:
    return HIDDEN if text else ""


def _masked_operation(operation: OperationRow) -> OperationRow:
    if operation.state not in TOLD_BY_PROVIDER:
        return operation
    return msgspec.structs.replace(operation, failure_message=_hidden(operation.failure_message))


def _masked_address(address: Address | None) -> Address | None:
    return None if address is None else Address(line1=HIDDEN, country=address.country)
