"""Exceptions, Expiring holds and Provider drift in front of a person: by keyboard, and for everybody (axe)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from orderwright.payments.models import Operation
from tests.browser.person import Person
from tests.browser.test_accessibility import LONG, check

pytestmark = pytest.mark.browser


@pytest.fixture
def trouble(clerk: Any, take_in: Callable[..., Any], practice: Any) -> Any:
    """Have one of each: for a person, unknown, refused, a stopped cancellation, a difference, a hold that ends."""
    long = {"name": LONG, "email": "m@example.com"}
    practice.fault("wrong_amount", "capture")
    first = take_in(customer=long)
    clerk.capture(first, 30900)
    practice.fault("decline", "capture")
    clerk.capture(take_in(customer={"name": "عبد الرحمن الفضالة", "email": "a@example.com"}), 30900)
    practice.fault("decline", "reversal")
    clerk.cancel(take_in())
    practice.fault("drop_before", "capture")
    differing = take_in(expires_in=timedelta(hours=20))
    clerk.capture(differing, 30000)
    practice.capture_by_hand(differing.payments[0].reference, 40000)
    clerk.sync_payments(differing)
    return first


def test_the_pages_and_their_dialogs_are_for_everybody(anna: Person, trouble: Any) -> None:
    for path in ("exceptions", "expiring-holds", "provider-drift"):
        anna.page.goto(f"{anna.desk}/{path}")
        check(anna.page)
    anna.page.goto(f"{anna.desk}/exceptions")
    anna.button("It happened").click()
    expect(anna.dialog).to_be_visible()
    check(anna.page)
    anna.page.goto(f"{anna.desk}/provider-drift")
    anna.button("Accept").click()
    expect(anna.dialog).to_be_visible()
    check(anna.page)


def test_with_nothing_to_do_they_are_for_everybody_too(anna: Person) -> None:
    for path in ("exceptions", "expiring-holds", "provider-drift"):
        anna.page.goto(f"{anna.desk}/{path}")
        check(anna.page)


def test_what_a_sync_would_book_is_for_everybody(anna: Person, order: Any, practice: Any) -> None:
    practice.capture_by_hand(order.payments[0].reference, 5000)
    anna.opens(order)

    anna.button("Sync Payments").click()

    expect(anna.dialog.get_by_role("button", name="Apply 1 change")).to_be_visible()
    check(anna.page)


def test_an_operation_is_settled_by_keyboard_alone(anna: Person, trouble: Any, practice: Any, clerk: Any) -> None:
    page = anna.page
    reference = practice.movements(trouble.payments[0].reference)[0]["id"]
    page.goto(f"{anna.desk}/exceptions")

    anna.button("It happened").focus()
    page.keyboard.press("Enter")
    expect(anna.dialog).to_be_visible()
    anna.dialog.get_by_label("Reference at the provider").fill(reference)
    anna.dialog.get_by_label("Reason").focus()
    page.keyboard.press("Enter")
    expect(anna.dialog.get_by_text("It must not be empty.")).to_be_visible()
    anna.dialog.get_by_label("Reason").fill("The dashboard shows it.")
    page.keyboard.press("Enter")

    anna.is_told("Booked as done at the provider")
    expect(anna.dialog).not_to_be_visible()
    assert Operation.objects.get(payment_id=trouble.payments[0].id).state == "succeeded"
    assert clerk.sees(trouble).payments[0].captured_minor == 30900
