"""Exceptions and provider drift: what did not go through, and what a person has decided about it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from orderwright.api.shapes.base import Minor, Shape, Time
from orderwright.api.shapes.payments import Operation, Payment


class ExceptionEntry(Shape):
    """One operation that needs attention, with what was tried. `actions` are those that this key may take now."""

    problem: Annotated[str, Meta(description="manual, failed_leg, unknown, stuck or failed")]
    key: str
    order: Annotated[str, Meta(description="The order's number.")]
    payment: Annotated[int, Meta(description="The payment's id.")]
    provider: Annotated[str, Meta(description="The provider account's name.")]
    kind: Annotated[str, Meta(description="capture, reversal or refund")]
    amount: Minor
    currency: str
    state: str
    failure_code: str | None
    failure_message: str | None
    reference: Annotated[str | None, Meta(description="What the provider calls it.")]
    attempts: int
    by: str
    prepared_at: Time
    sent_at: Time | None
    due_at: Annotated[Time | None, Meta(description="When it is looked after by itself.")]
    actions: Annotated[list[str], Meta(description="check, settlement, dismissal, resumption")]


class ExceptionPage(Shape):
    """A page of exceptions, the longest waiting first. `next` is the cursor of the following page."""

    items: list[ExceptionEntry]
    next: str | None


class OperationAnswer(Shape):
    """An operation and its payment after it was checked, settled or dismissed."""

    order: Annotated[str, Meta(description="The order's number.")]
    operation: Operation
    payment: Payment


class Drift(Shape):
    """One movement on which a provider and the books disagree. `there` and `here`: what either has; null is nothing.

    `state`: open, investigating, accepted (booked, or closed with a reason) or gone (it fits again by itself).
    """

    id: int
    found_by: Annotated[str, Meta(description="look: asked about one payment. list: on the provider's list of a day")]
    order: Annotated[str | None, Meta(description="The order's number; null: no order knows the payment.")]
    payment: Annotated[int | None, Meta(description="The payment's id.")]
    payment_reference: Annotated[str, Meta(description="What the provider calls the payment.")]
    provider: Annotated[str, Meta(description="The provider account's name.")]
    kind: Annotated[str, Meta(description="authorisation, capture, reversal, refund, dispute or what takes one back")]
    reference: str
    there: Minor | None
    here: Minor | None
    currency: str
    at: Annotated[Time | None, Meta(description="When it happened at the provider.")]
    state: str
    found_at: Time
    decided_at: Time | None
    decided_by: str | None
    note: str | None


class DriftPage(Shape):
    """A page of differences, newest first. `next` is the cursor of the following page."""

    items: list[Drift]
    next: str | None


class DecisionAnswer(Shape):
    """A difference after the decision; `booked` says whether its movement is in the ledger now."""

    drift: Drift
    booked: bool


class ReconciledTotals(Shape):
    """What moved on a day in one currency: net of what was taken back, at the provider and in the books."""

    currency: str
    captured_there: Minor
    captured_here: Minor
    refunded_there: Minor
    refunded_here: Minor


class Reconciliation(Shape):
    """A day of a provider's own list, held against the books. Each difference is in `GET /drift`."""

    provider: Annotated[str, Meta(description="Slug of the provider account.")]
    day: Annotated[str, Meta(extra_json_schema={"format": "date"})]
    time_zone: Annotated[str, Meta(description="By whose clock the day is cut.")]
    listed: Annotated[int, Meta(description="How many movements the list has.")]
    differences: int
    under_way: Annotated[int, Meta(description="How many wait for calls of ours to end; the day is compared again.")]
    totals: list[ReconciledTotals]
    finished_at: Annotated[Time | None, Meta(description="null: no list was to be had yet.")]
    by: str
    failure: Annotated[str | None, Meta(description="Why the latest try got no list.")]


class Reconciliations(Shape):
    """Days that were compared, the newest first."""

    items: list[Reconciliation]
