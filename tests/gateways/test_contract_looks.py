"""The contract of every gateway, third part: what a look at a payment tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import Accepted, Unknown
from tests.gateways.bench import Bench
from tests.gateways.calls import capture, refund, reverse

only = pytest.mark.only
can_be_asked = only(lambda bench: bench.kind.can_be_asked)
captures_again = only(lambda bench: bench.kind.can_be_asked and not bench.releases_rest)
captures_once = only(lambda bench: bench.kind.can_be_asked and bench.releases_rest)
keeps_refunds_waiting = only(lambda bench: bench.kind.can_be_asked and bench.has_pending_refunds)


def seen(bench: Bench, reference: str) -> list[tuple[str, int, str]]:
    """Return what the provider shows: (kind, amount, key), in order."""
    movements = bench.gateway().look_up(reference).movements
    return [(movement.kind, movement.amount_minor, movement.key) for movement in movements]


@only(lambda bench: not bench.kind.can_be_asked)
def test_where_nobody_can_be_asked_a_look_says_so(bench):
    with pytest.raises(ProviderUnreachable):
        bench.gateway().look_up(bench.hold())


@can_be_asked
@pytest.mark.parametrize(("amount", "currency"), [(59894, "USD"), (1500, "JPY"), (1234500, "BHD"), (700, "ISK")])
def test_a_fresh_hold_shows_its_amount_and_its_last_day_and_nothing_that_moved(bench, amount, currency):
    observed = bench.gateway().look_up(bench.hold(amount, currency))

    assert (observed.authorised_minor, observed.currency, observed.movements) == (amount, currency, ())
    assert observed.is_whole
    assert observed.expires_at is not None
    assert timedelta(days=6) < observed.expires_at - datetime.now(UTC) < timedelta(days=8)


@can_be_asked
def test_calls_of_ours_are_shown_with_their_keys_and_the_names_that_their_answers_gave(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    captured = capture(reference, 4000)
    first = gateway.send(captured)
    returned = refund(reference, 1500, of=first.provider_ref)
    second = gateway.send(returned)

    shown = {movement.key: movement for movement in gateway.look_up(reference).movements if movement.key}

    assert {key: (one.kind, one.amount_minor, one.provider_ref) for key, one in shown.items()} == {
        captured.key: ("capture", 4000, first.provider_ref),
        returned.key: ("refund", 1500, second.provider_ref),
    }
    assert shown[returned.key].parent_ref == first.provider_ref


@captures_again
def test_several_captures_are_shown_apart(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    calls = [capture(reference, amount) for amount in (4000, 2500)]
    names = [gateway.send(call).provider_ref for call in calls]

    shown = gateway.look_up(reference).movements

    assert [(one.kind, one.amount_minor, one.key, one.provider_ref) for one in shown] == [
        ("capture", 4000, calls[0].key, names[0]),
        ("capture", 2500, calls[1].key, names[1]),
    ]


@can_be_asked
def test_a_reversal_is_shown_with_its_amount_and_the_name_that_its_answer_gave(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    call = reverse(reference, 10000)
    outcome = gateway.send(call)

    shown = gateway.look_up(reference).movements

    assert [(one.kind, one.amount_minor, one.provider_ref) for one in shown] == [
        ("reverse", 10000, outcome.provider_ref)
    ]
    assert shown[0].key in (call.key, "")


@captures_once
def test_what_a_capture_in_part_let_go_of_is_shown_under_the_name_that_the_desk_books_it_under(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    outcome = gateway.send(capture(reference, 4000))

    shown = gateway.look_up(reference).movements

    assert [(one.kind, one.amount_minor, one.provider_ref) for one in shown] == [
        ("capture", 4000, outcome.provider_ref),
        ("reverse", 6000, f"{outcome.provider_ref}-rest"),
    ]


@can_be_asked
def test_what_was_done_at_the_dashboard_is_shown_without_a_key(bench):
    reference = bench.hold(10000)
    bench.capture_by_hand(reference, 10000)
    bench.refund_by_hand(reference, 2500)

    assert [(kind, amount) for kind, amount, _key in seen(bench, reference)] == [("capture", 10000), ("refund", 2500)]
    assert all(not key.startswith("op_") for _kind, _amount, key in seen(bench, reference))


@captures_again
def test_what_was_done_at_the_dashboard_beside_a_capture_of_ours_is_told_apart(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    bench.capture_by_hand(reference, 1000)
    ours = capture(reference, 4000)
    outcome = gateway.send(ours)
    bench.capture_by_hand(reference, 2000)

    shown = seen(bench, reference)

    assert (outcome.amount_minor, sum(amount for _kind, amount, _key in shown)) == (4000, 7000)
    assert [amount for _kind, amount, key in shown if key == ours.key] == [4000]


@can_be_asked
def test_a_reversal_at_the_dashboard_is_shown(bench):
    reference = bench.hold(10000)
    bench.reverse_by_hand(reference)

    assert [(kind, amount) for kind, amount, _key in seen(bench, reference)] == [("reverse", 10000)]


@can_be_asked
def test_a_hold_that_ran_out_is_shown_to_have_run_out(bench):
    reference = bench.hold(10000)
    bench.practice.advance(timedelta(days=8))

    (ended,) = bench.gateway().look_up(reference).movements
    assert (ended.kind, ended.amount_minor, ended.provider_ref) == ("expire", 10000, f"expired-{reference}")


@keeps_refunds_waiting
def test_a_refund_that_is_only_accepted_is_awaited_and_done_later(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    call = refund(reference, 2500, of=gateway.send(capture(reference, 10000)).provider_ref)
    bench.practice.fault("accepted", "refund", seconds=3600)

    outcome = gateway.send(call)

    assert isinstance(outcome, Accepted)
    assert gateway.look_up(reference).awaited == {call.key}
    bench.practice.advance(timedelta(hours=2))
    observed = gateway.look_up(reference)
    done = [(one.kind, one.amount_minor, one.provider_ref) for one in observed.movements if one.key == call.key]
    assert (observed.awaited, done) == (frozenset(), [("refund", 2500, outcome.provider_ref)])


@keeps_refunds_waiting
def test_a_refund_that_is_accepted_and_comes_to_nothing_is_shown_as_such(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    call = refund(reference, 2500, of=gateway.send(capture(reference, 10000)).provider_ref)
    bench.practice.fault("accepted_then_refused", "refund", seconds=3600)
    outcome = gateway.send(call)
    bench.practice.advance(timedelta(hours=2))

    observed = gateway.look_up(reference)

    undone = [one for one in observed.movements if one.kind == "refund_failed"]
    assert call.key in observed.refused or [one.parent_ref for one in undone] == [outcome.provider_ref]
    assert bench.effects(reference) == [("capture", 10000)]


@keeps_refunds_waiting
def test_a_refund_that_was_done_and_taken_back_is_shown_with_both(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    call = refund(reference, 2500, of=gateway.send(capture(reference, 10000)).provider_ref)
    bench.practice.fault("taken_back", "refund", seconds=3600)
    done = gateway.send(call)
    bench.practice.advance(timedelta(hours=2))

    shown = gateway.look_up(reference).movements

    assert [(one.kind, one.amount_minor) for one in shown] == [
        ("capture", 10000),
        ("refund", 2500),
        ("refund_failed", 2500),
    ]
    assert shown[2].parent_ref == done.provider_ref


@can_be_asked
@pytest.mark.parametrize("kind", ["drop_before", "server_error", "busy", "malformed", "truncated", "conflict"])
def test_a_look_that_gets_no_usable_answer_says_so(bench, kind):
    reference = bench.hold(10000)
    bench.practice.fault(kind, "lookup")

    with pytest.raises(ProviderUnreachable):
        bench.gateway().look_up(reference)


@can_be_asked
def test_a_payment_that_the_provider_does_not_know_cannot_be_looked_up(bench):
    for reference in ("pi_nobody", "..", "", "a/b"):
        with pytest.raises(ProviderUnreachable):
            bench.gateway().look_up(reference)


@can_be_asked
def test_a_call_whose_payment_cannot_be_read_first_has_moved_nothing(bench):
    reference = bench.hold(10000)
    bench.practice.fault("server_error", "lookup")

    outcome = bench.gateway().send(capture(reference, 10000))

    assert isinstance(outcome, Unknown) == (bench.effects(reference) == [])


@only(lambda bench: bench.kind.can_be_asked)
def test_a_dispute_is_shown_and_so_is_that_it_was_won(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    gateway.send(capture(reference, 10000))
    captured = bench.practice.look_up(reference)["movements"][0]["id"]

    dispute = bench.practice.dispute(captured, 10000)
    lost = gateway.look_up(reference).movements
    bench.practice.win_dispute(dispute)
    won = gateway.look_up(reference).movements

    assert [(one.kind, one.amount_minor) for one in lost] == [("capture", 10000), ("dispute", 10000)]
    assert [(one.kind, one.amount_minor) for one in won[2:]] == [("dispute_won", 10000)]
    assert won[2].parent_ref == won[1].provider_ref == dispute
