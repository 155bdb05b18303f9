"""Double clicks, two tabs, lost answers and hostile names, as a person meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
]


def test_a_double_click_on_the_confirmation_captures_once(anna: Person, order: Any, practice: Any) -> None:  # FC4
    anna.opens(order)
    anna.box("Capture Value").fill("309")
    anna.button("Capture Transaction").click()

    anna.dialog.get_by_role("button", name="Capture $309.00").dblclick()

    anna.is_told("Captured $309.00")
    assert practice.effects(order) == [("capture", 30900)]


def test_of_two_tabs_one_captures_and_the_other_is_told(
    anna: Person, new_person: Callable[..., Person], colleague: Any, order: Any, practice: Any
) -> None:  # FC1
    ravi = new_person(colleague)
    for person in (anna, ravi):
        person.opens(order)
        person.button("Capture Transaction").click()
        person.dialog.get_by_role("button", name="Capture $598.94").wait_for()

    anna.dialog.get_by_role("button", name="Capture $598.94").click()
    anna.is_told("Captured $598.94")
    ravi.dialog.get_by_role("button", name="Capture $598.94").click()

    expect(ravi.page.get_by_role("alert").first).to_contain_text("changed this order since you opened it")
    assert practice.effects(order) == [("capture", 59894)]


def test_a_stale_tab_is_told_and_keeps_what_was_typed(anna: Person, colleague: Any, order: Any) -> None:
    anna.opens(order)
    colleague.save_invoice(order, "INV-1")

    anna.box("Invoice Number").fill("INV-2")
    anna.button("Save Invoice").click()

    expect(anna.page.get_by_role("alert")).to_contain_text("changed this order since you opened it")
    expect(anna.box("Invoice Number")).to_have_value("INV-2")
    assert colleague.sees(order).invoice_number == "INV-1"


def test_a_note_half_written_survives_another_act(anna: Person, order: Any) -> None:
    anna.opens(order)

    anna.box("Notes").fill("Half a sent")
    anna.dropdown("Order State").select_option("processing")
    expect(anna.page.get_by_text("Order State New → Processing")).to_be_visible()

    expect(anna.box("Notes")).to_have_value("Half a sent")


def test_an_outcome_that_is_unknown_settles_on_the_page_by_itself(
    anna: Person, order: Any, practice: Any, the_worker_works: Callable[[], None]
) -> None:  # FG1
    anna.opens(order)
    practice.fault("drop_after", "capture")

    anna.button("Capture Transaction").click()
    anna.dialog.get_by_role("button", name="Capture $598.94").click()
    expect(anna.page.get_by_text("Outcome unknown, checking").first).to_be_visible()
    the_worker_works()

    expect(anna.page.locator(".title").get_by_text("Captured")).to_be_visible(timeout=10_000)
    assert practice.effects(order) == [("capture", 59894)]


def test_a_refused_leg_is_shown_and_resumed(anna: Person, clerk: Any, order: Any, practice: Any) -> None:  # G28, G29
    clerk.capture(order, 30900)
    practice.fault("decline", "refund")
    anna.opens(order)

    anna.button("Cancel Order").click()
    anna.dialog.get_by_role("button", name="Cancel order, refund $309.00, reverse $289.94").click()
    anna.dialog.get_by_role("button", name="Close").click()
    expect(anna.page.get_by_role("combobox", name="Order State")).to_have_value("Cancel Requested")
    anna.page.locator("#resume-cancellation").click()

    expect(anna.dialog).to_contain_text("$309.00 has been refunded")
    assert practice.effects(order) == [("capture", 30900), ("reversal", 28994), ("refund", 30900)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_text_runs_as_a_script(anna: Person, clerk: Any, take_in: Callable[..., Any], script: str) -> None:  # FH2
    item = {"sku": script, "name": script, "quantity": 2, "unit_price": 100, "attributes": {script: script}}
    order = take_in(
        items=[item],
        customer={"name": script, "reference": script, "email": "x@example.com", "phone": script},
        shipping_address={"name": script, "line1": script, "city": script, "country": "US"},
        shipping={"method": script},
        tags=[script],
        note=script,
    )
    clerk.save_invoice(order, script)
    clerk.add_note(order, script)
    clerk.set_tracking(clerk.sees(order), 1, script)

    anna.opens(order)
    expect(anna.page.get_by_text(script).first).to_be_visible()
    anna.button("Update Shipment").click()
    anna.dialog.get_by_role("heading").first.wait_for()
    anna.page.goto(f"{anna.desk}/orders/open")
    expect(anna.page.get_by_text(script).first).to_be_visible()


def test_a_viewer_sees_everything_and_can_press_nothing(
    new_person: Callable[..., Person], viewer: Any, order: Any
) -> None:
    vera = new_person(viewer)
    vera.opens(order)

    for name in ("Cancel Order", "Update Shipment", "Capture Transaction", "Sync Payments", "Save Invoice", "Save"):
        assert "Your role does not allow this" in vera.why_not(vera.button(name)), name
    for name in ("Order State", "Delivery State"):
        assert "Your role does not allow this" in vera.why_not(vera.dropdown(name)), name
