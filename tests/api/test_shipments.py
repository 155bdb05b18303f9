"""Items and shipments through the API."""

from __future__ import annotations

import pytest

from orderwright.shipping.models import Parcel, Shipment


@pytest.fixture
def path(order):
    return f"/orders/{order.number}"


@pytest.fixture
def items(order):
    """Return the ids of table, lamps and rug."""
    return [line.id for line in order.lines]


def contents(answer):
    """Return what is in each shipment: its method and the pieces by item."""
    assert answer.status == 200, answer
    return {
        shipment["number"]: (shipment["method"]["slug"], {part["item"]: part["quantity"] for part in shipment["items"]})
        for shipment in answer.json["shipments"]
    }


def test_the_whole_order_goes_by_another_method(program, path, items):  # G11, G16, G17, G18
    body = {"items": [{"item": item} for item in items], "method": "fedex-home"}

    answer = program.post(f"{path}/shipments", body)

    assert contents(answer) == {1: ("fedex-home", {items[0]: 1, items[1]: 2, items[2]: 1})}


def test_some_items_go_by_another_method_as_a_shipment_of_their_own(program, path, items):  # G19, G20
    answer = program.post(f"{path}/shipments", {"items": [{"item": items[0]}], "method": "dhl-express"})

    assert contents(answer) == {1: ("ups-ground", {items[1]: 2, items[2]: 1}), 2: ("dhl-express", {items[0]: 1})}


def test_one_of_two_pieces_goes_by_another_method(program, path, items):
    answer = program.post(f"{path}/shipments", {"items": [{"item": items[1], "quantity": 1}], "method": "pick-up"})

    assert contents(answer) == {
        1: ("ups-ground", {items[0]: 1, items[1]: 1, items[2]: 1}),
        2: ("pick-up", {items[1]: 1}),
    }


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"items": [], "method": "pick-up"}, [("/items", "required")]),
        ({"method": "pick-up"}, [("/items", "required")]),
        ({"items": [{}], "method": "pick-up"}, [("/items/0/item", "required")]),
        ({"items": [{"item": 0}], "method": "pick-up"}, [("/items/0/item", "out_of_range")]),
        ({"items": [{"item": True}], "method": "pick-up"}, [("/items/0/item", "not_an_integer")]),
        ({"items": [{"item": 10**18}], "method": "pick-up"}, [("/items/0/item", "item_unknown")]),
        (
            {"items": [{"item": 1, "quantity": 3}], "method": "pick-up"},
            [("/items/0/quantity", "quantity_out_of_range")],
        ),
        ({"items": [{"item": 1, "quantity": 0}], "method": "pick-up"}, [("/items/0/quantity", "out_of_range")]),
        ({"items": [{"item": 1, "quantity": 1.0}], "method": "pick-up"}, [("/items/0/quantity", "not_an_integer")]),
        ({"items": [{"item": 1, "shipment": 9}], "method": "pick-up"}, [("/items/0/shipment", "shipment_unknown")]),
        ({"items": [{"item": 1}], "method": "by-owl"}, [("/method", "shipping_method_unknown")]),
        ({"items": [{"item": 1}], "method": 5}, [("/method", "wrong_type")]),
        ({"items": [{"item": 1}] * 1001, "method": "pick-up"}, [("/items", "too_many")]),
        ({"items": "all", "method": "pick-up"}, [("/items", "wrong_type")]),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused_at_its_place(program, path, order, body, faults):
    answer = program.post(f"{path}/shipments", body)

    assert (answer.status, answer.faults) == (422, faults)
    assert Shipment.objects.count() == 1
    assert program.get(path).json["version"] == 1


@pytest.mark.parametrize("state", ["fraud", "suspended", "completed"])
def test_shipments_and_delivery_states_are_locked_unless_new_or_processing(  # G13, G14
    program, clerk, path, items, order, state, journal_kinds
):
    clerk.change_state(order, "processing")
    clerk.change_state(order, state, is_confirmed=True)
    before = journal_kinds(order)

    update = program.post(f"{path}/shipments", {"items": [{"item": items[0]}], "method": "pick-up"})
    delivery = program.put(f"{path}/items/{items[0]}/delivery-state", {"delivery_state": "shipped"})

    for refused in (update, delivery):
        assert (refused.status, refused.code) == (409, "order_state_locks_shipments")
        assert "New or Processing" in refused.json["detail"]
    assert journal_kinds(order) == before


def test_the_lock_follows_the_system_state_of_a_custom_state(program, path, items):  # G13
    body = {"name": "Checking", "color": "red", "system_state": "fraud"}
    program.post(f"{path}/state", {"state": program.post("/order-states", body).json["slug"]})

    refused = program.post(f"{path}/shipments", {"items": [{"item": items[0]}], "method": "pick-up"})

    assert refused.code == "order_state_locks_shipments"


def test_the_delivery_state_of_an_item_is_set(program, path, items):  # G11, G12
    answer = program.put(f"{path}/items/{items[1]}/delivery-state", {"delivery_state": "shipped"})

    parts = {item["id"]: item["parts"] for item in answer.json["items"]}
    shipped = {"slug": "shipped", "name": "Shipped", "phase": "sent"}
    assert parts[items[1]] == [{"shipment": 1, "quantity": 2, "delivery_state": shipped}]
    assert parts[items[0]][0]["delivery_state"]["slug"] == "pending"


def test_the_delivery_state_of_so_many_pieces_is_set(program, path, items):
    answer = program.put(f"{path}/items/{items[1]}/delivery-state", {"delivery_state": "shipped", "quantity": 1})

    parts = {item["id"]: item["parts"] for item in answer.json["items"]}[items[1]]
    assert sorted((part["delivery_state"]["slug"], part["quantity"]) for part in parts) == [
        ("pending", 1),
        ("shipped", 1),
    ]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"delivery_state": "eaten"}, ("/delivery_state", "delivery_state_unknown")),
        ({"delivery_state": None}, ("/delivery_state", "wrong_type")),
        ({}, ("/delivery_state", "required")),
        ({"delivery_state": "shipped", "quantity": 3}, ("/quantity", "quantity_out_of_range")),
        ({"delivery_state": "shipped", "quantity": 10**7}, ("/quantity", "out_of_range")),
        ({"delivery_state": "shipped", "shipment": 2}, ("/shipment", "shipment_unknown")),
        ({"delivery_state": "shipped", "from_state": "eaten"}, ("/from_state", "delivery_state_unknown")),
    ],
)
def test_a_delivery_state_that_makes_no_sense_is_refused_at_its_place(program, path, items, body, fault):
    answer = program.put(f"{path}/items/{items[1]}/delivery-state", body)

    assert (answer.status, answer.faults) == (422, [fault])


def test_a_tracking_number_is_set_changed_and_taken_away(program, path):  # G11, G15
    address = f"{path}/shipments/1/tracking-number"

    numbers = [
        program.put(address, body).json["shipments"][0]["tracking_numbers"]
        for body in (
            {"tracking_number": "1Z 999"},
            {"tracking_number": "1Z 998", "parcel": 2},
            {"tracking_number": "1Z 997"},
            {"tracking_number": ""},
        )
    ]

    assert numbers == [["1Z 999"], ["1Z 999", "1Z 998"], ["1Z 997", "1Z 998"], ["1Z 998"]]


def test_two_shipments_never_share_a_tracking_number(program, path, items):  # G20
    program.post(f"{path}/shipments", {"items": [{"item": items[0]}], "method": "pick-up"})
    program.put(f"{path}/shipments/1/tracking-number", {"tracking_number": "1Z999"})

    answer = program.put(f"{path}/shipments/2/tracking-number", {"tracking_number": "1z 999"})

    assert (answer.status, answer.code) == (409, "tracking_number_taken")
    assert list(Parcel.objects.values_list("tracking_number", flat=True)) == ["1Z999"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"tracking_number": "x" * 61}, ("/tracking_number", "too_long")),
        ({"tracking_number": "a\tb"}, ("/tracking_number", "forbidden_character")),
        ({"tracking_number": 1}, ("/tracking_number", "wrong_type")),
        ({"tracking_number": "1Z", "parcel": 3}, ("/parcel", "parcel_out_of_range")),
        ({"tracking_number": "1Z", "parcel": 0}, ("/parcel", "out_of_range")),
    ],
)
def test_a_tracking_number_that_cannot_be_stored_is_refused_at_its_place(program, path, body, fault):
    answer = program.put(f"{path}/shipments/1/tracking-number", body)

    assert (answer.status, answer.faults) == (422, [fault])
    assert Parcel.objects.count() == 0


@pytest.mark.parametrize(
    "tail",
    [
        *("shipments/2/tracking-number", "shipments/0/tracking-number", "shipments/x/tracking-number"),
        *("shipments/-1/tracking-number", "shipments/99999999999999999999/tracking-number"),
        *("items/99/delivery-state", "items/x/delivery-state", "items/9223372036854775808/delivery-state"),
    ],
)
def test_a_shipment_or_item_that_the_order_lacks_is_not_found(program, path, tail):
    body = {"tracking_number": "1Z"} if "tracking" in tail else {"delivery_state": "shipped"}

    answer = program.put(f"{path}/{tail}", body)

    assert (answer.status, answer.is_problem) == (404, True)


def test_an_answer_carries_the_parcel_s_page_and_what_is_remarked_about_its_number(program, path):  # W9
    program.post(f"{path}/shipments", {"items": [{"item": 1}, {"item": 2}, {"item": 3}], "method": "fedex-home"})

    answer = program.put(f"{path}/shipments/1/tracking-number", {"tracking_number": "1Z 999 AA1 01 2345 6785"})

    assert answer.status == 200
    assert answer.json["shipments"][0]["parcels"] == [
        {
            "tracking_number": "1Z 999 AA1 01 2345 6785",
            "tracking_url": "https://www.fedex.com/fedextrack/?trknbr=1Z999AA10123456785",
            "warnings": [
                {
                    "code": "other_carrier",
                    "message": "Looks like UPS.",
                    "methods": [
                        {"slug": "ups-ground", "name": "UPS Ground", "carrier": "UPS"},
                        {"slug": "ups-next-day", "name": "UPS Next Day Air", "carrier": "UPS"},
                    ],
                },
                {
                    "code": "check_digit_failed",
                    "message": "The check digit does not fit UPS. Compare the number with the label.",
                    "methods": [],
                },
            ],
        }
    ]
