"""Take in a placed order: check the document, store the whole order at once, or refuse it with every error named."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.actions.claimed_money import require_unclaimed
from orderwright.actions.known_names import UNNAMED_DELIVERY, Known, known_names
from orderwright.actions.order_document import OrderDocument, check_sums, read_document
from orderwright.actions.order_document.reader import Errors
from orderwright.actions.permission import lacks_everywhere
from orderwright.actions.taken_in_money import store_payments
from orderwright.actions.write_mail import write_mail
from orderwright.core.actor import SYSTEM, Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Invalid
from orderwright.journal.writes import Fact, append_all
from orderwright.orders.errors import ExternalIdTaken
from orderwright.orders.models import Line, Note, Order
from orderwright.orders.sites import take_number
from orderwright.orders.states import is_open
from orderwright.orders.writes import stream_of
from orderwright.outbox.writing.values import Received
from orderwright.outbox.writing.vocabulary import RECEIVED
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.search_index import Findable, index_order, people_words, tracking_words
from orderwright.shipping.writes import PlannedShipment, method_for, open_shipments

_PERMISSION = "orders.take_in"
_FROM_A_STOREFRONT = "api"
_UNNAMED_METHOD = "Standard shipping"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """The order's number, and whether this call stored it or an earlier one with the same document had."""

    number: str
    is_new: bool


def availability(actor: Actor) -> Availability:
    """Return whether this actor may hand in orders, if only those of some sites."""
    return lacks_everywhere(actor, _PERMISSION) or allowed()


def run(*, document: object, actor: Actor, now: datetime) -> TakenIn:
    """Store the order that the document describes, with its lines, shipments and payments.

    The same document under the same external id again gives the same order.
    Raises: Invalid with a pointer for every fault, a site that the actor does not see among them; ExternalIdTaken when
    another document came under that id; SiteClosed; Refused.
    Effects: the order's rows, ledger transactions for what already happened, journal entries, the search index; where
    the site mails it by itself, "order received" for the customer.
    Source: interface.md "An order as it is handed in"; W14 for card numbers.
    """
    availability(actor).require()
    actor = actor.through(_PERMISSION)
    parts = _checked(document)
    digest = _digest(document)
    try:
        return in_write_transaction(lambda: _store(parts, digest, actor, now))
    except IntegrityError:
        # A rival took in the same external id while we were writing: look once more.
        repeated = _repeated(parts, digest, actor)
        if repeated is None:
            raise
        return repeated


def _checked(document: object) -> OrderDocument:
    errors = Errors()
    parts = read_document(document, errors=errors)
    if parts is not None and not errors.found:
        check_sums(parts, errors=errors)
    if errors.found or parts is None:
        raise Invalid(
            _("The order cannot be taken in: see each field."), code="order_invalid", fields=tuple(errors.found)
        )
    return parts


def _digest(document: object) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _repeated(parts: OrderDocument, digest: str, actor: Actor) -> TakenIn | None:
    earlier = Order.objects.filter(site__slug=parts.site, external_id=parts.external_id).first()
    if earlier is None or not actor.sees(earlier.site_id):
        return None
    if earlier.intake_digest != digest:
        raise ExternalIdTaken(
            _("Another document was taken in as %(external_id)s: order #%(number)s.")
            % {"external_id": parts.external_id, "number": earlier.number},
            facts={"number": earlier.number, "external_id": parts.external_id},
        )
    return TakenIn(number=earlier.number, is_new=False)


def _store(parts: OrderDocument, digest: str, actor: Actor, now: datetime) -> TakenIn:
    repeated = _repeated(parts, digest, actor)
    if repeated is not None:
        return repeated
    known = known_names(parts, actor)
    order = Order.objects.create(
        number=take_number(known.site),
        intake_digest=digest,
        taken_in_at=now,
        state=known.state,
        is_open=is_open(known.state.system_state),
        pieces=sum(item.quantity for item in parts.items),
        **_columns(parts, known),
    )
    require_unclaimed(parts, known.accounts)
    lines = _store_lines(order, parts)
    shipments = open_shipments(order=order, planned=_planned(parts, lines, known))
    standing, hold_ends_at, payment_facts = store_payments(order=order, parts=parts, accounts=known.accounts)
    Order.objects.filter(pk=order.pk).update(
        **shipments,
        payment_standing=standing,
        hold_ends_at=hold_ends_at,
    )
    if parts.note:
        Note.objects.create(order=order, text=parts.note, author_name=actor.name, written_at=now)
    append_all(
        stream=stream_of(order.pk),
        facts=[_taken_in_fact(parts, known), *payment_facts],
        actor=actor,
        now=now,
        version=order.version,
    )
    index_order(order_id=order.pk, found_by=_found_by(order, parts))
    # What is brought over from elsewhere was told there, perhaps years ago.
    if known.site.mails_received and parts.source == _FROM_A_STOREFRONT and order.is_open:
        detail = read_whole_order(number=order.number, actor=SYSTEM)
        write_mail(order, detail, kind=RECEIVED, occasion=Received(), actor=actor, now=now, about="order")
    return TakenIn(number=order.number, is_new=True)


def _columns(parts: OrderDocument, known: Known) -> dict[str, Any]:
    return {
        "site": known.site,
        "external_id": parts.external_id,
        "source": parts.source,
        "placed_at": parts.placed_at,
        "currency": parts.currency,
        "prices_include_tax": parts.prices_include_tax,
        "customer_reference": parts.customer.reference,
        "customer_name": parts.customer.name,
        "customer_email": parts.customer.email,
        "customer_phone": parts.customer.phone,
        "customer_language": parts.customer.language,
        "shipping_address": parts.shipping_address,
        "billing_address": parts.billing_address,
        "items_minor": parts.totals.items_minor,
        "discount_minor": parts.totals.discount_minor,
        "shipping_minor": parts.totals.shipping_minor,
        "shipping_tax_minor": parts.shipping.tax_minor,
        "shipping_discount_minor": parts.shipping.discount_minor,
        "tax_minor": parts.totals.tax_minor,
        "total_minor": parts.totals.total_minor,
        "discounts": [{"code": entry.code, "amount": entry.amount_minor} for entry in parts.discounts],
        "invoice_number": parts.invoice_number,
        "tags": list(parts.tags),
    }


def _store_lines(order: Order, parts: OrderDocument) -> list[Line]:
    return Line.objects.bulk_create(
        Line(
            order=order,
            position=position,
            sku=item.sku,
            name=item.name,
            reference=item.reference,
            quantity=item.quantity,
            unit_price_minor=item.unit_price_minor,
            discount_minor=item.discount_minor,
            tax_minor=item.tax_minor,
            tax_lines=[tax.as_json() for tax in item.tax_lines],
            attributes=item.attributes,
            requires_shipping=item.requires_shipping,
        )
        for position, item in enumerate(parts.items, start=1)
    )


def _planned(parts: OrderDocument, lines: list[Line], known: Known) -> list[PlannedShipment]:
    left = {at: item.quantity for at, item in enumerate(parts.items) if item.requires_shipping}
    titles = {shipment.method or parts.shipping.method or _UNNAMED_METHOD for shipment in parts.shipments}
    methods = {title: method_for(title_or_slug=title) for title in sorted(titles)}
    planned = []
    for shipment in parts.shipments:
        for index, quantity in shipment.items:
            left[index] -= quantity
        planned.append(
            PlannedShipment(
                method=methods[shipment.method or parts.shipping.method or _UNNAMED_METHOD],
                parts=[
                    (lines[index], known.delivery_states[shipment.delivery_state].pk, quantity)
                    for index, quantity in shipment.items
                ],
                tracking_numbers=shipment.tracking_numbers,
                sent_at=shipment.sent_at,
            )
        )
    rest = [
        (lines[at], known.delivery_states[UNNAMED_DELIVERY].pk, quantity) for at, quantity in left.items() if quantity
    ]
    if rest:
        title = parts.shipping.method or _UNNAMED_METHOD
        planned.append(PlannedShipment(method=methods.get(title) or method_for(title_or_slug=title), parts=rest))
    return planned


def _taken_in_fact(parts: OrderDocument, known: Known) -> Fact:
    after = {
        "state": known.state.slug,
        "system_state": known.state.system_state,
        "total_minor": parts.totals.total_minor,
        "currency": parts.currency,
        "source": parts.source,
        "external_id": parts.external_id,
        "invoice_number": parts.invoice_number,
        "items": len(parts.items),
    }
    return Fact(kind="order.taken_in", before=dict.fromkeys(after), after=after)


def _found_by(order: Order, parts: OrderDocument) -> Findable:
    customer = parts.customer
    return Findable(
        things=[
            f"#{order.number}",
            parts.external_id,
            customer.reference,
            parts.invoice_number,
            *parts.tags,
            *(item.sku for item in parts.items),
            *tracking_words(number for shipment in parts.shipments for number in shipment.tracking_numbers),
        ],
        people=people_words(name=customer.name, email=customer.email, phone=customer.phone),
    )
