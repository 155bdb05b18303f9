"""State, invoice number and notes through the API."""

from __future__ import annotations

import pytest

from orderwright.orders.models import Note


@pytest.fixture
def path(order):
    return f"/orders/{order.number}"


# Order State ---------------------------------------------------------------------------------------------------------


def test_the_order_state_is_changed(program, path):  # G3
    answer = program.post(f"{path}/state", {"state": "processing"})

    assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json["state"] == {
        "slug": "processing",
        "name": "Processing",
        "color": "blue",
        "system_state": "processing",
    }


def test_a_state_that_staff_added_can_be_chosen(program, path):  # G5, G6
    body = {"name": "On hold", "color": "amber", "description": "Waiting.", "system_state": "processing"}
    slug = program.post("/order-states", body).json["slug"]

    answer = program.post(f"{path}/state", {"state": slug})

    assert answer.json["state"] == {
        "slug": "on-hold",
        "name": "On hold",
        "color": "amber",
        "system_state": "processing",
    }


def test_suspended_is_reached_from_processing_and_from_fraud(program, path):  # G7
    refused = program.post(f"{path}/state", {"state": "suspended"})
    for state in ("processing", "suspended", "fraud", "suspended"):
        moved = program.post(f"{path}/state", {"state": state})
        assert moved.json["state"]["slug"] == state

    assert (refused.status, refused.code) == (409, "move_not_allowed")
    assert refused.json["detail"] == "Suspended is reached from Processing or Fraud."


def test_canceled_is_not_reached_past_the_money(program, path, journal_kinds, order):
    answer = program.post(f"{path}/state", {"state": "canceled"})

    assert (answer.status, answer.code) == (409, "use_cancel_order")
    assert program.get(path).json["state"]["slug"] == "new"
    assert "order.state_changed" not in journal_kinds(order)


def test_completing_with_open_ends_says_what_is_open_and_asks(program, path):
    asked = program.post(f"{path}/state", {"state": "completed"})
    confirmed = program.post(f"{path}/state", {"state": "completed", "is_confirmed": True})

    assert (asked.status, asked.code) == (409, "completion_needs_confirmation")
    assert (asked.json["held"], asked.json["currency"], asked.json["unsent_pieces"]) == (59894, "USD", 4)
    assert confirmed.json["state"]["slug"] == "completed"
    assert confirmed.json["is_open"] is False


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"state": "lost"}, ("/state", "order_state_unknown")),
        ({"state": ""}, ("/state", "required")),
        ({"state": 1}, ("/state", "wrong_type")),
        ({"state": None}, ("/state", "wrong_type")),
        ({"state": ["new"]}, ("/state", "wrong_type")),
        ({"state": "new\x00"}, ("/state", "forbidden_character")),
        ({"state": "x" * 81}, ("/state", "too_long")),
        ({}, ("/state", "required")),
        ({"state": "processing", "why": "x"}, ("/why", "unknown_field")),
        ({"state": "processing", "a/b~c": 1}, ("/a~1b~0c", "unknown_field")),
        ({"state": "processing", "is_confirmed": 1}, ("/is_confirmed", "wrong_type")),
        ({"state": "processing", "is_confirmed": "true"}, ("/is_confirmed", "wrong_type")),
        ([], ("", "wrong_type")),
        ("processing", ("", "wrong_type")),
        (None, ("", "required")),
    ],
)
def test_a_body_that_is_no_state_is_refused_at_its_place(program, path, body, fault):
    answer = program.post(f"{path}/state", body)

    assert (answer.status, answer.faults) == (422, [fault])
    assert program.get(path).json["version"] == 1


# Invoice Number ------------------------------------------------------------------------------------------------------


def test_the_invoice_number_is_saved_and_nothing_else(program, path):  # G8
    before = program.get(path).json

    answer = program.put(f"{path}/invoice-number", {"invoice_number": " INV-2026-7 "})

    changed = {name for name in before if before[name] != answer.json[name]}
    assert changed == {"invoice_number", "version"}
    assert answer.json["invoice_number"] == "INV-2026-7"


def test_the_invoice_number_can_be_taken_away(program, path):  # G10
    program.put(f"{path}/invoice-number", {"invoice_number": "INV-7"})

    assert program.put(f"{path}/invoice-number", {"invoice_number": ""}).json["invoice_number"] is None


def test_saving_what_is_saved_already_says_so(program, path):
    program.put(f"{path}/invoice-number", {"invoice_number": "INV-7"})

    answer = program.put(f"{path}/invoice-number", {"invoice_number": "INV-7"})

    assert (answer.status, answer.code) == (409, "invoice_number_unchanged")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 61, "too_long"),
        ("INV\n7", "forbidden_character"),
        ("INV\u202e7", "forbidden_character"),
        ("INV\x1b[31m", "forbidden_character"),
        ("\U0001d160" * 60, "too_long"),
        (7, "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_an_invoice_number_is_one_line_of_sixty_characters(program, path, text, code):
    answer = program.put(f"{path}/invoice-number", {"invoice_number": text})

    assert (answer.status, answer.faults) == (422, [("/invoice_number", code)])
    assert program.get(path).json["invoice_number"] is None


# Notes ---------------------------------------------------------------------------------------------------------------


def test_notes_are_added_newest_first(program, path):  # G9
    program.post(f"{path}/notes", {"text": "Ring twice.\r\nDog."})
    answer = program.post(f"{path}/notes", {"text": "مرحبا 🚚"})

    assert answer.status == 201
    assert [(note["text"], note["author"]) for note in answer.json["notes"]] == [
        ("مرحبا 🚚", "Storefront"),
        ("Ring twice.\nDog.", "Storefront"),
    ]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001, "a\x00b", "a\u202eb", 5, None, {}, True])
def test_a_note_has_words_that_can_be_stored(program, path, text):
    answer = program.post(f"{path}/notes", {"text": text})

    assert answer.status == 422
    assert [pointer for pointer, _code in answer.faults] == ["/text"]
    assert Note.objects.count() == 0


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [
        ("POST", "state", {"state": "processing"}),
        ("PUT", "invoice-number", {"invoice_number": "INV-7"}),
        ("POST", "notes", {"text": "Hello"}),
    ],
)
def test_an_order_that_nobody_has_is_not_found(program, db, method, tail, body):
    answer = program.send(method, f"/orders/9999/{tail}", body)

    assert (answer.status, answer.code, answer.json["number"]) == (404, "order_not_found", "9999")


def test_a_change_of_one_s_own_is_undone_and_a_clerk_s_is_not(program, order, clerk):
    program.put(f"/orders/{order.number}/invoice-number", {"invoice_number": "INV-1"})
    entry = program.get(f"/orders/{order.number}/timeline").json["items"][0]["sequence"]

    undone = program.post(f"/orders/{order.number}/timeline/{entry}/undo")

    assert (undone.status, undone.json["invoice_number"]) == (200, None)
    again = program.post(f"/orders/{order.number}/timeline/{entry}/undo")
    assert (again.status, again.code) == (409, "changed_since_then")
    clerk.save_invoice(order, "INV-2")
    theirs = program.post(f"/orders/{order.number}/timeline/{entry + 2}/undo")
    assert (theirs.status, theirs.code) == (409, "not_ones_own")
    assert program.post(f"/orders/{order.number}/timeline/99/undo").code == "change_not_found"
