"""Idempotency keys: the same call again is answered as before, another is refused, a running one said to run."""

from __future__ import annotations

import threading

import pytest

from tests.practice.calling import CARD


def test_the_same_call_again_gets_the_same_bytes_and_moves_nothing(caller, hold):
    first = caller.capture(hold, 4000, key="op-1")
    again = caller.capture(hold, 4000, key="op-1")

    assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert caller.effects(hold) == [("authorisation", 10000), ("capture", 4000)]


@pytest.mark.parametrize("kind", ["authorisation", "reversal", "refund"])
def test_every_call_that_moves_money_is_answered_as_before(caller, hold, kind):
    capture = caller.capture(hold, 4000).document["id"]
    calls = {
        "authorisation": lambda: caller.post(
            "/authorisations", {"amount": 1, "currency": "USD", "card": CARD}, key="op-1"
        ),
        "reversal": lambda: caller.reverse(hold, key="op-1"),
        "refund": lambda: caller.refund(capture, 4000, key="op-1"),
    }

    first, again = calls[kind](), calls[kind]()

    assert (first.status, again.body) == (201, first.body)
    assert [effect["idempotency_key"] for effect in caller.log()].count("op-1") == 1


def test_a_refusal_is_kept_under_its_key_even_when_it_would_go_well_by_now(caller):
    caller.fault("decline")
    hold = caller.authorise(10000)

    declined = caller.capture(hold, 4000, key="op-1")
    again = caller.capture(hold, 4000, key="op-1")

    assert declined.refused == (402, "card_declined")
    assert (again.status, again.body) == (declined.status, declined.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert caller.capture(hold, 4000, key="op-2").status == 201


@pytest.mark.parametrize(
    ("amount", "code"), [(10001, "amount_exceeds_hold"), (0, "amount_invalid"), (10**15, "amount_invalid")]
)
def test_refusals_by_rule_are_kept_too(caller, hold, amount, code):
    first = caller.capture(hold, amount, key="op-1")
    again = caller.capture(hold, amount, key="op-1")

    assert first.refused == (422, code)
    assert (again.status, again.body, again.headers["idempotent-replayed"]) == (422, first.body, "true")


def test_a_key_belongs_to_one_amount_one_address_and_one_kind_of_call(caller, hold):
    other = caller.authorise(10000)
    capture = caller.capture(hold, 4000, key="op-1").document["id"]
    before = caller.log()

    answers = [
        caller.capture(hold, 4001, key="op-1"),
        caller.capture(other, 4000, key="op-1"),
        caller.reverse(hold, key="op-1", amount=4000),
        caller.refund(capture, 4000, key="op-1"),
        caller.capture(hold, 4000, key="op-1", made_by="dashboard"),
        caller.post("/authorisations", {"amount": 4000, "currency": "USD", "card": CARD}, key="op-1"),
    ]

    assert [answer.refused for answer in answers] == [(422, "idempotency_key_reused")] * 6
    assert caller.log() == before


def test_the_order_of_fields_does_not_make_another_call(caller, hold):
    first = caller.post(f"/authorisations/{hold}/captures", raw=b'{"amount":5,"made_by":"api"}', key="op-1")
    again = caller.post(f"/authorisations/{hold}/captures", raw=b'{ "made_by": "api", "amount": 5 }', key="op-1")

    assert again.body == first.body


def test_a_call_of_the_wrong_form_or_to_nowhere_leaves_its_key_free(caller, hold):
    assert caller.capture(hold, "4000", key="op-1").refused == (400, "invalid_request")
    assert caller.capture("auth_none", 4000, key="op-1").refused == (404, "not_found")

    assert caller.capture(hold, 4000, key="op-1").status == 201


def test_calls_that_move_money_need_a_key(caller, hold):
    assert caller.capture(hold, 1, key=None).refused == (400, "idempotency_key_missing")
    assert caller.post("/authorisations", {"amount": 1, "currency": "USD", "card": CARD}, key=None).status == 400
    assert caller.effects(hold) == [("authorisation", 10000)]


@pytest.mark.parametrize("key", ["k" * 256, "clé", "tab\there"])
def test_a_key_is_short_and_plain(caller, hold, key):
    sent = {"Idempotency-Key": key.encode().decode("latin-1")}

    answer = caller.send("POST", f"/authorisations/{hold}/reversal", body=b"{}", headers=sent)

    assert answer.refused == (400, "idempotency_key_invalid")


def test_a_key_is_given_once(caller, hold):
    heard = caller.say(
        f"POST /authorisations/{hold}/reversal HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
        "Idempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n".encode()
    )

    assert b" 400 " in heard.splitlines()[0]
    assert caller.effects(hold) == [("authorisation", 10000)]


def test_a_key_of_255_characters_is_one(caller, hold):
    assert caller.capture(hold, 1, key="k" * 255).status == 201


def test_while_the_first_call_runs_the_key_is_in_use(caller, hold, running):
    caller.fault("hang_before", seconds=60)
    first = threading.Thread(target=_call_until_cut, args=(caller, hold))
    first.start()
    _wait_until(lambda: not caller.get("/faults").document["items"])  # the first call has met its fault and hangs

    assert caller.capture(hold, 4000, key="op-1").refused == (409, "idempotency_key_in_use")
    assert caller.capture(hold, 4001, key="op-1").refused == (422, "idempotency_key_reused")
    assert caller.capture(hold, 4000, key="op-2").status == 201

    running.listener.end_conversations()
    first.join(10)
    assert not first.is_alive()


def test_when_the_first_caller_has_gone_the_key_is_free_again(caller, hold):
    caller.fault("hang_before", seconds=60)
    caller.timeout = 0.2
    with pytest.raises(TimeoutError):
        caller.capture(hold, 4000, key="op-1")
    caller.timeout = 20

    _wait_until(lambda: caller.capture(hold, 4000, key="op-1").status == 201)

    assert caller.effects(hold) == [("authorisation", 10000), ("capture", 4000)]


def _call_until_cut(caller, hold):
    with pytest.raises(OSError, match=r"."):
        caller.capture(hold, 4000, key="op-1")


def _wait_until(is_so):
    for _ in range(2000):
        if is_so():
            return
    raise AssertionError("it never came to be so")
