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
