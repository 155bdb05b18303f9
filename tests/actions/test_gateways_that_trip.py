"""A gateway that trips over an answer as nobody foresaw: nothing stays open for ever, nothing moves twice (FG4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import settle_operation
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let a method of the gateway do what it does, and then trip over the answer, until `mend` is called."""

    class Trips:
        def over(self, name: str) -> None:
            does = getattr(PracticeGateway, name)

            def trip(gateway: Any, *asked: Any) -> Any:
                does(gateway, *asked)
                raise KeyError("payment_method_details")

            monkeypatch.setattr(PracticeGateway, name, trip)

        def mend(self) -> None:
            monkeypatch.undo()

    return Trips()


def test_a_call_whose_answer_it_trips_over_is_looked_after_and_moves_the_money_once(
    clerk: Any, order: Any, practice: Any, trips: Any
) -> None:
    trips.over("send")

    clerk.capture(order, 30900)

    operation = Operation.objects.get()
    assert (operation.state, operation.due_at is not None) == ("unknown", True)
    trips.mend()
    settle_operation.run(key=operation.key, now=clerk.now + timedelta(minutes=5))
    assert clerk.sees(order).payments[0].captured_minor == 30900
    assert practice.effects(order) == [("capture", 30900)]


def test_one_that_always_trips_waits_for_a_person_in_the_end(clerk: Any, order: Any, practice: Any, trips: Any) -> None:
    trips.over("send")
    trips.over("look_up")
    clerk.capture(order, 30900)

    for days in range(1, 9):
        settle_operation.run(key=Operation.objects.get().key, now=clerk.now + timedelta(days=days))

    assert Operation.objects.get().state == "manual"
    assert practice.effects(order) == [("capture", 30900)]


@pytest.mark.usefixtures("practice")
def test_a_look_it_trips_over_is_none(clerk: Any, order: Any, trips: Any) -> None:
    trips.over("look_up")

    synced = clerk.sync_payments(order)

    assert clerk.result.unreachable
    assert synced.payments[0].transactions == order.payments[0].transactions
