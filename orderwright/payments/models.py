"""Provider accounts, payments, operations, the ledger and cancellations: fields and constraints."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from orderwright.orders.models import Line, Order
from orderwright.payments.account_model import ProviderAccount as ProviderAccount  # noqa: PLC0414 - a model like the others
from orderwright.payments.states import (
    CANCELLATION_STATES,
    DRIFT_STATES,
    LEDGER_KINDS,
    OPERATION_KINDS,
    OPERATION_STATES,
    REFUND_STATES,
    TAKEN_BACK,
)


class Payment(models.Model):
    """One hold on a customer's means of payment. Figures are sums of ledger entries; the checks are I1."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=120)  # the authorisation's id at the provider
    position = models.PositiveIntegerField(default=1)
    method_type = models.CharField(max_length=20, default="card")
    brand = models.CharField(max_length=40, default="")
    last4 = models.CharField(max_length=4, default="")
    currency = models.CharField(max_length=3)
    authorised_minor = models.BigIntegerField()
    captured_minor = models.BigIntegerField(default=0)  # all that was ever captured, refunded or not
    released_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    pending_minor = models.BigIntegerField(default=0)  # reserved by captures and reversals under way
    refund_pending_minor = models.BigIntegerField(default=0)  # reserved by refunds under way
    authorised_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="payment_reference_unique_in_account"),
            models.UniqueConstraint(fields=["order", "position"], name="payment_place_unique_in_order"),
            models.CheckConstraint(
                condition=Q(captured_minor__gte=0, released_minor__gte=0, refunded_minor__gte=0)
                & Q(pending_minor__gte=0, refund_pending_minor__gte=0, authorised_minor__gte=1),
                name="payment_figures_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(authorised_minor__gte=F("captured_minor") + F("released_minor") + F("pending_minor")),
                name="captured_released_pending_within_authorised",
            ),
            models.CheckConstraint(
                condition=Q(captured_minor__gte=F("refunded_minor") + F("refund_pending_minor")),
                name="refunded_within_captured",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at", "id"],
                condition=Q(authorised_minor__gt=F("captured_minor") + F("released_minor")),
                name="payment_held_until",
            )
        ]


class Cancellation(models.Model):
    """One cancellation of an order: a saga of operations, one per leg, that can be resumed (G28)."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="cancellations")
    state = models.CharField(max_length=12, default="running")
    reason = models.CharField(max_length=200, default="")
    email_customer = models.BooleanField()
    from_state = models.CharField(max_length=60)  # slug of the state that the order was in
    refunded_minor = models.BigIntegerField(default=0)
    reversed_minor = models.BigIntegerField(default=0)
    actor_kind = models.CharField(max_length=10)
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=~Q(state="withdrawn"), name="one_cancellation_per_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(CANCELLATION_STATES)), name="cancellation_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="failed"), name="cancellation_stopped")]


class Refund(models.Model):
    """Money given back on one order: operations, each on a capture. The order's lock numbers it (I13)."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    position = models.PositiveIntegerField()
    request_ref = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - as an operation's
    # running: an outcome is awaited. partly: some of it went back, the rest was refused. failed: nothing went back.
    state = models.CharField(max_length=12, default="running")
    reason = models.CharField(max_length=200, default="")
    amount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField(default=0)
    other_minor = models.BigIntegerField(default=0)  # beyond lines and shipping: goodwill, a fee
    refunded_minor = models.BigIntegerField(default=0)
    email_customer = models.BooleanField(default=False, db_default=False)  # once money has gone back
    actor_kind = models.CharField(max_length=10)
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="refund_number_unique_in_order"),
            models.CheckConstraint(condition=Q(state__in=list(REFUND_STATES)), name="refund_state_is_known"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=1, shipping_minor__gte=0, other_minor__gte=0, refunded_minor__gte=0)
                & Q(amount_minor__gte=F("refunded_minor")),
                name="refund_amounts_in_range",
            ),
        ]


class RefundLine(models.Model):
    """So many pieces of a line whose price a refund gives back."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="refunds")
    quantity = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="one_refund_line_per_line"),
            models.CheckConstraint(condition=Q(quantity__gte=1, amount_minor__gte=0), name="refund_line_has_pieces"),
        ]


class Operation(models.Model):
    """One call to a provider, written before it is made (I4). The key is its idempotency key, for ever the same."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="operations")
    cancellation = models.ForeignKey(Cancellation, on_delete=models.PROTECT, null=True, related_name="legs")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="legs")
    kind = models.CharField(max_length=10)
    amount_minor = models.BigIntegerField(default=0)  # zero for a look-up
    currency = models.CharField(max_length=3)
    capture_ref = models.CharField(max_length=120, default="")  # refund: which capture at the provider
    key = models.CharField(max_length=64, unique=True)
    # The form or API request that asked for it; null, and not empty, where none did, for it is unique.
    request_ref = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001
    state = models.CharField(max_length=12, default="prepared")
    provider_ref = models.CharField(max_length=120, default="")
    failure_code = models.CharField(max_length=60, default="")
    failure_message = models.CharField(max_length=300, default="")
    actor_kind = models.CharField(max_length=10)
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=120)
    prepared_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # of the first sending: the provider's key window counts from here
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)  # when the worker looks after it, unless it is finished before
    dismissed_at = models.DateTimeField(
        null=True
    )  # when somebody took note of its failure: Exceptions shows it no more

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(OPERATION_KINDS)), name="operation_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=list(OPERATION_STATES)), name="operation_state_is_known"),
            models.CheckConstraint(
                condition=Q(kind="lookup", amount_minor=0) | Q(~Q(kind="lookup"), amount_minor__gte=1),
                name="operation_moves_an_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="operation_due"),
            models.Index(fields=["id"], condition=Q(state="manual"), name="operation_for_person"),
            models.Index(fields=["finished_at"], condition=Q(state="failed"), name="operation_failed"),
            models.Index(fields=["id"], condition=Q(failure_code=TAKEN_BACK), name="operation_taken_back"),
        ]

    @property
    def site_id(self) -> int:
        """The site of its order."""
        return self.payment.order.site_id

    @property
    def account_rests_until(self) -> datetime | None:
        """Until when nothing is sent to its provider account, unless that has passed; None while the account works."""
        return self.payment.account.next_try_at


class LedgerTransaction(models.Model):
    """One movement of money that happened. Append-only; its entries sum to zero (I2)."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="transactions")
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, null=True, related_name="transaction")
    kind = models.CharField(max_length=16)  # one of LEDGER_KINDS
    provider_ref = models.CharField(max_length=120)
    parent_ref = models.CharField(max_length=120, default="")  # refund: the capture it gives back
    # desk: by an operation of ours; intake: came with the order; provider: done there and found by a sync
    origin = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "kind", "provider_ref"], name="one_transaction_per_movement"),
            models.CheckConstraint(condition=Q(kind__in=list(LEDGER_KINDS)), name="ledger_kind_is_known"),
            models.CheckConstraint(
                condition=Q(origin__in=["desk", "intake", "provider"]), name="ledger_origin_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="ledger_by_time"),
            models.Index(fields=["provider_ref"], name="ledger_by_reference"),
            # Holds that have run out stay in sight for a while; they are few among all movements.
            models.Index(fields=["at"], condition=Q(kind="expire"), name="ledger_hold_ended"),
        ]


class LedgerEntry(models.Model):
    """One side of a movement. Append-only. Unit: minor units; positive into the account, negative out of it."""

    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(max_length=10)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__in=["customer", "held", "captured", "refunded", "released"]),
                name="ledger_account_is_known",
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_entry_moves_something"),
        ]


class ProviderNotice(models.Model):
    """What a provider told by itself, once per event. A hint: it is acted on by reading the payment there (FW1)."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="notices")
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    reference = models.CharField(max_length=120)  # of the payment that it is about
    # Only from providers that cannot be asked: what moved, or how the call under this key failed.
    key = models.CharField(max_length=64, default="")
    movement = models.CharField(max_length=16, default="")  # one of LEDGER_KINDS; empty: a hint, or a refusal
    provider_ref = models.CharField(max_length=120, default="")
    parent_ref = models.CharField(max_length=120, default="")
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="")
    failure_code = models.CharField(max_length=60, default="")
    failure_message = models.CharField(max_length=300, default="")
    happened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="new")
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "event_id"], name="one_notice_per_event"),
            models.CheckConstraint(
                condition=Q(state__in=["new", "applied", "unmatched", "stuck"]), name="notice_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="notice_due")]


class Drift(models.Model):
    """One movement on which a provider and our books disagree. Unit: minor units; null where one side has nothing.

    Found on a `payment` by a look, or on the provider's list of a day, with the `account` and the payment's `reference`
    there, which perhaps no order knows.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="drifts", null=True)
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="drifts", null=True)
    reference = models.CharField(max_length=120, default="")
    kind = models.CharField(max_length=16)  # as in the ledger: authorise, capture, reverse, refund
    provider_ref = models.CharField(max_length=120)
    parent_ref = models.CharField(max_length=120, default="")  # refund: the capture it gives back
    there_minor = models.BigIntegerField(null=True)
    here_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)  # the provider's, where it shows the movement
    at = models.DateTimeField(null=True)  # when it happened there
    key = models.CharField(max_length=64, default="")  # of the call of ours that made it, where the provider tells
    state = models.CharField(max_length=14, default="open")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, default="")
    note = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "kind", "provider_ref"], name="one_drift_per_movement"),
            models.UniqueConstraint(
                fields=["account", "reference", "kind", "provider_ref"], name="one_drift_per_listed_movement"
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, account__isnull=True, reference="")
                | Q(payment__isnull=True, account__isnull=False, at__isnull=False),
                name="drift_is_of_a_payment_or_of_a_list",
            ),
            models.CheckConstraint(condition=Q(state__in=list(DRIFT_STATES)), name="drift_state_is_known"),
            models.CheckConstraint(
                condition=Q(there_minor__isnull=False) | Q(here_minor__isnull=False), name="drift_has_a_side"
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], condition=Q(state__in=["open", "investigating"]), name="drift_undecided"),
            models.Index(fields=["account", "at"], condition=Q(account__isnull=False), name="drift_of_lists"),
        ]

    @property
    def site_id(self) -> int | None:
        """The site of its order."""
        return self.payment.order.site_id if self.payment is not None else None


class ProviderSweep(models.Model):
    """One night's walk over the payments of one account. `last_payment_id` is how far it has come."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="sweeps")
    night = models.DateField()
    last_payment_id = models.BigIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    unreachable = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, default="")
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "night"], name="one_sweep_per_account_and_night")]


class Reconciliation(models.Model):
    """One day of a provider account's own list, held against the ledger (I16); done again, it is the same row.

    `totals` has one object per currency, as `listing.DayTotal` names them. `under_way`: how many movements wait for a
    call of ours to end, so that the day is compared again.
    """

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="reconciliations")
    day = models.DateField()
    time_zone = models.CharField(max_length=64)  # whose midnight the day begins and ends with
    listed = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)
    under_way = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=list)
    asked_by = models.CharField(max_length=120, default="")
    failure = models.CharField(max_length=300, default="")  # why the latest try got no list; empty when it did
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="one_reconciliation_per_account_and_day")
        ]
