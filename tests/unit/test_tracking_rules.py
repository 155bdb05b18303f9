"""How tracking numbers are set, changed, added and taken away (G15, G20): the rules on facts, no database."""

from __future__ import annotations

import pytest

from orderwright.shipping.errors import (
    ParcelOutOfRange,
    ShipmentNotFound,
    TrackingNumberTaken,
    TrackingNumberUnchanged,
)
from orderwright.shipping.rules import plan_tracking
from tests.support.pieces import HOME, RUG, TABLE, part, shipment

TWO = [shipment(1, part(TABLE), tracking=["1Z 999 AA1"]), shipment(2, part(RUG), method=HOME)]


def numbers(shipment, tracking_number, parcel=1, shipments=TWO):
    return plan_tracking(shipments=shipments, shipment=shipment, tracking_number=tracking_number, parcel=parcel)


def test_a_tracking_number_is_set_changed_added_and_taken_away():  # G15
    assert numbers(2, "JD 01 4600") == ("JD 01 4600",)
    assert numbers(1, "1Z 999 AA2") == ("1Z 999 AA2",)
    assert numbers(1, "1Z 999 AA2", parcel=2) == ("1Z 999 AA1", "1Z 999 AA2")
    assert numbers(1, "") == ()


def test_taking_a_parcel_away_closes_the_gap():
    assert numbers(1, "", parcel=2, shipments=[shipment(1, part(TABLE), tracking="ABC")]) == ("A", "C")


@pytest.mark.parametrize("same", ["1Z 999 AA1", "1z999aa1", " 1Z999 aa1", "1Z 999\u00a0AA1"])
def test_two_shipments_never_share_a_tracking_number_however_it_is_spaced(same):  # G20
    with pytest.raises(TrackingNumberTaken) as refused:
        numbers(2, same)

    assert refused.value.facts["shipment"] == 1
    assert refused.value.message == "Shipment 1 has the tracking number 1Z 999 AA1 already."


def test_two_parcels_of_one_shipment_do_not_share_a_number_either():
    with pytest.raises(TrackingNumberTaken):
        numbers(1, "1z999AA1", parcel=2)


def test_a_number_may_be_spaced_anew():
    assert numbers(1, "1Z999AA1") == ("1Z999AA1",)


@pytest.mark.parametrize(("shipment", "tracking_number"), [(1, "1Z 999 AA1"), (2, "")])
def test_the_same_tracking_number_again_is_refused(shipment, tracking_number):
    with pytest.raises(TrackingNumberUnchanged):
        numbers(shipment, tracking_number)


@pytest.mark.parametrize("parcel", [0, -1, 3])
def test_parcels_are_added_one_after_the_other(parcel):
    with pytest.raises(ParcelOutOfRange) as refused:
        numbers(1, "1Z", parcel=parcel)

    assert (refused.value.facts["least"], refused.value.facts["most"]) == (1, 2)
    assert [field.pointer for field in refused.value.fields] == ["/parcel"]


def test_a_shipment_that_is_not_there_has_no_tracking_number():
    with pytest.raises(ShipmentNotFound):
        numbers(3, "1Z")
