"""Every action on one order at a glance: what the API lists and what the portal's buttons ask."""

from __future__ import annotations

from orderwright.actions import (
    add_note,
    cancel_order,
    capture,
    capture_order,
    change_state,
    decline_cancellation,
    edit_customer,
    refund,
    request_cancellation,
    reverse_hold,
    save_invoice,
    set_delivery_state,
    set_tracking,
    sync_payments,
    update_shipment,
    withdraw_cancellation,
    withdraw_request,
)
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability
from orderwright.reads.rows import OrderDetail


def describe(order: OrderDetail, actor: Actor) -> dict[str, Availability]:
    """Return the availability of every action by name; captures and reversals by payment: `capture:<id>`."""
    answers = {
        "change_state": change_state.availability(order, actor),
        "save_invoice": save_invoice.availability(order, actor),
        "add_note": add_note.availability(order, actor),
        "edit_customer": edit_customer.availability(order, actor),
        "update_shipment": update_shipment.availability(order, actor),
        "set_delivery_state": set_delivery_state.availability(order, actor),
        "set_tracking": set_tracking.availability(order, actor),
        "sync_payments": sync_payments.availability(order, actor),
        "cancel_order": cancel_order.availability(order, actor),
        "resume_cancellation": cancel_order.resume_availability(order, actor),
        "capture_order": capture_order.availability(order, actor),
        "refund": refund.availability(order, actor),
        "request_cancellation": request_cancellation.availability(order, actor),
        "decline_cancellation": decline_cancellation.availability(order, actor),
        "withdraw_request": withdraw_request.availability(order, actor),
        "withdraw_cancellation": withdraw_cancellation.availability(order, actor),
    }
    captures = {
        f"capture:{payment.id}": capture.availability(order, actor, payment_id=payment.id) for payment in order.payments
    }
    reversals = {
        f"reverse_hold:{payment.id}": reverse_hold.availability(order, actor, payment_id=payment.id)
        for payment in order.payments
    }
    return answers | captures | reversals
