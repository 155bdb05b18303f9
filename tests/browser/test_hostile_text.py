"""Text that wants to be a script: in every field, on every page, it is shown as text and nothing of it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser

SCRIPTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "';alert(1)//",
    "{{ 7*7 }}",
    "javascript:alert(1)",
    "</title><svg onload=alert(1)>",
]
# SKU, item, attribute and its name; number elsewhere; customer's name, reference, phone; name, line, city; method, tag,
# note; the state's name and description; invoice number, second note, tracking number, amount, search.
FIELDS = 21


@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_handed_in_or_typed_runs_as_a_script(
    anna: Person, clerk: Any, take_in: Callable[..., Any], script: str, figure: Any
) -> None:  # FH2
    page = anna.page
    item = {"sku": script, "name": script, "quantity": 2, "unit_price": 100, "attributes": {script: script}}
    order = take_in(
        items=[item],
        external_id=script,
        customer={"name": script, "reference": script, "email": "x@example.com", "phone": script},
        shipping_address={"name": script, "line1": script, "city": script, "country": "US"},
        shipping={"method": script},
        tags=[script],
        note=script,
    )

    # A state of this name and with this description, added by the form.
    page.goto(f"{anna.desk}/order-configurations")
    anna.is_at("Order Configurations")
    anna.button("Add Status").click()
    anna.dialog.get_by_label("Name").fill(script)
    anna.dialog.get_by_label("Description").fill(script)
    anna.dialog.get_by_label("System state").select_option(label="Processing")
    anna.dialog.get_by_role("button", name="Add Status").click()
    anna.is_told(script)
    row = page.get_by_role("row").filter(has_text=script)
    expect(row).to_be_visible()
    row.get_by_role("button", name="Delete").click()
    expect(anna.dialog).to_contain_text(script)
    page.keyboard.press("Escape")

    # Every field of the order.
    anna.opens(order)
    anna.dropdown("Order State").select_option(label=script)
    expect(page.get_by_text(f"Order State New → {script}")).to_be_visible()
    anna.box("Invoice Number").fill(script)
    anna.button("Save Invoice").click()
    expect(page.get_by_text(f"Invoice Number set to {script}")).to_be_visible()
    anna.box("Notes").fill(f"{script} again")
    anna.button("Save").click()
    expect(page.locator(".note").filter(has_text=script)).to_have_count(2)
    anna.box("Tracking Number").fill(script)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tracking Number of Shipment 1 set to")).to_be_visible()
    anna.box("Capture Value").fill(script)
    anna.button("Capture Transaction").click()
    expect(anna.box("Capture Value")).to_have_attribute("aria-invalid", "true")  # the answer has come
    expect(anna.box("Capture Value")).to_have_value(script)
    anna.button("Update Shipment").click()
    expect(anna.dialog).to_contain_text(script)
    page.keyboard.press("Escape")

    # The lists, the search and the mail.
    anna.button("Cancel Order").click()
    anna.dialog.get_by_role("button", name="Cancel order, ").click()
    anna.dialog.filter(has_text="is canceled").get_by_role("button", name="Close").click()
    page.get_by_role("link", name="Emails").click()
    page.locator("table.mails a").first.click()
    expect(page.get_by_text(f"#{order.number}").first).to_be_visible()
    page.goto(f"{anna.desk}/orders")
    expect(page.get_by_role("row").filter(has_text=script)).to_be_visible()
    page.get_by_role("searchbox").fill(script)
    page.keyboard.press("Enter")
    expect(page.locator(".sub")).to_contain_text(script)

    # Dialogs, reports of the policy and errors of scripts are complaints.
    ran = len(anna.complaints)
    figure("FH2", "scripts in every field of an order and a state, in Chromium", fields=FIELDS, scripts=1, ran=ran)
    saved = clerk.sees(order)
    assert (saved.customer_name, saved.invoice_number, saved.lines[0].name) == (script, script, script)


def test_a_failed_sign_in_says_it_as_text(anna: Person) -> None:  # FH2
    anna.page.context.clear_cookies()

    for script in SCRIPTS:
        anna.page.goto(f"{anna.desk}/sign-in?next={quote(script)}")
        anna.page.get_by_label("E-mail").fill(f"{quote(script)}@example.com")
        anna.page.get_by_label("Password").fill(script)
        anna.page.get_by_role("button", name="Sign in").click()

        expect(anna.page.get_by_role("alert")).to_contain_text("E-mail or password is wrong.")
