"""Opening an order's shipments at intake, and finding the shipping method that a title means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from orderwright.core.db import in_write_transaction
from orderwright.orders.models import Line, Order
from orderwright.shipping.errors import TrackingNumberTaken
from orderwright.shipping.models import DeliveryState, Parcel, Shipment, ShipmentPart, ShippingMethod
from orderwright.shipping.writes import PlannedShipment, method_for, open_shipments

SENT_ON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.fixture
def bare(order):
    """Return an order's row without its shipments, as it is in the middle of being taken in."""
    Parcel.objects.all().delete()
    ShipmentPart.objects.all().delete()
    Shipment.objects.all().delete()
    return Order.objects.get(pk=order.id)


def state(slug):
    return DeliveryState.objects.get(slug=slug).pk


def lines_of(order):
    return list(Line.objects.filter(order=order).order_by("position"))


# The books are left half open here: the order's own columns are the caller's.
@pytest.mark.breaks_invariants
def test_an_order_comes_in_with_its_shipments_numbered_parcels_and_sent_ones_counted(bare, statements):
    table, lamp, rug = lines_of(bare)
    ground, home = method_for(title_or_slug="ups-ground"), method_for(title_or_slug="fedex-home")
    shipped, pending = state("shipped"), state("pending")
    planned = [
        PlannedShipment(
            method=ground,
            parts=[(table, shipped, 1), (lamp, shipped, 1)],
            tracking_numbers=["1Z 999", "1Z 998"],
            sent_at=SENT_ON,
        ),
        PlannedShipment(method=home, parts=[(lamp, pending, 1), (rug, pending, 1)], sent_at=SENT_ON),
    ]

    with statements() as counted:
        counts = in_write_transaction(lambda: open_shipments(order=bare, planned=planned))

    assert counts == {"shipments_total": 2, "shipments_sent": 1, "shipments_partly": 0, "shipments_made": 2}
    assert list(Shipment.objects.order_by("number").values_list("number", "method__slug", "sent_at")) == [
        (1, "ups-ground", SENT_ON),
        (2, "fedex-home", None),
    ]
    assert list(
        ShipmentPart.objects.order_by("shipment__number", "line__position").values_list(
            "shipment__number", "line__sku", "delivery_state__slug", "quantity"
        )
    ) == [
        (1, "TBL-OAK-45", "shipped", 1),
        (1, "LMP-LIN-SND", "shipped", 1),
        (2, "LMP-LIN-SND", "pending", 1),
        (2, "RUG-WOL-160", "pending", 1),
    ]
    assert list(Parcel.objects.order_by("position").values_list("position", "tracking_number")) == [
        (1, "1Z 999"),
        (2, "1Z 998"),
    ]
    assert counted.count == 4, counted


@pytest.mark.breaks_invariants
def test_the_same_item_named_twice_in_a_shipment_is_one_part(bare):
    _table, lamp, _rug = lines_of(bare)
    parts = [(lamp, state("pending"), 1), (lamp, state("pending"), 1)]
    planned = [PlannedShipment(method=method_for(title_or_slug="ups-ground"), parts=parts)]

    in_write_transaction(lambda: open_shipments(order=bare, planned=planned))

    assert list(ShipmentPart.objects.values_list("quantity", flat=True)) == [2]


@pytest.mark.breaks_invariants
def test_two_shipments_of_an_order_do_not_come_in_with_the_same_tracking_number(bare):  # G20
    table, lamp, _rug = lines_of(bare)
    ground, pending = method_for(title_or_slug="ups-ground"), state("pending")
    planned = [
        PlannedShipment(method=ground, parts=[(table, pending, 1)], tracking_numbers=["1Z 999"]),
        PlannedShipment(method=ground, parts=[(lamp, pending, 2)], tracking_numbers=["1z999"]),
    ]

    with pytest.raises(TrackingNumberTaken):
        in_write_transaction(lambda: open_shipments(order=bare, planned=planned))

    assert not Shipment.objects.exists()


@pytest.mark.breaks_invariants
def test_a_shipment_with_nothing_in_it_is_not_opened(bare):
    empty = PlannedShipment(method=method_for(title_or_slug="ups-ground"), parts=[])

    with pytest.raises(ValueError, match="at least one piece"):
        open_shipments(order=bare, planned=[empty])

    assert set(open_shipments(order=bare, planned=[]).values()) == {0}


# Methods -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known_as", ["ups-ground", "UPS Ground", "ups ground", "UPS GROUND"])
def test_a_method_is_known_by_its_slug_and_by_its_name_in_any_letter_case(known_as, db):
    count = ShippingMethod.objects.count()

    assert method_for(title_or_slug=known_as).slug == "ups-ground"
    assert ShippingMethod.objects.count() == count


def test_a_title_that_nobody_knows_becomes_a_method_that_staff_are_not_offered(db):
    first, again = (method_for(title_or_slug="Economy (5–8 days)") for _turn in range(2))

    assert first == again
    assert (first.slug, first.name, first.is_offered, first.carrier) == (
        "economy-58-days",
        "Economy (5–8 days)",
        False,
        None,
    )


def test_letter_case_beyond_ascii_is_folded_on_both_engines(db):
    assert method_for(title_or_slug="Übernacht") == method_for(title_or_slug="ÜBERNACHT")


def test_titles_whose_slugs_are_alike_stay_apart(db):
    titles = ["Express!", "Express?", "宅急便", "佐川急便", "express"]

    assert [method_for(title_or_slug=title).slug for title in titles] == [
        "express",
        "express-2",
        "method",
        "method-2",
        "express",
    ]


def test_the_longest_title_has_a_slug_that_fits(db):
    made = [method_for(title_or_slug=f"{'long ' * 23}{at}") for at in range(3)]

    assert len({method.slug for method in made}) == 3
    assert all(len(method.slug) <= 80 for method in made)


def test_two_orders_with_the_same_new_title_at_once_share_the_method(db, both_at_once):
    def take() -> str:
        with transaction.atomic(durable=True):
            return method_for(title_or_slug="Drone").slug

    assert both_at_once(take) == ["drone", "drone"]
    assert ShippingMethod.objects.filter(name="Drone").count() == 1
