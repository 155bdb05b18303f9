"""Edit the customer of a placed order: name, e-mail, phone, language, addresses. The old values stay in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from orderwright.actions.contact_remarks import Remark, address_remarks, phone_remark
from orderwright.actions.order_document.reader import Errors, Node
from orderwright.actions.order_document.schema import (
    ADDRESS_PARTS,
    read_address,
    read_email,
    read_language,
    read_name,
    read_phone,
)
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict, Invalid
from orderwright.journal.writes import append
from orderwright.orders.customer_keys import key_of, move_key
from orderwright.orders.models import Order
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail
from orderwright.reads.search_index import index_order, words_of

# What may be edited, as programs and forms call it, and the order's columns. An address is one thing: its parts are not
# merged with those of somebody else's address.
COLUMNS: Final = {
    "name": "customer_name",
    "email": "customer_email",
    "phone": "customer_phone",
    "language": "customer_language",
    "shipping_address": "shipping_address",
    "billing_address": "billing_address",
}
ADDRESSES: Final = ("shipping_address", "billing_address")


class CustomerUnchanged(Conflict):
    """Everything that was sent stands so already."""

    code = "customer_unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What was changed, by the names of COLUMNS, and what looks wrong about it without standing in its way."""

    fields: tuple[str, ...]
    remarks: tuple[Remark, ...]


def availability(order: OrderDetail, actor: Actor) -> Availability:
    """Return whether this actor may edit the customer; closed orders' too, for records are to be right."""
    site = order.site.id
    refusal = lacks(actor, "customers.view", site) or lacks(actor, "customers.edit", site)
    if refusal is None and order.customer_erased_at is not None:
        refusal = refused("customer_erased", _("The customer was erased; what is left is for the books."))
    return refusal or allowed()


def run(*, number: str, changes: Mapping[str, Any], actor: Actor, now: datetime, version: int | None = None) -> Edited:
    """Change what is named in `changes`, by the names of COLUMNS; what is left out stays.

    Shape: texts; an address as an object with the parts that order documents have, or None (billing: as shipping).
    Raises: Invalid with a pointer for each place; CustomerUnchanged; OrderChanged when somebody changed one of the same
    fields since `version`; OrderNotFound; Refused.
    Effects: the order's columns and version, one journal entry with what was and what is, sealed under the customer's
    key; the search index. Mails and labels that are made already stay as they are.
    """
    wanted = checked(changes)

    def change() -> Edited:
        columns = {COLUMNS[name]: value for name, value in wanted.items()}
        row = lock_order(number=number, actor=actor, version=version, touches=frozenset(columns))
        order = read_order(number=number, actor=actor)
        availability(order, actor).require()
        changed = {column: value for column, value in columns.items() if value != _stored(row, column)}
        if not changed:
            raise CustomerUnchanged(_("Nothing is different from what stands there."))
        before, becomes = store(row, changed)
        append(
            stream=stream_of(row.pk),
            kind="order.customer_edited",
            actor=actor,
            now=now,
            before=before,
            after=becomes,
            version=row.version,
        )
        after = read_order(number=number, actor=actor)
        index_order(order_id=after.id, found_by=words_of(after))
        fields = tuple(name for name, column in COLUMNS.items() if column in changed)
        return Edited(fields=fields, remarks=_remarks(after, fields))

    return in_write_transaction(change)


def checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes in the form in which they are stored. Raises: Invalid with a pointer for each place."""
    errors = Errors()
    node = Node(changes, pointer="", errors=errors, fields=tuple(COLUMNS))
    read = {"name": read_name, "email": read_email, "phone": read_phone, "language": read_language}
    wanted: dict[str, Any] = {name: take(node) for name, take in read.items() if name in changes}
    wanted |= {name: read_address(node, name) for name in ADDRESSES if name in changes}
    if errors.found:
        raise Invalid(_("Something about the customer cannot be saved."), fields=tuple(errors.found))
    return wanted


def _stored(row: Order, column: str) -> Any:
    value = getattr(row, column)
    return {part: value.get(part) for part in ADDRESS_PARTS} if isinstance(value, dict) else value


def store(row: Order, changed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the columns, and return what was and what is as the journal keeps it. Needs the order's lock.

    Effects: the order's columns and version; perhaps a customer's key.
    """
    before = {column: _stored(row, column) for column in changed}
    was = key_of(row)
    had_email = row.customer_email
    change_order(row, **changed)
    becomes = move_key(row, had_email=had_email)
    return (
        {column: was.seal(value) for column, value in before.items()},
        {column: becomes.seal(value) for column, value in changed.items()},
    )


def _remarks(order: OrderDetail, fields: tuple[str, ...]) -> tuple[Remark, ...]:
    found = [remark for name in ADDRESSES if name in fields for remark in address_remarks(getattr(order, name))]
    country = order.shipping_address.country if order.shipping_address else None
    phone = phone_remark(order.customer_phone, country=country) if "phone" in fields else None
    return (*found, phone) if phone is not None else tuple(found)
