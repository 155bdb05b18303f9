"""The frozen rows of an order's money: payments, what was asked of their providers, refunds."""

from __future__ import annotations

from datetime import datetime

from orderwright.reads.row import Row


class OperationRow(Row, frozen=True, kw_only=True):
    """One call to a provider. `state` is one of payments.states.OPERATION_STATES."""

    id: int
    payment_id: int
    cancellation_id: int | None
    refund_id: int | None
    kind: str
    amount_minor: int
    capture_ref: str
    key: str
    state: str
    provider_ref: str
    failure_code: str
    failure_message: str
    actor_name: str
    prepared_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None
    attempts: int


class TransactionRow(Row, frozen=True, kw_only=True):
    """One movement of money in the ledger. `amount_minor` is positive; `origin` is desk, intake or provider."""

    id: int
    operation_id: int | None
    kind: str
    amount_minor: int
    provider_ref: str
    parent_ref: str
    origin: str
    at: datetime


class PaymentRow(Row, frozen=True, kw_only=True):
    """One payment with its figures, its operations (oldest first, no finished look-ups) and its ledger transactions."""

    id: int
    position: int
    account_slug: str
    account_name: str
    account_is_on: bool
    account_rests_until: datetime | None  # a time that has passed: the next call there is a trial
    gateway: str
    reference: str
    method_type: str
    brand: str
    last4: str
    currency: str
    authorised_minor: int
    captured_minor: int
    released_minor: int
    refunded_minor: int
    pending_minor: int
    refund_pending_minor: int
    authorised_at: datetime
    expires_at: datetime | None
    synced_at: datetime | None
    operations: list[OperationRow]
    transactions: list[TransactionRow]

    @property
    def held_minor(self) -> int:
        """What the bank still holds, calls under way included."""
        return self.authorised_minor - self.captured_minor - self.released_minor

    def held_at(self, now: datetime) -> int:
        """Return what the bank holds at this time: nothing from the moment at which it lets go, booked or not."""
        return 0 if self.expires_at is not None and self.expires_at <= now else self.held_minor

    @property
    def free_minor(self) -> int:
        """What can still be captured or reversed: held and not reserved by a call under way."""
        return self.held_minor - self.pending_minor


class RefundLineRow(Row, frozen=True, kw_only=True):
    """So many pieces of a line that a refund gives back the price of."""

    line_id: int
    quantity: int
    amount_minor: int


class RefundRow(Row, frozen=True, kw_only=True):
    """One refund. `refunded_minor` is what of `amount_minor` has gone back so far."""

    id: int
    position: int
    state: str
    reason: str
    amount_minor: int
    shipping_minor: int
    other_minor: int
    refunded_minor: int
    actor_name: str
    started_at: datetime
    finished_at: datetime | None
    lines: list[RefundLineRow]
