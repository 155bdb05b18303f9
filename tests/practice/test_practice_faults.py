"""Every fault: whether its effect happens, what the caller sees, and that the key tells the truth afterwards."""

from __future__ import annotations

import http.client
import json
import time

import pytest

from practice_provider import faults
from tests.practice.calling import CARD, Caller

CAPTURED = [("authorisation", 10000), ("capture", 4000)]
UNTOUCHED = [("authorisation", 10000)]

# What a caller meets who does not wait for ever, and whether the money moved all the same.
SILENT = {
    "hang": CAPTURED,
    "hang_before": UNTOUCHED,
    "drop_before": UNTOUCHED,
    "drop_after": CAPTURED,
    "late_effect": UNTOUCHED,
}
SPOKEN = {
    "server_error": ((500, "server_error"), UNTOUCHED),
    "server_error_after": ((500, "server_error"), CAPTURED),
    "busy": ((429, "too_many_requests"), UNTOUCHED),
    "conflict": ((409, "idempotency_key_in_use"), UNTOUCHED),
    "decline": ((402, "card_declined"), UNTOUCHED),
}
SPOILT = ("malformed", "truncated", "wrong_amount", "wrong_currency", "late")


def test_every_kind_of_fault_is_tried_here():
    assert {*SILENT, *SPOKEN, *SPOILT} == set(faults.CALL_KINDS) - set(faults.SETTLING)


@pytest.mark.parametrize("kind", SILENT)
def test_a_silent_fault_answers_nothing(caller, hold, kind):
    # A hang ends soon; an effect that comes later must not come while this test still looks.
    caller.fault(kind, seconds=3600 if kind == "late_effect" else 0.05)

    with pytest.raises(http.client.RemoteDisconnected):
        caller.capture(hold, 4000, key="op-1")

    assert caller.effects(hold) == SILENT[kind]


@pytest.mark.parametrize("kind", [kind for kind in SILENT if kind != "late_effect"])
def test_after_a_silent_fault_the_same_key_moves_the_money_once(caller, hold, kind):
    caller.fault(kind, seconds=0.05)
    with pytest.raises(http.client.RemoteDisconnected):
        caller.capture(hold, 4000, key="op-1")

    again = caller.capture(hold, 4000, key="op-1")

    assert (again.status, again.document["amount"]) == (201, 4000)
    assert caller.effects(hold) == CAPTURED


@pytest.mark.parametrize("kind", SPOKEN)
def test_a_spoken_fault_answers_its_error(caller, hold, kind):
    caller.fault(kind)
    refused, effects = SPOKEN[kind]

    assert caller.capture(hold, 4000, key="op-1").refused == refused
    assert caller.effects(hold) == effects


@pytest.mark.parametrize("kind", [kind for kind in SPOKEN if kind != "decline"])
def test_after_a_spoken_fault_the_same_key_moves_the_money_once(caller, hold, kind):
    caller.fault(kind)
    caller.capture(hold, 4000, key="op-1")

    again = caller.capture(hold, 4000, key="op-1")

    assert (again.status, again.document["amount"]) == (201, 4000)
    assert caller.effects(hold) == CAPTURED


@pytest.mark.parametrize("seconds", [0, 1, 2.5])
def test_busy_says_when_to_come_back(caller, hold, seconds):
    caller.fault("busy", seconds=seconds)

    assert caller.capture(hold, 4000).headers["retry-after"] == {0: "1", 1: "1", 2.5: "3"}[seconds]


@pytest.mark.parametrize("kind", ["server_error", "server_error_after"])
def test_a_stored_server_error_is_given_again_for_ever(caller, hold, kind):
    caller.fault(kind, store=True)

    first = caller.capture(hold, 4000, key="op-1")
    again = caller.capture(hold, 4000, key="op-1")

    assert first.refused == (500, "server_error")
    assert (again.status, again.body, again.headers["idempotent-replayed"]) == (500, first.body, "true")
    assert caller.effects(hold) == SPOKEN[kind][1]


def test_a_decline_that_is_not_stored_lets_the_same_key_try_again(caller, hold):
    caller.fault("decline", store=False)

    assert caller.capture(hold, 4000, key="op-1").status == 402
    assert caller.capture(hold, 4000, key="op-1").status == 201


def test_a_declined_authorisation_holds_nothing(caller):
    caller.fault("decline", "authorisation")

    declined = caller.post("/authorisations", {"amount": 1, "currency": "USD", "card": CARD})

    assert declined.refused == (402, "card_declined")
    assert caller.effects() == []


def test_malformed_answers_are_whole_http_and_broken_json(caller, hold):
    caller.fault("malformed")

    answer = caller.capture(hold, 4000, key="op-1")

    assert (answer.status, int(answer.headers["content-length"])) == (201, len(answer.body))
    with pytest.raises(ValueError, match=r"."):
        json.loads(answer.body)
    assert caller.effects(hold) == CAPTURED
    assert caller.capture(hold, 4000, key="op-1").document["amount"] == 4000


def test_truncated_answers_end_before_their_length(caller, hold):
    caller.fault("truncated")

    with pytest.raises(http.client.IncompleteRead):
        caller.capture(hold, 4000, key="op-1")

    assert caller.effects(hold) == CAPTURED
    assert caller.capture(hold, 4000, key="op-1").document["amount"] == 4000


@pytest.mark.parametrize(("kind", "echoed"), [("wrong_amount", (4001, "USD")), ("wrong_currency", (4000, "EUR"))])
def test_a_wrong_echo_lies_about_an_effect_that_was_right(caller, hold, kind, echoed):
    caller.fault(kind)

    answer = caller.capture(hold, 4000, key="op-1").document

    assert (answer["amount"], answer["currency"]) == echoed
    assert (caller.log(hold)[-1]["amount"], caller.log(hold)[-1]["currency"]) == (4000, "USD")
    assert caller.capture(hold, 4000, key="op-1").document["amount"] == 4000


def test_a_wrong_echo_leaves_a_refusal_as_it_is(caller, hold):
    caller.fault("wrong_amount")

    assert caller.capture(hold, 10001).refused == (422, "amount_exceeds_hold")


def test_a_late_answer_is_the_right_one_and_others_need_not_wait(caller, hold):
    caller.fault("late", seconds=0.3)
    began = time.monotonic()

    answer = caller.capture(hold, 4000)

    assert answer.status == 201
    assert time.monotonic() - began >= 0.3


def test_a_call_that_hangs_holds_up_nobody(caller, hold, running):
    caller.fault("hang", seconds=3600)
    impatient = Caller(running.url, timeout=0.2)
    with pytest.raises(TimeoutError):
        impatient.capture(hold, 4000, key="op-1")

    assert caller.capture(hold, 4000, key="op-1").headers["idempotent-replayed"] == "true"
    assert caller.capture(hold, 1000, key="op-2").status == 201


def test_a_late_effect_comes_on_the_virtual_clock_and_only_once(caller, hold):
    caller.fault("late_effect", seconds=60)
    with pytest.raises(http.client.RemoteDisconnected):
        caller.capture(hold, 4000, key="op-1")
    called = caller.get("/clock").document["now"]

    assert caller.look_up(hold)["movements"] == []
    assert caller.capture(hold, 4000, key="op-1").refused == (409, "idempotency_key_in_use")
    assert caller.capture(hold, 4001, key="op-1").refused == (422, "idempotency_key_reused")

    caller.advance(3600)
    again = caller.capture(hold, 4000, key="op-1")
    assert (again.status, again.headers["idempotent-replayed"]) == (201, "true")
    assert caller.effects(hold) == CAPTURED
    assert called[:16] <= caller.log(hold)[-1]["at"][:16] < caller.get("/clock").document["now"][:16]


def test_a_late_effect_obeys_the_rules_of_its_own_moment(caller, hold):
    caller.fault("late_effect", seconds=60)
    with pytest.raises(http.client.RemoteDisconnected):
        caller.capture(hold, 4000, key="op-1")
    caller.reverse(hold)

    caller.advance(60)

    assert caller.capture(hold, 4000, key="op-1").refused == (422, "hold_reversed")
    assert caller.effects(hold) == [("authorisation", 10000), ("reversal", 10000)]


def test_a_late_effect_is_forgotten_when_the_clock_is_reset(caller, hold):
    caller.fault("late_effect", seconds=60)
    with pytest.raises(http.client.RemoteDisconnected):
        caller.capture(hold, 4000, key="op-1")

    caller.post("/clock", {"reset": True}, key=None)
    caller.advance(3600)

    assert caller.effects(hold) == UNTOUCHED
    assert caller.capture(hold, 4000, key="op-1").status == 201


@pytest.mark.parametrize("kind", ["hang", "hang_before", "drop_before", "drop_after"])
def test_a_look_up_can_stay_without_an_answer(caller, hold, kind):
    caller.fault(kind, "lookup", seconds=0.05)

    with pytest.raises(http.client.RemoteDisconnected):
        caller.get(f"/authorisations/{hold}")

    assert caller.look_up(hold)["id"] == hold


@pytest.mark.parametrize("kind", ["server_error", "server_error_after", "busy", "conflict"])
def test_a_look_up_can_answer_an_error(caller, hold, kind):
    caller.fault(kind, "lookup")

    assert caller.get(f"/authorisations/{hold}").refused == SPOKEN[kind][0]
    assert caller.look_up(hold)["id"] == hold


@pytest.mark.parametrize(
    ("kind", "amounts", "currencies"),
    [("wrong_amount", (10001, 4001), {"USD"}), ("wrong_currency", (10000, 4000), {"EUR"})],
)
def test_a_look_up_can_lie_about_hold_and_last_movement(caller, hold, kind, amounts, currencies):
    caller.capture(hold, 4000)
    caller.fault(kind, "lookup")

    found = caller.look_up(hold)

    assert (found["amount"], found["movements"][-1]["amount"]) == amounts
    assert {found["currency"], found["movements"][-1]["currency"]} == currencies


@pytest.mark.parametrize("kind", ["decline", "late_effect"])
def test_a_look_up_moves_nothing_that_could_be_declined_or_come_late(caller, hold, kind):
    assert caller.post("/faults", {"kind": kind, "on": "lookup"}, key=None).refused == (400, "invalid_request")

    caller.fault(kind, "any", seconds=0)
    assert caller.look_up(hold)["id"] == hold
    assert len(caller.get("/faults").document["items"]) == 1


def test_a_fault_waits_for_its_call_its_authorisation_and_its_number_of_times(caller, hold):
    other = caller.authorise(10000)
    caller.fault("server_error", "capture", times=2, authorisation=hold)

    assert caller.capture(other, 1).status == 201
    assert caller.look_up(hold)["state"] == "held"
    assert [caller.capture(hold, 1).status for _ in range(3)] == [500, 500, 201]
    assert caller.get("/faults").document == {"items": [], "seeded": None}


def test_a_fault_for_an_authorisation_finds_the_refunds_of_its_captures(caller, hold):
    capture = caller.capture(hold, 4000).document["id"]
    caller.fault("server_error", "refund", authorisation=hold)

    assert caller.refund(capture, 4000).status == 500


def test_faults_come_in_the_order_in_which_they_were_given(caller, hold):
    caller.fault("busy", "any")
    caller.fault("server_error", "capture")

    assert [caller.capture(hold, 1).status for _ in range(3)] == [429, 500, 201]


def test_a_replay_meets_faults_of_the_wire_but_no_decline(caller, hold):
    caller.capture(hold, 4000, key="op-1")
    caller.fault("decline")
    caller.fault("server_error")

    assert caller.capture(hold, 4000, key="op-1").status == 500
    assert caller.capture(hold, 4000, key="op-1").status == 201
    assert caller.capture(hold, 1, key="op-2").status == 402


def test_faults_can_be_listed_and_cleared(caller, hold):
    caller.fault("hang", "refund", times=3, seconds=1.5, authorisation="auth_1")

    assert caller.get("/faults").document["items"] == [
        {
            "on": "refund",
            "kind": "hang",
            "times": 3,
            "authorisation": "auth_1",
            "seconds": 1.5,
            "store": False,
        }
    ]
    assert caller.send("DELETE", "/faults").status == 204
    assert caller.get("/faults").document["items"] == []


def test_a_seeded_table_draws_the_same_faults_for_the_same_seed(caller):
    table = {"seed": 7, "rate": 0.4, "kinds": ["server_error", "busy", "conflict"], "on": "capture"}

    def statuses():
        hold = caller.authorise(10000)
        caller.post("/faults", table, key=None)
        return [caller.capture(hold, 1).status for _ in range(40)]

    first, second = statuses(), statuses()

    assert first == second
    assert {201, 429, 409, 500} == set(first)
    assert caller.get("/faults").document["seeded"]["drawn"] == 40


@pytest.mark.parametrize(("rate", "statuses"), [(0, {201}), (1, {500})])
def test_the_rate_of_a_seeded_table_is_the_share_that_goes_wrong(caller, hold, rate, statuses):
    caller.post("/faults", {"seed": 1, "rate": rate, "kinds": ["server_error"]}, key=None)

    assert {caller.capture(hold, 1).status for _ in range(20)} == statuses


def test_ordered_faults_come_before_the_seeded_table(caller, hold):
    caller.post("/faults", {"seed": 1, "rate": 1, "kinds": ["server_error"]}, key=None)
    caller.fault("busy")

    assert [caller.capture(hold, 1).status for _ in range(2)] == [429, 500]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"kind": "hang"},
        {"on": "capture"},
        {"on": "payout", "kind": "hang"},
        {"on": "capture", "kind": "explode"},
        {"on": "capture", "kind": ["hang"]},
        {"on": "capture", "kind": "hang", "times": 0},
        {"on": "capture", "kind": "hang", "times": True},
        {"on": "capture", "kind": "hang", "seconds": -1},
        {"on": "capture", "kind": "hang", "seconds": 10**9},
        {"on": "capture", "kind": "hang", "seconds": "5"},
        {"on": "capture", "kind": "hang", "store": True},
        {"on": "capture", "kind": "decline", "store": 1},
        {"on": "capture", "kind": "hang", "authorisation": 7},
        {"on": "capture", "kind": "hang", "colour": "red"},
        {"seed": 7},
        {"seed": 7, "rate": 2, "kinds": ["hang"]},
        {"seed": 7, "rate": 0.5, "kinds": []},
        {"seed": 7, "rate": 0.5, "kinds": "hang"},
        {"seed": 7, "rate": 0.5, "kinds": [{}]},
        {"seed": "7", "rate": 0.5, "kinds": ["hang"]},
        {"seed": 7, "rate": 0.5, "kinds": ["hang"], "times": 3},
    ],
)
def test_a_fault_that_cannot_be_carried_out_is_refused(caller, document):
    assert caller.post("/faults", document, key=None).refused == (400, "invalid_request")
    assert caller.get("/faults").document == {"items": [], "seeded": None}
