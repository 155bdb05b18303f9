"""Shipping in front of a person: configured by keyboard, at 360 pixels, for everybody (axe), and used on an order."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.test_accessibility import LONG, check

pytestmark = pytest.mark.browser


def test_the_pages_and_their_dialogs_are_for_everybody(anna: Person, order: Any) -> None:
    page = anna.page
    page.goto(f"{anna.desk}/shipping/delivery-states")
    check(page)
    page.get_by_role("row").filter(has_text="Pending").get_by_role("button", name="Edit").click()
    anna.dialog.get_by_label("Name").fill(LONG[:40])
    anna.dialog.get_by_role("button", name="Save").click()
    anna.dialog.get_by_text("1 order will be shown so").wait_for()
    check(page)

    page.goto(f"{anna.desk}/shipping/methods")
    check(page)
    page.get_by_role("row").filter(has_text="DHL Paket").get_by_role("button", name="Delete").click()
    anna.dialog.get_by_role("heading").first.wait_for()
    check(page)

    page.goto(f"{anna.desk}/shipping/carriers/add")  # as without scripts
    check(page)


def test_a_carrier_is_added_by_keyboard_alone_and_its_page_tried(anna: Person) -> None:
    page = anna.page
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{anna.desk}/shipping/carriers")

    anna.button("Add carrier").focus()
    page.keyboard.press("Enter")
    anna.dialog.get_by_label("Name", exact=True).fill("GLS")
    anna.dialog.get_by_label("Tracking page").fill("http://gls.example/{number}")
    page.keyboard.press("Enter")
    expect(anna.dialog.get_by_role("alert")).to_contain_text("begins with https://")
    check(page)
    page.set_viewport_size({"width": 360, "height": 800})
    anna.dialog.get_by_label("Tracking page").fill("https://gls.example/{country}/{number}")
    anna.dialog.get_by_label("Try it with a tracking number").press_sequentially("1Z 9/..")
    link = anna.dialog.get_by_role("link", name="https://gls.example/ca/1Z9%2F..")
    expect(link).to_have_attribute("target", "_blank")
    page.keyboard.press("Enter")

    anna.is_told("GLS added")
    expect(anna.dialog).not_to_be_visible()
    expect(page.get_by_role("row").filter(has_text="https://gls.example/{country}/{number}")).to_be_visible()


def test_a_number_of_another_carrier_is_offered_its_method_and_mends_the_shipment(
    anna: Person, clerk: Any, order: Any
) -> None:
    order = clerk.update_shipment(order, method="fedex-home")
    anna.opens(order)

    with anna.in_place():
        anna.fill(anna.box("Tracking Number"), "1Z 999 AA1 01 2345 6785")
        anna.press("Enter")
        page = anna.page
        page.get_by_text("The check digit does not fit UPS").wait_for()
        check(page)
        page.set_viewport_size({"width": 1440, "height": 1000})
        anna.fill(anna.box("Tracking Number"), "1Z 999 AA1 01 2345 6784")
        anna.press("Enter")
        expect(page.get_by_text("The check digit does not fit")).to_have_count(0)
        anna.button("UPS Ground").click()

        expect(page.get_by_text("Shipment 1 · UPS Ground").first).to_be_visible()
    expect(page.get_by_text("Looks like")).to_have_count(0)
    expect(anna.box("Tracking Number")).to_have_value("1Z 999 AA1 01 2345 6784")
