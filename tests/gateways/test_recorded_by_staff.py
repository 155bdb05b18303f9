"""Bank transfers, cash on delivery, invoices: staff record what came in, with a reference, and nobody is called."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import capture, settle_operation
from orderwright.core.errors import Conflict
from orderwright.payments.errors import ReferenceNeeded, ReferenceTaken
from orderwright.payments.models import LedgerTransaction, Operation


@pytest.fixture
def awaited(take_in: Any, now: Any) -> Any:
    """Take in an order of 598.94 dollars that is to be paid by bank transfer."""
    return take_in(
        payments=[
            {
                "provider": "bank-transfer",
                "reference": "PAY-5532",
                "method": {"type": "bank_transfer", "brand": None, "last4": None},
                "authorised": 59894,
                "authorised_at": now.isoformat().replace("+00:00", "Z"),
                "expires_at": None,
            }
        ]
    )


def figures(order: Any) -> tuple[int, int, int]:
    payment = order.payments[0]
    return payment.captured_minor, payment.held_minor, payment.refunded_minor


def test_what_came_in_is_recorded_in_parts_under_its_references(clerk: Any, awaited: Any) -> None:
    clerk.capture(awaited, 30000, reference="  SEPA 1 ")
    after = clerk.capture(awaited, 29894, reference="SEPA 2")

    assert figures(after) == (59894, 0, 0)
    booked = LedgerTransaction.objects.filter(kind="capture").order_by("pk")
    assert [transaction.provider_ref for transaction in booked] == ["SEPA 1", "SEPA 2"]


@pytest.mark.parametrize("typed", ["", "   "])
def test_money_without_a_reference_is_not_recorded(clerk: Any, awaited: Any, typed: str, journal_kinds: Any) -> None:
    before = journal_kinds(awaited)

    with pytest.raises(ReferenceNeeded) as refusal:
        clerk.capture(awaited, 30000, reference=typed)

    assert [field.pointer for field in refusal.value.fields] == ["/reference"]
    assert journal_kinds(awaited) == before
    assert figures(clerk.sees(awaited)) == (0, 59894, 0)


def test_one_transfer_is_not_recorded_twice(clerk: Any, awaited: Any) -> None:
    clerk.capture(awaited, 30000, reference="SEPA 1")

    with pytest.raises(ReferenceTaken):
        clerk.capture(awaited, 29894, reference="SEPA 1")

    assert figures(clerk.sees(awaited)) == (30000, 29894, 0)


def test_a_reference_typed_for_a_card_is_not_taken_for_the_provider_s(clerk: Any, order: Any) -> None:
    clerk.capture(order, 30000, reference="mine")

    assert LedgerTransaction.objects.get(kind="capture").provider_ref.startswith("cap_")


def test_there_is_nobody_to_sync_with(clerk: Any, awaited: Any) -> None:
    with pytest.raises(Conflict) as refusal:
        clerk.sync_payments(awaited)

    assert refusal.value.code == "nothing_to_sync"


def test_canceling_before_the_money_came_ends_at_once(clerk: Any, awaited: Any) -> None:
    after = clerk.cancel(awaited, email=False)

    assert after.state.system_state == "canceled"
    assert after.payments[0].released_minor == 59894


def test_canceling_after_it_came_waits_for_the_person_who_sends_it_back(clerk: Any, awaited: Any) -> None:
    clerk.capture(awaited, 59894, reference="SEPA 1")

    after = clerk.cancel(awaited, email=False)

    assert after.state.system_state == "cancel_requested"
    leg = Operation.objects.get(kind="refund")
    assert (leg.state, leg.failure_message) == (
        "manual",
        "Send the money back, then record the reference under which it went.",
    )


def test_a_record_whose_process_died_is_finished_by_the_worker(clerk: Any, awaited: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(capture.settle_operation, "carry_out", die)
    with pytest.raises(KeyboardInterrupt):
        clerk.capture(awaited, 30000, reference="SEPA 1")
    monkeypatch.undo()
    later = clerk.now + timedelta(days=400)

    (key,) = settle_operation.due(now=later)
    settle_operation.run(key=key, now=later)

    assert figures(clerk.sees(awaited)) == (30000, 29894, 0)


def die(**_more: Any) -> None:
    raise KeyboardInterrupt
