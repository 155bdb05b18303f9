"""Many callers at once: the hold is never exceeded, and one key has one effect."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

THREADS = 8


def all_at_once(act):
    """Let every thread act in the same instant, each with its number, and return what each returned."""
    barrier = threading.Barrier(THREADS)
    outcomes = [None] * THREADS

    def run(number):
        barrier.wait(10)
        outcomes[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in outcomes
    return outcomes


@pytest.mark.race
def test_eight_callers_capture_exactly_the_hold(caller):
    hold = caller.authorise(10000)

    def capture_until_refused(_number):
        codes = []
        while not codes or codes[-1] == "captured":
            answer = caller.capture(hold, 137)
            codes.append("captured" if answer.status == 201 else answer.code)
        return codes

    outcomes = Counter(code for codes in all_at_once(capture_until_refused) for code in codes)

    assert outcomes == {"captured": 72, "amount_exceeds_hold": THREADS}
    assert caller.capture(hold, 10000 - 72 * 137).status == 201
    assert caller.look_up(hold)["captured"] == 10000
    assert sum(amount for kind, amount in caller.effects(hold) if kind == "capture") == 10000


@pytest.mark.race
def test_eight_refunds_of_the_whole_capture_send_it_back_once(caller):
    hold = caller.authorise(10000)
    capture = caller.capture(hold, 10000).document["id"]

    answers = all_at_once(lambda _number: caller.refund(capture, 10000))

    assert Counter(answer.status for answer in answers) == {201: 1, 422: THREADS - 1}
    assert caller.effects(hold)[-1] == ("refund", 10000)


@pytest.mark.race
def test_captures_against_a_reversal_leave_nothing_twice(caller):
    for _ in range(10):
        hold = caller.authorise(10000)

        all_at_once(
            lambda number, hold=hold: (caller.reverse(hold) if number == 0 else caller.capture(hold, 2000)).status
        )

        found = caller.look_up(hold)
        assert found["captured"] + found["released"] == 10000
        kinds = [kind for kind, _amount in caller.effects(hold)]
        assert kinds[-1] == "reversal" or kinds == ["authorisation", *["capture"] * 5]


@pytest.mark.race
def test_one_key_sent_eight_times_at_once_moves_the_money_once(caller):
    for round_ in range(20):
        hold = caller.authorise(10000)
        key = f"op-{round_}"

        answers = all_at_once(lambda _number, hold=hold, key=key: caller.capture(hold, 4000, key=key))

        told = {answer.body for answer in answers if answer.status == 201}
        assert len(told) == 1
        assert {answer.status for answer in answers} <= {201, 409}
        assert caller.effects(hold) == [("authorisation", 10000), ("capture", 4000)]


@pytest.mark.race
def test_connections_are_kept_alive_and_answered_in_order(caller, hold):
    ask = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    heard = caller.say(ask * 50)

    assert heard.count(b"HTTP/1.1 200 ") == 50
