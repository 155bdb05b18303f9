"""Tracking Number: typed while the order is open, one field per parcel, never shared by two shipments (G15, G20)."""

from __future__ import annotations

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction

from orderwright.actions import set_delivery_state, set_tracking, update_shipment
from orderwright.core.db import is_postgresql
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.orders.errors import OrderChanged
from orderwright.orders.writes import stream_of
from orderwright.shipping.errors import (
    ParcelOutOfRange,
    ShipmentNotFound,
    TrackingNumberTaken,
    TrackingNumberUnchanged,
)
from orderwright.shipping.models import Parcel
from tests.factories.orders import RUG, TABLE

NUMBER = "1Z 999 AA1 01 2345 6784"


@pytest.fixture
def two_shipments(order, clerk):
    return clerk.update_shipment(order, items=[RUG["sku"]], method="fedex-home")


def numbers(order):
    return {each.number: [parcel.tracking_number for parcel in each.parcels] for each in order.shipments}


def words(order):
    key = "id" if is_postgresql() else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT words FROM reads_search WHERE {key} = %s", [order.id])
        return cursor.fetchone()[0].split("\n")


def test_a_tracking_number_is_typed_and_shown_as_typed(order, clerk, journal_kinds):  # G11, G15
    after = clerk.set_tracking(order, 1, f"  {NUMBER} ")

    assert numbers(after) == {1: [NUMBER]}
    assert after.version == order.version + 1
    assert journal_kinds(after)[-1] == "shipment.tracking_set"
    entry = Entry.objects.filter(stream=stream_of(after.id)).latest("sequence")
    assert (entry.before, entry.after) == ({"tracking_number:1": []}, {"tracking_number:1": [NUMBER]})
    assert (entry.actor_name, entry.version) == ("Mia Chen", after.version)


def test_a_tracking_number_is_changed_and_taken_away(order, clerk):
    typed = clerk.set_tracking(order, 1, NUMBER)
    changed = clerk.set_tracking(typed, 1, "1Z 000")
    removed = clerk.set_tracking(changed, 1, "")

    assert [numbers(each)[1] for each in (typed, changed, removed)] == [[NUMBER], ["1Z 000"], []]


def test_a_shipment_has_as_many_tracking_numbers_as_parcels(order, clerk):
    for parcel, number in enumerate(["A-1", "B-2", "C-3"], start=1):
        order = clerk.set_tracking(order, 1, number, parcel=parcel)
    three = numbers(order)
    order = clerk.set_tracking(order, 1, "", parcel=2)
    two = numbers(order)
    order = clerk.set_tracking(order, 1, "B-2", parcel=3)

    assert [three[1], two[1], numbers(order)[1]] == [["A-1", "B-2", "C-3"], ["A-1", "C-3"], ["A-1", "C-3", "B-2"]]
    assert list(Parcel.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


def test_the_order_is_found_by_its_tracking_number_with_and_without_spaces(order, clerk):
    order = clerk.set_tracking(order, 1, NUMBER)
    found = words(order)
    order = clerk.set_tracking(order, 1, "")

    assert {NUMBER.lower(), NUMBER.replace(" ", "").lower()} <= set(found)
    assert not {NUMBER.lower(), NUMBER.replace(" ", "").lower()} & set(words(order))


# One number, one parcel ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("same", [NUMBER, "1z999aa10123456784"])
def test_two_shipments_of_an_order_never_share_a_tracking_number(same, two_shipments, clerk):  # G20
    before = clerk.set_tracking(two_shipments, 1, NUMBER)

    with pytest.raises(TrackingNumberTaken) as refused:
        clerk.set_tracking(before, 2, same)

    assert refused.value.code == "tracking_number_taken"
    assert refused.value.message == f"Shipment 1 has the tracking number {NUMBER} already."
    assert clerk.sees(before) == before


def test_the_database_refuses_the_same_number_twice_too(two_shipments, clerk):  # G20
    order = clerk.set_tracking(two_shipments, 1, NUMBER)

    with pytest.raises(IntegrityError), transaction.atomic():
        Parcel.objects.create(shipment_id=order.shipments[1].id, order_id=order.id, position=1, tracking_number=NUMBER)


def test_another_order_may_have_the_same_number(order, take_in, clerk):
    other = take_in()

    for each in (order, other):
        assert numbers(clerk.set_tracking(each, 1, NUMBER)) == {1: [NUMBER]}


def test_two_who_type_the_same_number_into_two_shipments_at_once_are_not_both_right(
    two_shipments, clerk, both_at_once
):  # G20
    outcomes = both_at_once(
        lambda: clerk.asks.set_tracking(two_shipments, 1, NUMBER),
        lambda: clerk.asks.set_tracking(two_shipments, 2, NUMBER.replace(" ", "")),
    )

    assert sorted(outcomes) == ["done", "tracking_number_taken"]
    assert Parcel.objects.count() == 1


# When ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["new", "processing", "fraud", "suspended"])
def test_tracking_numbers_are_typed_while_the_order_is_open(state, take_in, clerk):  # G15
    order = take_in(state=state, held=0)

    assert numbers(clerk.set_tracking(order, 1, NUMBER)) == {1: [NUMBER]}


@pytest.mark.parametrize(("state", "name"), [("completed", "Completed"), ("canceled", "Canceled")])
def test_tracking_numbers_cannot_be_typed_once_the_order_is(state, name, take_in, clerk, journal_kinds):  # G15
    order = take_in(state=state, held=0)
    kinds = journal_kinds(order)

    with pytest.raises(Conflict) as refused:
        clerk.set_tracking(order, 1, NUMBER)

    assert refused.value.code == "order_closed"
    assert refused.value.message == f"Tracking numbers can be typed while the order is open; this one is {name}."
    assert set_tracking.availability(order, clerk.actor).reason == refused.value.message
    assert (clerk.sees(order), journal_kinds(order)) == (order, kinds)


def test_neither_numbers_nor_shipments_change_while_a_cancellation_is_under_way(order, clerk):  # G13, G14, G15
    state = next(state for state in order.choices.states if state.system_state == "cancel_requested")
    canceling = msgspec.structs.replace(order, state=state)

    answers = [
        each.availability(canceling, clerk.actor) for each in (set_tracking, set_delivery_state, update_shipment)
    ]

    assert [(answer.allowed, answer.code) for answer in answers] == [
        (False, "order_closed"),
        (False, "order_state_locks_shipments"),
        (False, "order_state_locks_shipments"),
    ]


def test_a_viewer_may_not_type_tracking_numbers(order, viewer):
    with pytest.raises(Refused) as refused:
        viewer.set_tracking(order, 1, NUMBER)

    assert refused.value.code == "not_permitted"
    assert viewer.sees(order) == order


def test_an_order_without_anything_to_ship_has_no_tracking_number(take_in, clerk):
    order = take_in(items=[{**TABLE, "requires_shipping": False}])

    with pytest.raises(Conflict) as refused:
        clerk.set_tracking(order, 1, NUMBER)

    assert refused.value.code == "nothing_to_ship"


# Refusals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [("9" * 61, "too_long"), ("1Z\x00", "forbidden_character"), ("1Z\ud800", "forbidden_character")],
)
def test_text_that_is_no_tracking_number_is_refused(text, code, order, clerk):
    with pytest.raises(Invalid) as refused:
        clerk.set_tracking(order, 1, text)

    assert [(field.pointer, field.code) for field in refused.value.fields] == [("/tracking_number", code)]
    assert clerk.sees(order) == order


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"shipment": 2, "tracking_number": "A"}, ShipmentNotFound),
        ({"shipment": 1, "tracking_number": "A", "parcel": 2}, ParcelOutOfRange),
        ({"shipment": 1, "tracking_number": ""}, TrackingNumberUnchanged),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_is_written(asked, error, order, clerk):
    with pytest.raises(error):
        clerk.set_tracking(order, **asked)

    assert clerk.sees(order) == order


def test_the_same_tracking_number_again_is_refused(order, clerk):
    before = clerk.set_tracking(order, 1, NUMBER)

    with pytest.raises(TrackingNumberUnchanged) as refused:
        clerk.set_tracking(before, 1, f" {NUMBER}")

    assert refused.value.code == "tracking_number_unchanged"
    assert clerk.sees(before) == before


def test_whoever_looked_before_somebody_else_typed_a_number_is_told_who(order, clerk, colleague):
    clerk.set_tracking(order, 1, NUMBER)

    with pytest.raises(OrderChanged) as refused:
        colleague.set_tracking(order, 1, "1Z 000", version=order.version)

    assert [change["by"] for change in refused.value.facts["changes"]] == ["Mia Chen"]


def test_numbers_of_different_shipments_do_not_clash(two_shipments, clerk, colleague):
    clerk.set_tracking(two_shipments, 1, NUMBER)

    after = colleague.set_tracking(two_shipments, 2, "FX 7788", version=two_shipments.version)

    assert numbers(after) == {1: [NUMBER], 2: ["FX 7788"]}


@pytest.mark.parametrize("parcels", [1, 12])
def test_the_cost_does_not_grow_with_the_parcels(parcels, order, clerk, statements):
    for parcel in range(1, parcels + 1):
        order = clerk.set_tracking(order, 1, f"TRACK-{parcel}", parcel=parcel)

    with statements() as counted:
        clerk.asks.set_tracking(order, 1, "TRACK-NEW", parcel=1)

    assert counted.count == 11, counted
