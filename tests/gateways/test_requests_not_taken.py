"""A provider that does not look at a request has moved nothing by it, and says nothing of an earlier try."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from orderwright.actions import settle_operation
from orderwright.payments.gateways.port import NotTaken, Unknown
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation, Payment

REFUSED = NotTaken(code="provider_answered_401", message="The provider does not take this request.")


def answers(monkeypatch: Any, *outcomes: Any) -> None:
    following = iter(outcomes)
    monkeypatch.setattr(PracticeGateway, "send", lambda self, call: next(following))


def test_the_first_try_failed_and_its_amount_is_free_again(clerk: Any, order: Any, monkeypatch: Any) -> None:
    answers(monkeypatch, REFUSED)

    clerk.capture(order, 30900)

    operation = Operation.objects.get()
    assert (operation.state, operation.failure_code) == ("failed", "provider_answered_401")
    assert Payment.objects.get().pending_minor == 0


def test_a_later_try_leaves_the_outcome_open_because_the_first_may_have_moved_money(
    clerk: Any, order: Any, monkeypatch: Any, now: Any
) -> None:
    answers(monkeypatch, Unknown(why="No answer came in time."), REFUSED)
    clerk.capture(order, 30900)

    settle_operation.run(key=Operation.objects.get().key, now=now + timedelta(minutes=1))

    operation = Operation.objects.get()
    assert (operation.state, operation.attempts) == ("unknown", 2)
    assert Payment.objects.get().pending_minor == 30900
