"""Whatever is done to shipments, in whatever order: pieces add up and no number comes back (I9, G20)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from orderwright.core.errors import OrderwrightError
from orderwright.shipping.facts import DeliveryFacts, LineFacts, PartFacts, Pick, ShipmentFacts
from orderwright.shipping.rules import plan_delivery, plan_shipments, plan_tracking

DELIVERIES = [DeliveryFacts(id=place, place=place, is_sent=place >= 2) for place in range(4)]
TABLE = LineFacts(id=11, name="Oak side table")
LAMP = LineFacts(id=12, name="Linen lamp shade")
RUG = LineFacts(id=13, name="Wool rug")
GIFT_CARD = LineFacts(id=14, name="Gift card", requires_shipping=False)
LINES = [TABLE, LAMP, RUG, GIFT_CARD]
QUANTITIES = {TABLE.id: 1, LAMP.id: 3, RUG.id: 5}

line_ids = st.sampled_from([*QUANTITIES, GIFT_CARD.id, 99])
some_quantity = st.none() | st.integers(0, 6)
some_shipment = st.none() | st.integers(1, 4)
picks = st.lists(st.builds(Pick, line_id=line_ids, quantity=some_quantity, shipment=some_shipment), max_size=4)
updates = st.tuples(st.just("update"), picks, st.integers(1, 3), st.frozensets(st.integers(1, 4)))
deliveries = st.tuples(
    st.just("deliver"),
    st.sampled_from([TABLE, LAMP, RUG]),
    st.sampled_from(DELIVERIES),
    some_quantity,
    some_shipment,
)
trackings = st.tuples(st.just("track"), st.integers(1, 4), st.sampled_from(["", "A 1", "a1", "B"]), st.integers(1, 2))


@given(st.lists(updates | deliveries | trackings, max_size=25))
def test_whatever_is_done_pieces_add_up_and_no_number_comes_back(steps):  # I9, G20
    parts = tuple(PartFacts(line_id=line, delivery=DELIVERIES[0], quantity=n) for line, n in QUANTITIES.items())
    shipments = (ShipmentFacts(number=1, method_id=1, parts=parts),)
    made = 1
    gone: set[int] = set()

    for step in steps:
        try:
            after = _one_step(shipments, made, step)
        except OrderwrightError:
            continue

        assert after != shipments, f"a silent no-op: {step}"
        _assert_sound(after)
        gone |= {each.number for each in shipments} - {each.number for each in after}
        made = max(made, *(each.number for each in after))
        assert not gone & {each.number for each in after}
        shipments = after


def _one_step(shipments, made, step):
    if step[0] == "update":
        _what, chosen, method, fitting = step
        plan = plan_shipments(
            lines=LINES, shipments=shipments, picks=chosen, method_id=method, shipments_made=made, fitting=fitting
        )
        known = {each.number: each.tracking_numbers for each in shipments}
        assert all(each.tracking_numbers == known.get(each.number, ()) for each in plan.after)
        assert _deliveries(shipments) == _deliveries(plan.after)
        return plan.after
    if step[0] == "deliver":
        _what, line, delivery, quantity, where = step
        plan = plan_delivery(line=line, shipments=shipments, delivery=delivery, quantity=quantity, shipment=where)
        assert [(each.number, each.method_id) for each in plan.after] == [
            (each.number, each.method_id) for each in shipments
        ]
        return plan.after
    _what, number, tracking_number, parcel = step
    tracking = plan_tracking(shipments=shipments, shipment=number, tracking_number=tracking_number, parcel=parcel)
    return tuple(replace(each, tracking_numbers=tracking) if each.number == number else each for each in shipments)


def _deliveries(shipments):
    found = Counter()
    for each in shipments:
        for piece in each.parts:
            found[piece.line_id, piece.delivery.id] += piece.quantity
    return found


def _assert_sound(shipments):
    pieces = Counter()
    for each in shipments:
        assert each.parts, "an empty shipment stayed"
        places = [(piece.line_id, piece.delivery.id) for piece in each.parts]
        assert len(places) == len(set(places)), "equal pieces stand apart"
        for piece in each.parts:
            assert piece.quantity >= 1
            pieces[piece.line_id] += piece.quantity
    assert pieces == QUANTITIES
    assert [each.number for each in shipments] == sorted({each.number for each in shipments})
    tracked = ["".join(number.split()).casefold() for each in shipments for number in each.tracking_numbers]
    assert len(tracked) == len(set(tracked))
