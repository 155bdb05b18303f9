"""A request for a cancellation meets whoever works on the order in the same instant: the books stay right."""

from __future__ import annotations

from functools import partial

import pytest

from orderwright.orders.models import CancellationRequest
from orderwright.reads.invariants import violations
from tests.support.books import differences
from tests.support.rounds import rounds

pytestmark = pytest.mark.race

ACTS = {
    "ask": lambda desk, order: desk.request_cancellation(order),
    "cancel": lambda desk, order: desk.cancel(order),
    "suspend": lambda desk, order: desk.change_state(order, "suspended"),
    "ship": lambda desk, order: desk.update_shipment(order, method="dhl-express"),
    "capture": lambda desk, order: desk.capture(order, 10000),
}
DECISIONS = {
    "accept": lambda desk, order: desk.cancel(order, version=order.version),
    "decline": lambda desk, order: desk.decline_cancellation(order, version=order.version),
    "capture": lambda desk, order: desk.capture(order, 10000, is_confirmed=True),
}


@pytest.mark.parametrize("yours", ACTS)
def test_asking_against_whatever_a_colleague_does(yours, take_in, both_at_once, clerk, colleague, practice):
    for _ in rounds(4):
        order = take_in(state="processing")

        asked, done = both_at_once(partial(ACTS["ask"], clerk.asks, order), partial(ACTS[yours], colleague.asks, order))

        after = clerk.sees(order)
        assert [*differences(practice), *violations()] == []
        assert "done" in (asked, done) or done in ("canceled", "captured")
        assert CancellationRequest.objects.filter(order_id=order.id, state="open").count() == (
            after.state.slug == "cancel-requested"
        )


@pytest.mark.parametrize(("mine", "yours"), [("accept", "decline"), ("decline", "decline"), ("capture", "accept")])
def test_a_decision_against_another(mine, yours, take_in, both_at_once, clerk, colleague, practice):
    for _ in rounds(4):
        order = clerk.request_cancellation(take_in(state="processing"))

        outcomes = both_at_once(
            partial(DECISIONS[mine], clerk.asks, order), partial(DECISIONS[yours], colleague.asks, order)
        )

        after = clerk.sees(order)
        assert [*differences(practice), *violations()] == []
        decided = CancellationRequest.objects.get(order_id=order.id).state
        if after.state.slug == "canceled":
            assert decided == "accepted"
            assert after.payments[0].held_minor == 0
        elif after.state.slug == "processing":
            assert decided == "declined"
            assert practice.effects(order) == []
        else:
            assert (outcomes[0], decided) == ("captured", "open")
