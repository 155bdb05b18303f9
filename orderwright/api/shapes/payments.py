"""Payments with their operations and transactions, and what capturing, syncing and cancelling answer."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from orderwright.api.shapes.base import Minor, Shape, StateRef, Time


class PaymentMethod(Shape):
    """How the customer pays. Never more of a card than its last four digits."""

    type: str
    brand: str | None
    last4: str | None


class Operation(Shape):
    """One thing asked of the provider.

    `state`: prepared and sent (under way), pending (accepted, settles later), unknown (no usable answer came; it is
    being checked), manual (a person decides), succeeded or failed. Only the last two are final.
    """

    id: int
    payment: Annotated[int, Meta(description="The payment's id.")]
    kind: Annotated[str, Meta(description="capture, reversal, refund or lookup")]
    amount: Minor
    currency: str
    state: str
    capture_reference: Annotated[str | None, Meta(description="Refunds: the capture that is given back.")]
    reference: Annotated[str | None, Meta(description="What the provider calls it.")]
    failure_code: str | None
    failure_message: str | None
    by: str
    prepared_at: Time
    sent_at: Time | None
    finished_at: Time | None


class Transaction(Shape):
    """One movement of money that happened.

    `origin` is desk (by an operation of ours), intake (came with the order) or provider (done there, found by a sync).
    """

    id: int
    kind: Annotated[str, Meta(description="authorisation, capture, reversal, expiry or refund")]
    amount: Minor
    currency: str
    reference: str
    parent: Annotated[str | None, Meta(description="Refunds: the capture's reference.")]
    operation: Annotated[int | None, Meta(description="The operation's id.")]
    origin: str
    at: Time


class Payment(Shape):
    """One hold on a means of payment, and what became of it.

    `held` = authorised − captured − released; `available` is what of it no call under way has reserved.
    """

    id: int
    provider: str
    reference: str
    method: PaymentMethod
    currency: str
    authorised: Minor
    captured: Minor
    released: Minor
    refunded: Minor
    held: Minor
    available: Minor
    pending: Annotated[int, Meta(description="Minor units reserved by captures and reversals under way.")]
    refund_pending: Annotated[int, Meta(description="Minor units reserved by refunds under way.")]
    authorised_at: Time
    expires_at: Time | None
    synced_at: Time | None
    operations: list[Operation]
    transactions: list[Transaction]


class Cancellation(Shape):
    """A cancellation: running while money is under way, failed while a refused leg waits to be resumed, then done."""

    state: str
    reason: str
    email_customer: bool
    from_state: Annotated[str, Meta(description="Slug of the state that the order was in.")]
    currency: str
    refunded: Minor
    reversed: Minor
    by: str
    started_at: Time
    finished_at: Time | None
    legs: list[Operation]


class CaptureAnswer(Shape):
    """A capture and the payment after it."""

    operation: Operation
    payment: Payment


class OrderCaptureAnswer(Shape):
    """Captures over the payments of an order, in their order, and the payments after them."""

    operations: list[Operation]
    payments: list[Payment]


class RefundedPieces(Shape):
    """So many pieces of an item whose price a refund gives back."""

    line: Annotated[int, Meta(description="The item's id.")]
    quantity: int
    amount: Minor


class Refund(Shape):
    """One refund with its legs. `state`: running, done, partly (the rest was declined) or failed (all of it was)."""

    number: Annotated[int, Meta(description="1 for the order's first refund.")]
    state: str
    reason: str
    currency: str
    amount: Minor
    shipping: Minor
    other: Minor
    refunded: Annotated[int, Meta(description="Minor units that have gone back so far.")]
    by: str
    started_at: Time
    finished_at: Time | None
    lines: list[RefundedPieces]
    legs: list[Operation]


class Refunds(Shape):
    """The order's refunds, oldest first, and what can still be refunded."""

    items: list[Refund]
    currency: str
    refundable: Annotated[int, Meta(description="Minor units: captured less refunded and under way.")]


class RefundAnswer(Shape):
    """A refund and the payments after it."""

    refund: Refund
    payments: list[Payment]


class Found(Shape):
    """A movement of money on which the provider and the desk disagree.

    `fits` says whether booking it keeps the books right, `applied` whether it was booked. What does not fit stands on
    Provider drift, for a person to decide. `there` and `here` are what either side has; null is nothing.
    """

    payment: Annotated[int, Meta(description="The payment's id.")]
    kind: str
    amount: Minor
    currency: str
    there: Minor | None
    here: Minor | None
    reference: str
    at: Time | None
    fits: bool
    applied: bool


class SyncAnswer(Shape):
    """What Sync Payments brought: differences with the provider, operations that it settled, and the payments."""

    found: list[Found]
    settled: list[Operation]
    payments: list[Payment]


class Leg(Shape):
    """One part of what a cancellation would do."""

    kind: Annotated[str, Meta(description="refund or reversal")]
    payment: int
    amount: Minor
    currency: str
    capture_reference: str | None
    captured_at: Time | None


class Rehearsal(Shape):
    """What cancelling the order would do, without doing it. `cancellation` is the one that has begun, if any."""

    allowed: bool
    code: str | None
    reason: str | None
    currency: str
    refund: Minor
    reverse: Minor
    legs: list[Leg]
    shipments_total: int
    shipments_sent: int
    can_email: bool
    cancellation: Cancellation | None


class CancellationWithdrawn(Shape):
    """The state that the order is in after its cancellation was given up."""

    state: StateRef


class CancellationAnswer(Shape):
    """A cancellation and the state that the order is in after it."""

    cancellation: Cancellation
    state: StateRef
