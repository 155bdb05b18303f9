"""The contract of every gateway, first part: captures, reversals and refunds that go well, and those that are refused.

It runs against every bench in `benches.BENCHES`: a gateway that is added has to be added there and nowhere else.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderwright.payments.gateways.port import (
    HOLD_EXPIRED,
    Account,
    Failed,
    NeedsPerson,
    NotTaken,
    Succeeded,
    Unknown,
)
from orderwright.payments.gateways.registry import gateway_kinds
from tests.gateways.bench import Bench
from tests.gateways.benches import BENCHES
from tests.gateways.calls import capture, refund, reverse

only = pytest.mark.only
moves_money = only(lambda bench: bench.has_provider)
is_recorded = only(lambda bench: not bench.has_provider)


def done(bench: Bench, call) -> Succeeded:
    """Return what came of a call that has to go well."""
    outcome = bench.outcome(bench.gateway(), call)
    assert isinstance(outcome, Succeeded), outcome
    return outcome


def refused(bench: Bench, call) -> Failed:
    outcome = bench.outcome(bench.gateway(), call)
    assert isinstance(outcome, Failed), outcome
    return outcome


def after_capture(bench: Bench, captured: int, *, of: int) -> list[tuple[str, int]]:
    """Return the effects of one capture on a hold."""
    rest = [("reversal", of - captured)] if bench.releases_rest and of > captured else []
    return [("capture", captured), *rest]


def test_every_gateway_that_there_is_has_a_bench_or_moves_nothing():
    benched = {bench.kind.name for bench in BENCHES}

    assert {name for name, kind in gateway_kinds().items() if kind.can_move_money} == benched


def test_a_gateway_that_moves_nothing_refuses_every_call():
    for kind in [kind for kind in gateway_kinds().values() if not kind.can_move_money]:
        gateway = kind(Account())
        for call in (capture("1", 1), reverse("1", 1), refund("1", 1, of="1")):
            assert isinstance(gateway.send(call), Failed)


def test_a_capture_in_full_moves_the_whole_amount(bench):
    reference = bench.hold(10000)

    outcome = done(bench, capture(reference, 10000, known_ref="BANK-1"))

    assert (outcome.amount_minor, outcome.currency, outcome.released_minor) == (10000, "USD", 0)
    assert outcome.provider_ref
    if bench.has_provider:
        assert bench.effects(reference) == [("capture", 10000)]


@moves_money
def test_a_capture_in_part_moves_the_part_and_says_what_was_let_go_with_it(bench):
    reference = bench.hold(10000)

    outcome = done(bench, capture(reference, 4000))

    says_release = bench.releases_rest and bench.answers_with_release
    assert (outcome.amount_minor, outcome.released_minor) == (4000, 6000 if says_release else 0)
    assert bench.effects(reference) == after_capture(bench, 4000, of=10000)


@only(lambda bench: bench.has_provider and not bench.releases_rest)
def test_several_captures_each_move_their_own_amount_and_have_names_of_their_own(bench):
    reference = bench.hold(10000)

    outcomes = [done(bench, capture(reference, amount)) for amount in (4000, 2500, 3500)]

    assert [outcome.amount_minor for outcome in outcomes] == [4000, 2500, 3500]
    assert len({outcome.provider_ref for outcome in outcomes}) == 3
    assert bench.effects(reference) == [("capture", 4000), ("capture", 2500), ("capture", 3500)]


@only(lambda bench: bench.releases_rest)
def test_a_second_capture_is_refused_where_the_first_let_go_of_the_rest(bench):
    reference = bench.hold(10000)
    done(bench, capture(reference, 4000))

    refused(bench, capture(reference, 1000))

    assert bench.effects(reference) == after_capture(bench, 4000, of=10000)


@pytest.mark.parametrize("make", [capture, reverse], ids=["capture", "reversal"])
def test_the_same_call_again_has_the_same_outcome_and_one_effect(bench, make):
    reference = bench.hold(10000)
    call = make(reference, 10000)

    first, second = done(bench, call), done(bench, call)

    assert (first.provider_ref, first.amount_minor) == (second.provider_ref, second.amount_minor)
    if bench.has_provider:
        assert bench.effects(reference) == [("capture" if make is capture else "reversal", 10000)]


@moves_money
def test_the_same_refund_again_has_the_same_outcome_and_one_effect(bench):
    reference = bench.hold(10000)
    call = refund(reference, 3000, of=done(bench, capture(reference, 10000)).provider_ref)

    first, second = done(bench, call), done(bench, call)

    assert (first.provider_ref, first.amount_minor) == (second.provider_ref, second.amount_minor) != ("", 0)
    assert bench.effects(reference) == [("capture", 10000), ("refund", 3000)]


@moves_money
def test_the_same_key_for_another_amount_moves_nothing_more(bench):
    reference = bench.hold(10000)
    call = capture(reference, 4000)
    done(bench, call)

    outcome = bench.gateway().send(capture(reference, 5000, key=call.key))

    # An outcome that names another amount than was asked for goes to a person, so it is as good as none.
    assert isinstance(outcome, NotTaken | Unknown | Failed | NeedsPerson) or (
        isinstance(outcome, Succeeded) and outcome.amount_minor == 4000
    )
    assert bench.effects(reference) == after_capture(bench, 4000, of=10000)


@moves_money
def test_a_capture_above_the_hold_is_refused(bench):
    reference = bench.hold(10000)

    refused(bench, capture(reference, 10001))

    assert bench.effects(reference) == []


@moves_money
def test_a_capture_above_what_is_left_is_refused(bench):
    reference = bench.hold(10000)
    done(bench, capture(reference, 6000))

    refused(bench, capture(reference, 4001))

    assert bench.effects(reference) == after_capture(bench, 6000, of=10000)


@moves_money
def test_a_reversal_lets_go_of_the_hold_and_nothing_can_be_captured_after_it(bench):
    reference = bench.hold(10000)

    outcome = done(bench, reverse(reference, 10000))
    refusal = refused(bench, capture(reference, 100))

    assert outcome.amount_minor in (10000, None)
    assert refusal.code != HOLD_EXPIRED
    assert bench.effects(reference) == [("reversal", 10000)]


@only(lambda bench: bench.has_provider and not bench.releases_rest and bench.reverses_the_rest)
def test_a_reversal_after_a_capture_in_part_lets_go_of_the_rest(bench):
    reference = bench.hold(10000)
    done(bench, capture(reference, 4000))

    outcome = done(bench, reverse(reference, 6000))

    assert outcome.amount_minor in (6000, None)
    assert bench.effects(reference) == [("capture", 4000), ("reversal", 6000)]


@moves_money
def test_a_reversal_of_what_is_captured_is_refused(bench):
    reference = bench.hold(10000)
    done(bench, capture(reference, 10000))

    refused(bench, reverse(reference, 10000))

    assert bench.effects(reference) == [("capture", 10000)]


@moves_money
@pytest.mark.parametrize("make", [capture, reverse], ids=["capture", "reversal"])
def test_after_the_hold_ran_out_a_call_is_refused_with_the_one_code_for_it(bench, make):
    reference = bench.hold(10000)
    bench.practice.advance(timedelta(days=8))

    refusal = refused(bench, make(reference, 10000))

    assert refusal.code == HOLD_EXPIRED
    assert bench.effects(reference) == []


@moves_money
def test_refunds_in_parts_give_back_up_to_what_was_captured_and_no_more(bench):
    reference = bench.hold(10000)
    captured = done(bench, capture(reference, 10000)).provider_ref

    first = done(bench, refund(reference, 2500, of=captured))
    second = done(bench, refund(reference, 7500, of=captured))
    refused(bench, refund(reference, 1, of=captured))

    assert (first.amount_minor, second.amount_minor) == (2500, 7500)
    assert first.provider_ref != second.provider_ref
    assert bench.effects(reference) == [("capture", 10000), ("refund", 2500), ("refund", 7500)]


@moves_money
def test_a_refund_above_what_was_captured_is_refused(bench):
    reference = bench.hold(10000)
    captured = done(bench, capture(reference, 4000)).provider_ref

    refused(bench, refund(reference, 4001, of=captured))

    assert bench.effects(reference) == after_capture(bench, 4000, of=10000)


@moves_money
def test_a_declined_capture_is_refused_and_the_hold_stays(bench):
    reference = bench.hold(10000)
    bench.practice.fault("decline", "capture")

    refused(bench, capture(reference, 10000))

    assert bench.effects(reference) == []
    done(bench, capture(reference, 10000))


@moves_money
def test_a_payment_that_the_provider_does_not_know_is_refused(bench):
    unknown = bench.hold().translate(str.maketrans("0123456789abcdefABCDEF", "1234567890bcdefaBCDEFA"))

    outcome = bench.outcome(bench.gateway(), capture(unknown, 100))

    assert isinstance(outcome, Failed | NotTaken)


@moves_money
@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (59894, "USD"),
        (1500, "JPY"),
        (1234500, "BHD"),
        (700, "ISK"),
        (3500, "UGX"),
        (1200, "KRW"),
        (45600, "MGA"),
        (1500, "RSD"),
    ],
)
def test_amounts_come_and_go_in_minor_units_whatever_decimals_the_provider_writes(bench, amount, currency):
    reference = bench.hold(amount, currency)

    captured = done(bench, capture(reference, amount, currency))
    refunded = done(bench, refund(reference, amount, currency, of=captured.provider_ref))

    assert (captured.amount_minor, captured.currency) == (amount, currency)
    assert (refunded.amount_minor, refunded.currency) == (amount, currency)
    assert bench.effects(reference) == [("capture", amount), ("refund", amount)]


@only(lambda bench: bool(bench.impossible))
def test_an_amount_finer_than_the_providers_figures_is_refused_before_the_call(bench):
    for amount, currency in bench.impossible:
        reference = bench.hold(5000000, currency)

        assert refused(bench, capture(reference, amount, currency)).code == "amount_not_possible"

        assert bench.effects(reference) == []


@is_recorded
def test_what_a_person_records_carries_their_reference(bench):
    assert done(bench, capture("INVOICE-1", 5000, known_ref="BANK-7")).provider_ref == "BANK-7"
    assert done(bench, refund("INVOICE-1", 5000, of="BANK-7", known_ref="BANK-8")).provider_ref == "BANK-8"


@is_recorded
def test_money_that_is_to_go_back_waits_for_the_person_who_sends_it(bench):
    assert isinstance(bench.gateway().send(refund("INVOICE-1", 5000, of="BANK-7")), NeedsPerson)
