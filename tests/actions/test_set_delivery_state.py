"""Delivery State: of an item, of so many pieces of it, in which shipment, and when a shipment counts as sent."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from orderwright.actions import set_delivery_state
from orderwright.core.errors import Conflict, Refused
from orderwright.journal.models import Entry
from orderwright.orders.errors import OrderChanged
from orderwright.orders.writes import stream_of
from orderwright.shipping.errors import (
    DeliveryStateUnchanged,
    DeliveryStateUnknown,
    ItemNotFound,
    ItemNotShipped,
    PiecesNotThere,
    QuantityOutOfRange,
    ShipmentUnknown,
)
from orderwright.shipping.models import ShipmentPart
from tests.factories.orders import LAMP, RUG, TABLE

TBL, LMP, RG = TABLE["sku"], LAMP["sku"], RUG["sku"]


def states(order, sku):
    """Return how many pieces of the item are in which delivery state."""
    found = Counter()
    for shipment in order.shipments:
        for part in shipment.parts:
            if order.line(part.line_id).sku == sku:
                found[order.delivery_state(part.delivery_state_id).slug] += part.quantity
    return dict(found)


def test_an_items_delivery_state_is_set(order, clerk):  # G11, G12
    after = clerk.set_delivery_state(order, LMP, "ready-to-ship")

    assert [states(after, sku) for sku in (TBL, LMP, RG)] == [{"pending": 1}, {"ready-to-ship": 2}, {"pending": 1}]
    assert after.version == order.version + 1


def test_every_default_delivery_state_can_be_chosen(order, clerk):  # G12
    offered = set_delivery_state.availability(order, clerk.actor).limits["delivery_states"]

    for slug in offered[1:] + offered[:1]:
        order = clerk.set_delivery_state(order, TBL, slug)
        assert states(order, TBL) == {slug: 1}

    assert offered == ["pending", "ready-to-ship", "shipped", "in-transit", "delivered", "returned", "failed"]


def test_some_pieces_of_an_item_are_set_and_come_together_again(order, clerk):
    one = clerk.set_delivery_state(order, LMP, "shipped", quantity=1)
    both = clerk.set_delivery_state(one, LMP, "shipped")

    assert [states(each, LMP) for each in (one, both)] == [{"pending": 1, "shipped": 1}, {"shipped": 2}]
    assert ShipmentPart.objects.filter(line__sku=LMP).count() == 1


def test_the_pieces_of_one_shipment_are_set_and_the_others_stay(order, clerk):
    order = clerk.update_shipment(order, items={LMP: 1}, method="fedex-home")

    after = clerk.set_delivery_state(order, LMP, "shipped", shipment=2, from_state="pending")

    parts = [[after.delivery_state(part.delivery_state_id).slug for part in each.parts] for each in after.shipments]
    assert parts == [["pending", "pending", "pending"], ["shipped"]]


def test_a_shipment_is_sent_when_its_last_piece_leaves_and_no_longer_when_one_comes_back_to_the_shop(order, clerk, now):
    for sku in (TBL, LMP):
        order = clerk.set_delivery_state(order, sku, "shipped")
    part_of_it = (order.shipments[0].sent_at, order.shipments_sent)
    order = clerk.at(timedelta(hours=1)).set_delivery_state(order, RG, "shipped")
    all_of_it = (order.shipments[0].sent_at, order.shipments_sent)
    order = clerk.at(timedelta(hours=2)).set_delivery_state(order, RG, "delivered")
    there = (order.shipments[0].sent_at, order.shipments_sent)
    order = clerk.at(timedelta(hours=3)).set_delivery_state(order, LMP, "pending", quantity=1)
    back = (order.shipments[0].sent_at, order.shipments_sent)

    left_at = now + timedelta(hours=1)
    assert [part_of_it, all_of_it, there, back] == [(None, 0), (left_at, 1), (left_at, 1), (None, 0)]


def test_the_journal_says_which_pieces_went_from_where_to_where(order, clerk, journal_kinds):
    order = clerk.set_delivery_state(order, LMP, "ready-to-ship", quantity=1)
    line = next(line for line in order.lines if line.sku == LMP)

    order = clerk.set_delivery_state(order, LMP, "shipped")

    entry = Entry.objects.filter(stream=stream_of(order.id)).latest("sequence")
    piece = {"shipment": 1, "sent_at": None, "item": "Linen lamp shade, sand", "quantity": 1}
    assert journal_kinds(order)[-2:] == ["item.delivery_state_changed"] * 2
    assert entry.before == {
        f"delivery_state:{line.id}": [
            {**piece, "state": "ready-to-ship", "name": "Ready to ship"},
            {**piece, "state": "pending", "name": "Pending"},
        ]
    }
    assert entry.after == {f"delivery_state:{line.id}": [{**piece, "state": "shipped", "name": "Shipped"}] * 2}
    assert (entry.actor_name, entry.version) == ("Mia Chen", order.version)


# The gate ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["new", "processing"])
def test_delivery_states_can_be_set_while_the_order_is(state, take_in, clerk):  # G14
    order = take_in(state=state, held=0)

    assert states(clerk.set_delivery_state(order, TBL, "shipped"), TBL) == {"shipped": 1}


@pytest.mark.parametrize("state", ["fraud", "suspended", "completed", "canceled"])
def test_delivery_states_cannot_be_set_once_the_order_is(state, take_in, clerk, journal_kinds):  # G14
    order = take_in(state=state, held=0)
    kinds = journal_kinds(order)

    with pytest.raises(Conflict) as refused:
        clerk.set_delivery_state(order, TBL, "shipped")

    assert refused.value.code == "order_state_locks_shipments"
    assert set_delivery_state.availability(order, clerk.actor).reason == refused.value.message
    assert (clerk.sees(order), journal_kinds(order)) == (order, kinds)


def test_a_viewer_may_not_set_delivery_states(order, viewer):
    with pytest.raises(Refused) as refused:
        viewer.set_delivery_state(order, TBL, "shipped")

    assert refused.value.code == "not_permitted"
    assert viewer.sees(order) == order


# Refusals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "error", "pointer"),
    [
        ({"delivery_state": "lost"}, DeliveryStateUnknown, "/delivery_state"),
        ({"from_state": "lost"}, DeliveryStateUnknown, "/from_state"),
        ({"shipment": 2}, ShipmentUnknown, "/shipment"),
        ({"quantity": 0}, QuantityOutOfRange, "/quantity"),
        ({"quantity": 3}, QuantityOutOfRange, "/quantity"),
    ],
)
def test_what_cannot_be_set_is_pointed_at_and_nothing_is_written(more, error, pointer, order, clerk):
    with pytest.raises(error) as refused:
        clerk.set_delivery_state(order, LMP, **{"delivery_state": "shipped", **more})

    assert [field.pointer for field in refused.value.fields] == [pointer]
    assert clerk.sees(order) == order


def test_the_same_delivery_state_again_is_refused(order, clerk):
    with pytest.raises(DeliveryStateUnchanged):
        clerk.set_delivery_state(order, LMP, "pending")

    assert clerk.sees(order) == order


def test_pieces_that_somebody_has_moved_on_meanwhile_are_not_found(order, clerk, colleague):
    clerk.set_delivery_state(order, LMP, "delivered")

    with pytest.raises(PiecesNotThere):
        colleague.set_delivery_state(order, LMP, "shipped", from_state="pending")


def test_an_item_of_another_order_is_not_found(order, take_in, clerk):
    other = take_in()

    with pytest.raises(ItemNotFound):
        clerk.asks._run("set_delivery_state", order, line_id=other.lines[0].id, delivery_state="shipped")

    assert clerk.sees(other) == other


def test_an_item_that_is_not_sent_has_no_delivery_state(take_in, clerk):
    order = take_in(items=[TABLE, {**LAMP, "requires_shipping": False}])

    with pytest.raises(ItemNotShipped):
        clerk.set_delivery_state(order, LMP, "shipped")


def test_whoever_looked_before_somebody_else_set_the_same_item_is_told_who(order, clerk, colleague):
    clerk.set_delivery_state(order, LMP, "shipped")

    with pytest.raises(OrderChanged) as refused:
        colleague.set_delivery_state(order, LMP, "delivered", version=order.version)

    assert [change["by"] for change in refused.value.facts["changes"]] == ["Mia Chen"]


def test_changes_of_different_items_do_not_clash(order, clerk, colleague):
    clerk.set_delivery_state(order, LMP, "shipped")

    after = colleague.set_delivery_state(order, RG, "ready-to-ship", version=order.version)

    assert (states(after, LMP), states(after, RG)) == ({"shipped": 2}, {"ready-to-ship": 1})


def test_two_who_ship_the_same_piece_at_once_ship_it_once(order, clerk, both_at_once, journal_kinds):
    outcomes = both_at_once(lambda: clerk.asks.set_delivery_state(order, LMP, "shipped", quantity=1))

    assert sorted(outcomes) == ["delivery_state_unchanged", "done"]
    assert states(clerk.sees(order), LMP) == {"pending": 1, "shipped": 1}
    assert journal_kinds(order).count("item.delivery_state_changed") == 1


@pytest.mark.parametrize("lines", [2, 20])
def test_the_cost_does_not_grow_with_the_items(lines, take_in, clerk, statements):
    order = take_in(items=[{**LAMP, "sku": f"LMP-{at}", "quantity": 3} for at in range(lines)])

    with statements() as counted:
        clerk.asks.set_delivery_state(order, "LMP-0", "shipped", quantity=1)

    assert counted.count == 10, counted
