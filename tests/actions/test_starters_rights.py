"""A bulk job goes on with the rights that whoever began it has at that moment, and no further (W11, W12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.accounts.actors import present_actor
from orderwright.accounts.keys import add_secret, create_key, find_actor
from orderwright.accounts.models import ApiKey, ApiKeySecret, Role, RoleGrant, User
from orderwright.actions import (
    add_state,
    deactivate_person,
    retire_state,
    retirement_rows,
    retry_retirement,
    revoke_api_key,
    undo_retirement,
)
from orderwright.core.actor import SYSTEM, Actor
from orderwright.core.errors import Conflict
from orderwright.journal.models import Entry
from orderwright.reads.bulk_jobs import read_job, read_rows
from orderwright.reads.order_states import read_state
from tests.support.rivals import meanwhile
from tests.support.working import work_on_jobs


@pytest.fixture
def held(clerk: Any) -> str:
    """Add a state of the shop's own, On hold, and return its slug."""
    return add_state.run(
        name="On hold", color="violet", description="", system_state="processing", actor=clerk.actor, now=clerk.now
    )


@pytest.fixture
def three(take_in: Any, clerk: Any, held: str) -> list[Any]:
    """Put three orders on hold."""
    return [clerk.change_state(take_in(held=0), held) for _ in range(3)]


@pytest.fixture
def key(clerk: Any) -> Actor:
    """Return a program that may configure and move orders."""
    role = Role.objects.create(slug="back-office", name="Back office", permissions=list(retire_state.PERMISSIONS))
    found = find_actor(create_key(name="Back office", role=role, now=clerk.now), now=clerk.now)
    assert found is not None
    return found


def outcomes(job: int) -> list[tuple[str, str]]:
    return [(row.state, row.code) for row in read_rows(job_id=job).items]


def deactivate(who: Any) -> None:
    User.objects.filter(pk=who.user.pk).update(is_active=False)


def revoked(clerk: Any, key: Actor) -> None:
    revoke_api_key.run(key_id=int(key.ref), actor=clerk.actor, now=clerk.now)


def narrowed(clerk: Any, key: Actor) -> None:
    ApiKey.objects.filter(pk=key.ref).update(scopes=["orders.change_state"])


def expired(clerk: Any, key: Actor) -> None:
    ApiKey.objects.filter(pk=key.ref).update(expires_at=clerk.now)


@pytest.mark.parametrize(
    ("lose", "said"),
    [
        (revoked, "Back office, who asked for this, may not act here any more."),
        (expired, "Back office, who asked for this, may not act here any more."),
        (narrowed, "Back office, who asked for this, may not do it any more: Change Order Configurations."),
    ],
)
def test_a_key_that_loses_its_rights_midway_moves_no_further_order(
    clerk: Any, key: Actor, three: list[Any], held: str, lose: Callable[[Any, Actor], None], said: str
) -> None:
    job = retire_state.run(slug=held, to="processing", actor=key, now=clerk.now)
    work_on_jobs(now=clerk.now, rows=1)

    lose(clerk, key)
    work_on_jobs(now=clerk.now)

    assert outcomes(job) == [("done", ""), *[("refused", "starter_lacks_rights")] * 2]
    assert read_rows(job_id=job).items[1].message == said
    assert [clerk.sees(order).state.slug for order in three] == ["processing", held, held]
    assert Entry.objects.filter(kind="order.state_changed", actor_kind="key").count() == 1
    assert (read_state(slug=held).stage, read_job(job_id=job).beyond_rights) == ("retiring", 2)


def test_what_a_deactivated_person_left_somebody_else_does_in_their_own_name(
    clerk: Any, colleague: Any, three: list[Any], held: str
) -> None:
    job = retire_state.run(slug=held, to="processing", actor=colleague.actor, now=clerk.now)
    work_on_jobs(now=clerk.now, rows=1)
    deactivate_person.run(user_id=colleague.user.pk, actor=clerk.actor, now=clerk.now)
    work_on_jobs(now=clerk.now)
    assert [code for _state, code in outcomes(job)] == ["", *["starter_lacks_rights"] * 2]

    retry_retirement.run(job_id=job, actor=clerk.actor, now=clerk.now)
    work_on_jobs(now=clerk.now)

    assert [state for state, _code in outcomes(job)] == ["done"] * 3
    moved = Entry.objects.filter(kind="order.state_changed", why="On hold retired").order_by("id")
    assert [entry.actor_name for entry in moved] == ["Ravi Patel", "Mia Chen", "Mia Chen"]
    assert read_state(slug=held).stage == "retired"


def test_who_is_deactivated_while_a_row_waits_for_its_lock_moves_no_order(
    clerk: Any, colleague: Any, three: list[Any], held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = retire_state.run(slug=held, to="processing", actor=colleague.actor, now=clerk.now)
    meanwhile(monkeypatch, retirement_rows, "lock_order", partial(deactivate, colleague))

    work_on_jobs(now=clerk.now, rows=1)

    assert outcomes(job)[0] == ("refused", "starter_lacks_rights")
    assert clerk.sees(three[0]).state.slug == held


def test_who_is_deactivated_while_a_row_waits_for_its_lock_puts_no_order_back(
    clerk: Any, colleague: Any, three: list[Any], held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = retire_state.run(slug=held, to="processing", actor=clerk.actor, now=clerk.now)
    work_on_jobs(now=clerk.now)
    undoing = undo_retirement.run(job_id=job, actor=colleague.actor, now=clerk.now)
    meanwhile(monkeypatch, retirement_rows, "lock_order", partial(deactivate, colleague))

    work_on_jobs(now=clerk.now, rows=1)

    assert outcomes(undoing)[0] == ("refused", "starter_lacks_rights")
    assert clerk.sees(three[0]).state.slug == "processing"


@pytest.mark.parametrize(
    ("is_deactivated", "actor", "why"),
    [
        (False, "Ravi Patel", ""),
        (True, SYSTEM.name, "No order is left; Ravi Patel, who asked for it, may not do this any more"),
    ],
)
def test_the_end_is_told_of_whoever_asked_while_they_may_and_else_of_the_desk_itself(
    clerk: Any, colleague: Any, three: list[Any], held: str, *, is_deactivated: bool, actor: str, why: str
) -> None:
    job = retire_state.run(slug=held, to="processing", actor=colleague.actor, now=clerk.now)
    work_on_jobs(now=clerk.now, rows=3)
    assert read_job(job_id=job).state == "running"
    User.objects.filter(pk=colleague.user.pk).update(is_active=not is_deactivated)

    work_on_jobs(now=clerk.now)

    entry = Entry.objects.get(kind="order_state.retired")
    assert (entry.actor_name, entry.why) == (actor, why)
    assert (read_state(slug=held).stage, read_job(job_id=job).state) == ("retired", "done")


def test_whose_role_is_taken_and_given_back_goes_on_where_they_were(
    clerk: Any, colleague: Any, three: list[Any], held: str
) -> None:
    role = RoleGrant.objects.get(user=colleague.user).role
    job = retire_state.run(slug=held, to="processing", actor=colleague.actor, now=clerk.now)
    RoleGrant.objects.filter(user=colleague.user).delete()
    work_on_jobs(now=clerk.now, rows=2)
    RoleGrant.objects.create(user=colleague.user, role=role)

    work_on_jobs(now=clerk.now)

    assert [state for state, _code in outcomes(job)] == ["refused", "refused", "done"]


def test_what_an_undo_left_for_want_of_rights_is_tried_again_and_what_was_touched_is_not(
    clerk: Any, colleague: Any, three: list[Any], held: str
) -> None:
    job = retire_state.run(slug=held, to="processing", actor=clerk.actor, now=clerk.now)
    work_on_jobs(now=clerk.now)
    clerk.add_note(three[0], "Called the customer.")
    undoing = undo_retirement.run(job_id=job, actor=colleague.actor, now=clerk.now)
    User.objects.filter(pk=colleague.user.pk).update(is_active=False)
    work_on_jobs(now=clerk.now)
    assert outcomes(undoing) == [("refused", "starter_lacks_rights")] * 3

    retry_retirement.run(job_id=undoing, actor=clerk.actor, now=clerk.now)
    work_on_jobs(now=clerk.now)

    assert outcomes(undoing) == [("refused", "touched_since"), ("done", ""), ("done", "")]
    with pytest.raises(Conflict) as refused:
        retry_retirement.run(job_id=undoing, actor=clerk.actor, now=clerk.now)
    assert refused.value.code == "nothing_to_retry"


def test_a_key_acts_while_one_of_its_secrets_does(clerk: Any, key: Actor) -> None:
    later = clerk.now + timedelta(hours=2)
    ApiKeySecret.objects.filter(key_id=key.ref).update(ends_at=clerk.now + timedelta(hours=1))
    assert present_actor(key, now=clerk.now) == key
    assert present_actor(key, now=later) is None

    add_secret(ApiKey.objects.get(pk=key.ref), now=clerk.now)

    assert present_actor(key, now=later) == key


def test_the_desk_itself_stays_what_it_is(clerk: Any) -> None:
    assert present_actor(SYSTEM, now=clerk.now) is SYSTEM
