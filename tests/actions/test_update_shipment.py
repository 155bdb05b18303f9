"""Update Shipment: the gate, the dialog's selection, and what becomes of the shipments (G13, G16-G20, I9)."""

from __future__ import annotations

import pytest

from orderwright.actions import update_shipment
from orderwright.actions.update_shipment import Pick
from orderwright.core.errors import Conflict, Refused
from orderwright.journal.models import Entry
from orderwright.orders.errors import OrderChanged, OrderNotFound
from orderwright.orders.models import OrderState, Site
from orderwright.orders.writes import stream_of
from orderwright.shipping.errors import ItemUnknown, MethodUnchanged, MethodUnknown, NothingSelected
from orderwright.shipping.models import Carrier, Parcel, ShippingMethod
from tests.factories.orders import LAMP, RUG, TABLE

TBL, LMP, RG = TABLE["sku"], LAMP["sku"], RUG["sku"]


def contents(order):
    """Return what is where: {shipment: (method, {SKU: pieces})}."""
    found = {}
    for shipment in order.shipments:
        pieces = {}
        for part in shipment.parts:
            sku = order.line(part.line_id).sku
            pieces[sku] = pieces.get(sku, 0) + part.quantity
        found[shipment.number] = (order.method(shipment.method_id).slug, pieces)
    return found


def last_entry(order):
    return Entry.objects.filter(stream=stream_of(order.id)).latest("sequence")


def line_id(order, sku):
    return next(line.id for line in order.lines if line.sku == sku)


# What becomes of the shipments ---------------------------------------------------------------------------------------


def test_all_items_go_by_another_method_and_the_shipment_keeps_its_number(order, clerk):  # G17
    after = clerk.update_shipment(order, items="all", method="dhl-express")

    assert contents(order) == {1: ("ups-ground", {TBL: 1, LMP: 2, RG: 1})}
    assert contents(after) == {1: ("dhl-express", {TBL: 1, LMP: 2, RG: 1})}
    assert (after.shipments_total, after.shipments_sent, after.shipments_made) == (1, 0, 1)


def test_some_items_become_a_shipment_of_their_own(order, clerk):  # G17, G20
    after = clerk.update_shipment(order, items=[RG], method="fedex-home")

    assert contents(after) == {1: ("ups-ground", {TBL: 1, LMP: 2}), 2: ("fedex-home", {RG: 1})}
    assert (after.shipments_total, after.shipments_sent, after.shipments_made) == (2, 0, 2)
    assert after.version == order.version + 1


def test_a_quantity_of_an_item_goes_by_another_method(order, clerk):  # G17
    after = clerk.update_shipment(order, items={LMP: 1, RG: 1}, method="courier-same-day")

    assert contents(after) == {1: ("ups-ground", {TBL: 1, LMP: 1}), 2: ("courier-same-day", {LMP: 1, RG: 1})}


def test_different_methods_take_one_pass_each_and_every_shipment_has_its_own_tracking_number(order, clerk):  # G19, G20
    order = clerk.update_shipment(order, items=[LMP], method="fedex-home")
    order = clerk.update_shipment(order, items=[RG], method="dhl-paket")
    for number in (1, 2, 3):
        order = clerk.set_tracking(order, number, f"TRACK-{number}")

    assert contents(order) == {
        1: ("ups-ground", {TBL: 1}),
        2: ("fedex-home", {LMP: 2}),
        3: ("dhl-paket", {RG: 1}),
    }
    assert [[parcel.tracking_number for parcel in shipment.parcels] for shipment in order.shipments] == [
        ["TRACK-1"],
        ["TRACK-2"],
        ["TRACK-3"],
    ]


def test_shipments_are_put_together_again_and_their_numbers_are_not_used_again(order, clerk):
    order = clerk.update_shipment(order, items=[RG], method="fedex-home")
    order = clerk.update_shipment(order, items=[RG], method="ups-ground")
    merged = contents(order)
    order = clerk.update_shipment(order, items=[RG], method="fedex-home")

    assert merged == {1: ("ups-ground", {TBL: 1, LMP: 2, RG: 1})}
    assert contents(order) == {1: ("ups-ground", {TBL: 1, LMP: 2}), 3: ("fedex-home", {RG: 1})}


def test_delivery_states_stay_with_the_pieces_and_those_that_have_not_left_move_first(order, clerk):
    order = clerk.set_delivery_state(order, LMP, "shipped", quantity=1)

    after = clerk.update_shipment(order, items={LMP: 1}, method="fedex-home")

    parts = {
        shipment.number: {after.delivery_state(part.delivery_state_id).slug for part in shipment.parts}
        for shipment in after.shipments
    }
    assert parts == {1: {"pending", "shipped"}, 2: {"pending"}}


def test_a_shipment_whose_last_waiting_piece_moves_away_counts_as_sent(order, clerk, now):
    for sku in (TBL, LMP):
        order = clerk.set_delivery_state(order, sku, "shipped")

    after = clerk.update_shipment(order, items=[RG], method="fedex-home")

    assert [shipment.sent_at for shipment in after.shipments] == [now, None]
    assert (after.shipments_total, after.shipments_sent) == (2, 1)


def test_an_emptied_shipment_goes_away_with_its_parcel_and_the_journal_names_it(order, clerk, journal_kinds):
    order = clerk.update_shipment(order, items=[RG], method="fedex-home")
    order = clerk.set_tracking(order, 2, "FX 7788")

    after = clerk.update_shipment(order, items=[RG], method="dhl-express")

    assert contents(after) == {1: ("ups-ground", {TBL: 1, LMP: 2}), 3: ("dhl-express", {RG: 1})}
    assert not Parcel.objects.exists()
    assert journal_kinds(after)[-1] == "shipment.updated"
    entry = last_entry(after)
    assert entry.before["shipments"] == ["Shipment 2 · FedEx Home Delivery · 1 × Wool rug 160 x 230 · FX 7788"]
    assert entry.after["shipments"] == ["Shipment 3 · DHL Express · 1 × Wool rug 160 x 230"]
    assert (entry.actor_name, entry.version) == ("Mia Chen", after.version)


def test_the_shipment_of_a_pick_is_named(order, clerk, now):
    order = clerk.update_shipment(order, items={LMP: 1}, method="fedex-home")

    picks = [Pick(line_id=line_id(order, LMP), shipment=2)]
    update_shipment.run(number=order.number, picks=picks, method="dhl-express", actor=clerk.actor, now=now)

    assert contents(clerk.sees(order)) == {1: ("ups-ground", {TBL: 1, LMP: 1, RG: 1}), 2: ("dhl-express", {LMP: 1})}


# What the dialog says ------------------------------------------------------------------------------------------------


def sentences(order, method, *picks):
    chosen = [Pick(line_id=line_id(order, sku), quantity=quantity, shipment=where) for sku, quantity, where in picks]
    return update_shipment.plan(order, chosen, method=method).sentences


def test_the_dialog_says_what_update_will_do(order, clerk):  # G17
    order = clerk.update_shipment(order, items=[RG], method="fedex-home")
    for sku in (TBL, LMP):
        order = clerk.set_delivery_state(order, sku, "shipped")

    assert sentences(order, "courier-same-day", (LMP, 1, 1), (RG, None, 2)) == (
        "These 2 items become shipment 3 with its own tracking number.",
        "Shipment 2 is then empty and is removed.",
        "One piece already counts as shipped: its delivery state stays.",
    )
    assert sentences(order, "courier-same-day", (TBL, None, 1), (LMP, None, 1), (RG, None, 2)) == (
        "These 4 items become shipment 3 with its own tracking number.",
        "Shipments 1 and 2 are then empty and are removed.",
        "3 pieces already count as shipped: their delivery states stay.",
    )
    assert sentences(order, "dhl-express", (RG, None, 2)) == ("Shipment 2 then goes by DHL Express.",)
    assert sentences(order, "fedex-home", (LMP, 1, 1), (RG, None, 2)) == (
        "This item joins shipment 2.",
        "One piece already counts as shipped: its delivery state stays.",
        "One piece goes by FedEx Home Delivery already and stays where it is.",
    )


def test_the_dialog_says_which_tracking_number_goes_away(order, clerk):
    order = clerk.update_shipment(order, items=[RG], method="fedex-home")
    order = clerk.set_tracking(order, 2, "FX 7788")

    assert sentences(order, "ups-ground", (RG, None, 2)) == (
        "This item joins shipment 1.",
        (
            "Shipment 2 is then empty and is removed. "
            "The tracking number FX 7788 is removed with it; the timeline keeps it."
        ),
    )


def test_a_tracking_number_stays_where_the_carrier_does(order, clerk):  # G20
    order = clerk.set_tracking(order, 1, "1Z 999 AA1 01 2345 6784")
    order = clerk.set_delivery_state(order, RG, "shipped")

    told = sentences(order, "ups-next-day", (TBL, None, None), (LMP, None, None), (RG, None, None))
    after = clerk.update_shipment(order, method="ups-next-day")

    assert told == (
        "Shipment 1 then goes by UPS Next Day Air.",
        "Its tracking number 1Z 999 AA1 01 2345 6784 stays.",
        "One piece already counts as shipped: its delivery state stays.",
    )
    assert contents(after) == {1: ("ups-next-day", {TBL: 1, LMP: 2, RG: 1})}
    assert [parcel.tracking_number for parcel in after.shipments[0].parcels] == ["1Z 999 AA1 01 2345 6784"]


def test_a_tracking_number_stays_when_it_is_one_of_the_new_carrier(order, clerk):  # W9
    order = clerk.update_shipment(order, method="fedex-home")
    order = clerk.set_tracking(order, 1, "1Z999AA10123456784")

    after = clerk.update_shipment(order, method="ups-ground")

    assert [parcel.tracking_number for parcel in after.shipments[0].parcels] == ["1Z999AA10123456784"]


def test_a_piece_that_leaves_a_parcel_leaves_its_number_and_the_dialog_says_so(order, clerk):  # G20
    order = clerk.set_tracking(order, 1, "1Z 1")
    order = clerk.set_delivery_state(order, RG, "shipped")

    told = sentences(order, "ups-next-day", (RG, None, None))
    after = clerk.update_shipment(order, items=[RG], method="ups-next-day")

    assert told == (
        "This item becomes shipment 2 with its own tracking number.",
        "The tracking number 1Z 1 stays with shipment 1.",
        "One piece already counts as shipped: its delivery state stays.",
    )
    assert [[parcel.tracking_number for parcel in each.parcels] for each in after.shipments] == [["1Z 1"], []]


def test_a_method_of_another_site_is_not_offered(order, clerk, site):  # W9, W10
    elsewhere = Site.objects.create(
        slug="elsewhere", name="Elsewhere", number_prefix="E-", time_zone="UTC", currency="USD", locale="en"
    )
    ShippingMethod.objects.get(slug="dhl-express").sites.add(elsewhere)
    ShippingMethod.objects.get(slug="ups-next-day").sites.add(elsewhere, Site.objects.get(slug=site.slug))
    Carrier.objects.get(slug="fedex").sites.add(elsewhere)

    offered = update_shipment.availability(clerk.sees(order), clerk.actor).limits["methods"]

    assert {"ups-ground", "ups-next-day", "dhl-paket"} <= set(offered)
    assert not {"dhl-express", "fedex-home"} & set(offered)
    with pytest.raises(MethodUnknown):
        clerk.update_shipment(order, method="fedex-home")


def test_looking_at_the_plan_changes_nothing(order, clerk, statements):
    with statements() as counted:
        sentences(order, "dhl-express", (RG, None, None))

    assert counted.count == 0
    assert clerk.sees(order) == order


# The gate ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["new", "processing"])
def test_shipments_can_be_changed_while_the_order_is(state, take_in, clerk):  # G13
    order = take_in(state=state, held=0)

    after = clerk.update_shipment(order, method="dhl-express")

    assert contents(after)[1][0] == "dhl-express"
    assert "dhl-express" in update_shipment.availability(order, clerk.actor).limits["methods"]


@pytest.mark.parametrize(
    ("state", "name"),
    [("fraud", "Fraud"), ("suspended", "Suspended"), ("completed", "Completed"), ("canceled", "Canceled")],
)
def test_shipments_cannot_be_changed_once_the_order_is(state, name, take_in, clerk, journal_kinds):  # G13
    order = take_in(state=state, held=0)
    kinds = journal_kinds(order)

    with pytest.raises(Conflict) as refused:
        clerk.update_shipment(order, method="dhl-express")

    assert refused.value.code == "order_state_locks_shipments"
    assert refused.value.message == (
        f"Shipments can be changed while the order is New or Processing; this one is {name}."
    )
    assert update_shipment.availability(order, clerk.actor).reason == refused.value.message
    assert (clerk.sees(order), journal_kinds(order)) == (order, kinds)


def test_the_gate_follows_the_system_state_that_a_custom_state_is_mapped_to(order, clerk):  # G13
    for slug, system_state in (("packing", "processing"), ("on-hold", "suspended")):
        OrderState.objects.create(slug=slug, name=slug.title(), color="teal", system_state=system_state)

    packing = clerk.change_state(order, "packing")
    changed = clerk.update_shipment(packing, method="dhl-express")
    held = clerk.change_state(changed, "on-hold")

    assert contents(changed)[1][0] == "dhl-express"
    assert not update_shipment.availability(held, clerk.actor).allowed


def test_a_viewer_may_not_update_shipments(order, viewer):
    with pytest.raises(Refused) as refused:
        viewer.update_shipment(order, method="dhl-express")

    assert refused.value.code == "not_permitted"
    assert viewer.sees(order) == order


def test_an_order_without_anything_to_ship_has_no_shipments(take_in, clerk):
    order = take_in(items=[{**TABLE, "requires_shipping": False}])

    with pytest.raises(Conflict) as refused:
        clerk.asks._run("update_shipment", order, picks=[Pick(line_id=order.lines[0].id)], method="dhl-express")

    assert refused.value.code == "nothing_to_ship"


# Refusals ------------------------------------------------------------------------------------------------------------


def test_what_update_cannot_do_is_refused_and_nothing_is_written(order, clerk, journal_kinds):
    ShippingMethod.objects.create(slug="free-text", name="Free text", is_offered=False)
    kinds = journal_kinds(order)
    mine = [Pick(line_id=order.lines[0].id)]
    cases = [
        ([], "dhl-express", NothingSelected, "/items"),
        ([], "", NothingSelected, "/items"),
        ([Pick(line_id=10**9)], "dhl-express", ItemUnknown, "/items/0/item"),
        (mine, "no-such-method", MethodUnknown, "/method"),
        (mine, "free-text", MethodUnknown, "/method"),
    ]

    for picks, method, error, pointer in cases:
        with pytest.raises(error) as refused:
            clerk.asks._run("update_shipment", order, picks=picks, method=method)
        assert [field.pointer for field in refused.value.fields] == [pointer]
    with pytest.raises(MethodUnchanged):
        clerk.update_shipment(order, method="ups-ground")

    assert (clerk.sees(order), journal_kinds(order)) == (order, kinds)


def test_an_order_that_is_not_there_cannot_be_updated(order, clerk, now):
    with pytest.raises(OrderNotFound):
        update_shipment.run(number="no-such", picks=[], method="dhl-express", actor=clerk.actor, now=now)


def test_whoever_looked_before_somebody_else_changed_the_shipments_is_told_who(order, clerk, colleague):
    clerk.update_shipment(order, items=[RG], method="fedex-home")

    with pytest.raises(OrderChanged) as refused:
        colleague.update_shipment(order, items=[LMP], method="dhl-express", version=order.version)

    assert refused.value.facts["changes"][0]["by"] == "Mia Chen"
    assert refused.value.facts["changes"][0]["fields"] == ["shipments"]


def test_a_pick_from_a_shipment_that_was_given_a_tracking_number_meanwhile_is_refused(order, clerk, colleague):  # G20
    clerk.set_tracking(order, 1, "1Z 999")
    picks = [Pick(line_id=order.lines[0].id, shipment=1)]

    with pytest.raises(OrderChanged):
        colleague.asks._run("update_shipment", order, picks=picks, method="dhl-express", version=order.version)


def test_a_change_of_something_else_does_not_clash(order, clerk, colleague):
    clerk.save_invoice(order, "INV-1")

    after = colleague.update_shipment(order, method="dhl-express", version=order.version)

    assert (after.invoice_number, contents(after)[1][0]) == ("INV-1", "dhl-express")


def test_two_who_update_at_once_move_the_pieces_once(order, clerk, both_at_once, journal_kinds):  # G17
    outcomes = both_at_once(lambda: clerk.asks.update_shipment(order, items={LMP: 1}, method="dhl-express"))

    assert sorted(outcomes) == ["done", "shipment_method_unchanged"]
    assert contents(clerk.sees(order)) == {1: ("ups-ground", {TBL: 1, LMP: 1, RG: 1}), 2: ("dhl-express", {LMP: 1})}
    assert journal_kinds(order).count("shipment.updated") == 1


# Cost ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", [2, 20])
def test_the_cost_does_not_grow_with_the_items(lines, take_in, clerk, statements):
    order = take_in(items=[{**LAMP, "sku": f"LMP-{at}", "quantity": 3} for at in range(lines)])
    chosen = {f"LMP-{at}": 2 for at in range(lines)}

    with statements() as counted:
        clerk.asks.update_shipment(order, items=chosen, method="dhl-express")

    assert counted.count == 13, counted
