"""What programs send: one strict model per route. The order document is described in `document`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from orderwright.actions import add_note, decide_drift, decline_cancellation, save_invoice, settle_by_hand
from orderwright.actions.cancel_order import LONGEST_REASON
from orderwright.actions.capture import LONGEST_REFERENCE
from orderwright.actions.order_state_rules import LONGEST_DESCRIPTION, LONGEST_EMAIL_TEXT, LONGEST_NAME
from orderwright.api.fields import Amount, Body, Color, Count, RowId, Slug, TextRule, one_of
from orderwright.core.money import MAX_MINOR
from orderwright.orders.states import MAPPABLE, SYSTEM_STATES

# Longer than any carrier's number; the action says how long it may be.
_LONGEST_TRACKING_NUMBER = 60
_MOST_PICKS = 1000


Confirmed = Annotated[bool, Field(description="Capture although a cancellation is requested.")]
Meaning = Annotated[
    str,
    TextRule(20),
    Field(description="What the state means."),
    one_of(word for word in SYSTEM_STATES if word in MAPPABLE),
]


class StateBody(Body):
    """Move the order to another state."""

    state: Annotated[Slug, Field(description="Slug of an order state.")]
    is_confirmed: Annotated[
        bool, Field(description="Complete the order although money is held or items are not sent.")
    ] = False
    email_customer: Annotated[
        bool | None, Field(description="False: no e-mail, even where the state has one. Missing: as the state says.")
    ] = None


class InvoiceNumberBody(Body):
    """Save the invoice number; an empty text takes it away."""

    invoice_number: Annotated[str, TextRule(save_invoice.LONGEST)]


class NoteBody(Body):
    """Add a note for colleagues."""

    text: Annotated[str, TextRule(add_note.LONGEST, block=True, required=True)]


class PickBody(Body):
    """All pieces of an item, or so many of them, wherever they are or in one shipment."""

    item: Annotated[RowId, Field(description="The item's id.")]
    quantity: Annotated[Count | None, Field(description="How many pieces; all of them when missing.")] = None
    shipment: Annotated[Count | None, Field(description="Only those in the shipment with this number.")] = None


class ShipmentsBody(Body):
    """Let items go by another shipping method."""

    items: Annotated[list[PickBody], Field(min_length=1, max_length=_MOST_PICKS)]
    method: Annotated[Slug, Field(description="Slug of a shipping method.")]


class TrackingNumberBody(Body):
    """Set the tracking number of a parcel; an empty text takes it away."""

    tracking_number: Annotated[str, TextRule(_LONGEST_TRACKING_NUMBER, is_reference=True)]
    parcel: Annotated[Count, Field(description="Which parcel of the shipment, from 1.")] = 1


class DeliveryStateBody(Body):
    """Set the delivery state of an item, or of so many of its pieces."""

    delivery_state: Annotated[Slug, Field(description="Slug of a delivery state.")]
    quantity: Annotated[Count | None, Field(description="How many pieces; all of them when missing.")] = None
    shipment: Annotated[Count | None, Field(description="Only those in the shipment with this number.")] = None
    from_state: Annotated[Slug | None, Field(description="Only those in the delivery state with this slug.")] = None


class CaptureBody(Body):
    """Capture an amount on the payment's hold, in full or in part."""

    amount: Amount
    reference: Annotated[
        str,
        TextRule(LONGEST_REFERENCE, is_reference=True),
        Field(description="Only for payments that staff record: the reference under which the money came."),
    ] = ""
    is_confirmed: Confirmed = False


class OrderCaptureBody(Body):
    """Capture an amount over the payments of an order, one after the other."""

    amount: Amount
    is_confirmed: Confirmed = False


class SyncBody(Body):
    """Ask the provider, and book what fits or only show it."""

    apply: Annotated[bool, Field(description="False: nothing is booked, the answer shows what would be.")] = True


class SettlementBody(Body):
    """Say what became of an operation that only a person can find out."""

    happened: Annotated[bool, Field(description="True: it is booked as done. False: what it reserved is free again.")]
    reason: Annotated[str, TextRule(settle_by_hand.LONGEST_REASON, required=True)]
    reference: Annotated[
        str,
        TextRule(settle_by_hand.LONGEST_REFERENCE, is_reference=True),
        Field(description="What the provider calls the movement; needed where it happened."),
    ] = ""


class DriftDecisionBody(Body):
    """Decide on a difference between a provider and the books."""

    decision: Annotated[
        Literal["accept", "investigate"],
        Field(description="accept: book it where it fits, else close it with the note. investigate: keep it open."),
    ]
    note: Annotated[
        str,
        TextRule(decide_drift.LONGEST_NOTE),
        Field(description="Needed unless accepting books the movement."),
    ] = ""


class ReconciliationBody(Body):
    """Compare a day of the provider's own list with the books."""

    day: Annotated[
        str,
        TextRule(40, required=True),
        Field(description="A day that is over, by the clock of the account's first site."),
        WithJsonSchema({"type": "string", "format": "date"}),
    ]


EmailCustomer = Annotated[bool, Field(description="Tell the customer by e-mail once the money has gone back.")]


class RefundedLine(Body):
    """So many pieces of an item whose price goes back."""

    line: Annotated[RowId, Field(description="The item's id.")]
    quantity: Count


class RefundedShare(Body):
    """What of the refund goes back on one payment."""

    payment: Annotated[RowId, Field(description="The payment's id.")]
    amount: Amount


class RefundBody(Body):
    """Refund pieces of items with their share of discount and tax, shipping, and another amount; all in minor units."""

    lines: Annotated[list[RefundedLine], Field(max_length=_MOST_PICKS)] = []
    shipping: Annotated[int, Field(ge=0, le=MAX_MINOR)] = 0
    other: Annotated[int, Field(ge=0, le=MAX_MINOR)] = 0
    by_payment: Annotated[
        list[RefundedShare],
        Field(max_length=100, description="How it is shared; in proportion to what was captured when left out."),
    ] = []
    reason: Annotated[str, TextRule(LONGEST_REASON)] = ""
    email_customer: EmailCustomer = False


class PaymentRefundBody(Body):
    """Refund an amount on one payment."""

    amount: Amount
    reason: Annotated[str, TextRule(LONGEST_REASON)] = ""
    email_customer: EmailCustomer = False


class CancellationRequestBody(Body):
    """Ask that the order be canceled."""

    reason: Annotated[str, TextRule(LONGEST_REASON)] = ""


class DeclineBody(Body):
    """Decline a request for a cancellation."""

    email_customer: Annotated[bool, Field(description="Whether the customer is told by e-mail.")] = False
    message: Annotated[
        str, TextRule(decline_cancellation.LONGEST_MESSAGE, block=True), Field(description="What that mail says.")
    ] = ""


class CancellationBody(Body):
    """Cancel the order: refund what was captured, reverse what is only held."""

    email_customer: Annotated[bool, Field(description="Whether the customer is told by e-mail.")]
    reason: Annotated[str, TextRule(LONGEST_REASON)] = ""


class OrderStateBody(Body):
    """Add an order state."""

    name: Annotated[str, TextRule(LONGEST_NAME, required=True)]
    color: Color
    description: Annotated[str, TextRule(LONGEST_DESCRIPTION)] = ""
    system_state: Meaning
    allows_cancel: Annotated[bool, Field(description="False: orders are not canceled while they are in it.")] = True
    allows_shipments: Annotated[
        bool, Field(description="False: shipments are closed in it, even where the system state leaves them open.")
    ] = True
    emails_customer: Annotated[
        bool, Field(description="Whether the customer is e-mailed when an order is moved into it.")
    ] = False
    email_text: Annotated[
        str,
        TextRule(LONGEST_EMAIL_TEXT, block=True),
        Field(description="What that mail says; needed where it is sent."),
    ] = ""


class OrderStateChangeBody(Body):
    """Change what is given of an order state; the rest stays."""

    name: Annotated[str | None, TextRule(LONGEST_NAME, required=True)] = None
    color: Color | None = None
    description: Annotated[str | None, TextRule(LONGEST_DESCRIPTION)] = None
    system_state: Meaning | None = None
    allows_cancel: bool | None = None
    allows_shipments: bool | None = None
    emails_customer: bool | None = None
    email_text: Annotated[str | None, TextRule(LONGEST_EMAIL_TEXT, block=True)] = None
    is_confirmed: Annotated[bool, Field(description="Change it although orders are in this state.")] = False
