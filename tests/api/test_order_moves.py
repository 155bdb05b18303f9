"""The table of moves through the API."""

from __future__ import annotations

import pytest

DEFAULTS = {
    "new": ["processing", "fraud", "completed"],
    "processing": ["new", "fraud", "suspended", "completed"],
    "fraud": ["new", "processing", "suspended"],
    "suspended": ["new", "processing", "fraud"],
    "completed": ["processing"],
}


def test_the_table_is_shown_with_its_defaults_and_what_no_table_decides(program):
    answer = program.get("/order-moves")

    assert answer.headers["ETag"] == '"0"'
    assert (answer.json["moves"], answer.json["defaults"], answer.json["version"]) == (DEFAULTS, DEFAULTS, 0)
    assert {
        "from_state": "new",
        "to_state": "canceled",
        "is_allowed": True,
        "code": "by_cancel_order",
        "reason": "Only Cancel Order leads to Canceled; it gives the money back first.",
    } in answer.json["locked"]


def test_the_table_is_set_as_a_whole_and_orders_follow_it(program, order):
    answer = program.put("/order-moves", {"moves": {**DEFAULTS, "new": ["suspended", "processing"]}}, if_match='"0"')
    fraud = program.post(f"/orders/{order.number}/state", {"state": "fraud"})
    moved = program.post(f"/orders/{order.number}/state", {"state": "suspended"})

    assert (answer.status, answer.json["moves"]["new"], answer.headers["ETag"]) == (
        200,
        ["processing", "suspended"],
        '"1"',
    )
    assert (fraud.code, moved.status) == ("move_not_allowed", 200)
    assert program.put("/order-moves", {"moves": DEFAULTS}).json["moves"] == DEFAULTS


def test_an_older_table_is_not_written_over_a_newer_one(program):
    program.put("/order-moves", {"moves": {**DEFAULTS, "completed": []}})

    answer = program.put("/order-moves", {"moves": DEFAULTS}, if_match='"0"')

    assert (answer.status, answer.code) == (412, "order_moves_changed")
    assert program.get("/order-moves").json["moves"]["completed"] == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"new": ["canceled"]}, 409, "order_move_locked"),
        ({"new": ["lost"]}, 422, "order_move_unknown"),
        ({"suspended": []}, 409, "order_moves_trap_orders"),
        ({"canceled": ["new"]}, 422, "invalid"),
        ({"new": "processing"}, 422, "invalid"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(program, journal_entries, change, status, code):
    answer = program.put("/order-moves", {"moves": {**DEFAULTS, **change}})

    assert (answer.status, answer.code, journal_entries()) == (status, code, 0)
