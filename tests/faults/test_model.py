"""A random walk of orders, money, provider and clock: after every step the desk is where a plain model of it is (FR1).

A run prints its seed; `HYPOTHESIS_SEED=<seed>` walks the same way again, and shrinks what it finds.
"""

from __future__ import annotations

import os

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import run_state_machine_as_test

from orderwright.actions import cancellation_progress, settle_operation
from orderwright.core.ids import operation_key
from orderwright.payments import operations
from tests.faults.machine import Desk
from tests.faults.watched import World
from tests.support.rounds import FACTOR, seed_of

pytestmark = pytest.mark.fault

STEPS_A_WALK = 40
# In each of the parts below, so that two processes can share them: two thousand on SQLite. A step takes PostgreSQL
# twice as long, so half as many there, but in a soak.
STEPS = 250 if FACTOR == 1 and os.environ.get("TEST_STAGE") == "postgresql" else 500
PARTS = 4
WALKS_A_SEED = 5
# A wrong desk has to be found out within so many walks.
WALKS_TO_FIND = 60


def walk(world, *, seed, walks):
    """Walk so many times; raises when the desk leaves the model, with the steps that led there."""
    phases = [Phase.generate, *([Phase.shrink] if "HYPOTHESIS_SEED" in os.environ else [])]
    settings = hypothesis.settings(
        max_examples=walks,
        stateful_step_count=STEPS_A_WALK,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine = hypothesis.seed(seed)(type("Desk", (Desk,), {"world": world}))
    run_state_machine_as_test(machine, settings=settings)


@pytest.fixture
def world(db, pristine, practice, impatient, now):
    return World(practice=practice, restore=pristine.restore, now=now)


@pytest.mark.timeout(600 * FACTOR)
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_happens_in_whatever_order_the_desk_is_where_the_model_is(world, figure, part):  # FR1, I1–I8
    first = seed = seed_of(part, of=PARTS)
    while world.steps < STEPS * FACTOR:
        try:
            walk(world, seed=seed, walks=WALKS_A_SEED)
        except BaseException as error:
            error.add_note(f"HYPOTHESIS_SEED={seed} walks this way again")
            raise
        seed += 1

    figure(
        "FR1",
        "random walk of orders, payments, provider and clock",
        steps=world.steps,
        walks=world.walks,
        acts=world.acts,
        refusals_foretold=world.refusals,
        faults=world.faults,
        movements_found_by_sync=world.found,
        first_seed=[first],
    )


# A desk with a flaw is found out --------------------------------------------------------------------------------------


def a_fresh_key_for_every_try(monkeypatch):
    """Repeat a call under another key than the first time, as an integration does that keeps none."""
    plain = operations.call_of

    def careless(operation, payment):
        call = plain(operation, payment)
        return type(call)(**{**{name: getattr(call, name) for name in call.__slots__}, "key": operation_key()})

    monkeypatch.setattr(settle_operation, "call_of", careless)


def silence_is_a_no(monkeypatch):
    """Take a call without an answer for one that was refused."""
    refused = {"state": "failed", "failure_code": "no_answer", "failure_message": "No answer.", "due_at": None}
    monkeypatch.setattr(operations, "_unknown", lambda why, due_at: refused)


def a_cancellation_is_done_when_its_legs_have_ended(monkeypatch):
    """Do not look whether money is left."""
    monkeypatch.setattr(cancellation_progress, "_is_settled", lambda order: True)


@pytest.mark.breaks_invariants
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "flaw", [a_fresh_key_for_every_try, silence_is_a_no, a_cancellation_is_done_when_its_legs_have_ended]
)
def test_the_walk_finds_a_flaw_out(world, figure, monkeypatch, flaw):
    """The canary: were the walk blind, all is well would say nothing."""
    flaw(monkeypatch)

    with pytest.raises(AssertionError):
        walk(world, seed=3, walks=WALKS_TO_FIND)

    figure("FR1", "flaws put in on purpose, and found out", flaws=1, found=1, walks_until_found=world.walks)
