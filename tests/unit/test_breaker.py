"""The breaker of a provider account: every transition, in a table and one by one (W8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orderwright.payments.breaker import (
    TRIAL_PATIENCE,
    Breaker,
    Patience,
    after_answer,
    after_failure,
    is_answer,
    next_look,
)

AT = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
PATIENCE = Patience(failures=3, wait=timedelta(seconds=10), cool_down=timedelta(seconds=15))
LATER = AT + PATIENCE.cool_down

CLOSED = Breaker()
FAILING = Breaker(failures=2)
OPEN = Breaker(failures=3, opened_at=AT, next_try_at=LATER)
TRYING = Breaker(failures=3, opened_at=AT, next_try_at=LATER + TRIAL_PATIENCE, tried_by="mine")


@pytest.mark.parametrize(
    ("breaker", "after", "phase"),
    [
        (CLOSED, timedelta(0), "closed"),
        (FAILING, timedelta(0), "closed"),
        (OPEN, timedelta(0), "open"),
        (OPEN, PATIENCE.cool_down - timedelta(microseconds=1), "open"),
        (OPEN, PATIENCE.cool_down, "half_open"),
        (TRYING, PATIENCE.cool_down, "trying"),
        (TRYING, PATIENCE.cool_down + TRIAL_PATIENCE, "half_open"),  # whoever had the turn is gone
    ],
)
def test_the_phase_follows_from_the_times(breaker: Breaker, after: timedelta, phase: str) -> None:
    assert breaker.phase(AT + after) == phase


@pytest.mark.parametrize(
    ("before", "who", "then"),
    [
        (CLOSED, "mine", Breaker(failures=1)),
        (Breaker(failures=1), "mine", FAILING),
        (FAILING, "mine", OPEN),
        # A call that was out when it opened ends late: it is counted, the cool-down goes on as it was.
        (OPEN, "other", Breaker(failures=4, opened_at=AT, next_try_at=LATER)),
        (TRYING, "other", Breaker(failures=4, opened_at=AT, next_try_at=LATER + TRIAL_PATIENCE, tried_by="mine")),
        # The trial failed: the cool-down begins anew, and it is open since when it was.
        (TRYING, "mine", Breaker(failures=4, opened_at=AT, next_try_at=AT + PATIENCE.cool_down)),
    ],
)
def test_what_a_failure_leads_to(before: Breaker, who: str, then: Breaker) -> None:
    assert after_failure(before, PATIENCE, who=who, now=AT) == then


@pytest.mark.parametrize("before", [CLOSED, FAILING, OPEN, TRYING])
def test_any_answer_closes_it(before: Breaker) -> None:
    assert after_answer(before) == CLOSED


@pytest.mark.parametrize(
    ("breaker", "after", "mine", "others"),
    [
        (CLOSED, timedelta(0), True, True),
        (FAILING, timedelta(0), True, True),
        (OPEN, timedelta(0), False, False),
        (OPEN, PATIENCE.cool_down, False, False),  # first a turn has to be taken
        (TRYING, PATIENCE.cool_down, True, False),
        (TRYING, PATIENCE.cool_down + TRIAL_PATIENCE, False, False),
    ],
)
def test_who_may_call_without_asking_for_a_turn(breaker: Breaker, after: timedelta, mine: bool, others: bool) -> None:
    assert breaker.may_call("mine", now=AT + after) is mine
    assert breaker.may_call("other", now=AT + after) is others


def test_one_failure_is_enough_where_it_is_set_so() -> None:
    opened = after_failure(CLOSED, Patience(failures=1, cool_down=timedelta(minutes=5)), who="mine", now=AT)

    assert opened == Breaker(failures=1, opened_at=AT, next_try_at=AT + timedelta(minutes=5))


def test_what_waits_is_looked_at_after_the_cool_down_or_soon_while_a_trial_is_out() -> None:
    assert next_look(OPEN, PATIENCE, now=AT) == LATER
    assert next_look(TRYING, PATIENCE, now=LATER) == LATER + PATIENCE.wait


@pytest.mark.parametrize(
    ("status", "answers"),
    [
        (200, True),
        (401, True),
        (404, True),
        (429, False),
        (500, False),
        (503, False),
        (0, False),
        (None, False),
        ("404", False),
    ],
)
def test_a_provider_that_says_no_works_and_one_that_is_busy_or_broken_does_not(status: object, answers: bool) -> None:
    assert is_answer(status) is answers
