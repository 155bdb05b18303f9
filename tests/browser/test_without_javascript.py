"""Every form works without JavaScript: it is sent, the page comes back and says what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(new_person: Callable[..., Person], clerk: Any) -> Person:
    """Sign the clerk in with a browser that runs no scripts."""
    return new_person(clerk, java_script_enabled=False)


def test_state_invoice_note_and_tracking_are_saved(plain: Person, clerk: Any, order: Any) -> None:
    plain.opens(order)

    plain.dropdown("Order State").select_option("processing")
    plain.button("Change").first.click()
    plain.box("Invoice Number").fill("INV-1")
    plain.button("Save Invoice").click()
    plain.box("Notes").fill("Called.")
    plain.button("Save").click()
    plain.box("Tracking Number").fill("1Z 1")
    plain.page.keyboard.press("Enter")
    expect(plain.page.get_by_text("Tracking Number of Shipment 1 set to")).to_be_visible()

    saved = clerk.sees(order)
    assert (saved.state.slug, saved.invoice_number) == ("processing", "INV-1")
    assert [note.text for note in saved.notes] == ["Called."]
    assert saved.shipments[0].parcels[0].tracking_number == "1Z 1"


def test_an_order_is_found_opened_and_followed_from_the_list(plain: Person, order: Any) -> None:  # G1, G2
    plain.page.get_by_role("navigation", name="Main").get_by_role("link", name="Open Orders").click()
    plain.page.get_by_role("searchbox", name="Search orders").fill("norman@mail")
    plain.page.keyboard.press("Enter")

    plain.page.get_by_role("link", name=f"#{order.number}").click()

    expect(plain.page.get_by_role("heading", name=f"#{order.number}")).to_be_visible()


def test_a_delivery_state_is_set(plain: Person, clerk: Any, order: Any) -> None:  # G12
    plain.opens(order)

    plain.dropdown("Delivery State").select_option(label="Shipped")
    plain.page.locator("td.delivery form").first.get_by_role("button", name="Change").click()

    expect(plain.page.get_by_text("Delivery State of Oak side table Pending → Shipped")).to_be_visible()


def test_payments_are_synced_and_their_history_is_a_page(plain: Person, order: Any, practice: Any) -> None:  # G21, G22
    practice.capture_by_hand(order.payments[0].reference, 10000)
    plain.opens(order)

    plain.button("Sync Payments").click()
    plain.button("Apply 1 change").click()
    plain.is_told("1 change found")
    plain.page.get_by_role("tab", name="Transaction History").click()

    expect(plain.page.get_by_role("tabpanel", name="Transaction History")).to_contain_text("$100.00")
    expect(plain.page.get_by_role("tabpanel", name="Current Status")).not_to_be_visible()


def test_a_state_is_added_and_chosen(plain: Person, clerk: Any, order: Any) -> None:  # G6
    plain.page.get_by_role("link", name="Order Configurations").click()
    plain.button("Add Status").click()
    plain.page.get_by_label("Name").fill("Waiting for supplier")
    plain.page.get_by_label("System state").select_option(label="Processing")
    plain.button("Add Status").click()
    expect(plain.page.get_by_role("row").filter(has_text="Waiting for supplier")).to_be_visible()

    plain.opens(order)
    plain.dropdown("Order State").select_option(label="Waiting for supplier")
    plain.button("Change").first.click()

    expect(plain.page.get_by_text("Order State New → Waiting for supplier")).to_be_visible()
    assert clerk.sees(order).state.name == "Waiting for supplier"


def test_choosing_canceled_leads_to_the_question_and_completing_asks_first(
    plain: Person, clerk: Any, order: Any, practice: Any
) -> None:
    plain.opens(order)
    plain.dropdown("Order State").select_option("canceled")
    plain.button("Change").first.click()
    expect(plain.page.get_by_role("heading", name=f"Cancel order #{order.number}?")).to_be_visible()
    plain.button("Keep order").click()
    plain.is_at(f"#{order.number}")

    plain.dropdown("Order State").select_option("completed")
    plain.button("Change").first.click()
    expect(plain.page.get_by_text("Money still held")).to_be_visible()
    plain.button("Keep it open").click()
    plain.is_at(f"#{order.number}")

    assert clerk.sees(order).state.slug == "new"
    assert practice.effects(order) == []


def test_a_refusal_comes_back_with_the_reason_and_what_was_typed(
    plain: Person, clerk: Any, order: Any, practice: Any
) -> None:
    plain.opens(order)
    plain.box("Capture Value").fill("598.95")
    plain.button("Capture Transaction").click()
    expect(plain.page.get_by_role("alert")).to_contain_text("at most $598.94")
    expect(plain.box("Capture Value")).to_have_value("598.95")

    clerk.save_invoice(order, "INV-1")
    plain.box("Invoice Number").fill("INV-2")
    plain.button("Save Invoice").click()

    # The page that came back with the refusal was the order as it stood before the colleague's change.
    expect(plain.page.get_by_role("alert")).to_contain_text("changed this order since you opened it")
    expect(plain.box("Invoice Number")).to_have_value("INV-2")
    assert clerk.sees(order).invoice_number == "INV-1"
    assert practice.effects(order) == []


def test_a_capture_is_rehearsed_on_a_page_of_its_own(plain: Person, order: Any, practice: Any) -> None:
    plain.opens(order)

    plain.box("Capture Value").fill("309")
    plain.button("Capture Transaction").click()
    plain.button("Capture $309.00").click()

    expect(plain.page.get_by_text("Captured $309.00").first).to_be_visible()
    assert practice.effects(order) == [("capture", 30900)]


def test_items_go_by_another_method(plain: Person, clerk: Any, order: Any) -> None:
    plain.opens(order)

    plain.button("Update Shipment").click()
    plain.page.get_by_role("checkbox", name="Wool rug 160 x 230").check()
    plain.page.get_by_label("Shipment method").select_option(label="FedEx Home Delivery")
    plain.button("Update").click()

    expect(plain.page.get_by_role("rowheader").filter(has_text="Shipment 2")).to_be_visible()
    assert [len(shipment.parts) for shipment in clerk.sees(order).shipments] == [2, 1]


def test_an_order_is_canceled_and_the_pop_up_is_a_page(plain: Person, order: Any, practice: Any) -> None:
    plain.opens(order)

    plain.button("Cancel Order").click()
    plain.page.get_by_role("radio", name="Do not email").check()
    plain.button("Cancel order, reverse $598.94").click()

    expect(plain.page.get_by_text("$598.94").first).to_be_visible()
    assert practice.effects(order) == [("reversal", 59894)]
