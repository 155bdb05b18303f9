"""Exceptions: what does not go its way is in one list, and each entry can be brought to its end exactly once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.accounts.models import Role, User
from orderwright.actions import check_operation, dismiss_failure, settle_by_hand, settle_operation
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.orders.writes import stream_of
from orderwright.payments.errors import OperationNotFound, ProviderShowsIt, ReferenceBooked
from orderwright.payments.models import Operation, ProviderAccount
from orderwright.reads.exceptions import count_exceptions, list_exceptions
from tests.support.rounds import rounds
from tests.support.settling import settle_until_quiet
from tests.support.told import told


@pytest.fixture
def stuck_at_person(clerk: Any, take_in: Any, practice: Any) -> Any:
    """Make a capture whose answer named another amount, so that a person has to decide; the money did move."""

    def make(**changes: Any) -> tuple[Any, str]:
        order = take_in(**changes)
        practice.fault("wrong_amount", "capture")
        clerk.capture(order, 30900)
        assert clerk.result.state == "manual"
        return order, clerk.result.key

    return make


@pytest.fixture
def lost(clerk: Any, order: Any, practice: Any, now: Any) -> str:
    """Make a capture that never reached the provider and whose key it has forgotten: nothing moved."""
    for _try in range(2):
        practice.fault("drop_before", "capture")
    clerk.capture(order, 30900)
    key = clerk.result.key
    late = now + timedelta(hours=25)
    practice.clear_faults()
    assert settle_operation.run(key=key, now=late).state == "manual"
    return str(key)


def problems(now: Any) -> list[tuple[str, str, int]]:
    return [(row.problem, row.kind, row.amount_minor) for row in list_exceptions(now=now, actor=SYSTEM).items]


def test_nothing_is_an_exception_while_all_goes_well(clerk: Any, order: Any, now: Any) -> None:
    clerk.capture(order, 30900)

    assert list_exceptions(now=now, actor=SYSTEM).items == []
    assert set(count_exceptions(now=now, actor=SYSTEM).values()) == {0}


def test_an_unknown_outcome_is_listed_with_what_was_tried(clerk: Any, order: Any, practice: Any, now: Any) -> None:
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)

    (row,) = list_exceptions(now=now, actor=SYSTEM).items

    assert (row.problem, row.kind, row.amount_minor, row.currency) == ("unknown", "capture", 30900, "USD")
    assert (row.order_number, row.actor_name, row.attempts) == (order.number, "Mia Chen", 1)
    assert (row.key, row.sent_at, row.failure_code) == (clerk.result.key, now, "no_answer")


def test_checking_again_settles_an_unknown_outcome_at_once(
    clerk: Any, colleague: Any, order: Any, practice: Any, now: Any
) -> None:
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)

    result = check_operation.run(key=clerk.result.key, actor=colleague.actor, now=now)

    assert result.state == "succeeded"
    assert practice.effects(order) == [("capture", 30900)]
    assert list_exceptions(now=now, actor=SYSTEM).items == []


def test_two_who_check_at_once_move_the_money_once(
    clerk: Any, colleague: Any, take_in: Any, practice: Any, both_at_once: Any, now: Any
) -> None:
    for _ in rounds(10):
        order = take_in()
        practice.fault("drop_before", "capture")
        clerk.capture(order, 30900)
        check = partial(check_operation.run, key=clerk.result.key, now=now)

        outcomes = both_at_once(partial(check, actor=clerk.actor), partial(check, actor=colleague.actor))

        assert "captured" in outcomes
        assert set(outcomes) <= {"captured", "sent", "operation_ended", "not_due"}
        assert practice.effects(order) == [("capture", 30900)]


def test_what_has_ended_and_what_is_just_sent_cannot_be_checked(clerk: Any, order: Any, now: Any) -> None:
    clerk.capture(order, 30900)
    key = clerk.result.key

    with pytest.raises(Conflict) as refused:
        check_operation.run(key=key, actor=clerk.actor, now=now)

    assert refused.value.code == "operation_ended"
    with pytest.raises(OperationNotFound):
        check_operation.run(key="op_nothing", actor=clerk.actor, now=now)


def test_what_nobody_has_looked_after_in_time_is_stuck(
    clerk: Any, order: Any, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    def die(**_more: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(settle_operation, "carry_out", die)
    with pytest.raises(KeyboardInterrupt):
        clerk.capture(order, 30900)
    monkeypatch.undo()

    assert problems(now) == []
    late = now + timedelta(minutes=5)
    assert problems(late) == [("stuck", "capture", 30900)]
    (row,) = list_exceptions(now=late, actor=SYSTEM).items
    assert check_operation.run(key=row.key, actor=clerk.actor, now=late).state == "succeeded"


def test_it_happened_books_the_movement_with_reason_and_reference(
    colleague: Any, stuck_at_person: Any, practice: Any, now: Any
) -> None:
    order, key = stuck_at_person()
    reference = practice.movements(order.payments[0].reference)[0]["id"]
    assert problems(now) == [("manual", "capture", 30900)]

    result = settle_by_hand.run(
        key=key, happened=True, reason="Dashboard shows it.", provider_ref=reference, actor=colleague.actor, now=now
    )

    assert result.state == "succeeded"
    payment = colleague.sees(order).payments[0]
    assert (payment.captured_minor, payment.pending_minor) == (30900, 0)
    assert [(row.kind, row.provider_ref, row.origin) for row in payment.transactions][1:] == [
        ("capture", reference, "desk")
    ]
    assert problems(now) == []
    entry = Entry.objects.filter(stream=stream_of(order.id)).latest("sequence")
    assert (entry.kind, entry.actor_name, told(entry).why) == (
        "payment.settled_by_hand",
        "Ravi Patel",
        "Dashboard shows it.",
    )
    evidence = entry.after[f"payment:{payment.id}"]["evidence"]
    assert (evidence["failure_code"], evidence["asked_by"], evidence["attempts"]) == ("wrong_echo", "Mia Chen", 1)


def test_it_did_not_happen_frees_what_was_reserved(colleague: Any, order: Any, lost: str, now: Any) -> None:
    result = settle_by_hand.run(key=lost, happened=False, reason="Not at the provider.", actor=colleague.actor, now=now)

    assert (result.state, result.failure_code) == ("failed", "settled_by_hand")
    payment = colleague.sees(order).payments[0]
    assert (payment.captured_minor, payment.pending_minor, payment.free_minor) == (0, 0, 59894)
    assert problems(now) == []


def test_what_the_provider_shows_did_happen_and_is_not_freed_to_be_done_again(  # I5
    colleague: Any, stuck_at_person: Any, practice: Any, now: Any
) -> None:
    order, key = stuck_at_person()
    reference = practice.movements(order.payments[0].reference)[0]["id"]

    for known in (reference, ""):  # by the reference that its answer gave, and by our key alone
        Operation.objects.filter(key=key).update(provider_ref=known)
        with pytest.raises(ProviderShowsIt) as refused:
            settle_by_hand.run(key=key, happened=False, reason="Not there.", actor=colleague.actor, now=now)
        assert (refused.value.code, refused.value.facts["reference"]) == ("provider_shows_it", reference)

    payment = colleague.sees(order).payments[0]
    assert (Operation.objects.get(key=key).state, payment.pending_minor) == ("manual", 30900)
    settle_by_hand.run(key=key, happened=True, reason="It is.", provider_ref=reference, actor=colleague.actor, now=now)
    assert practice.effects(order) == [("capture", 30900)]


def test_where_the_provider_does_not_answer_the_word_of_a_person_counts(
    colleague: Any, lost: str, practice: Any, now: Any
) -> None:
    practice.fault("drop_before", "lookup")

    result = settle_by_hand.run(key=lost, happened=False, reason="They say so.", actor=colleague.actor, now=now)

    assert (result.state, practice.waiting_faults()) == ("failed", [])


def test_a_provider_that_rests_is_not_asked_before_the_word_of_a_person_counts(
    colleague: Any, lost: str, practice: Any, now: Any
) -> None:
    ProviderAccount.objects.update(opened_at=now, next_try_at=now + timedelta(minutes=5))
    practice.fault("drop_before", "lookup")

    result = settle_by_hand.run(key=lost, happened=False, reason="They say so.", actor=colleague.actor, now=now)

    assert (result.state, len(practice.waiting_faults())) == ("failed", 1)


@pytest.mark.parametrize(
    ("reason", "reference", "pointer"),
    [("", "cap_1", "/reason"), ("Seen there.", "", "/reference"), ("Seen there.", "x" * 121, "/reference")],
)
def test_without_a_reason_and_a_reference_nothing_is_settled(
    colleague: Any, stuck_at_person: Any, now: Any, reason: str, reference: str, pointer: str
) -> None:
    order, key = stuck_at_person()
    settle = partial(settle_by_hand.run, key=key, happened=True, actor=colleague.actor, now=now)

    with pytest.raises(Invalid) as refused:
        settle(reason=reason, provider_ref=reference)

    assert refused.value.fields[0].pointer == pointer
    assert colleague.sees(order).payments[0].pending_minor == 30900


def test_a_reference_that_is_booked_is_not_booked_again(clerk: Any, stuck_at_person: Any, now: Any) -> None:
    order, key = stuck_at_person()
    clerk.capture(order, 100)
    booked = Operation.objects.get(key=clerk.result.key).provider_ref

    with pytest.raises(ReferenceBooked):
        settle_by_hand.run(key=key, happened=True, reason="x", provider_ref=booked, actor=clerk.actor, now=now)

    assert Operation.objects.get(key=key).state == "manual"


def test_what_settles_by_itself_is_not_for_a_person(clerk: Any, order: Any, practice: Any, now: Any) -> None:
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)

    with pytest.raises(Conflict) as refused:
        settle_by_hand.run(key=clerk.result.key, happened=False, reason="x", actor=clerk.actor, now=now)

    assert refused.value.code == "settles_by_itself"


def test_two_who_settle_at_once_have_one_effect(  # I5
    clerk: Any, colleague: Any, stuck_at_person: Any, practice: Any, both_at_once: Any, now: Any
) -> None:
    for _ in rounds(10):
        order, key = stuck_at_person()
        reference = practice.movements(order.payments[0].reference)[0]["id"]
        settle = partial(
            settle_by_hand.run, key=key, happened=True, reason="Seen there.", provider_ref=reference, now=now
        )

        outcomes = both_at_once(partial(settle, actor=clerk.actor), partial(settle, actor=colleague.actor))

        assert sorted(outcomes) == ["captured", "operation_ended"]
        assert clerk.sees(order).payments[0].captured_minor == 30900


def test_with_four_eyes_somebody_else_settles_what_one_asked_for(
    clerk: Any, colleague: Any, stuck_at_person: Any, practice: Any, now: Any
) -> None:
    Role.objects.filter(slug="administrator").update(needs_second_person=True)
    order, key = stuck_at_person()
    reference = practice.movements(order.payments[0].reference)[0]["id"]
    settle = partial(settle_by_hand.run, key=key, happened=True, reason="Seen.", provider_ref=reference, now=now)

    with pytest.raises(Conflict) as refused:
        settle(actor=User.objects.get(pk=clerk.user.pk).actor())

    assert refused.value.code == "needs_second_person"
    assert Operation.objects.get(key=key).state == "manual"
    assert settle(actor=User.objects.get(pk=colleague.user.pk).actor()).state == "succeeded"


def test_a_refused_capture_is_listed_until_somebody_dismisses_it(
    clerk: Any, order: Any, practice: Any, journal_kinds: Any, now: Any
) -> None:
    practice.fault("decline", "capture")
    clerk.capture(order, 30900)
    assert problems(now) == [("failed", "capture", 30900)]
    key = clerk.result.key

    dismiss_failure.run(key=key, actor=clerk.actor, now=now)

    assert problems(now) == []
    assert journal_kinds(order)[-1] == "payment.failure_dismissed"
    with pytest.raises(Conflict) as refused:
        dismiss_failure.run(key=key, actor=clerk.actor, now=now)
    assert refused.value.code == "dismissed_already"


def test_a_refused_capture_is_listed_until_somebody_captures_again(
    clerk: Any, order: Any, practice: Any, now: Any
) -> None:
    practice.fault("decline", "capture")
    declined = clerk.capture(order, 30900)

    clerk.capture(declined, 30900)

    assert problems(now) == []


def test_a_refused_leg_is_listed_until_the_cancellation_is_resumed(
    clerk: Any, order: Any, practice: Any, now: Any
) -> None:
    practice.fault("decline", "reversal")
    clerk.cancel(order)
    assert problems(now) == [("failed_leg", "reverse", 59894)]
    (row,) = list_exceptions(now=now, actor=SYSTEM).items
    with pytest.raises(Conflict) as refused:
        dismiss_failure.run(key=row.key, actor=clerk.actor, now=now)
    assert refused.value.code == "part_of_cancellation"

    clerk.resume_cancellation(order)

    assert problems(now) == []


def test_a_leg_settled_by_hand_lets_the_cancellation_go_on(
    clerk: Any, colleague: Any, order: Any, practice: Any, now: Any
) -> None:
    practice.fault("wrong_amount", "reversal")
    clerk.cancel(order)
    (row,) = list_exceptions(now=now, actor=SYSTEM).items
    reference = practice.movements(order.payments[0].reference)[0]["id"]

    settle_by_hand.run(
        key=row.key, happened=True, reason="Seen there.", provider_ref=reference, actor=colleague.actor, now=now
    )

    assert colleague.sees(order).state.slug == "canceled"


def test_pages_go_on_where_the_last_one_ended(clerk: Any, take_in: Any, practice: Any, now: Any) -> None:
    for amount in (100, 200, 300):
        practice.fault("decline", "capture")
        clerk.capture(take_in(), amount)
        clerk = clerk.at(timedelta(minutes=1))

    first = list_exceptions(now=now, limit=2, actor=SYSTEM)
    second = list_exceptions(now=now, limit=2, after=first.next, actor=SYSTEM)

    assert [row.amount_minor for row in first.items] == [100, 200]
    assert [row.amount_minor for row in second.items] == [300]
    assert second.next is None
    assert list_exceptions(now=now, problem="unknown", actor=SYSTEM).items == []


def test_reading_costs_one_statement_however_many_there_are(
    clerk: Any, take_in: Any, practice: Any, statements: Any, now: Any
) -> None:
    for _ in range(4):
        practice.fault("decline", "capture")
        clerk.capture(take_in(), 100)

    with statements() as counted:
        list_exceptions(now=now, actor=SYSTEM)
        count_exceptions(now=now, actor=SYSTEM)

    assert counted.count == 2, counted


def test_a_viewer_may_do_none_of_it(viewer: Any, stuck_at_person: Any, now: Any) -> None:
    _order, key = stuck_at_person()

    for act in (
        partial(check_operation.run, key=key),
        partial(dismiss_failure.run, key=key),
        partial(settle_by_hand.run, key=key, happened=False, reason="x"),
    ):
        with pytest.raises(Refused):
            act(actor=viewer.actor, now=now)
    assert Operation.objects.get(key=key).state == "manual"


def test_the_worker_settles_nothing_that_waits_for_a_person(stuck_at_person: Any, now: Any) -> None:
    _order, key = stuck_at_person()

    settle_until_quiet(now)

    assert Operation.objects.get(key=key).state == "manual"


def test_what_waits_for_a_person_cannot_be_checked(clerk: Any, stuck_at_person: Any, now: Any) -> None:
    _order, key = stuck_at_person()

    with pytest.raises(Conflict) as refused:
        check_operation.run(key=key, actor=clerk.actor, now=now)

    assert refused.value.code == "needs_person"
