"""Provider drift: a person accepts a difference or looks into it, and either is in the journal."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from orderwright.actions import decide_drift, settle_by_hand
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.payments.errors import DriftChanged, DriftNotFound, NeedsSecondPerson
from orderwright.payments.models import Drift, Operation
from orderwright.reads.drift import count_drift, list_drift
from tests.factories.orders import payment
from tests.support.told import told


@pytest.fixture
def too_large(clerk: Any, order: Any, practice: Any) -> tuple[Any, Drift, str]:
    """Make a capture at the provider that does not fit while another amount is reserved here."""
    practice.fault("drop_before", "capture")
    clerk.capture(order, 30000)
    key = clerk.result.key
    practice.capture_by_hand(order.payments[0].reference, 40000)
    clerk.sync_payments(order)
    return order, Drift.objects.get(), key


@pytest.fixture
def other_hold(take_in: Any, clerk: Any, practice: Any) -> tuple[Any, Drift]:
    """Make a hold whose amount the provider tells otherwise: nothing that could be booked."""
    reference = practice.authorise(60000, at=clerk.now)
    order = take_in(payments=[payment(reference, 59894, at=clerk.now)])
    clerk.sync_payments(order)
    return order, Drift.objects.get()


def test_accepting_books_what_can_be_booked_by_now(clerk: Any, too_large: Any, journal_kinds: Any, now: Any) -> None:
    order, row, key = too_large
    Operation.objects.filter(key=key).update(state="manual", due_at=None)
    settle_by_hand.run(key=key, happened=False, reason="Not there.", actor=clerk.actor, now=now)

    is_booked = decide_drift.run(drift_id=row.pk, decision="accept", actor=clerk.actor, now=now)

    assert is_booked
    paid = clerk.sees(order).payments[0]
    assert (paid.captured_minor, paid.transactions[-1].origin) == (40000, "provider")
    assert journal_kinds(order)[-2:] == ["payment.found_at_provider", "payment.drift_accepted"]
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("accepted", "Mia Chen")


def test_accepting_what_cannot_be_booked_needs_a_reason(clerk: Any, too_large: Any, now: Any) -> None:
    order, row, _key = too_large
    accept = partial(decide_drift.run, drift_id=row.pk, decision="accept", actor=clerk.actor, now=now)

    with pytest.raises(Invalid) as refused:
        accept()

    assert refused.value.fields[0].pointer == "/note"
    row.refresh_from_db()
    assert row.state == "open"
    assert accept(note="Settled with the bank by letter.") is False
    assert clerk.sees(order).payments[0].captured_minor == 0
    assert told().why == "Settled with the bank by letter."


def test_what_was_accepted_does_not_come_back(clerk: Any, other_hold: Any, now: Any) -> None:
    order, row = other_hold
    decide_drift.run(drift_id=row.pk, decision="accept", note="Rounded there.", actor=clerk.actor, now=now)

    clerk.sync_payments(order)

    assert clerk.result.found == ()
    row.refresh_from_db()
    assert row.state == "accepted"


def test_investigating_keeps_it_open_under_a_note(clerk: Any, other_hold: Any, journal_kinds: Any, now: Any) -> None:
    order, row = other_hold

    decide_drift.run(drift_id=row.pk, decision="investigate", note="Asked support.", actor=clerk.actor, now=now)

    (shown,) = list_drift(actor=SYSTEM).items
    assert (shown.state, shown.note, shown.decided_by) == ("investigating", "Asked support.", "Mia Chen")
    assert (count_drift(actor=SYSTEM)["undecided"], count_drift(actor=SYSTEM)["investigating"]) == (1, 1)
    assert journal_kinds(order)[-1] == "payment.drift_investigated"


def test_two_who_decide_at_once_decide_once(
    clerk: Any, colleague: Any, other_hold: Any, both_at_once: Any, journal_kinds: Any, now: Any
) -> None:
    order, row = other_hold
    accept = partial(decide_drift.run, drift_id=row.pk, decision="accept", note="Fine.", now=now)

    outcomes = both_at_once(partial(accept, actor=clerk.actor), partial(accept, actor=colleague.actor))

    assert sorted(outcomes) == ["done", "drift_decided"]
    assert journal_kinds(order).count("payment.drift_accepted") == 1


def test_what_is_decided_or_not_there_is_refused(clerk: Any, viewer: Any, other_hold: Any, now: Any) -> None:
    _order, row = other_hold
    decide = partial(decide_drift.run, drift_id=row.pk, decision="accept", note="Fine.", now=now)
    with pytest.raises(Refused):
        decide(actor=viewer.actor)
    decide(actor=clerk.actor)

    with pytest.raises(Conflict) as refused:
        decide(actor=clerk.actor)

    assert refused.value.code == "drift_decided"
    with pytest.raises(DriftNotFound):
        decide_drift.run(drift_id=10**6, decision="accept", actor=clerk.actor, now=now)


def test_pages_of_differences_go_on_where_the_last_one_ended(order: Any, now: Any) -> None:
    for number in range(3):
        Drift.objects.create(
            payment_id=order.payments[0].id,
            kind="capture",
            provider_ref=f"cap_{number}",
            there_minor=number + 1,
            currency="USD",
            found_at=now,
        )

    first = list_drift(limit=2, actor=SYSTEM)
    second = list_drift(limit=2, after=first.next, actor=SYSTEM)

    assert [row.there_minor for row in (*first.items, *second.items)] == [3, 2, 1]
    assert second.next is None


def test_accepting_does_what_the_person_was_told_or_nothing(clerk: Any, too_large: Any, now: Any) -> None:
    """It was shown as one that is only closed; room came free meanwhile, so that accepting would book it."""
    order, row, key = too_large
    Operation.objects.filter(key=key).update(state="manual", due_at=None)
    settle_by_hand.run(key=key, happened=False, reason="Not there.", actor=clerk.actor, now=now)

    with pytest.raises(DriftChanged):
        decide_drift.run(drift_id=row.pk, decision="accept", note="Closing.", actor=clerk.actor, now=now, books=False)

    assert clerk.sees(order).payments[0].captured_minor == 0


@pytest.mark.breaks_invariants  # the provider has moved what a person said it had not
def test_four_eyes_are_needed_for_a_difference_too(clerk: Any, colleague: Any, order: Any, practice: Any) -> None:
    order = clerk.capture(order)
    practice.fault("wrong_amount", "refund")
    clerk.refund(order, other=100)
    key = Operation.objects.get(kind="refund").key
    practice.fault("drop_before", "lookup")
    settle_by_hand.run(key=key, happened=False, reason="Not seen.", actor=colleague.actor, now=clerk.now)
    clerk.sync_payments(order)
    alone = replace(clerk.actor, grants=tuple(replace(each, needs_second_person=True) for each in clerk.actor.grants))

    with pytest.raises(NeedsSecondPerson):
        decide_drift.run(drift_id=Drift.objects.get().pk, decision="accept", note="Mine.", actor=alone, now=clerk.now)

    assert Drift.objects.get().state == "open"
