"""The provider's HTTP interface when all goes well, and every refusal with its status, code and lack of any effect."""

from __future__ import annotations

import re

import pytest

from tests.practice.calling import CARD


def test_an_authorisation_holds_the_amount_for_seven_days(caller):
    answer = caller.post(
        "/authorisations",
        {"amount": 59894, "currency": "USD", "card": CARD, "authorised_at": "2026-11-20T21:42:12Z"},
        key="op-1",
    )

    made = answer.document
    assert answer.status == 201
    assert re.fullmatch(r"auth_[0-9a-f]{12}", made.pop("id"))
    assert made == {
        "amount": 59894,
        "currency": "USD",
        "card": {"brand": "visa", "last4": "4242"},
        "captured": 0,
        "released": 0,
        "refunded": 0,
        "expired": made["expired"],  # as the state
        "state": made["state"],  # depends on the day on which the test runs
        "authorised_at": "2026-11-20T21:42:12Z",
        "expires_at": "2026-11-27T21:42:12Z",
        "movements": [],
    }


def test_a_reference_and_an_expiry_can_be_chosen(caller):
    caller.authorise(reference="auth_9f2c", expires_in=3600, authorised_at="2026-11-20T21:42:12Z")

    found = caller.look_up("auth_9f2c")
    assert (found["id"], found["expires_at"]) == ("auth_9f2c", "2026-11-20T22:42:12Z")


def test_a_reference_belongs_to_one_authorisation(caller):
    caller.authorise(reference="auth_9f2c")

    again = caller.post("/authorisations", {"amount": 1, "currency": "USD", "card": CARD, "reference": "auth_9f2c"})

    assert again.refused == (422, "reference_taken")
    assert caller.effects() == [("authorisation", 10000)]


def test_captures_reversals_and_refunds_are_movements_in_order(caller, hold):
    first = caller.capture(hold, 3000, key="op-a").document
    caller.capture(hold, 2000, key="op-b")
    caller.refund(first["id"], 500, key="op-c")
    caller.reverse(hold, key="op-d")

    found = caller.look_up(hold)
    assert {name: found[name] for name in ("amount", "captured", "released", "refunded", "state")} == {
        "amount": 10000,
        "captured": 5000,
        "released": 5000,
        "refunded": 500,
        "state": "part_captured",
    }
    assert [(one["kind"], one["amount"], one["capture"], one["idempotency_key"]) for one in found["movements"]] == [
        ("capture", 3000, None, "op-a"),
        ("capture", 2000, None, "op-b"),
        ("refund", 500, first["id"], "op-c"),
        ("reversal", 5000, None, "op-d"),
    ]
    assert found["movements"][0] == first


def test_a_movement_is_answered_as_the_look_up_shows_it(caller, hold):
    answer = caller.capture(hold, 3000, key="op-a")

    made = answer.document
    assert answer.status == 201
    assert re.fullmatch(r"cap_[0-9a-f]{12}", made["id"])
    assert {name: made[name] for name in made if name not in ("id", "at")} == {
        "kind": "capture",
        "authorisation": hold,
        "amount": 3000,
        "currency": "USD",
        "capture": None,
        "undoes": None,
        "idempotency_key": "op-a",
        "made_by": "api",
        "state": "succeeded",
    }


def test_a_reversal_can_release_a_part_and_closes_the_hold_for_captures(caller, hold):
    caller.reverse(hold, amount=4000)

    assert caller.capture(hold, 1).refused == (422, "hold_reversed")
    assert caller.reverse(hold).document["amount"] == 6000
    assert caller.effects(hold) == [("authorisation", 10000), ("reversal", 4000), ("reversal", 6000)]


def test_a_reversal_needs_no_body(caller, hold):
    assert caller.post(f"/authorisations/{hold}/reversal").document["amount"] == 10000


def test_a_hold_expires_on_the_virtual_clock_and_says_when(caller):
    hold = caller.authorise(expires_in=3600)
    caller.advance(3600)

    refused = caller.capture(hold, 1)

    assert refused.refused == (422, "hold_expired")
    assert refused.document["error"]["expires_at"] == caller.look_up(hold)["expires_at"]
    assert caller.reverse(hold).refused == (422, "hold_expired")
    assert caller.look_up(hold)["state"] == "expired"
    assert caller.effects(hold) == [("authorisation", 10000)]


def test_a_refund_works_long_after_the_hold_ended(caller, hold):
    capture = caller.capture(hold, 10000).document["id"]
    caller.advance(90 * 86400)

    assert caller.refund(capture, 10000).status == 201


@pytest.mark.parametrize(
    ("kind", "amount", "told"),
    [
        ("capture", 6001, {"code": "amount_exceeds_hold", "available": 6000}),
        ("capture", 0, {"code": "amount_invalid"}),
        ("capture", -5, {"code": "amount_invalid"}),
        ("capture", 10**12 + 1, {"code": "amount_invalid"}),
        ("reversal", 6001, {"code": "amount_exceeds_hold", "available": 6000}),
        ("reversal", 0, {"code": "amount_invalid"}),
        ("refund", 4001, {"code": "amount_exceeds_capture", "available": 4000}),
        ("refund", 0, {"code": "amount_invalid"}),
    ],
)
def test_an_amount_that_cannot_move_is_refused_and_nothing_moves(caller, hold, kind, amount, told):
    capture = caller.capture(hold, 4000).document["id"]
    before = caller.log()
    paths = {
        "capture": f"/authorisations/{hold}/captures",
        "reversal": f"/authorisations/{hold}/reversal",
        "refund": f"/captures/{capture}/refunds",
    }

    answer = caller.post(paths[kind], {"amount": amount})

    error = answer.document["error"]
    assert answer.status == 422
    assert {name: error.get(name) for name in told} == told
    assert error["message"]
    assert caller.log() == before


def test_each_capture_is_refunded_on_its_own(caller, hold):
    small = caller.capture(hold, 1000).document["id"]
    caller.capture(hold, 9000)

    assert caller.refund(small, 1001).refused == (422, "amount_exceeds_capture")
    assert caller.refund(small, 1000).status == 201
    assert caller.refund(small, 1).refused == (422, "amount_exceeds_capture")


def test_nothing_is_left_to_release_after_a_full_capture_or_reversal(caller):
    captured, reversed_ = caller.authorise(500), caller.authorise(500)
    caller.capture(captured, 500)
    caller.reverse(reversed_)

    assert caller.reverse(captured).refused == (422, "nothing_to_release")
    assert caller.reverse(reversed_).refused == (422, "nothing_to_release")


def test_a_currency_that_nobody_knows_is_refused(caller):
    answer = caller.post("/authorisations", {"amount": 1, "currency": "XXX", "card": CARD})

    assert answer.refused == (422, "currency_unknown")
    assert caller.effects() == []


@pytest.mark.parametrize(
    "path", ["/authorisations/auth_none/captures", "/authorisations/auth_none/reversal", "/captures/cap_none/refunds"]
)
def test_what_is_not_there_cannot_be_moved(caller, path):
    assert caller.post(path, {"amount": 1}).refused == (404, "not_found")


def test_a_refund_needs_a_capture_and_not_another_movement(caller, hold):
    reversal = caller.reverse(hold).document["id"]

    assert caller.refund(reversal, 1).refused == (404, "not_found")
    assert caller.refund(hold, 1).refused == (404, "not_found")


def test_a_refund_that_names_its_hold_gives_no_other_holds_capture_back(caller, hold):
    elsewhere = caller.authorise(500)
    capture = caller.capture(elsewhere, 500).document["id"]

    assert caller.refund(capture, 500, authorisation=hold).refused == (404, "not_found")
    assert caller.refund(capture, 500, authorisation=5).refused == (400, "invalid_request")
    assert caller.refund(capture, 500, authorisation=elsewhere).status == 201


def test_unknown_addresses_and_methods_are_told_apart(caller):
    assert caller.get("/authorisations/auth_none").refused == (404, "not_found")
    assert caller.get("/nothing").refused == (404, "not_found")
    assert caller.get("/authorisations").refused == (405, "method_not_allowed")
    assert caller.send("PUT", "/faults").refused == (405, "method_not_allowed")


def test_the_past_can_be_seeded(caller):
    hold = caller.authorise(authorised_at="2026-01-01T10:00:00Z", reference="auth_seed")

    capture = caller.capture(hold, 4000, at="2026-01-02T10:00:00Z", made_by="dashboard").document
    refund = caller.refund(capture["id"], 1000, at="2026-02-01T10:00:00+01:00").document

    assert (capture["at"], capture["made_by"]) == ("2026-01-02T10:00:00Z", "dashboard")
    assert refund["at"] == "2026-02-01T09:00:00Z"
    assert [effect["at"] for effect in caller.log()] == [
        "2026-01-01T10:00:00Z",
        "2026-01-02T10:00:00Z",
        "2026-02-01T09:00:00Z",
    ]


def test_a_seeded_capture_obeys_the_expiry_of_its_own_day(caller):
    hold = caller.authorise(authorised_at="2026-01-01T10:00:00Z")

    assert caller.capture(hold, 1, at="2026-01-08T10:00:00Z").refused == (422, "hold_expired")
    assert caller.capture(hold, 1, at="2025-12-31T10:00:00Z").refused == (400, "invalid_request")
    assert caller.capture(hold, 1, at="2026-01-08T09:59:59Z").status == 201


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:00", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-23:00"])
def test_times_far_from_ours_are_refused(caller, hold, at):
    assert caller.capture(hold, 1, at=at).refused == (400, "invalid_request")


def test_the_effect_log_has_every_movement_once_and_in_pages(caller, hold):
    capture = caller.capture(hold, 7000, key="op-a").document
    caller.refund(capture["id"], 7000, key="op-b")
    other = caller.authorise(500)

    first = caller.get("/effects?limit=2").document
    second = caller.get(f"/effects?after={first['next']}&limit=2").document

    assert [effect["sequence"] for effect in first["items"] + second["items"]] == [1, 2, 3, 4]
    assert second["next"] is None
    assert first["items"][1] == {
        "sequence": 2,
        "kind": "capture",
        "authorisation": hold,
        "id": capture["id"],
        "amount": 7000,
        "currency": "USD",
        "idempotency_key": "op-a",
        "at": capture["at"],
    }
    assert caller.effects(other) == [("authorisation", 500)]


@pytest.mark.parametrize(
    "query",
    [
        *("after=-1", "after=x", "after=1.5", "after=", "after=99999999999999999999", "after=1&after=2", "after"),
        *("limit=0", "limit=10001", "page=1", "authorisation=%ff"),
    ],
)
def test_queries_of_the_effect_log_are_checked(caller, query):
    assert caller.get(f"/effects?{query}").refused == (400, "invalid_request")


def test_the_clock_goes_forward_and_back_to_the_machines(caller):
    before = caller.get("/clock").document["now"]
    caller.advance(86400.5)
    ahead = caller.get("/clock").document

    assert ahead["ahead_seconds"] == 86400
    assert ahead["now"] > before
    assert caller.post("/clock", {"reset": True}, key=None).document["ahead_seconds"] == 0


@pytest.mark.parametrize(
    "document",
    [
        *({}, {"advance": -1}, {"advance": "1"}, {"advance": True}, {"advance": 10**12}, {"reset": False}),
        *({"advance": 1, "reset": True}, {"reset": 1}, {"now": "2026-01-01T00:00:00Z"}),
    ],
)
def test_the_clock_takes_steps_forward_and_nothing_else(caller, document):
    assert caller.post("/clock", document, key=None).refused == (400, "invalid_request")
    assert caller.get("/clock").document["ahead_seconds"] == 0


def test_the_clock_never_leaves_the_calendar(caller):
    decade = {"advance": 10 * 365 * 86400}
    answers = [caller.post("/clock", decade, key=None).status for _ in range(20)]

    assert set(answers) == {200, 400}
    assert caller.authorise(expires_in=10 * 365 * 86400)


def test_the_health_check_answers_with_the_time(caller):
    answer = caller.get("/healthz")

    assert (answer.status, answer.document["status"]) == (200, "ok")
