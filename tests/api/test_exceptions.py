"""Exceptions and provider drift through the API: what needs a person, and what a person may decide."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from orderwright.accounts.models import Role
from orderwright.api import shapes
from orderwright.payments.models import Drift, Operation
from tests.api.program import program_with
from tests.support.practice import rfc3339


@pytest.fixture
def key(clerk, order, practice):
    """Have a capture whose answer named another amount; the money did move."""
    practice.fault("wrong_amount", "capture")
    clerk.capture(order, 30900)
    return clerk.result.key


@pytest.fixture
def drift(clerk, order, practice):
    """Have a capture at the provider that does not fit while another amount is reserved."""
    practice.fault("drop_before", "capture")
    clerk.capture(order, 30000)
    practice.capture_by_hand(order.payments[0].reference, 40000)
    clerk.sync_payments(order)
    return Drift.objects.get()


def test_exceptions_are_listed_with_the_evidence_and_what_helps(program, order, key):
    answer = program.get("/exceptions")

    (entry,) = answer.json["items"]
    assert (entry["problem"], entry["kind"], entry["amount"], entry["currency"]) == ("manual", "capture", 30900, "USD")
    assert (entry["order"], entry["key"], entry["attempts"], entry["by"]) == (order.number, key, 1, "Mia Chen")
    assert entry["actions"] == ["settlement"]
    assert msgspec.json.decode(answer.content, type=shapes.ExceptionPage).next is None
    assert program.get("/exceptions?problem=stuck").json["items"] == []


def test_a_reader_sees_them_and_may_do_nothing(reader, key):
    assert reader.get("/exceptions").json["items"][0]["actions"] == []
    for path, body in (
        (f"/operations/{key}/settlement", {"happened": False, "reason": "x"}),
        (f"/operations/{key}/check", None),
    ):
        assert reader.post(path, body).status == 403
    assert Operation.objects.get(key=key).state == "manual"


def test_settling_by_hand_books_the_capture_once(program, order, practice, key):
    reference = practice.movements(order.payments[0].reference)[0]["id"]
    body = {"happened": True, "reason": "The dashboard shows it.", "reference": reference}

    answer = program.post(f"/operations/{key}/settlement", body, idempotency_key="s-1")
    again = program.post(f"/operations/{key}/settlement", body, idempotency_key="s-1")

    assert answer.status == again.status == 200
    assert (answer.json["operation"]["state"], answer.json["payment"]["captured"]) == ("succeeded", 30900)
    refused = program.post(f"/operations/{key}/settlement", body)
    assert (refused.status, refused.code) == (409, "operation_ended")


def test_a_settlement_without_a_reference_points_at_it(program, key):
    answer = program.post(f"/operations/{key}/settlement", {"happened": True, "reason": "Seen."})

    assert (answer.status, answer.faults) == (422, [("/reference", "required")])


def test_a_key_that_asked_for_it_does_not_settle_it_where_two_are_needed(order, practice, now):
    program = program_with("Tills", "orders.view", "payments.capture", "payments.settle")
    Role.objects.filter(slug="role-of-Tills").update(needs_second_person=True)
    practice.fault("wrong_amount", "capture")
    program.post(f"/orders/{order.number}/payments/{order.payments[0].id}/captures", {"amount": 100})
    key = Operation.objects.get(kind="capture").key
    reference = practice.movements(order.payments[0].reference)[0]["id"]

    answer = program.post(
        f"/operations/{key}/settlement", {"happened": True, "reason": "Seen.", "reference": reference}
    )

    assert (answer.status, answer.code) == (409, "needs_second_person")
    assert Operation.objects.get(key=key).state == "manual"


def test_checking_again_answers_how_it_went(program, clerk, order, practice):
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)

    answer = program.post(f"/operations/{clerk.result.key}/check")

    assert (answer.status, answer.json["operation"]["state"]) == (200, "succeeded")
    assert program.post("/operations/op_nothing/check").code == "operation_not_found"


def test_a_refused_capture_can_be_dismissed(program, clerk, order, practice):
    practice.fault("decline", "capture")
    clerk.capture(order, 30900)
    assert program.get("/exceptions").json["items"][0]["actions"] == ["dismissal"]

    assert program.post(f"/operations/{clerk.result.key}/dismissal").status == 200

    assert program.get("/exceptions").json["items"] == []


def test_only_showing_a_sync_books_nothing(program, practice, order):
    practice.capture_by_hand(order.payments[0].reference, 5000)

    shown = program.post(f"/orders/{order.number}/payments/sync", {"apply": False})
    applied = program.post(f"/orders/{order.number}/payments/sync", {"apply": True})

    (found,) = shown.json["found"]
    assert (found["there"], found["here"], found["fits"], found["applied"]) == (5000, None, True, False)
    assert shown.json["payments"][0]["captured"] == 0
    assert (applied.json["found"][0]["applied"], applied.json["payments"][0]["captured"]) == (True, 5000)


def test_differences_are_listed_and_decided(program, order, drift):
    (shown,) = program.get("/drift").json["items"]
    assert (shown["order"], shown["kind"], shown["there"], shown["here"]) == (order.number, "capture", 40000, None)
    path = f"/drift/{drift.pk}/decision"
    assert program.post(path, {"decision": "accept"}).faults == [("/note", "required")]

    answer = program.post(path, {"decision": "investigate", "note": "Asked support."})

    assert (answer.status, answer.json["booked"], answer.json["drift"]["state"]) == (200, False, "investigating")
    assert program.get("/drift?view=accepted").json["items"] == []
    accepted = program.post(path, {"decision": "accept", "note": "Settled by letter."})
    assert accepted.json["drift"]["state"] == "accepted"
    assert program.post(path, {"decision": "accept", "note": "x"}).code == "drift_decided"


@pytest.mark.parametrize("path", ["/exceptions", "/drift"])
def test_a_page_costs_one_statement_and_a_strange_cursor_is_refused(program, drift, statements, path):
    with statements() as counted:
        assert program.get(path).status == 200

    assert counted.count == 1 + 1, counted
    assert program.get(f"{path}?after=nonsense").code == "cursor_invalid"


def test_a_day_of_the_providers_list_is_compared_and_listed(program, site, fresh_practice, now):
    yesterday = now - timedelta(days=1)
    unknown = fresh_practice.authorise(4000, at=yesterday)
    capture = {"amount": 4000, "at": rfc3339(yesterday)}
    fresh_practice._call("POST", f"/authorisations/{unknown}/captures", capture)
    path = "/provider-accounts/practice/reconciliations"

    answer = program.post(path, {"day": "2026-11-20"})

    assert (answer.status, answer.json["listed"], answer.json["differences"]) == (200, 1, 1)
    assert answer.json["totals"] == [
        {"currency": "USD", "captured_there": 4000, "captured_here": 0, "refunded_there": 0, "refunded_here": 0}
    ]
    assert program.get("/reconciliations?provider=practice").json["items"] == [answer.json]
    assert program.get("/reconciliations?provider=nobody").json["items"] == []
    (shown,) = program.get("/drift").json["items"]
    assert (shown["found_by"], shown["order"], shown["payment"]) == ("list", None, None)
    assert (shown["payment_reference"], shown["there"], shown["here"]) == (unknown, 4000, None)


@pytest.mark.parametrize(("day", "code"), [("2026-11-21", "day_not_over"), ("yesterday", "not_a_day")])
def test_a_day_that_cannot_be_compared_is_refused_at_its_field(program, site, practice, day, code):
    answer = program.post("/provider-accounts/practice/reconciliations", {"day": day})

    assert (answer.status, answer.faults) == (422, [("/day", code)])
    assert program.get("/reconciliations").json["items"] == []
