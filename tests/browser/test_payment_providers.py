"""Payment providers in front of a person: added by keyboard, tried, and for everybody (axe)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from orderwright.payments.models import ProviderAccount
from tests.browser.person import Person
from tests.browser.test_accessibility import LONG, check

pytestmark = pytest.mark.browser

SECRET = "sk_canary_1dea"


@pytest.fixture
def trouble(order: Any, now: Any) -> Any:
    """Have an account that rests, one that is off, and one with a long name and much to complain about."""
    ProviderAccount.objects.filter(slug="practice").update(
        failures_in_row=3,
        opened_at=now,
        next_try_at=now + timedelta(hours=1),
        last_failure="The connection broke off before the answer.",
        last_failed_at=now,
    )
    ProviderAccount.objects.filter(slug="invoice").update(is_enabled=False)
    ProviderAccount.objects.create(slug="x" * 40, name=LONG[:80], gateway="stripe", is_live=True)
    return order


def test_the_page_and_its_dialogs_are_for_everybody(anna: Person, trouble: Any) -> None:
    page = anna.page
    anna.confirms("/payment-providers")
    check(page)

    anna.button("Add provider").click()
    anna.dialog.get_by_label("Kind of provider").select_option("stripe")
    check(page)
    anna.dialog.get_by_role("button", name="Continue").click()
    anna.dialog.get_by_role("button", name="Add provider").click()
    anna.dialog.get_by_role("alert").first.wait_for()
    check(page)
    page.keyboard.press("Escape")

    row = page.get_by_role("row").filter(has_text="Cash on delivery")
    row.get_by_role("button", name="Delete").click()
    anna.dialog.get_by_role("heading").first.wait_for()
    check(page)


@pytest.mark.parametrize("path", ["add", "add?kind=stripe", "practice", "invoice/delete"])
def test_without_scripts_the_dialogs_are_pages_for_everybody(anna: Person, trouble: Any, path: str) -> None:
    anna.confirms("/payment-providers")
    anna.page.goto(f"{anna.desk}/payment-providers/{path}")

    check(anna.page)


def test_an_account_is_added_by_keyboard_alone(anna: Person) -> None:
    page = anna.page
    anna.confirms("/payment-providers")

    anna.button("Add provider").focus()
    page.keyboard.press("Enter")
    anna.dialog.get_by_label("Kind of provider").select_option("stripe")
    anna.dialog.get_by_role("button", name="Continue").focus()
    page.keyboard.press("Enter")
    anna.dialog.get_by_label("Short name").fill("stripe-eu")
    anna.dialog.get_by_label("Secret key").fill(SECRET)
    page.keyboard.press("Enter")

    anna.is_told("Stripe added")
    expect(anna.dialog).not_to_be_visible()
    expect(page.get_by_role("row").filter(has_text="stripe-eu")).to_be_visible()
    assert SECRET not in page.content()


def test_trying_now_ends_a_rest_in_place(anna: Person, trouble: Any) -> None:
    page = anna.page
    anna.confirms("/payment-providers")
    row = page.get_by_role("row").filter(has_text="Orders name it practice")
    expect(row.get_by_text("after 3 failures")).to_be_visible()

    row.get_by_role("button", name="Try now").click()

    anna.is_told("Practice provider: It answered, and knows the newest payment.")
    expect(row.get_by_text("Working")).to_be_visible()
