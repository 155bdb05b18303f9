"""Whatever two people do to one order in the same instant, at least one gets through and the books are right (FC3)."""

from __future__ import annotations

from functools import partial
from itertools import combinations_with_replacement

import pytest

from orderwright.reads.invariants import violations
from tests.support.books import differences
from tests.support.rounds import rounds

pytestmark = pytest.mark.race

# Each is done by somebody who had the order open, with 200 of its 598.94 dollars captured.
ACTS = {
    "capture a part": lambda desk, order: desk.capture(order, 10000),
    "capture the rest": lambda desk, order: desk.capture(order),
    "cancel": lambda desk, order: desk.cancel(order, email=True),
    "sync": lambda desk, order: desk.sync_payments(order),
    "suspend": lambda desk, order: desk.change_state(order, "suspended"),
    "complete": lambda desk, order: desk.change_state(order, "completed", is_confirmed=True),
    "split the shipment": lambda desk, order: desk.update_shipment(order, items={"LMP-LIN-SND": 1}, method="pick-up"),
    "send the table": lambda desk, order: desk.set_delivery_state(order, "TBL-OAK-45", "shipped"),
    "type a tracking number": lambda desk, order: desk.set_tracking(order, 1, f"1Z{desk.actor.ref}"),
    "save an invoice number": lambda desk, order: desk.save_invoice(order, f"INV-{desk.actor.ref}"),
}
# What an act answers when it got through.
GOT_THROUGH = {"captured", "canceled", "done"}


@pytest.mark.parametrize(("mine", "yours"), list(combinations_with_replacement(ACTS, 2)))
def test_any_two_at_once(mine, yours, take_in, both_at_once, clerk, colleague, practice, figure):
    for _ in rounds(2):
        order = clerk.capture(take_in(state="processing"), 20000)

        outcomes = both_at_once(partial(ACTS[mine], clerk.asks, order), partial(ACTS[yours], colleague.asks, order))

        after = clerk.sees(order)
        wrong = [*differences(practice), *violations()]
        figure("FC3", "any two of ten acts at once, all 55 pairs", rounds=1, violations=len(wrong))
        assert wrong == []
        assert GOT_THROUGH & set(outcomes)
        assert after.version > order.version
        if "canceled" in outcomes:
            assert after.state.slug == "canceled"
            assert (
                after.payments[0].held_minor == after.payments[0].captured_minor - after.payments[0].refunded_minor == 0
            )
