"""Email templates in Chromium: written, seen on a real order in a frame that is shut off, saved."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.test_accessibility import check

pytestmark = pytest.mark.browser


def test_a_mail_of_a_delay_is_seen_as_the_customer_sees_it_before_it_is_sent(anna: Person, order: Any) -> None:
    anna.opens(order)
    anna.button("Tell the customer: delayed").click()
    anna.box("What the customer reads").fill("The oak is <late>.")
    anna.button("Review the email").click()

    frame = anna.page.frame_locator('iframe[name="letter"]')
    expect(frame.get_by_role("heading", name="Your order #1001 takes longer")).to_be_visible()
    expect(frame.get_by_text("The oak is <late>.")).to_be_visible()
    check(anna.page)


def test_words_are_tried_on_an_order_before_they_are_saved(anna: Person, order: Any) -> None:
    page = anna.page
    page.goto(f"{anna.desk}/email-templates")
    check(page)
    page.get_by_label("Write your own words for").select_option(label="Order canceled")
    anna.button("Write").click()
    anna.is_at("Order canceled")
    frame = page.frame_locator('iframe[name="letter"]')
    expect(frame.get_by_text("Your order #1001 from Cozy Home US is canceled")).to_be_visible()
    check(page)

    anna.box("Subject").fill("Off: {{ number }}")
    page.locator("#html").fill("<p>Dear {{ customer_name }}</p>")
    anna.button("Preview").click()

    expect(frame.get_by_text("Off: #1001")).to_be_visible()
    expect(frame.frame_locator("iframe").get_by_text("Dear Bob Norman")).to_be_visible()
    expect(anna.box("Subject")).to_have_value("Off: {{ number }}")

    anna.button("Save").click()

    anna.is_told("Saved as version 1; the next emails say it")
    page.get_by_role("link", name="Version 1").click()
    anna.is_at("Order canceled, version 1")
    check(page)
