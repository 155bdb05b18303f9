"""ETag and If-Match: who changes what another changed meanwhile is told, and nothing is overwritten."""

from __future__ import annotations

import pytest


@pytest.fixture
def path(order):
    return f"/orders/{order.number}"


def test_a_change_of_the_same_field_since_is_told_with_who_and_what(program, clerk, order, path):
    clerk.save_invoice(order, "INV-7")

    answer = program.put(f"{path}/invoice-number", {"invoice_number": "INV-8"}, if_match='"1"')

    assert (answer.status, answer.code) == (412, "order_changed")
    assert answer.json["detail"] == "Mia Chen changed this order since you opened it: Invoice Number."
    assert answer.json["changes"] == [
        {
            "sequence": 3,
            "kind": "order.invoice_saved",
            "fields": ["invoice_number"],
            "by": "Mia Chen",
            "at": "2026-11-21T09:00:00+00:00",
        }
    ]
    assert answer.json["now"] == {"invoice_number": "INV-7"}
    assert answer.json["version"] == 2
    assert program.get(path).json["invoice_number"] == "INV-7"


def test_each_field_that_clashes_is_told_as_it_is_now(program, clerk, order, path):
    clerk.set_tracking(order, 1, "1Z 9")
    clerk.change_state(order, "fraud")
    clerk.change_state(order, "processing")

    number = program.put(f"{path}/shipments/1/tracking-number", {"tracking_number": "2Z"}, if_match='"1"')
    state = program.post(f"{path}/state", {"state": "fraud"}, if_match='"1"')

    assert number.json["now"] == {"tracking_number:1": ["1Z 9"]}
    assert (state.json["now"], len(state.json["changes"])) == ({"state": "processing"}, 2)


def test_a_change_of_another_field_does_not_clash(program, clerk, order, path):
    clerk.add_note(order, "Ring twice.")

    answer = program.put(f"{path}/invoice-number", {"invoice_number": "INV-8"}, if_match='"1"')

    assert (answer.status, answer.json["version"]) == (200, 3)


def test_the_tag_of_the_last_answer_always_fits(program, path):
    tag = program.get(path).headers["ETag"]
    for state in ("processing", "fraud", "new"):
        answer = program.post(f"{path}/state", {"state": state}, if_match=tag)
        assert answer.status == 200
        tag = answer.headers["ETag"]


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [
        ("POST", "state", {"state": "processing"}),
        ("PUT", "invoice-number", {"invoice_number": "INV-8"}),
        ("POST", "shipments", {"items": [{"item": 1}], "method": "pick-up"}),
        ("PUT", "shipments/1/tracking-number", {"tracking_number": "1Z"}),
        ("PUT", "items/1/delivery-state", {"delivery_state": "shipped"}),
        ("POST", "payments/1/captures", {"amount": 100}),
        ("POST", "cancellation", {"email_customer": False}),
    ],
)
def test_every_action_with_a_version_refuses_one_that_never_was(program, practice, order, path, method, tail, body):
    answer = program.send(method, f"{path}/{tail}", body, if_match='"2"')

    assert (answer.status, answer.code) == (412, "order_changed")
    assert program.get(path).json["version"] == 1
    assert practice.effects(order) == []


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', "*", ' "1" '])
def test_a_tag_may_be_strong_weak_or_any(program, path, tag):
    assert program.post(f"{path}/state", {"state": "processing"}, if_match=tag).status == 200


@pytest.mark.parametrize("tag", ["1", '"x"', '""', '"1', '"-1"', '"1", "2"', '"99999999999999999999"', '"\u0661"', ""])
def test_a_tag_that_was_never_given_is_refused(program, path, tag):
    answer = program.post(f"{path}/state", {"state": "processing"}, if_match=tag)

    assert (answer.status, answer.faults) == (400, [("If-Match", "header_malformed")])
    assert program.get(path).json["state"]["slug"] == "new"
