"""The contract of every gateway, last part: the provider's own list of what moved, held against the books each day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways import practice as practice_gateway
from orderwright.payments.gateways import stripe as stripe_gateway
from tests.gateways.bench import Bench
from tests.gateways.calls import capture, refund, reverse

only = pytest.mark.only
can_list = only(lambda bench: bench.kind.can_list)
names_its_captures = only(lambda bench: bench.kind.can_list and not (bench.face and not bench.releases_rest))


def listed(bench: Bench, *references: str, ahead: timedelta = timedelta(0)) -> list[tuple[str, int, str]]:
    """Return what the list of these minutes has on the payments: (kind, amount, reference), sorted."""
    now = datetime.now(UTC) + ahead
    found = bench.gateway().movements_between(now - timedelta(minutes=5), now + timedelta(minutes=5))
    return sorted(
        (one.movement.kind, one.movement.amount_minor, one.reference) for one in found if one.reference in references
    )


@only(lambda bench: not bench.kind.can_list)
def test_where_there_is_no_list_the_gateway_says_so(bench):
    now = datetime.now(UTC)

    with pytest.raises(ProviderUnreachable):
        list(bench.gateway().movements_between(now - timedelta(days=1), now))


@can_list
def test_what_the_desk_and_the_dashboard_moved_is_listed_on_its_payment(bench):
    ours, theirs = bench.hold(10000), bench.hold(7000)
    gateway = bench.gateway()
    captured = gateway.send(capture(ours, 10000))
    gateway.send(refund(ours, 2500, of=captured.provider_ref))
    bench.capture_by_hand(theirs, 7000)
    bench.refund_by_hand(theirs, 1000)

    assert listed(bench, ours, theirs) == sorted(
        [("capture", 10000, ours), ("refund", 2500, ours), ("capture", 7000, theirs), ("refund", 1000, theirs)]
    )


@names_its_captures
def test_a_movement_has_on_the_list_the_name_and_key_that_a_look_gives_it(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    outcome = gateway.send(capture(reference, 10000))
    returned = refund(reference, 2500, of=outcome.provider_ref)
    gateway.send(returned)
    now = datetime.now(UTC)

    found = [
        one.movement
        for one in gateway.movements_between(now - timedelta(minutes=5), now + timedelta(minutes=5))
        if one.reference == reference
    ]

    shown = gateway.look_up(reference).movements
    assert {(one.kind, one.provider_ref) for one in found} == {(one.kind, one.provider_ref) for one in shown}
    (back,) = (one for one in found if one.kind == "refund")
    assert (back.key, back.parent_ref) == (returned.key, outcome.provider_ref)


@can_list
def test_holds_and_what_is_let_go_are_no_money_and_not_listed(bench):
    held, reversed_ = bench.hold(10000), bench.hold(10000)
    bench.gateway().send(reverse(reversed_, 10000))

    assert listed(bench, held, reversed_) == []


@can_list
@pytest.mark.parametrize(("amount", "currency"), [(1500, "JPY"), (1234500, "BHD"), (700, "ISK")])
def test_amounts_are_listed_in_the_minor_units_of_their_currency(bench, amount, currency):
    gateway, reference = bench.gateway(), bench.hold(amount, currency)
    gateway.send(capture(reference, amount, currency))

    assert listed(bench, reference) == [("capture", amount, reference)]


@can_list
def test_only_what_happened_within_the_time_is_listed(bench):
    reference = bench.hold(10000)
    bench.practice.advance(timedelta(days=2))
    bench.capture_by_hand(reference, 10000)

    assert listed(bench, reference) == []
    assert listed(bench, reference, ahead=timedelta(days=2)) == [("capture", 10000, reference)]


@can_list
def test_a_long_list_is_read_to_its_end(bench, monkeypatch):
    for gateway_module in (practice_gateway, stripe_gateway):
        monkeypatch.setattr(gateway_module, "_PAGE", 3)
    gateway, holds = bench.gateway(), [bench.hold(1000 + place) for place in range(4)]
    for place, reference in enumerate(holds):
        outcome = gateway.send(capture(reference, 1000 + place))
        gateway.send(refund(reference, 100 + place, of=outcome.provider_ref))

    found = listed(bench, *holds)

    assert found == sorted(
        movement
        for place, reference in enumerate(holds)
        for movement in [("capture", 1000 + place, reference), ("refund", 100 + place, reference)]
    )


@can_list
@pytest.mark.parametrize("kind", ["drop_before", "server_error", "busy", "malformed", "truncated"])
def test_a_list_that_gets_no_usable_answer_says_so(bench, kind):
    bench.practice.fault(kind, "lookup")

    with pytest.raises(ProviderUnreachable):
        listed(bench, bench.hold(10000))


@only(lambda bench: bench.kind.can_list)
def test_what_banks_take_back_is_listed_too(bench):
    gateway, reference = bench.gateway(), bench.hold(10000)
    gateway.send(capture(reference, 10000))
    captured = bench.practice.look_up(reference)["movements"][0]["id"]
    dispute = bench.practice.dispute(captured, 10000)
    bench.practice.win_dispute(dispute)

    assert listed(bench, reference) == [
        ("capture", 10000, reference),
        ("dispute", 10000, reference),
        ("dispute_won", 10000, reference),
    ]
