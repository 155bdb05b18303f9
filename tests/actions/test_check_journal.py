"""Somebody has the journal checked: a worker does it, the outcome is shown and is itself an entry (I10)."""

from __future__ import annotations

import pytest

from orderwright.actions import check_journal, sign_head
from orderwright.core import clock
from orderwright.core.errors import Refused
from orderwright.journal.models import Check, Entry
from orderwright.orders.writes import stream_of
from orderwright.worker.duties import Checks
from tests.support.rivals import meanwhile
from tests.support.tampering import drop_last, unguarded


def carry_out(worker="one", *, is_stopping=lambda: False):
    return check_journal.carry_out(worker=worker, is_stopping=is_stopping)


def test_a_check_that_finds_nothing_says_what_was_checked_and_by_whom_it_was_asked_for(order, clerk):
    entries = Entry.objects.count()
    sign_head.run(now=clerk.now)

    check_journal.ask(actor=clerk.actor, now=clerk.now)
    assert carry_out() == 1

    check = Check.objects.get()
    assert (check.state, check.entries, check.checked, check.heads, check.faults) == ("done", entries, entries, 1, [])
    entry = Entry.objects.latest("id")
    assert (entry.stream, entry.kind, entry.actor_name) == ("audit", "audit.checked", "Mia Chen")
    assert entry.after == {"entries": entries, "heads": 1, "faults": 0}
    assert carry_out() == 0


@pytest.mark.breaks_invariants
def test_a_check_tells_of_a_broken_chain_and_of_a_head_that_does_not_match(order, take_in, clerk):
    other = take_in()
    sign_head.run(now=clerk.now)
    with unguarded():
        Entry.objects.filter(stream=stream_of(order.id), sequence=1).update(actor_name="Nobody")
    drop_last(stream_of(other.id))

    check_journal.ask(actor=clerk.actor, now=clerk.now)
    carry_out()

    check = Check.objects.get()
    assert check.faults == [
        f"order:{order.id}: entry 1 does not match its hash",
        "head 1 of 2026-11-21 09:00 covers 4 entries, 3 are here",
    ]
    assert Entry.objects.latest("id").after["faults"] == check.faults_count == 2


def test_one_check_at_a_time(order, clerk, colleague):
    first = check_journal.ask(actor=clerk.actor, now=clerk.now)

    with pytest.raises(check_journal.CheckUnderWay) as refused:
        check_journal.ask(actor=colleague.actor, now=clerk.now)

    assert refused.value.facts == {"check": first}
    carry_out()
    check_journal.ask(actor=colleague.actor, now=clerk.now)
    assert [check.actor_name for check in Check.objects.order_by("id")] == ["Mia Chen", "Ravi Patel"]


def test_who_may_not_see_the_audit_may_not_have_it_checked(order, viewer):
    with pytest.raises(Refused):
        check_journal.ask(actor=viewer.actor, now=viewer.now)

    assert Check.objects.count() == 0


def test_a_worker_that_is_told_to_stop_leaves_the_check_to_the_next(order, clerk):
    check_journal.ask(actor=clerk.actor, now=clerk.now)

    assert carry_out("one", is_stopping=lambda: True) == 0
    assert Check.objects.get().state == "running"
    assert carry_out("two") == 1


def test_a_check_whose_worker_died_is_taken_over_after_its_lease(order, clerk, monkeypatch):
    check_journal.ask(actor=clerk.actor, now=clerk.now)
    Check.objects.update(leased_by="dead", leased_until=clerk.now + check_journal.LEASE)

    assert carry_out() == 0
    monkeypatch.setattr(clock, "now", lambda: clerk.now + check_journal.LEASE)
    assert carry_out() == 1
    assert Entry.objects.filter(kind="audit.checked").count() == 1


def test_a_worker_whose_lease_was_taken_over_counts_nothing_as_checked(order, clerk, monkeypatch):
    check_journal.ask(actor=clerk.actor, now=clerk.now)
    meanwhile(monkeypatch, check_journal, "_take", lambda: Check.objects.update(leased_by="other"))

    assert carry_out() == 0

    check = Check.objects.get()
    assert (check.state, check.leased_by, check.checked) == ("running", "other", 0)


def test_a_worker_whose_lease_was_taken_over_writes_nothing(order, clerk, monkeypatch):
    check_journal.ask(actor=clerk.actor, now=clerk.now)
    real = check_journal.head_faults

    def overtaken(**more):
        Check.objects.update(leased_by="other")
        return real(**more)

    monkeypatch.setattr(check_journal, "head_faults", overtaken)

    assert carry_out() == 0
    assert Check.objects.get().state == "running"
    assert not Entry.objects.filter(kind="audit.checked").exists()


def test_the_worker_looks_after_checks(order, clerk):
    check_journal.ask(actor=clerk.actor, now=clerk.now)

    assert [Checks(worker="one").turn(is_stopping=lambda: False) for _ in range(2)] == [1, 0]
