"""The guide from its first page to its last, on one order: read from the page, judged by the provider's own log."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser


def test_the_guide_is_worked_through_on_one_order(  # noqa: PLR0915 - one order, from the first page to the last
    anna: Person, take_in: Any, practice: Any, mails: Any, the_worker_works: Callable[[], None]
) -> None:
    order = take_in()
    page = anna.page

    # G1, G2: the menu, the list, the order.
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_text("Orders", exact=True)).to_be_visible()
    menu.get_by_role("link", name="Open Orders").click()
    page.get_by_role("link", name=f"#{order.number}").click()
    anna.is_at(f"#{order.number}")

    # G6: a state that staff created is in the dropdown at once.
    menu.get_by_role("link", name="Order Configurations").click()
    anna.is_at("Order Configurations")
    anna.button("Add Status").click()
    anna.dialog.get_by_label("Name").fill("Waiting for supplier")
    anna.dialog.get_by_label("System state").select_option(label="Processing")
    anna.dialog.get_by_role("button", name="Add Status").click()
    expect(page.get_by_role("row").filter(has_text="Waiting for supplier")).to_contain_text("—")
    anna.opens(order)
    state = anna.dropdown("Order State")
    assert "Waiting for supplier" in state.inner_text()
    for default in ("New", "Completed", "Canceled", "Fraud", "Processing", "Suspended"):  # G4
        expect(state.locator("option").filter(has_text=re.compile(rf"^{default}\b"))).to_have_count(1)

    with anna.in_place():
        # G3, G4: choosing an entry changes the state.
        state.select_option(label="Processing")
        expect(anna.dropdown("Order State")).to_have_value("processing")
        expect(page.get_by_text("Order State New → Processing")).to_be_visible()

        # G8: Save Invoice.
        anna.box("Invoice Number").fill("INV-2026-0871")
        anna.button("Save Invoice").click()
        expect(page.get_by_text("Invoice Number set to INV-2026-0871")).to_be_visible()

        # G9: Notes.
        anna.box("Notes").fill("Rug is back-ordered to Tuesday.")
        anna.button("Save").click()
        expect(page.locator(".note").filter(has_text="Rug is back-ordered to Tuesday.")).to_be_visible()

        # G11, G12: the delivery state on the item's row.
        anna.dropdown("Delivery State", 0).select_option(label="Ready to ship")
        expect(page.get_by_text("Delivery State of Oak side table Pending → Ready to ship")).to_be_visible()

        # G16, G17, G18, G19, G20: two of three items go by another method, in a shipment of their own.
        anna.button("Update Shipment").click()
        anna.dialog.get_by_role("checkbox", name="Linen lamp shade, sand").check()
        anna.dialog.get_by_role("checkbox", name="Wool rug 160 x 230").check()
        anna.dialog.get_by_label("Shipment method").select_option(label="FedEx Home Delivery")
        expect(anna.dialog.get_by_text("shipment 2")).to_be_visible()
        anna.dialog.get_by_role("button", name="Update", exact=True).click()
        expect(page.get_by_role("rowheader").filter(has_text="Shipment 2")).to_contain_text("FedEx Home Delivery")

        # G15, G20: each shipment has a tracking number of its own.
        anna.box("Tracking Number", 0).fill("1Z 999 AA1 01 2345 6784")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Tracking Number of Shipment 1 set to")).to_be_visible()
        anna.box("Tracking Number", 1).fill("1Z 999 AA1 01 2345 6784")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text="Shipment 1")).to_be_visible()
        anna.box("Tracking Number", 1).fill("7489 0000 1234")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Tracking Number of Shipment 2 set to")).to_be_visible()

        # G21, G22: both views, and what was done at the provider's own dashboard.
        practice.capture_by_hand(order.payments[0].reference, 10000)
        anna.button("Sync Payments").click()
        anna.dialog.get_by_role("button", name="Apply 1 change").click()
        anna.is_told("1 change found")
        page.get_by_role("tab", name="Transaction History").click()
        expect(page.get_by_role("tabpanel", name="Transaction History")).to_contain_text("$100.00")
        page.get_by_role("tab", name="Current Status").click()

        # G23, G24, G25: a part of the hold, with a confirmation.
        anna.box("Capture Value").fill("209.00")
        anna.button("Capture Transaction").click()
        anna.dialog.get_by_role("button", name="Capture $209.00").click()
        anna.is_told("Captured $209.00")
        page.get_by_role("tab", name="Transaction History").click()
        expect(page.get_by_role("tabpanel", name="Transaction History")).to_contain_text("$209.00")
        page.get_by_role("tab", name="Current Status").click()
        expect(anna.box("Capture Value")).to_have_value("289.94")

        # G26, G27, G28, G29: cancel, with the email and the pop-up.
        anna.button("Cancel Order").click()
        expect(anna.dialog).to_contain_text("Refund")
        expect(anna.dialog).to_contain_text("$289.94")
        anna.dialog.get_by_role("radio", name="Email bob.norman@mail.example.com").check()
        anna.dialog.get_by_role("button", name="Cancel order, refund $309.00, reverse $289.94").click()
        expect(anna.dialog).to_contain_text("$309.00 has been refunded")
        expect(anna.dialog).to_contain_text("$289.94 reversed")
        anna.dialog.get_by_role("button", name="Close").click()
        expect(anna.dropdown("Order State")).to_have_value("Canceled")

    assert practice.effects(order) == [
        ("capture", 10000),
        ("capture", 20900),
        ("reversal", 28994),
        ("refund", 10000),
        ("refund", 20900),
    ]
    the_worker_works()
    assert [str(message["Subject"]) for message in mails.messages] == [
        f"Your order #{order.number} from Cozy Home US is canceled"
    ]
    menu.get_by_role("link", name="Emails").click()
    expect(page.get_by_role("row").filter(has_text=f"#{order.number}").first).to_contain_text("Sent")


def test_shipments_are_locked_outside_new_and_processing_and_say_why(anna: Person, clerk: Any, order: Any) -> None:
    clerk.change_state(clerk.change_state(order, "processing"), "suspended")
    anna.opens(order)

    update, delivery = anna.button("Update Shipment"), anna.dropdown("Delivery State")

    # G13, G14
    assert "New or Processing" in anna.why_not(update)
    assert "New or Processing" in anna.why_not(delivery)
    update.focus()
    expect(anna.page.locator("#update-shipment-why")).to_be_visible()
    anna.page.locator("h1").hover()
    update.hover()
    expect(anna.page.locator("#update-shipment-why")).to_be_visible()


def test_suspended_is_greyed_for_a_new_order(anna: Person, order: Any) -> None:  # G7, W3
    anna.opens(order)

    option = anna.dropdown("Order State").locator("option", has_text="Suspended")

    expect(option).to_be_disabled()
    expect(option).to_contain_text("reached from Processing or Fraud")


def test_choosing_canceled_opens_the_dialog_and_moves_nothing(anna: Person, order: Any, practice: Any) -> None:
    anna.opens(order)

    anna.dropdown("Order State").select_option("canceled")

    expect(anna.dialog.get_by_role("heading", name=f"Cancel order #{order.number}?")).to_be_visible()
    anna.dialog.get_by_role("button", name="Keep order").click()
    expect(anna.dropdown("Order State")).to_have_value("new")
    assert practice.effects(order) == []


def test_completing_with_open_ends_asks_first(anna: Person, order: Any) -> None:
    anna.opens(order)

    anna.dropdown("Order State").select_option("completed")

    expect(anna.dialog).to_contain_text("Money still held")
    expect(anna.dialog).to_contain_text("$598.94")
    anna.dialog.get_by_role("button", name="Keep it open").click()
    expect(anna.dropdown("Order State")).to_have_value("new")


def test_invoice_number_and_notes_are_optional(anna: Person, order: Any) -> None:  # G10
    anna.opens(order)

    expect(anna.box("Invoice Number")).to_have_value("")
    assert anna.box("Invoice Number").get_attribute("required") is None
    assert anna.box("Notes").get_attribute("required") is None


def test_a_configuration_is_edited_and_deleted_while_unused(anna: Person, clerk: Any) -> None:  # G5, W2
    page = anna.page
    page.get_by_role("link", name="Order Configurations").click()
    anna.is_at("Order Configurations")
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="Fraud").first).not_to_contain_text("Delete")
    anna.button("Add Status").click()
    anna.dialog.get_by_label("Name").fill("Packed")
    anna.dialog.get_by_role("button", name="Add Status").click()
    packed = rows.filter(has_text="Packed")

    packed.get_by_role("button", name="Edit").click()
    anna.dialog.get_by_label("Name").fill("Boxed")
    anna.dialog.get_by_role("button", name="Save").click()
    boxed = rows.filter(has_text="Boxed")
    expect(boxed).to_be_visible()
    boxed.get_by_role("button", name="Delete").click()
    anna.dialog.get_by_role("button", name="Delete").click()

    expect(boxed).to_have_count(0)


def test_a_part_is_captured_then_the_rest_and_nothing_is_left_to_capture(
    anna: Person, order: Any, practice: Any
) -> None:  # G23, G24, G25
    page = anna.page
    anna.opens(order)

    for typed, said in (("309", "$309.00"), (None, "$289.94")):
        if typed:
            anna.box("Capture Value").fill(typed)
        anna.button("Capture Transaction").click()
        expect(anna.dialog).to_contain_text(said)
        anna.dialog.get_by_role("button", name=f"Capture {said}").click()
        anna.is_told(f"Captured {said}")

    assert practice.effects(order) == [("capture", 30900), ("capture", 28994)]
    expect(page.locator(".title").get_by_text("Captured", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Transaction History").click()
    history = page.get_by_role("tabpanel", name="Transaction History").get_by_role("row")
    expect(history.filter(has_text="Capture").filter(has_text="$309.00")).to_contain_text("Succeeded")
    expect(history.filter(has_text="Capture").filter(has_text="$289.94")).to_contain_text("Succeeded")
    page.get_by_role("tab", name="Current Status").click()
    assert anna.why_not(anna.button("Capture Transaction")) != ""


def test_leaving_the_confirmation_captures_nothing(anna: Person, order: Any, practice: Any) -> None:  # G25
    anna.opens(order)
    anna.box("Capture Value").fill("309")
    anna.button("Capture Transaction").click()

    anna.dialog.get_by_role("button", name="Do not capture").click()

    expect(anna.dialog).not_to_be_visible()
    expect(anna.box("Capture Value")).to_have_value("309")
    assert practice.effects(order) == []


def test_an_impossible_capture_value_is_refused_beside_the_field(
    anna: Person, order: Any, practice: Any
) -> None:  # G24
    anna.opens(order)
    value = anna.box("Capture Value")

    for typed in ("598.95", "0", "-1", "1.001", "ten", ""):
        value.fill(typed)
        anna.button("Capture Transaction").click()

        expect(value).to_have_attribute("aria-invalid", "true")
        expect(value).to_have_value(typed)
        error = anna.page.locator("#" + (value.get_attribute("aria-describedby") or "").split()[0])
        expect(error).to_be_visible()
        expect(anna.dialog).not_to_be_visible()
        anna.opens(order)
    assert practice.effects(order) == []


def test_a_declined_capture_is_told_beside_the_field_and_keeps_the_hold(
    anna: Person, order: Any, practice: Any
) -> None:  # G25
    practice.fault("decline", "capture")
    anna.opens(order)
    anna.box("Capture Value").fill("309")
    anna.button("Capture Transaction").click()

    anna.dialog.get_by_role("button", name="Capture $309.00").click()

    expect(anna.page.get_by_role("alert").filter(has_text="declined $309.00")).to_contain_text("The hold stays.")
    expect(anna.box("Capture Value")).to_have_value("309")
    anna.page.get_by_role("tab", name="Transaction History").click()
    expect(anna.page.get_by_role("tabpanel", name="Transaction History")).to_contain_text("Declined")
    assert practice.effects(order) == []


def test_all_items_go_by_one_method_and_stay_one_shipment(anna: Person, clerk: Any, order: Any) -> None:  # G17, G18
    anna.opens(order)

    with anna.in_place():
        anna.button("Update Shipment").click()
        anna.dialog.get_by_role("checkbox", name="Select all items").check()
        for item in ("Oak side table", "Linen lamp shade, sand", "Wool rug 160 x 230"):
            expect(anna.dialog.get_by_role("checkbox", name=item)).to_be_checked()
        anna.dialog.get_by_label("Shipment method").select_option(label="FedEx Home Delivery")
        anna.dialog.get_by_role("button", name="Update", exact=True).click()
        expect(anna.page.get_by_role("rowheader").filter(has_text="FedEx Home Delivery")).to_have_count(1)

    assert [len(shipment.parts) for shipment in clerk.sees(order).shipments] == [3]


def test_one_of_two_pieces_goes_by_another_method(anna: Person, clerk: Any, order: Any) -> None:  # G17, G20
    anna.opens(order)

    anna.button("Update Shipment").click()
    anna.dialog.get_by_role("spinbutton", name="Quantity").fill("1")
    expect(anna.dialog.get_by_role("checkbox", name="Linen lamp shade, sand")).to_be_checked()
    anna.dialog.get_by_label("Shipment method").select_option(label="FedEx Home Delivery")
    anna.dialog.get_by_role("button", name="Update", exact=True).click()
    expect(anna.page.get_by_role("rowheader").filter(has_text="Shipment 2")).to_be_visible()

    assert [sum(part.quantity for part in shipment.parts) for shipment in clerk.sees(order).shipments] == [3, 1]
