"""The contract of every gateway, second part: answers that get lost, broken or wrong (FG1, FG2, FG4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import Failed, NeedsPerson, NotTaken, Succeeded, Unknown
from tests.gateways.calls import capture, refund, reverse

only = pytest.mark.only
moves_money = only(lambda bench: bench.has_provider)
NOBODY = "http://127.0.0.1:9"

# Faults after which the money has moved, and faults before it could.
AFTER = ("drop_after", "malformed", "truncated", "server_error_after")
BEFORE = ("drop_before", "server_error", "conflict", "busy")


@moves_money
@pytest.mark.parametrize("on", ["capture", "reversal", "refund"])
@pytest.mark.parametrize("kind", [*AFTER, *BEFORE])
def test_no_usable_answer_is_unknown_and_the_same_key_again_has_one_effect(bench, kind, on):
    reference = bench.hold(10000)
    gateway = bench.gateway()
    before = []
    if on == "refund":
        captured = bench.outcome(gateway, capture(reference, 10000))
        call, before = refund(reference, 10000, of=captured.provider_ref), [("capture", 10000)]
    else:
        call = (capture if on == "capture" else reverse)(reference, 10000)
    bench.practice.fault(kind, on)

    first = gateway.send(call)
    assert isinstance(first, Unknown), first
    assert bench.effects(reference) == [*before, *([(on, 10000)] if kind in AFTER else [])]

    again = bench.outcome(gateway, call)
    assert isinstance(again, Succeeded), again
    assert again.amount_minor in (10000, None)
    assert bench.effects(reference) == [*before, (on, 10000)]


@moves_money
def test_a_silence_longer_than_anybody_waits_is_unknown(bench, settings):
    settings.PROVIDER_READ_TIMEOUT = 1
    bench.forget_clients()
    reference = bench.hold(10000)
    gateway = bench.gateway()
    call = capture(reference, 10000)
    bench.practice.fault("hang", "capture", seconds=20)

    first = gateway.send(call)

    bench.forget_clients()
    assert isinstance(first, Unknown)
    assert isinstance(bench.outcome(gateway, call), Succeeded)
    assert bench.effects(reference) == [("capture", 10000)]


@moves_money
def test_a_provider_that_asks_to_wait_is_given_the_time_that_it_wants(bench):
    reference = bench.hold(10000)
    bench.practice.fault("busy", "capture", seconds=7)

    outcome = bench.gateway().send(capture(reference, 10000))

    assert isinstance(outcome, Unknown)
    assert outcome.retry_after == timedelta(seconds=7)


@moves_money
def test_a_failure_that_the_provider_keeps_under_the_key_stays_unknown_and_moves_nothing(bench):
    reference = bench.hold(10000)
    gateway = bench.gateway()
    call = capture(reference, 10000)
    bench.practice.fault("server_error", "capture", store=True)

    outcomes = [gateway.send(call) for _time in range(3)]

    assert all(isinstance(outcome, Unknown) for outcome in outcomes), outcomes
    assert bench.effects(reference) == []


@moves_money
def test_a_failure_kept_under_the_key_though_the_money_moved_is_found_out_in_another_way(bench):
    reference = bench.hold(10000)
    gateway = bench.gateway()
    call = capture(reference, 10000)
    bench.practice.fault("server_error_after", "capture", store=True)
    assert isinstance(gateway.send(call), Unknown)

    outcome = gateway.send(call)

    assert isinstance(outcome, Unknown) or (isinstance(outcome, Succeeded) and outcome.amount_minor == 10000)
    if bench.kind.can_be_asked:
        shown = [movement for movement in gateway.look_up(reference).movements if movement.key == call.key]
        assert [(movement.kind, movement.amount_minor) for movement in shown] == [("capture", 10000)]
    else:
        assert isinstance(bench.told_outcome(gateway, call), Succeeded)
    assert bench.effects(reference) == [("capture", 10000)]


@moves_money
@pytest.mark.parametrize("on", ["capture", "refund"])
@pytest.mark.parametrize("kind", ["wrong_amount", "wrong_currency"])
def test_an_answer_that_names_other_money_is_passed_on_as_it_is_and_never_as_what_was_asked(bench, kind, on):
    reference = bench.hold(10000)
    gateway = bench.gateway()
    call = capture(reference, 10000)
    if on == "refund":
        call = refund(reference, 10000, of=bench.outcome(gateway, call).provider_ref)
    bench.practice.fault(kind, on)

    outcome = gateway.send(call)

    if isinstance(outcome, Succeeded):
        assert (outcome.amount_minor, outcome.currency) != (10000, "USD")
    else:
        assert isinstance(outcome, NeedsPerson)


@only(lambda bench: bench.refuses_wrong_credentials)
@pytest.mark.parametrize("make", [capture, reverse], ids=["capture", "reversal"])
def test_wrong_credentials_are_not_taken_and_move_nothing(bench, make):
    reference = bench.hold(10000)

    outcome = bench.gateway(**bench.wrong_credentials).send(make(reference, 10000))

    assert isinstance(outcome, NotTaken)
    assert bench.effects(reference) == []


@only(lambda bench: bench.refuses_wrong_credentials and bench.kind.can_be_asked)
def test_with_wrong_credentials_nobody_can_be_asked(bench):
    reference = bench.hold(10000)

    with pytest.raises(ProviderUnreachable):
        bench.gateway(**bench.wrong_credentials).look_up(reference)


@moves_money
def test_a_provider_that_cannot_be_reached_leaves_the_outcome_open(bench):
    gateway, reference = bench.gateway(base_url=NOBODY), bench.hold()
    for call in (capture(reference, 100), reverse(reference, 100), refund(reference, 100, of="cap_1")):
        assert isinstance(gateway.send(call), Unknown)

    with pytest.raises(ProviderUnreachable):
        gateway.look_up(reference)


@moves_money
@pytest.mark.parametrize("name", [".", "..", "a/b", "../effects", "a?b=c", "ä", "x" * 120])
def test_a_reference_that_is_no_reference_reaches_no_other_address(bench, name):
    outcome = bench.outcome(bench.gateway(), capture(name, 100))

    assert isinstance(outcome, Failed | NotTaken | Unknown)
