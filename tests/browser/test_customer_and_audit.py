"""The customer's dialog, two people at it, Undo, privacy and the audit, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from orderwright.actions import check_journal, sign_head
from tests.browser.person import Person
from tests.browser.test_accessibility import check

pytestmark = pytest.mark.browser


def test_the_customer_is_edited_in_place_and_the_same_field_changed_elsewhere_asks(
    anna: Person, colleague: Any, order: Any, clerk: Any
) -> None:
    anna.opens(order)
    with anna.in_place():
        anna.button("Edit").click()
        expect(anna.dialog.get_by_label("E-mail")).to_be_visible()
        check(anna.page)
        anna.dialog.get_by_label("E-mail").fill("anna@mail.example.com")
        anna.dialog.get_by_label("Same as shipping").uncheck()
        expect(anna.dialog.get_by_label("Street")).to_have_count(2)
        anna.dialog.get_by_label("Same as shipping").check()
        colleague.edit_customer(order, email="ravi@mail.example.com")

        anna.dialog.get_by_role("button", name="Save").click()
        asked = anna.dialog.get_by_role("alert")
        expect(asked).to_contain_text("Ravi Patel changed this meanwhile")
        check(anna.page)
        anna.dialog.get_by_label("Take theirs").check()
        anna.dialog.get_by_label("Name", exact=True).first.fill("Robert Norman")
        anna.dialog.get_by_role("button", name="Save").click()
        anna.is_told("Customer saved.")

    after = clerk.sees(order)
    assert (after.customer_email, after.customer_name) == ("ravi@mail.example.com", "Robert Norman")
    assert anna.complaints == []


def test_a_change_is_undone_from_its_message_by_keyboard(anna: Person, order: Any, clerk: Any) -> None:
    anna.opens(order)
    anna.box("Invoice Number").fill("INV-1")
    anna.button("Save Invoice").click()
    undo = anna.page.locator("#toasts").get_by_role("button", name="Undo")

    with anna.in_place():
        undo.focus()
        anna.page.keyboard.press("Enter")
        anna.is_told("Undone")

    assert clerk.sees(order).invoice_number == ""
    assert anna.complaints == []


def test_privacy_and_audit_pass_axe_and_a_check_shows_its_outcome_by_itself(
    anna: Person, clerk: Any, take_in: Callable[..., Any]
) -> None:
    done = clerk.cancel(take_in(), reason="customer asked")
    anna.opens(done)
    anna.page.get_by_role("link", name="Privacy: export or erase").click()
    expect(anna.dialog.get_by_role("button", name="Erase for good")).to_be_visible()
    check(anna.page)
    anna.dialog.get_by_label("Type the order’s number").fill(done.number)
    anna.dialog.get_by_role("button", name="Erase for good").click()
    anna.is_told("Customer erased")

    sign_head.run(now=clerk.now)
    anna.page.goto(f"{anna.desk}/audit")
    check(anna.page)
    anna.button("Check the journal").click()
    expect(anna.page.get_by_role("progressbar")).to_be_visible()
    check_journal.carry_out(worker="one", is_stopping=lambda: False)
    expect(anna.page.locator("#standing").get_by_text("Holds")).to_be_visible()
    assert anna.complaints == []
