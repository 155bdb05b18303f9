"""Outcomes that collide with the books, and calls that nobody can make: each ends, or waits where a person sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import settle_by_hand, settle_operation
from orderwright.core.actor import SYSTEM
from orderwright.journal.models import Entry
from orderwright.payments.errors import CredentialsUnreadable, ReferenceTaken
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation
from orderwright.reads.exceptions import list_exceptions
from orderwright.reads.invariants import violations


def test_money_is_not_recorded_twice_under_the_reference_it_came_in_with(clerk: Any, take_in: Any, now: Any) -> None:
    at = now.isoformat().replace("+00:00", "Z")
    captured = {"kind": "capture", "reference": "SEPA 1", "amount": 30000, "at": at, "parent": None}
    method = {"type": "bank_transfer", "brand": None, "last4": None}
    transfer = {"provider": "bank-transfer", "reference": "PAY-5532", "method": method, "authorised": 59894}
    order = take_in(payments=[{**transfer, "authorised_at": at, "expires_at": None, "transactions": [captured]}])

    with pytest.raises(ReferenceTaken):
        clerk.capture(order, 29894, reference="SEPA 1")

    assert not Operation.objects.exists()


def test_a_movement_that_is_booked_cannot_be_what_came_of_another_call(clerk: Any, order: Any, practice: Any) -> None:
    """Somebody typed the reference of a call whose outcome was still open; that one then waits for a person."""
    order = clerk.capture(order)
    practice.fault("wrong_amount", "refund")
    order = clerk.refund(order, other=100)
    practice.fault("drop_after", "refund")
    clerk.refund(order, other=100)
    first, second = Operation.objects.filter(kind="refund").order_by("id")
    theirs = practice.look_up(order.payments[0].reference)["movements"]
    reference = next(one["id"] for one in theirs if one["idempotency_key"] == second.key)
    settle_by_hand.run(
        key=first.key, happened=True, reason="Seen.", provider_ref=reference, actor=clerk.actor, now=clerk.now
    )

    settle_operation.run(key=second.key, now=clerk.now + timedelta(minutes=5))

    second.refresh_from_db()
    assert (second.state, second.failure_code) == ("manual", "reference_booked")
    assert [row.key for row in list_exceptions(now=clerk.now, actor=SYSTEM).items] == [second.key]


def test_a_declined_leg_of_a_refund_is_an_exception_though_others_came_after_it(
    clerk: Any, order: Any, practice: Any
) -> None:
    order = clerk.capture(clerk.capture(order, 10000), 20000)
    practice.fault("decline", "refund")

    after = clerk.refund(order, other=15000)

    assert after.refunds[0].state == "partly"
    (row,) = list_exceptions(now=clerk.now, actor=SYSTEM).items
    assert (row.problem, row.amount_minor) == ("failed", 10000)


def test_what_could_not_be_sent_has_failed_and_does_not_go_out_days_later(
    clerk: Any, order: Any, practice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_account: Any) -> Any:
        raise CredentialsUnreadable("No key of this installation opens them.")

    monkeypatch.setattr(settle_operation, "gateway_for", closed)
    clerk.capture(order, 100)
    monkeypatch.undo()

    operation = Operation.objects.get()
    settle_operation.run(key=operation.key, now=clerk.now + timedelta(days=3))

    operation.refresh_from_db()
    assert (operation.state, operation.failure_code) == ("failed", "credentials_unreadable")
    assert practice.effects(order) == []


def test_the_books_are_right_while_an_unknown_call_is_asked_about(
    clerk: Any, order: Any, practice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.fault("drop_before", "capture")
    clerk.capture(order, 100)
    seen: list[list[str]] = []
    send = PracticeGateway.send

    def look(gateway: Any, call: Any) -> Any:
        seen.append(violations())
        return send(gateway, call)

    monkeypatch.setattr(PracticeGateway, "send", look)

    settle_operation.run(key=Operation.objects.get().key, now=clerk.now + timedelta(minutes=1))

    assert seen == [[]]


def test_who_settled_the_last_leg_is_named_for_the_end_of_the_refund(
    clerk: Any, colleague: Any, order: Any, practice: Any
) -> None:
    order = clerk.capture(order)
    practice.fault("wrong_amount", "refund")
    clerk.refund(order, other=100)
    operation = Operation.objects.get(kind="refund")
    moved = practice.look_up(order.payments[0].reference)["movements"][-1]["id"]

    settle_by_hand.run(
        key=operation.key, happened=True, reason="Seen.", provider_ref=moved, actor=colleague.actor, now=clerk.now
    )

    last = Entry.objects.latest("id")
    assert (last.kind, last.actor_name) == ("order.refund_done", "Ravi Patel")
