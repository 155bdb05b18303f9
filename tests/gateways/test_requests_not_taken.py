"""A provider that does not look at a request has moved nothing by it, and says nothing of an earlier try."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import urllib3

from orderwright.actions import settle_operation
from orderwright.payments.gateways import practice
from orderwright.payments.gateways.port import NeedsPerson, NotTaken, Unknown
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation, Payment
from tests.gateways.calls import capture

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


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_an_answer_that_the_request_was_not_taken_is_read_as_such(status: int) -> None:
    answer = urllib3.HTTPResponse(status=status, body=b"{}", preload_content=False)

    assert practice._outcome(answer, capture("auth_1", 100)) == NotTaken(
        code=f"provider_answered_{status}", message="The provider does not take this request."
    )


def test_an_answer_about_another_payment_waits_for_a_person() -> None:
    done = {"id": "cap_1", "kind": "capture", "authorisation": "auth_2", "amount": 100, "currency": "USD"}
    body = json.dumps({**done, "at": "2026-11-21T09:00:00Z"}).encode()

    outcome = practice._outcome(urllib3.HTTPResponse(status=201, body=body), capture("auth_1", 100))

    assert outcome == NeedsPerson(why="The provider did it on auth_2, another payment than this.")


def test_a_later_try_leaves_the_outcome_open_because_the_first_may_have_moved_money(
    clerk: Any, order: Any, monkeypatch: Any, now: Any
) -> None:
    answers(monkeypatch, Unknown(why="No answer came in time."), REFUSED)
    clerk.capture(order, 30900)

    settle_operation.run(key=Operation.objects.get().key, now=now + timedelta(minutes=1))

    operation = Operation.objects.get()
    assert (operation.state, operation.attempts) == ("unknown", 2)
    assert Payment.objects.get().pending_minor == 30900
