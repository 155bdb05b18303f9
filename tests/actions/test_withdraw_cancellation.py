"""Keep the order: a cancellation that stopped at a refused leg is given up; what went back stays back (W5)."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.actions import add_state, edit_state
from orderwright.core.errors import Conflict, Refused
from orderwright.orders.models import OrderState
from orderwright.payments.models import Cancellation


@pytest.fixture
def stopped(clerk: Any, take_in: Any, practice: Any) -> Any:
    """Stop a cancellation: the hold's rest is reversed, the refund declined."""
    order = clerk.change_state(clerk.capture(take_in(), 30900), "processing")
    practice.fault("decline", "refund")
    return clerk.cancel(order)


def test_the_order_goes_back_to_where_it_came_from(clerk: Any, stopped: Any, journal_kinds: Any) -> None:
    after = clerk.withdraw_cancellation(stopped)

    assert (after.state.slug, after.is_open, after.cancellation) == ("processing", True, None)
    payment = after.payments[0]
    assert (payment.captured_minor, payment.released_minor, payment.refunded_minor) == (30900, 28994, 0)
    assert journal_kinds(after)[-1] == "order.cancel_withdrawn"


def test_it_can_be_canceled_anew_afterwards(clerk: Any, stopped: Any) -> None:
    after = clerk.cancel(clerk.withdraw_cancellation(stopped))

    assert after.state.slug == "canceled"
    assert list(Cancellation.objects.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "done"]


def test_a_payment_that_the_provider_does_not_know_holds_no_order_up(
    clerk: Any, site: Any, practice: Any, document: Any
) -> None:
    made = document()
    made["payments"] = [
        {
            "provider": "practice",
            "reference": "auth_nobody_knows",
            "authorised": 59894,
            "authorised_at": "2026-11-20T21:42:12Z",
        }
    ]
    waiting = clerk.cancel(clerk.asks.take_in(made).number)
    assert waiting.state.system_state == "cancel_requested"

    assert clerk.withdraw_cancellation(waiting).state.slug == "new"


def test_a_state_that_was_deleted_meanwhile_is_replaced_by_processing(clerk: Any, take_in: Any, practice: Any) -> None:
    mine = OrderState.objects.create(slug="packing", name="Packing", color="teal", system_state="processing")
    order = clerk.change_state(take_in(), "packing")
    practice.fault("decline", "reversal")
    stopped = clerk.cancel(order)
    mine.delete()

    assert clerk.withdraw_cancellation(stopped).state.slug == "processing"


def test_what_has_not_stopped_cannot_be_given_up(clerk: Any, viewer: Any, order: Any, stopped: Any) -> None:
    with pytest.raises(Conflict) as nothing:
        clerk.withdraw_cancellation(order)
    with pytest.raises(Refused):
        viewer.withdraw_cancellation(stopped)

    assert nothing.value.code == "no_cancellation_open"
    assert clerk.sees(stopped).state.system_state == "cancel_requested"


def test_an_outcome_that_is_awaited_comes_first(clerk: Any, order: Any, practice: Any) -> None:
    practice.fault("drop_before", "reversal")
    waiting = clerk.cancel(order)

    with pytest.raises(Conflict) as refused:
        clerk.withdraw_cancellation(waiting)

    assert refused.value.code == "cancellation_under_way"


def test_a_state_that_means_something_else_by_now_is_not_gone_back_to(clerk: Any, order: Any, practice: Any) -> None:
    look = {"name": "Waiting", "color": "blue", "description": "", "actor": clerk.actor, "now": clerk.now}
    add_state.run(system_state="processing", **look)
    order = clerk.change_state(clerk.capture(order), "waiting")
    practice.fault("decline", "refund")
    stopped = clerk.cancel(order)
    edit_state.run(slug="waiting", system_state="completed", **look)

    after = clerk.withdraw_cancellation(stopped)

    assert (after.state.slug, after.is_open) == ("processing", True)
