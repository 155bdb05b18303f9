"""One answer to "may I, how much, and why not", and what it becomes when somebody acts against it."""

from __future__ import annotations

import pytest

from orderwright.core.actor import SYSTEM, Actor, Grant
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.errors import Conflict, NotFound, OrderwrightError, Refused, Stale


def test_yes_comes_with_its_limits_and_stops_nobody():
    answer = allowed(most_minor=28994, currency="USD")

    assert answer == Availability(allowed=True, code="", reason="", limits={"most_minor": 28994, "currency": "USD"})
    assert answer.require() is None


def test_no_becomes_a_conflict_with_the_same_code_reason_and_facts():
    answer = refused("hold_expired", "The hold ended on 2026-11-27.", expires_at="2026-11-27T21:42:12Z")

    with pytest.raises(Conflict) as stopped:
        answer.require()

    assert (stopped.value.code, stopped.value.status) == ("hold_expired", 409)
    assert stopped.value.message == "The hold ended on 2026-11-27."
    assert stopped.value.facts == {"expires_at": "2026-11-27T21:42:12Z"}


def test_a_missing_permission_becomes_a_refusal_and_no_conflict():
    with pytest.raises(Refused) as stopped:
        refused("not_permitted", "You may not capture payments.").require()

    assert (stopped.value.code, stopped.value.status) == ("not_permitted", 403)


def test_an_error_raised_with_a_code_of_its_own_leaves_the_class_as_it_was():
    assert Conflict("No.", code="order_canceled").code == "order_canceled"
    assert Conflict("No.").code == "conflict"


def test_kinds_of_errors_have_the_status_of_their_answer():
    statuses = {kind.__name__: kind.status for kind in (NotFound, Conflict, Stale, Refused, OrderwrightError)}

    assert statuses == {"NotFound": 404, "Conflict": 409, "Stale": 412, "Refused": 403, "OrderwrightError": 500}
    assert issubclass(Stale, Conflict)


@pytest.mark.parametrize("kind", ["person", "key", "provider"])
def test_people_programs_and_providers_may_do_what_they_were_granted(kind):
    actor = Actor(kind=kind, ref="1", name="Mia Chen", grants=(Grant(permissions=frozenset({"orders.view"})),))

    assert actor.can("orders.view")
    assert not actor.can("payments.capture")


def test_the_system_and_its_rules_need_no_grant():
    assert SYSTEM.can("payments.capture")
    assert Actor(kind="rule", ref="capture-on-dispatch", name="Capture on dispatch").can("payments.capture")
