"""Retiring a state, its progress, its report and its undo, through the API."""

from __future__ import annotations

import pytest

from orderwright.outbox.models import BulkJob
from tests.support.working import work_on_jobs

ON_HOLD = {"name": "On hold", "color": "amber", "description": "Waiting.", "system_state": "processing"}


@pytest.fixture
def held(program, take_in):
    """Put two orders on hold, the second with money held, and return their numbers."""
    program.post("/order-states", ON_HOLD)
    numbers = [take_in(held=0).number, take_in().number]
    for number in numbers:
        program.post(f"/orders/{number}/state", {"state": "on-hold"})
    return numbers


def retire(program, to="processing", **headers):
    return program.post("/order-states/on-hold/retirement", {"to": to}, **headers)


def test_retiring_is_accepted_and_its_progress_can_be_followed(program, held, now):  # W2
    accepted = retire(program)
    job = accepted.headers["Location"]
    work_on_jobs(now=now, rows=1)
    half = program.get(job).json
    work_on_jobs(now=now)
    done = program.get(job).json

    assert (accepted.status, accepted.json["kind"], accepted.json["total"]) == (202, "retire_state", 2)
    assert (half["state"], half["done"]) == ("running", 1)
    assert (done["state"], done["done"], done["refused"], done["by"]) == ("done", 2, 0, "Storefront")
    assert program.get("/order-states/on-hold").json["stage"] == "retired"
    assert program.get("/bulk-jobs").json["items"] == [done]


def test_each_row_says_what_became_of_it(program, held, now):
    job = retire(program, to="completed").headers["Location"]
    work_on_jobs(now=now)

    rows = program.get(f"{job}/rows?outcome=refused").json["items"]
    first = program.get(f"{job}/rows?limit=1").json
    second = program.get(f"{job}/rows?limit=1&after={first['next']}").json

    assert [(row["reference"], row["code"]) for row in rows] == [
        (number, "completion_needs_confirmation") for number in held
    ]
    assert [page["items"][0]["reference"] for page in (first, second)] == held
    assert second["next"] is None
    assert (program.get(job).json["retried_by"], program.get(job).json["retried_at"]) == (None, None)
    again = program.post(f"{job}/retry").json
    assert (again["refused"], again["by"], again["retried_by"]) == (0, "Storefront", "Storefront")
    assert again["retried_at"] is not None


def test_what_was_undone_is_not_tried_again(program, held, now):
    job = retire(program, to="completed").headers["Location"]
    work_on_jobs(now=now)
    program.post(f"{job}/undo")
    work_on_jobs(now=now)

    again = program.post(f"{job}/retry")

    assert (again.status, again.code) == (409, "undone_already")
    assert program.get(job).json["retried_by"] is None


def test_undo_is_a_job_of_its_own(program, held, now):  # W2
    job = retire(program).json["id"]
    work_on_jobs(now=now)

    undone = program.post(f"/bulk-jobs/{job}/undo")
    work_on_jobs(now=now)

    assert (undone.status, undone.json["undoes"]) == (202, job)
    assert {program.get(f"/orders/{number}").json["state"]["slug"] for number in held} == {"on-hold"}
    again = program.post(f"/bulk-jobs/{job}/undo")
    assert (again.status, again.code) == (409, "undone_already")


def test_the_same_key_retires_once(program, held):  # I12
    first, second = (retire(program, idempotency_key="retire-1") for _ in range(2))

    assert first.content == second.content
    assert BulkJob.objects.count() == 1


@pytest.mark.parametrize(
    ("slug", "to", "status", "code"),
    [
        ("lost", "processing", 404, "order_state_unknown"),
        ("on-hold", "lost", 422, "order_state_unknown"),
        ("on-hold", "on-hold", 409, "retirement_target_unfit"),
        ("on-hold", "canceled", 409, "retirement_target_unfit"),
        ("processing", "new", 409, "state_is_default"),
    ],
)
def test_what_cannot_be_retired_so_is_refused(program, held, slug, to, status, code):
    answer = program.post(f"/order-states/{slug}/retirement", {"to": to})

    assert (answer.status, answer.code, BulkJob.objects.count()) == (status, code, 0)


def test_a_job_that_there_is_not_is_not_found(program):
    for method, tail in (("GET", ""), ("GET", "/rows"), ("POST", "/undo"), ("POST", "/retry")):
        answer = program.send(method, f"/bulk-jobs/7{tail}")
        assert (answer.status, answer.code) == (404, "bulk_job_not_found")


def test_who_may_only_look_retires_and_undoes_nothing(program, reader, held):
    job = retire(program).json["id"]

    assert reader.get(f"/bulk-jobs/{job}").status == 200
    assert retire(reader).status == 403
    assert reader.post(f"/bulk-jobs/{job}/undo").status == 403
    assert BulkJob.objects.get().state == "running"
