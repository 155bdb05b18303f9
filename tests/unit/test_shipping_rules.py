"""How pieces move between shipments, and delivery states (G11-G20, I9): the rules on facts, no database."""

from __future__ import annotations

import pytest

from orderwright.shipping.errors import (
    DeliveryStateUnchanged,
    ItemNotShipped,
    ItemUnknown,
    MethodUnchanged,
    PiecesNotThere,
    QuantityOutOfRange,
    ShipmentUnknown,
)
from orderwright.shipping.facts import Pick
from orderwright.shipping.rules import plan_delivery, plan_shipments
from tests.support.pieces import (
    COURIER,
    DELIVERED,
    GIFT_CARD,
    GROUND,
    HOME,
    LAMP,
    LINES,
    PENDING,
    READY,
    RUG,
    SENT_ON,
    SHIPPED,
    TABLE,
    part,
    shipment,
)


def planned(shipments, *picks, method, made=None, fitting=frozenset()):
    made = made or max(each.number for each in shipments)
    return plan_shipments(
        lines=LINES, shipments=shipments, picks=picks, method_id=method, shipments_made=made, fitting=fitting
    )


def contents(shipments):
    """Return what is where: {shipment: (method, {(item, delivery state): pieces})}."""
    return {
        each.number: (each.method_id, {(part.line_id, part.delivery.id): part.quantity for part in each.parts})
        for each in shipments
    }


# Update Shipment -----------------------------------------------------------------------------------------------------


def test_some_items_of_a_shipment_become_the_next_one_and_the_rest_stays():  # G17, G20
    plan = planned([shipment(1, part(TABLE), part(LAMP, 2), part(RUG))], Pick(line_id=RUG.id), method=HOME)

    assert (plan.way, plan.target, plan.pieces, plan.emptied) == ("new", 2, 1, ())
    assert contents(plan.after) == {1: (GROUND, {(11, 1): 1, (12, 1): 2}), 2: (HOME, {(13, 1): 1})}


def test_a_quantity_of_an_item_is_split_off():  # G17
    plan = planned([shipment(1, part(LAMP, 3))], Pick(line_id=LAMP.id, quantity=2), method=HOME)

    assert contents(plan.after) == {1: (GROUND, {(12, 1): 1}), 2: (HOME, {(12, 1): 2})}


def test_a_whole_untouched_shipment_changes_its_method_and_keeps_its_number():  # G17
    plan = planned(
        [shipment(1, part(TABLE), part(LAMP, 2))],
        Pick(line_id=TABLE.id),
        Pick(line_id=LAMP.id, quantity=2),
        method=COURIER,
    )

    assert (plan.way, plan.target, plan.emptied) == ("in_place", 1, ())
    assert contents(plan.after) == {1: (COURIER, {(11, 1): 1, (12, 1): 2})}


def test_different_methods_take_one_pass_each():  # G19, G20
    first = planned([shipment(1, part(TABLE), part(LAMP, 2), part(RUG))], Pick(line_id=LAMP.id), method=HOME)
    second = planned(first.after, Pick(line_id=RUG.id), method=COURIER)

    assert contents(second.after) == {
        1: (GROUND, {(11, 1): 1}),
        2: (HOME, {(12, 1): 2}),
        3: (COURIER, {(13, 1): 1}),
    }


def test_pieces_join_an_untouched_shipment_of_the_method_and_the_emptied_one_goes_away():
    plan = planned([shipment(1, part(TABLE)), shipment(2, part(RUG), method=HOME)], Pick(line_id=RUG.id), method=GROUND)

    assert (plan.way, plan.target, [each.number for each in plan.emptied]) == ("join", 1, [2])
    assert contents(plan.after) == {1: (GROUND, {(11, 1): 1, (13, 1): 1})}


@pytest.mark.parametrize(
    "closed", [{"tracking": ["1Z 999"]}, {"sent": True}], ids=["it has a tracking number", "a piece of it has left"]
)
def test_nothing_joins_a_shipment_once(closed):  # G20
    parts = [part(TABLE, delivery=SHIPPED if closed.get("sent") else PENDING), part(LAMP)]
    standing = shipment(1, *parts, tracking=closed.get("tracking", ()))

    plan = planned([standing, shipment(2, part(RUG), method=HOME)], Pick(line_id=RUG.id), method=GROUND)

    assert (plan.way, plan.target) == ("in_place", 2)
    assert contents(plan.after)[1] == contents([standing])[1]


def test_a_whole_shipment_with_a_tracking_number_becomes_a_new_one_and_the_parcel_goes_away():  # G20
    plan = planned([shipment(1, part(TABLE), tracking=["1Z 999"])], Pick(line_id=TABLE.id), method=HOME)

    assert (plan.way, plan.target) == ("new", 2)
    assert [(each.number, each.tracking_numbers) for each in plan.emptied] == [(1, ("1Z 999",))]
    assert [(each.number, each.tracking_numbers) for each in plan.after] == [(2, ())]


def test_a_whole_shipment_whose_number_is_right_with_the_method_keeps_both_numbers():  # G20
    standing = shipment(1, part(TABLE, delivery=SHIPPED), part(LAMP, 2), tracking=["1Z 999"])
    picks = [Pick(line_id=TABLE.id), Pick(line_id=LAMP.id)]
    waiting = shipment(2, part(RUG), method=HOME)

    kept = planned([standing, waiting], *picks, method=HOME, fitting=frozenset({1}))
    split = planned([standing, waiting], picks[0], method=HOME, fitting=frozenset({1}))

    assert (kept.way, kept.target, kept.kept_numbers, kept.removed_numbers) == ("in_place", 1, ("1Z 999",), ())
    assert [(each.number, each.method_id) for each in kept.after] == [(1, HOME), (2, HOME)]
    assert (split.way, split.target, split.kept_numbers, split.removed_numbers) == ("join", 2, (), ())
    assert [(each.number, each.tracking_numbers) for each in split.left] == [(1, ("1Z 999",))]


def test_numbers_are_never_used_again():
    plan = planned([shipment(1, part(TABLE), part(LAMP))], Pick(line_id=LAMP.id), method=HOME, made=4)

    assert plan.target == 5


def test_the_case_of_the_dialog_two_items_become_shipment_three():  # G17, G20
    shipments = [
        shipment(1, part(TABLE, delivery=SHIPPED), part(LAMP, 2, SHIPPED), tracking=["1Z 999"], sent_at=SENT_ON),
        shipment(2, part(RUG), method=HOME),
    ]

    plan = planned(
        shipments,
        Pick(line_id=LAMP.id, quantity=1, shipment=1),
        Pick(line_id=RUG.id, shipment=2),
        method=COURIER,
    )

    assert (plan.way, plan.target, plan.pieces, plan.sent_pieces) == ("new", 3, 2, 1)
    assert [each.number for each in plan.emptied] == [2]
    assert contents(plan.after) == {
        1: (GROUND, {(11, 3): 1, (12, 3): 1}),
        3: (COURIER, {(12, 3): 1, (13, 1): 1}),
    }
    assert [each.sent_at for each in plan.after] == [SENT_ON, None]


def test_pieces_that_have_left_take_the_time_along_that_they_left():
    plan = planned(
        [shipment(1, part(TABLE), part(LAMP, delivery=SHIPPED)), shipment(2, part(RUG, 2, SHIPPED), sent_at=SENT_ON)],
        Pick(line_id=RUG.id, quantity=1),
        method=COURIER,
    )

    assert [(each.number, each.is_sent, each.sent_at) for each in plan.after] == [
        (1, False, None),
        (2, True, SENT_ON),
        (3, True, SENT_ON),
    ]


def test_pieces_that_have_not_left_are_moved_before_those_that_have():
    plan = planned(
        [shipment(1, part(LAMP, 2, SHIPPED), part(LAMP, 2, PENDING))], Pick(line_id=LAMP.id, quantity=3), method=HOME
    )

    assert contents(plan.after) == {1: (GROUND, {(12, 3): 1}), 2: (HOME, {(12, 1): 2, (12, 3): 1})}


def test_pieces_that_go_that_way_already_stay_where_they_are():
    plan = planned(
        [shipment(1, part(TABLE), part(LAMP)), shipment(2, part(RUG), method=HOME)],
        Pick(line_id=LAMP.id),
        Pick(line_id=RUG.id),
        method=HOME,
    )

    assert (plan.way, plan.target, plan.pieces, plan.staying) == ("join", 2, 1, 1)


def test_nothing_to_change_is_refused():
    with pytest.raises(MethodUnchanged) as refused:
        planned([shipment(1, part(TABLE), part(LAMP))], Pick(line_id=TABLE.id), method=GROUND)

    assert refused.value.code == "shipment_method_unchanged"


def test_the_same_quantity_asked_for_twice_moves_once():
    first = planned([shipment(1, part(LAMP, 3))], Pick(line_id=LAMP.id, quantity=1), method=HOME)

    with pytest.raises(MethodUnchanged):
        planned(first.after, Pick(line_id=LAMP.id, quantity=1), method=HOME)


def test_one_more_piece_moves_when_its_shipment_is_named():
    first = planned([shipment(1, part(LAMP, 3))], Pick(line_id=LAMP.id, quantity=1), method=HOME)

    plan = planned(first.after, Pick(line_id=LAMP.id, quantity=1, shipment=1), method=HOME)

    assert contents(plan.after) == {1: (GROUND, {(12, 1): 1}), 2: (HOME, {(12, 1): 2})}


def test_the_same_item_picked_twice_is_added_up():
    plan = planned(
        [shipment(1, part(LAMP, 3))],
        Pick(line_id=LAMP.id, quantity=1),
        Pick(line_id=LAMP.id, quantity=1),
        method=HOME,
    )

    assert plan.pieces == 2


@pytest.mark.parametrize(
    ("picks", "error", "pointer"),
    [
        ([Pick(line_id=99)], ItemUnknown, "/items/0/item"),
        ([Pick(line_id=TABLE.id), Pick(line_id=GIFT_CARD.id)], ItemNotShipped, "/items/1/item"),
        ([Pick(line_id=TABLE.id, shipment=2)], ShipmentUnknown, "/items/0/shipment"),
        ([Pick(line_id=LAMP.id, quantity=0)], QuantityOutOfRange, "/items/0/quantity"),
        ([Pick(line_id=LAMP.id, quantity=-1)], QuantityOutOfRange, "/items/0/quantity"),
        ([Pick(line_id=LAMP.id, quantity=4)], QuantityOutOfRange, "/items/0/quantity"),
        ([Pick(line_id=LAMP.id, quantity=2)] * 2, QuantityOutOfRange, "/items/1/quantity"),
    ],
)
def test_what_cannot_be_picked_is_pointed_at(picks, error, pointer):
    with pytest.raises(error) as refused:
        planned([shipment(1, part(TABLE), part(LAMP, 3))], *picks, method=HOME)

    assert [field.pointer for field in refused.value.fields] == [pointer]
    assert refused.value.fields[0].code == refused.value.code


def test_a_quantity_out_of_range_names_its_bounds():
    with pytest.raises(QuantityOutOfRange) as refused:
        planned([shipment(1, part(LAMP, 3))], Pick(line_id=LAMP.id, quantity=4), method=HOME)

    assert refused.value.facts == {"item": LAMP.id, "least": 1, "most": 3}
    assert refused.value.message == "Choose between 1 and 3 pieces of Linen lamp shade."


# Delivery State ------------------------------------------------------------------------------------------------------


def delivered(shipments, delivery, **more):
    return plan_delivery(line=LAMP, shipments=shipments, delivery=delivery, **more)


def test_the_delivery_state_of_a_whole_item_changes_in_every_shipment():  # G11, G12
    shipments = [shipment(1, part(LAMP, 1)), shipment(2, part(LAMP, 2, READY), part(RUG), method=HOME)]

    plan = delivered(shipments, SHIPPED)

    assert contents(plan.after) == {1: (GROUND, {(12, 3): 1}), 2: (HOME, {(12, 3): 2, (13, 1): 1})}


def test_a_quantity_splits_the_pieces_and_equal_ones_come_together_again():  # G12
    one = delivered([shipment(1, part(LAMP, 3))], SHIPPED, quantity=1)
    both = delivered(one.after, SHIPPED, quantity=1, from_state_id=PENDING.id)

    assert contents(one.after) == {1: (GROUND, {(12, 1): 2, (12, 3): 1})}
    assert contents(both.after) == {1: (GROUND, {(12, 1): 1, (12, 3): 2})}


def test_the_pieces_are_named_by_shipment_and_state():
    shipments = [shipment(1, part(LAMP, 1), part(LAMP, 1, READY)), shipment(2, part(LAMP, 1, READY), method=HOME)]

    plan = delivered(shipments, SHIPPED, shipment=1, from_state_id=READY.id)

    assert contents(plan.after) == {1: (GROUND, {(12, 1): 1, (12, 3): 1}), 2: (HOME, {(12, 2): 1})}


def test_unnamed_pieces_come_from_the_state_closest_before_and_only_then_from_later_ones():
    shipments = [shipment(1, part(LAMP, 1), part(LAMP, 1, READY), part(LAMP, 1, DELIVERED))]

    after = [contents(delivered(shipments, SHIPPED, quantity=n).after)[1][1] for n in (1, 2, 3)]

    assert after == [{(12, 1): 1, (12, 5): 1, (12, 3): 1}, {(12, 5): 1, (12, 3): 2}, {(12, 3): 3}]


def test_the_same_delivery_state_again_is_refused():
    for more in ({}, {"quantity": 2}, {"shipment": 1}, {"from_state_id": PENDING.id}, {"from_state_id": SHIPPED.id}):
        with pytest.raises(DeliveryStateUnchanged) as refused:
            delivered([shipment(1, part(LAMP, 2, SHIPPED))], SHIPPED, **more)

        assert refused.value.code == "delivery_state_unchanged"


def test_the_same_quantity_set_twice_moves_once():
    first = delivered([shipment(1, part(LAMP, 3))], SHIPPED, quantity=1)

    with pytest.raises(DeliveryStateUnchanged):
        delivered(first.after, SHIPPED, quantity=1)


def test_pieces_that_somebody_else_has_moved_on_are_not_found():
    with pytest.raises(PiecesNotThere):
        delivered([shipment(1, part(LAMP, 2, READY))], SHIPPED, from_state_id=PENDING.id)


@pytest.mark.parametrize("quantity", [0, -1, 3])
def test_more_pieces_than_there_are_cannot_change_their_delivery_state(quantity):
    with pytest.raises(QuantityOutOfRange) as refused:
        delivered([shipment(1, part(LAMP, 2), part(RUG))], SHIPPED, quantity=quantity)

    assert [field.pointer for field in refused.value.fields] == ["/quantity"]
    assert (refused.value.facts["least"], refused.value.facts["most"]) == (1, 2)


def test_an_item_that_is_not_in_the_named_shipment_is_refused():
    with pytest.raises(ShipmentUnknown):
        delivered([shipment(1, part(LAMP)), shipment(2, part(RUG), method=HOME)], SHIPPED, shipment=2)


def test_what_is_not_sent_has_no_delivery_state():
    with pytest.raises(ItemNotShipped):
        plan_delivery(line=GIFT_CARD, shipments=[shipment(1, part(LAMP))], delivery=SHIPPED)


def test_a_shipment_is_sent_when_its_last_piece_is_and_not_before():
    shipments = [shipment(1, part(LAMP, 2), part(RUG, delivery=SHIPPED))]

    one = delivered(shipments, SHIPPED, quantity=1)
    both = delivered(one.after, SHIPPED)
    back = delivered([shipment(1, *both.after[0].parts, sent_at=SENT_ON)], PENDING, quantity=1)

    assert [plan.after[0].is_sent for plan in (one, both, back)] == [False, True, False]
    assert back.after[0].sent_at is None
