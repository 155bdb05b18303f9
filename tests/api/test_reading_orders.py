"""GET of orders: the list with its filters and pages, one order, its timeline and what can be done with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.orders import LAMP


def numbers(answer):
    assert answer.status == 200, answer
    return [row["number"] for row in answer.json["items"]]


@pytest.fixture
def three_orders(take_in, clerk):
    """Have 1001 placed first and completed, 1002 in processing without money held, 1003 new and placed last."""
    first = take_in(
        held=0, placed_at="2026-11-18T10:00:00Z", shipping=None, items=[{**LAMP, "requires_shipping": False}]
    )
    clerk.change_state(first, "completed")
    second = take_in(held=0, placed_at="2026-11-19T10:00:00Z", customer={"name": "Zoë Ünal", "email": "zoe@x.example"})
    clerk.change_state(second, "processing")
    third = take_in(placed_at="2026-11-20T10:00:00Z", expires_in=timedelta(hours=20))
    return first, second, third


def test_open_orders_come_newest_first(program, three_orders):  # G1, G2
    answer = program.get("/orders")

    assert numbers(answer) == ["1003", "1002"]
    assert answer.json["next"] is None
    assert answer.json["items"][0] == {
        "number": "1003",
        "external_id": three_orders[2].external_id,
        "site": {"slug": "cozy-home-us", "name": "Cozy Home US"},
        "placed_at": "2026-11-20T10:00:00Z",
        "customer_name": "Bob Norman",
        "state": {"slug": "new", "name": "New", "color": "grey", "system_state": "new"},
        "payment_standing": "authorised",
        "hold_ends_at": "2026-11-22T05:00:00Z",
        "currency": "USD",
        "total": 59894,
        "pieces": 4,
        "shipments_total": 1,
        "shipments_sent": 0,
        "shipments_partly": 0,
        "version": 1,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("view=all", ["1003", "1002", "1001"]),
        ("view=open", ["1003", "1002"]),
        ("view=all&state=completed", ["1001"]),
        ("state=lost", []),
        ("payment=authorised", ["1003"]),
        ("payment=none", ["1002"]),
        ("delivery=unsent", ["1003", "1002"]),
        ("delivery=sent", []),
        ("hold=ending", ["1003"]),
        ("site=cozy-home-us", ["1003", "1002"]),
        ("site=nowhere", []),
        ("placed_from=2026-11-20T10:00:00Z", ["1003"]),
        ("placed_to=2026-11-20T10:00:00Z", ["1002"]),
        ("placed_from=2026-11-20T11:00:00%2B01:00", ["1003"]),
        ("placed_from=2026-11-20T11:00:00+01:00", ["1003"]),
        ("q=zo%C3%AB", ["1002"]),
        ("q=norman", ["1003"]),
        ("q=%25", []),
        ("q=%22%20OR%20%22", []),
        ("view=all&q=lmp-lin", ["1003", "1002", "1001"]),
    ],
)
def test_filters_narrow_the_list(program, three_orders, query, found):
    assert numbers(program.get(f"/orders?{query}")) == found


def test_pages_follow_each_other_until_there_is_none(program, three_orders):
    first = program.get("/orders?view=all&limit=2")
    second = program.get(f"/orders?view=all&limit=2&after={first.json['next']}")

    assert numbers(first) == ["1003", "1002"]
    assert numbers(second) == ["1001"]
    assert second.json["next"] is None


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("limit=0", ("limit", "out_of_range")),
        ("limit=201", ("limit", "out_of_range")),
        ("limit=-1", ("limit", "not_an_integer")),
        ("limit=5_0", ("limit", "not_an_integer")),
        ("limit=5.0", ("limit", "not_an_integer")),
        ("limit=+5", ("limit", "not_an_integer")),
        ("limit=%D9%A5", ("limit", "not_an_integer")),
        ("limit=99999999999999999999999", ("limit", "not_an_integer")),
        ("limit=", ("limit", "not_an_integer")),
        ("view=closed", ("view", "unknown_value")),
        ("payment=paid", ("payment", "unknown_value")),
        ("delivery=half", ("delivery", "unknown_value")),
        ("hold=ended", ("hold", "unknown_value")),
        ("state=a%00b", ("state", "forbidden_character")),
        ("q=a%00b", ("q", "forbidden_character")),
        ("q=%ED%A0%80%E2%80%AE", ("q", "forbidden_character")),
        ("q=" + "x" * 201, ("q", "too_long")),
        ("placed_from=yesterday", ("placed_from", "not_a_time")),
        ("placed_from=1795210931", ("placed_from", "not_a_time")),
        ("placed_from=2026-11-20T10:00:00", ("placed_from", "not_a_time")),
        ("placed_from=2026-02-30T10:00:00Z", ("placed_from", "not_a_time")),
        ("placed_from=0001-01-01T00:00:00%2B14:00", ("placed_from", "not_a_time")),
        ("placed_to=9999-12-31T23:59:59-14:00", ("placed_to", "not_a_time")),
        ("after=nonsense", ("after", "cursor_invalid")),
        ("after=%F0%9F%9A%9A", ("after", "cursor_invalid")),
        ("after=WzFd", ("after", "cursor_invalid")),
        ("after=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ", ("after", "cursor_invalid")),
        ("after=WyIyMDI2LTExLTIwVDEwOjAwOjAwWiIsOTk5OTk5OTk5OTk5OTk5OTk5OTldIA", ("after", "cursor_invalid")),
        ("limits=5", ("limits", "unknown_parameter")),
        ("limit=5&limit=6", ("limit", "repeated_parameter")),
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused_by_name(program, query, fault):
    answer = program.get(f"/orders?{query}")

    assert (answer.status, answer.faults) == (422, [fault])
    assert set(answer.json["errors"][0]) == {"parameter", "code", "message"}


def test_one_order_is_answered_whole(program, order):  # G2
    answer = program.get(f"/orders/{order.number}")

    assert (answer.status, answer.headers["ETag"]) == (200, '"1"')
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.json["customer"] == {
        "reference": "C-88213",
        "name": "Bob Norman",
        "email": "bob.norman@mail.example.com",
        "phone": "+16135550174",
        "language": "en",
        "orders": 1,
        "masked": False,
        "erased_at": None,
    }
    assert answer.json["shipments"] == [
        {
            "number": 1,
            "method": {"slug": "ups-ground", "name": "UPS Ground", "carrier": "UPS"},
            "tracking_numbers": [],
            "parcels": [],
            "sent_at": None,
            "emails_customer": False,
            "email": None,
            "items": [
                {
                    "item": line.id,
                    "quantity": line.quantity,
                    "delivery_state": {"slug": "pending", "name": "Pending", "phase": "pending"},
                }
                for line in order.lines
            ],
        }
    ]
    assert answer.json["actions"] == [
        *(
            "change_state",
            "save_invoice",
            "add_note",
            "edit_customer",
            "update_shipment",
            "set_delivery_state",
            "set_tracking",
        ),
        *("sync_payments", "cancel_order", "capture_order", "request_cancellation", "capture", "reverse_hold"),
    ]


def test_what_a_key_may_do_is_told_to_that_key(reader, order):
    assert reader.get(f"/orders/{order.number}").json["actions"] == []


def test_an_order_that_the_sender_has_already_is_not_sent_again(program, order):
    for tag in ('"1"', 'W/"1"', '"9", "1"'):
        answer = program.get(f"/orders/{order.number}", if_none_match=tag)

        assert (answer.status, answer.content, answer.headers["ETag"]) == (304, b"", '"1"')
    assert program.get(f"/orders/{order.number}", if_none_match='"2"').status == 200


@pytest.mark.parametrize("number", ["9999", "1001x", "%00", "a" * 25, "%F0%9F%9A%9A", "1001%2F..", "-1"])
def test_a_number_that_nobody_has_is_not_found(program, order, number):
    for tail in ("", "/timeline", "/actions", "/cancellation"):
        answer = program.get(f"/orders/{number}{tail}")

        assert (answer.status, answer.is_problem) == (404, True), tail


def test_the_timeline_tells_every_change_newest_first(program, order, clerk):
    clerk.change_state(order, "processing")
    clerk.save_invoice(order, "INV-7")

    answer = program.get(f"/orders/{order.number}/timeline?limit=2")

    assert [entry["kind"] for entry in answer.json["items"]] == ["order.invoice_saved", "order.state_changed"]
    assert answer.json["items"][0] == {
        "sequence": 4,
        "kind": "order.invoice_saved",
        "by": "Mia Chen",
        "by_kind": "person",
        "at": "2026-11-21T09:00:00Z",
        "version": 3,
        "before": {"invoice_number": ""},
        "after": {"invoice_number": "INV-7"},
        "why": None,
    }
    older = program.get(f"/orders/{order.number}/timeline?after={answer.json['next']}")
    assert {entry["kind"] for entry in older.json["items"]} == {"order.taken_in", "payment.authorised"}
    assert older.json["next"] is None


def test_the_timeline_can_tell_of_money_alone(program, order, clerk):
    clerk.save_invoice(order, "INV-7")

    answer = program.get(f"/orders/{order.number}/timeline?money_only=true")

    assert [entry["kind"] for entry in answer.json["items"]] == ["payment.authorised"]


def test_every_action_says_whether_why_not_and_how_much(program, order, clerk):
    clerk.change_state(clerk.change_state(order, "processing"), "suspended")

    answer = program.get(f"/orders/{order.number}/actions")

    actions = {action["action"]: action for action in answer.json["items"]}
    assert actions["update_shipment"]["allowed"] is False
    assert actions["update_shipment"]["code"] == "order_state_locks_shipments"  # G13
    assert "New or Processing" in actions["update_shipment"]["reason"]
    assert actions["set_delivery_state"]["code"] == "order_state_locks_shipments"  # G14
    assert actions["capture"] == {
        "action": "capture",
        "payment": order.payments[0].id,
        "allowed": True,
        "code": None,
        "reason": None,
        "limits": {"most": 59894, "currency": "USD", "expires_at": "2026-11-28T09:00:00Z"},
    }


def test_a_key_that_may_only_look_is_told_so_for_every_action(reader, order):
    answer = reader.get(f"/orders/{order.number}/actions")

    assert {action["code"] for action in answer.json["items"]} == {"not_permitted"}
