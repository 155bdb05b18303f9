"""The API does what its OpenAPI file says, at every bound of it and within (FH1, I19): schemathesis, all checks.

A run prints its seed; `HYPOTHESIS_SEED=<seed>` asks the same again.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import hypothesis
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from orderwright.actions import add_carrier, delete_carrier
from orderwright.api import problems
from orderwright.api.answers import answer
from orderwright.api.door import ApiKey
from orderwright.api.routes import shipping
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Invalid
from tests.api.program import BASE, mark_used, program_with
from tests.matrix.described import NOT_ASKED, Described, walking
from tests.matrix.floor import Floor
from tests.support.rounds import FACTOR, seed_of

# Thousands of requests each.
pytestmark = [pytest.mark.fault, pytest.mark.timeout(300 * FACTOR)]

# Per operation; there are some six thousand at the bounds of all.
PROBES = 8 * FACTOR
MADE_UP = FACTOR
# Walks at a time, until so many things were made, and so many deleted.
WALKS, STEPS, DELETED = 6, 12, 3 * FACTOR


@pytest.fixture
def one_connection(db: None) -> Iterator[None]:
    """Let the application keep the test's connection over its requests, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def key(one_connection: None, now: Any) -> str:
    """Give the key of a program that may do everything."""
    program = program_with("Reader of files", role="administrator")
    mark_used(now)
    return str(program.key)


@pytest.fixture
def described(floor: Floor, key: str) -> Callable[..., Described]:
    """Give the desk as it is described, with something behind every address."""
    return lambda **more: Described(key, floor.places["here"], **more)


@pytest.fixture
def plain(key: str, caplog: Any) -> Callable[[], Described]:
    """Give it with what every installation begins with."""
    caplog.set_level(logging.CRITICAL)
    return lambda: Described(key, {"/carriers/{slug}": "fedex"})


def made_up(examples: int, **more: Any) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )


def test_all_checks_are_made_but_those_that_are_left_out_with_a_reason(plain: Callable[[], Described]) -> None:
    load_all_checks()
    checks = plain().schema.config.checks_config_for()

    made = {name for name in CHECKS.get_all_names() if checks.get_by_name(name=name).enabled}

    assert made == set(CHECKS.get_all_names()) - set(NOT_ASKED)
    assert len(made) >= 12


def test_every_operation_answers_at_the_bounds_of_what_is_described(described: Any, figure: Any) -> None:
    desk = described(has_wrong_keys=True)
    seed = seed_of()
    chosen = random.Random(seed)
    cases, wrong = 0, []

    for operation in desk.operations:
        probes = desk.probes(operation)
        for case in chosen.sample(probes, min(PROBES, len(probes))):
            cases += 1
            wrong += desk.differences(case)

    figure(
        "FH1",
        "the OpenAPI file, each operation at the bounds of what it takes",
        operations=len(desk.operations),
        cases=cases,
        failures=len(wrong),
        first_seed=[seed],
    )
    assert wrong == [], f"HYPOTHESIS_SEED={seed}: {len(wrong)}: " + "\n".join(wrong[:40])
    assert cases > 700


def test_every_operation_answers_whatever_is_made_up_of_what_is_described(described: Any, figure: Any) -> None:
    desk = described()
    seed = seed_of()
    cases, wrong = 0, []

    for operation in desk.operations:
        for mode in GenerationMode:

            @hypothesis.seed(seed)
            @made_up(MADE_UP)
            @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                nonlocal cases
                cases += 1
                wrong.extend(desk.differences(case))

            with suppress(Unsatisfiable):  # nothing about it can be wrong
                ask()

    figure(
        "FH1",
        "the OpenAPI file, each operation with what is made up within and beyond it",
        operations=len(desk.operations),
        cases=cases,
        failures=len(wrong),
        first_seed=[seed],
    )
    assert wrong == [], f"HYPOTHESIS_SEED={seed}: {len(wrong)}: " + "\n".join(wrong[:40])


def test_what_was_made_is_there_and_what_was_deleted_is_gone(described: Any, figure: Any) -> None:
    seed = seed_of()
    answered: Counter[tuple[str, int]] = Counter()
    wrong: list[str] = []

    desk = described()
    for nth in count(seed):
        walk = hypothesis.seed(nth)(walking(desk, answered=answered, wrong=wrong))
        walk.run(settings=made_up(WALKS, stateful_step_count=STEPS))
        made, deleted = answered["POST", 201], answered["DELETE", 204]
        if min(made, deleted) >= DELETED or wrong:
            break

    figure(
        "FH1",
        "the OpenAPI file, walks that make, change and delete things",
        requests=answered.total(),
        made=made,
        deleted=deleted,
        failures=len(wrong),
        first_seed=[seed],
    )
    assert wrong == [], f"HYPOTHESIS_SEED={seed}: {len(wrong)}: " + "\n".join(wrong[:40])


# A desk with a flaw is found out --------------------------------------------------------------------------------------


def breaks_down(_value: Any, **_more: Any) -> HttpResponse:
    raise RuntimeError("on purpose")


def is_a_teapot(value: Any, **_more: Any) -> HttpResponse:
    return answer(value, status=418)


def is_plain_text(_value: Any, **_more: Any) -> HttpResponse:
    return HttpResponse("three carriers", content_type="text/plain")


def has_a_number_for_a_list(_value: Any, **_more: Any) -> HttpResponse:
    return answer({"items": 3})


@pytest.mark.parametrize(
    ("flaw", "found"),
    [
        (breaks_down, "ServerError"),
        (is_a_teapot, "UndefinedStatusCode"),
        (is_plain_text, "UndefinedContentType"),
        (has_a_number_for_a_list, "JsonSchemaError"),
    ],
)
def test_an_answer_that_the_file_does_not_describe_is_found_out(
    plain: Callable[[], Described], monkeypatch: Any, flaw: Any, found: str
) -> None:
    monkeypatch.setattr(shipping, "answer", flaw)

    assert found in " ".join(differences(plain(), "GET", "/carriers"))


def test_a_door_that_opens_without_a_key_is_found_out(plain: Callable[[], Described], monkeypatch: Any) -> None:
    monkeypatch.setattr(ApiKey, "__call__", lambda *_request: SYSTEM)

    assert "IgnoredAuth" in " ".join(differences(plain(), "GET", "/carriers"))


def test_a_bound_that_is_described_and_not_kept_is_found_out(plain: Callable[[], Described], monkeypatch: Any) -> None:
    monkeypatch.setattr(problems, "problem", lambda _error: answer({}, status=201))

    assert "AcceptedNegativeData" in " ".join(differences(plain(), "POST", "/carriers"))


def test_a_bound_that_is_kept_and_not_described_is_found_out(plain: Callable[[], Described], monkeypatch: Any) -> None:
    def refuse(**_asked: Any) -> None:
        raise Invalid("Too far.", code="out_of_range")

    monkeypatch.setattr(add_carrier, "run", refuse)

    assert "RejectedPositiveData" in " ".join(differences(plain(), "POST", "/carriers"))


def test_a_thing_that_is_there_after_it_was_deleted_is_found_out(
    plain: Callable[[], Described], monkeypatch: Any
) -> None:
    monkeypatch.setattr(delete_carrier, "run", lambda **_asked: None)
    wrong: list[str] = []

    walk = hypothesis.seed(1)(walking(plain(), answered=Counter(), wrong=wrong, only="carriers"))
    walk.run(settings=made_up(WALKS, stateful_step_count=STEPS))

    assert any("UseAfterFree" in found for found in wrong)


def differences(desk: Described, method: str, path: str) -> list[str]:
    """Return what is found at the bounds of one operation."""
    operation = desk.schema[f"{BASE}{path}"][method]
    return [found for case in desk.probes(operation) for found in desk.differences(case)]
