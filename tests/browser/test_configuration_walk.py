"""Every configuration page and dialog that no other walk reaches: axe, both widths, light and dark, by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from orderwright.actions import add_state, save_email_template
from orderwright.actions.email_template_rules import place_of
from orderwright.core.actor import SYSTEM
from tests.browser.person import Person
from tests.browser.test_accessibility import check

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 800}
# A dialog is one column at every width, so that the narrow one is where it can go wrong.
NARROW = [(360, 800)]


def open_by_keyboard(anna: Person, control: Locator) -> None:
    """Press a control of a phone's width by Enter alone, and have its dialog looked at."""
    anna.page.set_viewport_size(PHONE)
    control.focus()
    anna.page.keyboard.press("Enter")
    anna.dialog.get_by_role("heading").first.wait_for()
    check(anna.page, NARROW)
    anna.page.keyboard.press("Escape")
    expect(anna.dialog).not_to_be_visible()


def test_states_and_shipping(anna: Person, clerk: Any, order: Any, now: Any) -> None:
    packed = {"name": "Packed", "color": "teal", "description": "", "system_state": "processing"}
    add_state.run(**packed, emails_customer=True, email_text="It is packed.", actor=clerk.actor, now=now)
    page = anna.page
    page.goto(f"{anna.desk}/order-configurations")
    row = page.get_by_role("row").filter(has_text="Packed")
    open_by_keyboard(anna, row.get_by_role("button", name="Edit"))
    open_by_keyboard(anna, row.get_by_role("button", name="Delete"))

    page.goto(f"{anna.desk}/shipping/methods")
    open_by_keyboard(anna, anna.button("Add shipping method"))
    page.goto(f"{anna.desk}/shipping/carriers")
    check(page)


def test_words_of_a_mail_version_by_version(anna: Person, clerk: Any, order: Any, now: Any) -> None:
    place = place_of(kind="order_canceled", site=None, language="", actor=SYSTEM)
    for subject in ("Off: {{ number }}", "{{ number }} is off"):
        words = {"subject": subject, "text": "Hi {{ customer_name }}", "html": ""}
        save_email_template.run(place=place, **words, actor=clerk.actor, now=now)
    page = anna.page
    page.goto(f"{anna.desk}/email-templates/order_canceled/all-sites/any-language")
    page.set_viewport_size(PHONE)

    page.get_by_role("link", name="Version 1").focus()
    anna.press("Enter")
    anna.is_at("Order canceled, version 1")
    check(page)
    page.set_viewport_size(PHONE)
    anna.button("Use version 1 again").focus()
    anna.press("Enter")

    anna.is_at("Order canceled")
    expect(page.get_by_text("Version 3 is in use")).to_be_visible()


def test_what_customers_are_told_and_how_a_day_was_reconciled(
    anna: Person, clerk: Any, order: Any, practice: Any, now: Any
) -> None:
    clerk.capture(order, 30900)
    for line in order.lines:
        clerk.set_delivery_state(clerk.sees(order), line.sku, "shipped")
    anna.opens(order)
    open_by_keyboard(anna, anna.button("Tell the customer: shipped"))
    open_by_keyboard(anna, anna.button("Refund"))

    practice.capture_by_hand(order.payments[0].reference, 5000)
    anna.page.goto(f"{anna.desk}/provider-drift")
    anna.button("Compare this day").focus()
    anna.press("Enter")
    expect(anna.page.get_by_text("Last reconciled")).to_be_visible()
    check(anna.page)
