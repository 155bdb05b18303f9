"""Idempotency-Key: a request that is sent again is answered again and not done again (I12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from orderwright.accounts.models import ApiKey, ApiKeySite
from orderwright.api.models import IdempotentRequest
from orderwright.api.routes import work
from orderwright.orders.models import Note, Order
from tests.api.program import program_with
from tests.support.rivals import at_once


@pytest.fixture
def path(order):
    return f"/orders/{order.number}"


@pytest.fixture
def captures(order, path):
    return f"{path}/payments/{order.payments[0].id}/captures"


def test_the_same_key_and_body_give_the_same_answer_and_one_effect(program, practice, order, captures):
    first = program.post(captures, {"amount": 28994}, idempotency_key="a-1")
    again = program.post(captures, {"amount": 28994}, idempotency_key="a-1")

    assert (first.status, "Idempotent-Replayed" in first.headers) == (201, False)
    assert (again.status, again.content, again.headers["ETag"]) == (201, first.content, first.headers["ETag"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert practice.effects(order) == [("capture", 28994)]


def test_an_answer_is_not_told_again_to_a_key_that_lost_the_site(practice, order, captures, open_site):
    program = program_with("storefront", role="administrator")
    program.post(captures, {"amount": 28994}, idempotency_key="a-1")
    ApiKeySite.objects.create(key=ApiKey.objects.get(name="storefront"), site=open_site("eu", "Europe/Berlin"))

    again = program.post(captures, {"amount": 28994}, idempotency_key="a-1")

    assert (again.status, again.code) == (409, "answer_withheld")
    assert practice.effects(order) == [("capture", 28994)]


def test_an_answer_is_not_told_again_to_a_key_that_lost_a_permission(practice, order, captures):
    program = program_with("storefront", "orders.view", "customers.view", "payments.capture")
    program.post(captures, {"amount": 28994}, idempotency_key="a-1")
    ApiKey.objects.update(scopes=["orders.view", "payments.capture"])

    again = program.post(captures, {"amount": 28994}, idempotency_key="a-1")

    assert (again.status, again.code) == (409, "answer_withheld")
    assert practice.effects(order) == [("capture", 28994)]


def test_the_same_body_is_the_same_however_it_is_written(program, captures):
    program.post(captures, b'{"amount":28994}', idempotency_key="a-1")

    again = program.post(captures, b' {\n  "amount" : 28994 } ', idempotency_key="a-1")

    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(program, practice, order, captures):
    program.post(captures, {"amount": 28994}, idempotency_key="a-1")

    answer = program.post(captures, {"amount": 28995}, idempotency_key="a-1")

    assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    assert practice.effects(order) == [("capture", 28994)]


def test_the_same_key_at_another_address_is_refused(program, path, captures):
    program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")

    assert program.post(captures, {"amount": 1}, idempotency_key="a-1").code == "idempotency_key_reused"


def test_two_programs_may_use_the_same_key(program, path):
    other = program_with("Other", role="administrator")

    program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")
    other.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")

    assert sorted(Note.objects.values_list("author_name", flat=True)) == ["Other", "Storefront"]


def test_without_a_key_a_request_is_a_new_one(program, path):
    for _time in range(2):
        program.post(f"{path}/notes", {"text": "Hello"})

    assert Note.objects.count() == 2


def test_a_decline_is_answered_again(program, practice, order, captures):
    practice.fault("decline", "capture")

    answers = [program.post(captures, {"amount": 28994}, idempotency_key="a-1") for _time in range(2)]

    assert [(answer.status, answer.code, answer.is_problem) for answer in answers] == [(402, "declined", True)] * 2
    assert practice.effects(order) == []


def test_a_conflict_is_answered_again_though_it_is_over(program, clerk, order, path):
    clerk.change_state(order, "fraud")
    body = {"items": [{"item": order.lines[0].id}], "method": "pick-up"}
    program.post(f"{path}/shipments", body, idempotency_key="a-1")
    clerk.change_state(order, "new")

    again = program.post(f"{path}/shipments", body, idempotency_key="a-1")

    assert (again.status, again.code) == (409, "order_state_locks_shipments")
    assert program.post(f"{path}/shipments", body, idempotency_key="a-2").status == 200


def test_a_stale_version_can_be_sent_again_under_the_same_key(program, clerk, order, path):
    clerk.update_shipment(order, items=["TBL-OAK-45"], method="pick-up")
    body = {"items": [{"item": order.lines[2].id}], "method": "pick-up"}

    stale = program.post(f"{path}/shipments", body, idempotency_key="a-1", if_match='"1"')
    fresh = program.post(f"{path}/shipments", body, idempotency_key="a-1", if_match='"2"')

    assert (stale.status, fresh.status) == (412, 200)


def test_a_failure_of_ours_is_not_kept(program, path, monkeypatch):
    def broken(**_asked):
        raise RuntimeError("a slip")

    with monkeypatch.context() as slip:
        slip.setattr(work.add_note, "run", broken)
        failed = program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")
    again = program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")

    assert (failed.status, failed.code) == (500, "internal_error")
    assert b"slip" not in failed.content
    assert again.status == 201
    assert Note.objects.count() == 1


def test_a_body_that_is_not_valid_uses_no_key(program, captures):
    program.post(captures, {"amount": "much"}, idempotency_key="a-1")

    assert IdempotentRequest.objects.count() == 0
    assert program.post(captures, {"amount": 100}, idempotency_key="a-1").status == 201


def test_orders_come_in_once_under_one_key(program, document, site):
    handed_in = document()

    answers = [program.post("/orders", handed_in, idempotency_key="a-1") for _time in range(2)]

    assert [answer.status for answer in answers] == [201, 201]
    assert answers[1].headers["Location"] == "/api/v1/orders/1001"
    assert Order.objects.count() == 1


def test_a_cancellation_is_done_once_under_one_key(program, practice, order, path):
    answers = [
        program.post(f"{path}/cancellation", {"email_customer": False}, idempotency_key="a-1") for _time in range(2)
    ]

    assert [answer.status for answer in answers] == [201, 201]
    assert practice.effects(order) == [("reversal", 59894)]


def test_a_request_whose_first_is_still_running_is_told_to_wait(program, path, now):
    program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")
    IdempotentRequest.objects.update(answered_at=None, started_at=now - timedelta(minutes=2))

    answer = program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")

    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (409, "request_in_progress", "2")
    assert Note.objects.count() == 1


def test_an_abandoned_request_is_taken_up_again_and_moves_the_money_once(program, practice, order, captures, now):
    first = program.post(captures, {"amount": 28994}, idempotency_key="a-1")
    # The process died between the capture and the answer: the claim stands, and nobody has heard anything.
    IdempotentRequest.objects.update(answered_at=None, status=0, body="", started_at=now - timedelta(seconds=121))

    again = program.post(captures, {"amount": 28994}, idempotency_key="a-1")

    assert (again.status, again.json["operation"]) == (201, first.json["operation"])
    assert practice.effects(order) == [("capture", 28994)]
    assert IdempotentRequest.objects.get().answered_at == now


def test_answers_are_kept_for_a_day(program, path, now):
    program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")

    with time_machine.travel(now + timedelta(hours=24), tick=False):
        replayed = program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="a-1")
    with time_machine.travel(now + timedelta(hours=24, seconds=1), tick=False):
        program.post(f"{path}/notes", {"text": "Another"}, idempotency_key="b-1")

    assert replayed.headers["Idempotent-Replayed"] == "true"
    assert list(IdempotentRequest.objects.values_list("key", flat=True)) == ["b-1"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ä", "a\tb"])
def test_a_key_is_up_to_255_visible_characters(program, path, key):
    answer = program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key=key)

    assert (answer.status, answer.faults) == (400, [("Idempotency-Key", "header_malformed")])
    assert Note.objects.count() == 0


def test_the_longest_key_is_taken(program, path):
    assert program.post(f"{path}/notes", {"text": "Hello"}, idempotency_key="~" * 255).status == 201


@pytest.mark.race
def test_many_requests_at_once_under_one_key_do_the_thing_once(program, practice, order, captures, figure):  # FC4
    def capture():
        answer = program.post(captures, {"amount": 28994}, idempotency_key="a-1")
        return answer.code or str(answer.status)

    outcomes = at_once([capture] * 50)

    figure("FC4", "one API key, fifty requests at once", requests=50, doubles=len(practice.effects(order)) - 1)
    assert practice.effects(order) == [("capture", 28994)]
    assert set(outcomes) <= {"201", "request_in_progress"}
    assert "201" in outcomes
