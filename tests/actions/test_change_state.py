"""The Order State dropdown: what it offers, what it changes, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.actions import change_state
from orderwright.core.errors import Refused
from orderwright.orders.errors import OrderChanged, StateUnknown


def test_choosing_an_entry_changes_the_state(clerk: Any, order: Any, journal_kinds: Any) -> None:  # G3
    order = clerk.change_state(order, "processing")

    assert (order.state.name, order.version) == ("Processing", 2)
    assert journal_kinds(order)[-1] == "order.state_changed"


def test_the_dropdown_offers_the_six_defaults(clerk: Any, order: Any) -> None:  # G4
    names = [move.name for move in change_state.moves(order, clerk.actor)]

    assert sorted(names) == ["Canceled", "Completed", "Fraud", "New", "Processing", "Suspended"]


def test_a_new_order_is_greyed_for_suspended_with_the_reason(clerk: Any, order: Any) -> None:  # G7, W3
    suspended = next(move for move in change_state.moves(order, clerk.actor) if move.slug == "suspended")

    assert (suspended.allowed, suspended.reason) == (False, "Suspended is reached from Processing or Fraud.")
    with pytest.raises(change_state.MoveNotAllowed) as refused:
        clerk.change_state(order, "suspended")
    assert refused.value.facts == {"from": "new", "to": "suspended"}
    assert clerk.sees(order).version == 1


@pytest.mark.parametrize("via", ["processing", "fraud"])
def test_suspended_is_reached_from_processing_and_from_fraud(clerk: Any, order: Any, via: str) -> None:  # G7
    order = clerk.change_state(clerk.change_state(order, via), "suspended")

    assert order.state.slug == "suspended"


def test_canceled_is_not_reached_past_the_money(clerk: Any, order: Any) -> None:  # G28
    with pytest.raises(change_state.UseCancelOrder):
        clerk.change_state(order, "canceled")

    assert clerk.sees(order) == order


def test_completing_with_open_ends_asks_first_and_says_what_is_open(clerk: Any, order: Any) -> None:
    with pytest.raises(change_state.CompletionNeedsConfirmation) as asked:
        clerk.change_state(order, "completed")

    assert asked.value.facts == {"held": 59894, "currency": "USD", "unsent_pieces": 4}
    completed = clerk.change_state(order, "completed", is_confirmed=True)
    assert (completed.state.slug, completed.is_open) == ("completed", False)


def test_a_completed_order_can_be_opened_again(clerk: Any, order: Any) -> None:
    order = clerk.change_state(order, "completed", is_confirmed=True)

    order = clerk.change_state(order, "processing")

    assert order.is_open


def test_the_state_that_it_is_in_already_is_refused(clerk: Any, order: Any) -> None:
    with pytest.raises(change_state.StateUnchanged):
        clerk.change_state(order, "new")


def test_an_unknown_state_is_refused(clerk: Any, order: Any) -> None:
    with pytest.raises(StateUnknown):
        clerk.change_state(order, "nowhere")


def test_who_looked_before_a_colleague_moved_it_is_told_who_did(clerk: Any, colleague: Any, order: Any) -> None:
    colleague.change_state(order, "processing")

    with pytest.raises(OrderChanged) as stale:
        clerk.change_state(order, "fraud", version=order.version)

    assert stale.value.facts["changes"][0]["by"] == colleague.actor.name
    assert "state" in stale.value.facts["changes"][0]["fields"]
    assert clerk.sees(order).state.slug == "processing"


def test_a_change_to_another_field_does_not_clash(clerk: Any, colleague: Any, order: Any) -> None:
    colleague.save_invoice(order, "INV-1")

    merged = clerk.change_state(order, "processing", version=order.version)

    assert (merged.state.slug, merged.invoice_number) == ("processing", "INV-1")


def test_a_viewer_may_not(viewer: Any, order: Any) -> None:
    with pytest.raises(Refused) as refused:
        viewer.change_state(order, "processing")

    assert refused.value.code == "not_permitted"


def test_a_change_costs_a_fixed_number_of_statements(clerk: Any, order: Any, statements: Any) -> None:
    with statements() as counted:
        clerk.asks.change_state(order, "processing")

    assert counted.count == 7
