"""From the rows of a read to the shapes of answers: one order, its payments, its cancellation, a line of a list."""

from __future__ import annotations

from typing import Any, Final

from orderwright.actions import all_actions
from orderwright.actions.tracking_remarks import remarks
from orderwright.api import shapes
from orderwright.core.actor import Actor
from orderwright.reads.money_rows import OperationRow, PaymentRow, RefundRow
from orderwright.reads.personal import why_declined
from orderwright.reads.rows import (
    Address,
    CancellationRow,
    DeliveryStateRow,
    LineRow,
    MailRef,
    MethodRow,
    OrderDetail,
    ShipmentRow,
    StateRow,
)
from orderwright.reads.tracking import tracking_href

# In the desk an operation is named by its verb, in documents by its noun.
KINDS: Final = {
    "authorise": "authorisation",
    "capture": "capture",
    "reverse": "reversal",
    "expire": "expiry",
    "refund": "refund",
    "capture_failed": "capture_failed",
    "refund_failed": "refund_failed",
    "dispute": "dispute",
    "dispute_won": "dispute_won",
    "lookup": "lookup",
}


def order_shape(order: OrderDetail, *, actor: Actor) -> shapes.Order:
    """Return the whole order as the API shows it to this actor."""
    return shapes.Order(
        number=order.number,
        external_id=order.external_id,
        source=order.source,
        site=shapes.SiteRef(slug=order.site.slug, name=order.site.name),
        version=order.version,
        placed_at=order.placed_at,
        taken_in_at=order.taken_in_at,
        is_open=order.is_open,
        state=state_ref(order.state),
        payment_standing=order.payment_standing,
        hold_ends_at=order.hold_ends_at,
        invoice_number=order.invoice_number or None,
        currency=order.currency,
        prices_include_tax=order.prices_include_tax,
        customer=_customer(order),
        shipping_address=_address(order.shipping_address),
        billing_address=_address(order.billing_address),
        items=_items(order),
        shipping=shapes.ShippingPrice(
            price=order.shipping_minor, discount=order.shipping_discount_minor, tax=order.shipping_tax_minor
        ),
        discounts=[shapes.Discount(code=entry["code"], amount=entry["amount"]) for entry in order.discounts],
        totals=shapes.Totals(
            items=order.items_minor,
            discount=order.discount_minor,
            shipping=order.shipping_minor,
            tax=order.tax_minor,
            total=order.total_minor,
        ),
        shipments=[_shipment(order, shipment) for shipment in order.shipments],
        payments=[payment_shape(payment) for payment in order.payments],
        cancellation=cancellation_shape(order),
        cancellation_request=cancellation_request_shape(order),
        notes=[
            shapes.Note(id=note.id, text=note.text, author=note.author_name, written_at=note.written_at)
            for note in order.notes
        ],
        tags=order.tags,
        actions=_allowed(order, actor),
    )


def state_ref(state: StateRow) -> shapes.StateRef:
    """Return an order's state."""
    return shapes.StateRef(slug=state.slug, name=state.name, color=state.color, system_state=state.system_state)


def method_ref(method: MethodRow) -> shapes.MethodRef:
    """Return a shipping method."""
    return shapes.MethodRef(slug=method.slug, name=method.name, carrier=method.carrier)


def payment_shape(payment: PaymentRow) -> shapes.Payment:
    """Return a payment with its operations and transactions, oldest first."""
    return shapes.Payment(
        id=payment.id,
        provider=payment.account_slug,
        reference=payment.reference,
        method=shapes.PaymentMethod(type=payment.method_type, brand=payment.brand or None, last4=payment.last4 or None),
        currency=payment.currency,
        authorised=payment.authorised_minor,
        captured=payment.captured_minor,
        released=payment.released_minor,
        refunded=payment.refunded_minor,
        held=payment.held_minor,
        available=payment.free_minor,
        pending=payment.pending_minor,
        refund_pending=payment.refund_pending_minor,
        authorised_at=payment.authorised_at,
        expires_at=payment.expires_at,
        synced_at=payment.synced_at,
        operations=[operation_shape(operation, currency=payment.currency) for operation in payment.operations],
        transactions=[
            shapes.Transaction(
                id=moved.id,
                kind=KINDS[moved.kind],
                amount=moved.amount_minor,
                currency=payment.currency,
                reference=moved.provider_ref,
                parent=moved.parent_ref or None,
                operation=moved.operation_id,
                origin=moved.origin,
                at=moved.at,
            )
            for moved in payment.transactions
        ],
    )


def operation_shape(operation: OperationRow, *, currency: str) -> shapes.Operation:
    """Return one operation, in the currency of its payment."""
    return shapes.Operation(
        id=operation.id,
        payment=operation.payment_id,
        kind=KINDS[operation.kind],
        amount=operation.amount_minor,
        currency=currency,
        state=operation.state,
        capture_reference=operation.capture_ref or None,
        reference=operation.provider_ref or None,
        failure_code=operation.failure_code or None,
        failure_message=operation.failure_message or None,
        by=operation.actor_name,
        prepared_at=operation.prepared_at,
        sent_at=operation.sent_at,
        finished_at=operation.finished_at,
    )


def declined_with(order: OrderDetail, operation: shapes.Operation, otherwise: str) -> str:
    """Return what the provider said when it declined; `otherwise` where that is nothing, or not for whoever asks."""
    return why_declined(order, operation.failure_message, state=operation.state) or otherwise


def operation_of(order: OrderDetail, operation_id: int) -> shapes.Operation:
    """Return the order's operation with this id. Raises: StopIteration when it is not of this order."""
    return next(
        operation_shape(operation, currency=payment.currency)
        for payment in order.payments
        for operation in payment.operations
        if operation.id == operation_id
    )


def refund_shape(order: OrderDetail, row: RefundRow) -> shapes.Refund:
    """Return a refund with its legs, in the order in which they run."""
    legs = [op for payment in order.payments for op in payment.operations if op.refund_id == row.id]
    return shapes.Refund(
        number=row.position,
        state=row.state,
        reason=row.reason,
        currency=order.currency,
        amount=row.amount_minor,
        shipping=row.shipping_minor,
        other=row.other_minor,
        refunded=row.refunded_minor,
        by=row.actor_name,
        started_at=row.started_at,
        finished_at=row.finished_at,
        lines=[
            shapes.RefundedPieces(line=line.line_id, quantity=line.quantity, amount=line.amount_minor)
            for line in row.lines
        ],
        legs=[operation_shape(leg, currency=order.currency) for leg in legs],
    )


def cancellation_shape(order: OrderDetail) -> shapes.Cancellation | None:
    """Return the order's cancellation with its legs, or None when none has begun."""
    row: CancellationRow | None = order.cancellation
    if row is None:
        return None
    return shapes.Cancellation(
        state=row.state,
        reason=row.reason,
        email_customer=row.email_customer,
        from_state=row.from_state,
        currency=order.currency,
        refunded=row.refunded_minor,
        reversed=row.reversed_minor,
        by=row.actor_name,
        started_at=row.started_at,
        finished_at=row.finished_at,
        legs=[operation_shape(leg, currency=order.currency) for leg in order.legs],
    )


def cancellation_request_shape(order: OrderDetail) -> shapes.CancellationRequest | None:
    """Return the last request for a cancellation, or None when nobody has asked."""
    asked = order.cancellation_request
    if asked is None:
        return None
    return shapes.CancellationRequest(
        state=asked.state,
        asked_by="customer" if asked.is_from_customer else "staff",
        reason=asked.reason,
        by=asked.actor_name,
        from_state=asked.from_state,
        asked_at=asked.asked_at,
        decided_by=asked.decided_by or None,
        decided_at=asked.decided_at,
    )


def _allowed(order: OrderDetail, actor: Actor) -> list[str]:
    # Captures are described once per payment; here it counts that one of them can be made.
    answers = all_actions.describe(order, actor).items()
    return list(dict.fromkeys(name.partition(":")[0] for name, answer in answers if answer.allowed))


def _customer(order: OrderDetail) -> shapes.Customer:
    return shapes.Customer(
        reference=order.customer_reference or None,
        name=order.customer_name,
        email=order.customer_email or None,
        phone=order.customer_phone or None,
        language=order.customer_language,
        orders=order.customer_orders,
        erased_at=order.customer_erased_at,
        masked=order.is_masked,
    )


def _address(address: Address | None) -> shapes.Address | None:
    if address is None:
        return None
    return shapes.Address(**{name: getattr(address, name) for name in address.__struct_fields__})


def _items(order: OrderDetail) -> list[shapes.Item]:
    deliveries = {state.id: _delivery(state) for state in order.choices.delivery_states}
    parts: dict[int, list[shapes.ItemPart]] = {line.id: [] for line in order.lines}
    for shipment in order.shipments:
        for part in shipment.parts:
            parts[part.line_id].append(
                shapes.ItemPart(
                    shipment=shipment.number,
                    quantity=part.quantity,
                    delivery_state=deliveries[part.delivery_state_id],
                )
            )
    return [_item(line, parts[line.id]) for line in order.lines]


def _item(line: LineRow, parts: list[shapes.ItemPart]) -> shapes.Item:
    return shapes.Item(
        id=line.id,
        sku=line.sku or None,
        name=line.name,
        reference=line.reference or None,
        quantity=line.quantity,
        unit_price=line.unit_price_minor,
        discount=line.discount_minor,
        tax=line.tax_minor,
        tax_lines=[_tax_line(entry) for entry in line.tax_lines],
        attributes=line.attributes,
        requires_shipping=line.requires_shipping,
        parts=parts,
    )


def _tax_line(entry: dict[str, Any]) -> shapes.TaxLine:
    return shapes.TaxLine(title=entry["title"], rate=entry["rate"], amount=entry["amount"])


def _shipment(order: OrderDetail, shipment: ShipmentRow) -> shapes.Shipment:
    return shapes.Shipment(
        number=shipment.number,
        method=method_ref(order.method(shipment.method_id)),
        tracking_numbers=[parcel.tracking_number for parcel in shipment.parcels],
        parcels=[_parcel(order, shipment, parcel.tracking_number) for parcel in shipment.parcels],
        sent_at=shipment.sent_at,
        emails_customer=shipment.emails_customer,
        email=_shipment_email(shipment.told),
        items=[
            shapes.ShipmentItem(
                item=part.line_id,
                quantity=part.quantity,
                delivery_state=_delivery(order.delivery_state(part.delivery_state_id)),
            )
            for part in shipment.parts
        ],
    )


def _shipment_email(told: MailRef | None) -> shapes.ShipmentEmail | None:
    if told is None:
        return None
    return shapes.ShipmentEmail(id=told.id, state=told.state, written_at=told.created_at)


def _parcel(order: OrderDetail, shipment: ShipmentRow, tracking_number: str) -> shapes.Parcel:
    return shapes.Parcel(
        tracking_number=tracking_number,
        tracking_url=tracking_href(order, shipment, tracking_number) or None,
        warnings=[
            shapes.ParcelWarning(
                code=each.code, message=each.text, methods=[method_ref(method) for method in each.methods]
            )
            for each in remarks(order, shipment, tracking_number)
        ],
    )


def _delivery(state: DeliveryStateRow) -> shapes.DeliveryStateRef:
    return shapes.DeliveryStateRef(slug=state.slug, name=state.name, phase=state.phase)
