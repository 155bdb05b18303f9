"""Posting to the ledger: two entries that sum to zero, one figure changed by as much, reservations apart (I1, I2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from orderwright.core.ids import operation_key
from orderwright.orders.models import Order
from orderwright.payments import ledger
from orderwright.payments.models import LedgerTransaction, Operation, Payment
from orderwright.payments.rules import FIGURE_OF, POSTINGS
from orderwright.payments.states import OPERATION_STATES

BEFORE = "2026-11-20T15:00:00Z"
FIGURES = ("authorised_minor", "captured_minor", "released_minor", "refunded_minor")
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def payment(moved: Callable[..., str]) -> Payment:
    """Take in a payment of 100.00 dollars: 50.00 captured, 10.00 reversed, 20.00 refunded, so 40.00 held."""
    return taken_in(moved, "auth_1")


@pytest.fixture
def other(moved: Callable[..., str], payment: Payment) -> Payment:
    """Take in another payment, of another order, that stands the same."""
    return taken_in(moved, "auth_2")


def taken_in(moved: Callable[..., str], reference: str) -> Payment:
    moved(
        BEFORE,
        ("capture", 5000, BEFORE),
        ("reversal", 1000, BEFORE),
        ("refund", 2000, BEFORE),
        amount=10000,
        reference=reference,
    )
    return Payment.objects.get(reference=reference)


def figures(payment: Payment) -> dict[str, int]:
    names = (*FIGURES, "pending_minor", "refund_pending_minor")
    return Payment.objects.filter(pk=payment.pk).values(*names).get()


def show(payment: Payment) -> None:
    """Let the order's columns follow, as every action does after posting."""
    standing, ends = ledger.order_standing(payment.order_id)
    Order.objects.filter(pk=payment.order_id).update(payment_standing=standing, hold_ends_at=ends)


def under_way(payment: Payment, kind: str, amount: int, **changes: Any) -> Operation:
    told = {"state": "sent", "attempts": 1, "prepared_at": AT, "sent_at": AT, "due_at": AT}
    actor = {"actor_kind": "system", "actor_ref": "", "actor_name": "System"}
    return Operation.objects.create(
        payment=payment,
        kind=kind,
        amount_minor=amount,
        currency="USD",
        key=operation_key(),
        **{**told, **actor, **changes},
    )


@pytest.mark.parametrize("kind", FIGURE_OF)
def test_a_movement_is_two_entries_that_sum_to_zero_and_changes_one_figure_of_one_payment(
    payment: Payment, other: Payment, kind: str
) -> None:
    before, column_and_sign, accounts = figures(payment), FIGURE_OF[kind], POSTINGS[kind]

    posted = ledger.post(
        payment=payment, kind=kind, amount_minor=700, provider_ref="mov_1", parent_ref="cap_1", at=AT, origin="provider"
    )
    show(payment)

    found = LedgerTransaction.objects.get(provider_ref="mov_1")
    assert found == posted
    assert (found.payment, found.kind, found.parent_ref, found.at) == (payment, kind, "cap_1", AT)
    assert (found.origin, found.operation) == ("provider", None)
    assert list(found.entries.order_by("id").values_list("account", "amount_minor", "currency")) == [
        (accounts[0], -700, "USD"),
        (accounts[1], 700, "USD"),
    ]
    column, sign = column_and_sign
    assert figures(payment) == {**before, column: before[column] + sign * 700}
    assert figures(other) == before


def test_the_same_movement_is_not_posted_twice(payment: Payment) -> None:
    told = {"payment": payment, "kind": "capture", "amount_minor": 700, "at": AT, "origin": "provider"}
    ledger.post(provider_ref="cap_9", **told)

    with pytest.raises(IntegrityError):
        ledger.post(provider_ref="cap_9", **told)
    show(payment)

    assert LedgerTransaction.objects.get(provider_ref="cap_9").parent_ref == ""
    assert figures(payment)["captured_minor"] == 5700


@pytest.mark.parametrize(
    ("kind", "reservation"),
    [("capture", "pending_minor"), ("reverse", "pending_minor"), ("refund", "refund_pending_minor")],
)
def test_a_call_of_ours_uses_up_what_it_had_reserved(
    payment: Payment, other: Payment, kind: str, reservation: str
) -> None:
    for one in (payment, other):
        assert ledger.reserve(payment_id=one.pk, kind=kind, amount_minor=900)
        under_way(one, kind, 900)
    assert figures(payment)[reservation] == 900
    operation = Operation.objects.get(payment=payment)
    Operation.objects.filter(pk=operation.pk).update(
        state="succeeded", provider_ref="mov_1", finished_at=AT, due_at=None
    )

    ledger.post(
        payment=payment,
        kind=kind,
        amount_minor=900,
        provider_ref="mov_1",
        at=AT,
        origin="desk",
        operation=operation,
    )
    show(payment)

    assert LedgerTransaction.objects.get(operation=operation).provider_ref == "mov_1"
    assert (figures(payment)["pending_minor"], figures(payment)["refund_pending_minor"]) == (0, 0)
    assert figures(other)[reservation] == 900


def test_what_the_provider_did_by_itself_leaves_what_is_reserved(payment: Payment) -> None:
    assert ledger.reserve(payment_id=payment.pk, kind="capture", amount_minor=900)
    under_way(payment, "capture", 900)

    ledger.post(payment=payment, kind="capture", amount_minor=900, provider_ref="cap_9", at=AT, origin="provider")
    show(payment)

    assert figures(payment)["pending_minor"] == 900


@pytest.mark.parametrize(("kind", "free"), [("capture", 4000), ("reverse", 4000), ("refund", 3000)])
def test_exactly_what_is_free_can_be_reserved_and_not_a_cent_more(
    payment: Payment, other: Payment, kind: str, free: int
) -> None:
    before = figures(payment)

    assert not ledger.reserve(payment_id=payment.pk, kind=kind, amount_minor=free + 1)
    assert figures(payment) == before
    assert ledger.reserve(payment_id=payment.pk, kind=kind, amount_minor=free - 1)
    assert not ledger.reserve(payment_id=payment.pk, kind=kind, amount_minor=2)
    assert ledger.reserve(payment_id=payment.pk, kind=kind, amount_minor=1)
    under_way(payment, kind, free)

    changed = {name: value for name, value in figures(payment).items() if value != before[name]}
    assert changed == {"refund_pending_minor" if kind == "refund" else "pending_minor": free}
    assert figures(other) == before


def test_captures_and_reversals_share_what_is_held_and_refunds_do_not(payment: Payment) -> None:
    assert ledger.reserve(payment_id=payment.pk, kind="capture", amount_minor=4000)
    assert not ledger.reserve(payment_id=payment.pk, kind="reverse", amount_minor=1)
    assert ledger.reserve(payment_id=payment.pk, kind="refund", amount_minor=3000)
    under_way(payment, "capture", 4000)
    under_way(payment, "refund", 3000)

    assert (figures(payment)["pending_minor"], figures(payment)["refund_pending_minor"]) == (4000, 3000)


@pytest.mark.parametrize(
    ("kind", "reservation"),
    [("capture", "pending_minor"), ("reverse", "pending_minor"), ("refund", "refund_pending_minor")],
)
def test_a_refused_call_gives_back_its_part_of_what_is_reserved(
    payment: Payment, other: Payment, kind: str, reservation: str
) -> None:
    for one in (payment, other):
        assert ledger.reserve(payment_id=one.pk, kind=kind, amount_minor=900)
    under_way(payment, kind, 500)
    under_way(other, kind, 900)
    before = figures(other)

    ledger.release_reservation(payment_id=payment.pk, kind=kind, amount_minor=400)

    assert figures(payment) == {**before, reservation: 500}
    assert figures(other) == before


@pytest.mark.breaks_invariants  # a call that moved money and is still open
def test_a_reference_is_booked_when_another_than_this_call_brought_it(payment: Payment, other: Payment) -> None:
    own, later = under_way(payment, "capture", 700), under_way(payment, "capture", 700)
    assert ledger.reserve(payment_id=payment.pk, kind="capture", amount_minor=1400)
    ledger.post(
        payment=payment, kind="capture", amount_minor=700, provider_ref="cap_9", at=AT, origin="desk", operation=own
    )

    assert ledger.is_booked(payment.pk, later, "cap_9") is True
    assert not ledger.is_booked(payment.pk, own, "cap_9")
    assert not ledger.is_booked(payment.pk, later, "cap_8")
    assert not ledger.is_booked(payment.pk, under_way(payment, "refund", 700), "cap_9")
    assert not ledger.is_booked(other.pk, under_way(other, "capture", 700), "cap_9")


@pytest.mark.breaks_invariants  # operations that reserve nothing
def test_an_outcome_is_unsettled_while_nobody_knows_it(payment: Payment) -> None:
    known = {under_way(payment, "capture", 1, state=state).state for state in OPERATION_STATES}
    assert known == set(OPERATION_STATES)
    under_way(payment, "refund", 1, state="sent", failure_code="no_answer")
    under_way(payment, "refund", 1, state="pending", failure_code="no_answer")
    under_way(payment, "refund", 1, state="sent", failure_code="declined")

    unsettled = Operation.objects.filter(ledger.is_unsettled()).order_by("id").values_list("kind", "state")

    assert list(unsettled) == [("capture", "unknown"), ("capture", "manual"), ("refund", "sent")]


def test_a_hold_that_ran_out_is_seen_on_its_own_payment_alone(payment: Payment, other: Payment) -> None:
    ledger.post(payment=payment, kind="expire", amount_minor=4000, provider_ref="exp_1", at=AT, origin="provider")
    show(payment)

    seen = ledger.with_expiry(Payment.objects.order_by("id")).values_list("reference", "has_expired")

    assert list(seen) == [("auth_1", True), ("auth_2", False)]


@pytest.mark.breaks_invariants  # columns of the order are left as they were
def test_the_standing_of_an_order_is_that_of_its_own_payments(payment: Payment, other: Payment) -> None:
    ends = AT + timedelta(days=3)
    Payment.objects.filter(pk=payment.pk).update(expires_at=ends)
    Payment.objects.filter(pk=other.pk).update(expires_at=AT)
    under_way(payment, "lookup", 0, state="unknown")
    under_way(other, "capture", 1, state="unknown")

    assert ledger.order_standing(payment.order_id) == ("partly_refunded", ends)
    assert ledger.order_standing(other.order_id) == ("unknown", AT)


@pytest.mark.breaks_invariants  # columns of the order are left as they were
@pytest.mark.parametrize(
    ("kinds", "standing"),
    [
        ({}, "authorised"),
        ({"capture": 600}, "partly_captured"),
        ({"capture": 1000}, "captured"),
        ({"reverse": 1000}, "reversed"),
        ({"expire": 1000}, "expired"),
    ],
)
def test_what_was_posted_is_what_the_order_shows(
    moved: Callable[..., str], kinds: dict[str, int], standing: str
) -> None:
    moved(BEFORE, amount=1000, reference="auth_1")
    payment = Payment.objects.get()

    for kind, amount in kinds.items():
        ledger.post(payment=payment, kind=kind, amount_minor=amount, provider_ref="mov_1", at=AT, origin="provider")

    assert ledger.order_standing(payment.order_id)[0] == standing


@pytest.mark.breaks_invariants  # a history that the figures of the payments do not show
def test_a_history_comes_in_with_two_statements_and_changes_no_figure(
    payment: Payment, other: Payment, statements: Any
) -> None:
    before = figures(payment)
    history = [
        ledger.Movement(payment=payment, kind="capture", amount_minor=300, provider_ref="c_1", parent_ref="", at=AT),
        ledger.Movement(payment=other, kind="refund", amount_minor=200, provider_ref="r_1", parent_ref="c_0", at=AT),
    ]

    with statements() as asked:
        ledger.post_history(history)

    assert asked.count == 2
    told = LedgerTransaction.objects.filter(at=AT).order_by("id")
    assert list(told.values_list("payment", "kind", "provider_ref", "parent_ref", "origin")) == [
        (payment.pk, "capture", "c_1", "", "intake"),
        (other.pk, "refund", "r_1", "c_0", "intake"),
    ]
    assert [list(one.entries.order_by("id").values_list("account", "amount_minor")) for one in told] == [
        [("held", -300), ("captured", 300)],
        [("captured", -200), ("refunded", 200)],
    ]
    assert (figures(payment), figures(other)) == (before, before)
