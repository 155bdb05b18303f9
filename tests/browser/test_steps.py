"""How many steps each task takes, counted from the open order: a click, a key, or a field that is filled."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def at_the_order(anna: Person, order: Any) -> Person:
    """Open the sample order; steps count from here."""
    anna.opens(order)
    anna.steps = 0
    return anna


def test_changing_the_state_takes_two(at_the_order: Person) -> None:  # G3
    anna = at_the_order

    anna.choose(anna.dropdown("Order State"), "Processing")

    expect(anna.page.get_by_text("Order State New → Processing")).to_be_visible()
    assert anna.steps == 2


def test_saving_an_invoice_number_takes_two(at_the_order: Person) -> None:  # G8
    anna = at_the_order

    anna.fill(anna.box("Invoice Number"), "INV-1")
    anna.click(anna.button("Save Invoice"))

    anna.page.get_by_text("Invoice Number set to INV-1").wait_for()
    assert anna.steps == 2


def test_adding_a_note_takes_two(at_the_order: Person) -> None:  # G9
    anna = at_the_order

    anna.fill(anna.box("Notes"), "Called.")
    anna.click(anna.button("Save"))

    anna.page.locator(".note").filter(has_text="Called.").wait_for()
    assert anna.steps == 2


def test_setting_a_delivery_state_takes_two(at_the_order: Person) -> None:  # G12
    anna = at_the_order

    anna.choose(anna.dropdown("Delivery State"), "Shipped")

    anna.page.get_by_text("Pending → Shipped").wait_for()
    assert anna.steps == 2


def test_setting_a_tracking_number_takes_two(at_the_order: Person) -> None:  # G15
    anna = at_the_order

    anna.fill(anna.box("Tracking Number"), "1Z 999 AA1 01 2345 6784")
    anna.press("Enter")

    anna.page.get_by_text("Tracking Number of Shipment 1 set to").wait_for()
    assert anna.steps == 2


def test_another_method_for_two_of_three_items_takes_five(at_the_order: Person) -> None:  # G16, G17
    anna = at_the_order

    anna.click(anna.button("Update Shipment"))
    anna.click(anna.dialog.get_by_role("checkbox", name="Linen lamp shade, sand"))
    anna.click(anna.dialog.get_by_role("checkbox", name="Wool rug 160 x 230"))
    anna.steps += 1  # the dropdown, chosen by its first letters
    anna.dialog.get_by_label("Shipment method").select_option(label="FedEx Home Delivery")
    anna.click(anna.dialog.get_by_role("button", name="Update", exact=True))

    anna.page.get_by_role("rowheader").filter(has_text="Shipment 2").wait_for()
    assert anna.steps == 5


def test_capturing_the_whole_hold_takes_two(at_the_order: Person, order: Any, practice: Any) -> None:  # G23
    anna = at_the_order

    anna.click(anna.button("Capture Transaction"))
    anna.click(anna.dialog.get_by_role("button", name="Capture $598.94"))

    anna.is_told("Captured $598.94")
    assert anna.steps == 2
    assert practice.effects(order) == [("capture", 59894)]


def test_capturing_a_part_takes_three(at_the_order: Person, order: Any, practice: Any) -> None:  # G24
    anna = at_the_order

    anna.fill(anna.box("Capture Value"), "309")
    anna.click(anna.button("Capture Transaction"))
    anna.click(anna.dialog.get_by_role("button", name="Capture $309.00"))

    anna.is_told("Captured $309.00")
    assert anna.steps == 3
    assert practice.effects(order) == [("capture", 30900)]


def test_syncing_payments_takes_one(at_the_order: Person) -> None:  # G22
    anna = at_the_order

    anna.click(anna.button("Sync Payments"))

    anna.is_told("Payments synced")
    assert anna.steps == 1


def test_cancelling_with_the_email_takes_two(at_the_order: Person, order: Any, practice: Any) -> None:  # G26, G27
    anna = at_the_order

    anna.click(anna.button("Cancel Order"))
    anna.click(anna.dialog.get_by_role("button", name="Cancel order, reverse $598.94"))

    expect(anna.dialog).to_contain_text("$598.94")
    expect(anna.dialog).to_contain_text("is canceled")
    anna.dialog.get_by_role("button", name="Close").wait_for()
    assert anna.steps == 2
    assert practice.effects(order) == [("reversal", 59894)]


@pytest.mark.parametrize("piece", ["norman@mail", "555017", "LMP-LIN", "AA1 01 23"])
def test_finding_an_order_by_a_piece_takes_three(at_the_order: Person, clerk: Any, order: Any, piece: str) -> None:
    """The pieces are of an e-mail, a phone, a SKU and a tracking number."""
    clerk.set_tracking(order, 1, "1Z 999 AA1 01 2345 6784")
    anna = at_the_order
    anna.page.goto(f"{anna.desk}/order-configurations")
    anna.is_at("Order Configurations")

    anna.press("/")
    anna.steps += 1
    anna.page.keyboard.type(piece)
    anna.press("Enter")

    expect(anna.page.get_by_role("link", name=f"#{order.number}")).to_be_visible()
    assert anna.steps == 3
