"""The desk by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser


def is_at(page: Page, order: Any) -> None:
    expect(page.get_by_role("heading", name=f"#{order.number}")).to_be_visible()
    page.wait_for_load_state()


def test_j_and_k_move_in_the_list_and_enter_opens(anna: Person, take_in: Callable[..., Any]) -> None:
    older, newer = take_in(placed_at="2026-11-19T10:00:00Z"), take_in()
    page = anna.page
    page.get_by_role("link", name="Open Orders").click()
    page.get_by_role("link", name=f"#{newer.number}").wait_for()
    page.wait_for_load_state()

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=f"#{older.number}", exact=True)).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name=f"#{newer.number}", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    is_at(page, newer)
    page.keyboard.press("j")
    is_at(page, older)
    page.keyboard.press("k")
    is_at(page, newer)


@pytest.mark.parametrize(
    ("key", "place"), [("/", "search"), ("s", "order-state"), ("n", "note"), ("i", "invoice-number")]
)
def test_single_keys_lead_to_their_field(anna: Person, order: Any, key: str, place: str) -> None:
    anna.opens(order)

    anna.page.keyboard.press(key)

    expect(anna.page.locator(f"#{place}")).to_be_focused()


def test_t_leads_to_the_tracking_number_and_c_to_the_capture_value(anna: Person, order: Any) -> None:
    anna.opens(order)

    anna.page.keyboard.press("t")
    expect(anna.box("Tracking Number")).to_be_focused()
    anna.page.keyboard.press("Escape")
    anna.page.keyboard.press("c")
    expect(anna.box("Capture Value")).to_be_focused()


def test_the_question_mark_lists_the_keys_and_escape_closes(anna: Person, order: Any) -> None:
    anna.opens(order)

    anna.page.keyboard.press("?")
    expect(anna.dialog).to_be_visible()
    anna.page.keyboard.press("Escape")

    expect(anna.dialog).not_to_be_visible()


def test_a_capture_needs_no_mouse_and_focus_stays_on_the_page(anna: Person, order: Any, practice: Any) -> None:  # G23
    page = anna.page
    anna.opens(order)

    page.keyboard.press("c")
    page.keyboard.type("309")
    page.keyboard.press("Enter")
    confirm = anna.dialog.get_by_role("button", name="Capture $309.00")
    confirm.wait_for()
    for _ in range(10):
        if confirm.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    anna.is_told("Captured $309.00")
    assert practice.effects(order) == [("capture", 30900)]
    assert page.evaluate("document.activeElement !== document.body")


# What has the focus, and whether its ring is the one that the focus draws: two rings, the outer of 4 pixels.
RING = """
() => {
  const focused = document.activeElement;
  const style = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  return {
    name: focused.id || focused.getAttribute("href") || focused.textContent.trim(),
    isPage: focused === document.body,
    isSeen: style.boxShadow.includes("0px 0px 0px 4px") && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}
"""


def test_every_stop_of_the_tab_key_is_seen_and_it_reaches_all_of_the_page(anna: Person, order: Any) -> None:
    anna.opens(order)
    reached = set()

    for _ in range(100):
        anna.page.keyboard.press("Tab")
        stop = anna.page.evaluate(RING)
        if stop["isPage"]:
            break
        assert stop["isSeen"], f"the focus on {stop['name']} is not seen"
        reached.add(stop["name"])

    acts = {"order-state", "cancel-order", "update-shipment", "sync-payments", "invoice-number", "save-invoice"}
    assert {*acts, "search", "note", "save-note", "tab-status", "/orders/open", "/order-configurations"} <= reached


def test_an_order_is_worked_through_without_a_mouse(  # noqa: PLR0915 - one order, from the state to its end
    anna: Person, clerk: Any, order: Any, practice: Any
) -> None:
    page, keys = anna.page, anna.page.keyboard
    anna.opens(order)

    # G3: into the dropdown, to the entry by its first letter; the focus is still there when the answer has come.
    keys.press("s")
    keys.press("p")
    keys.press("Enter")
    expect(page.get_by_text("Order State New → Processing")).to_be_visible()
    expect(anna.dropdown("Order State")).to_be_focused()
    keys.press("Escape")

    # G8, G9
    keys.press("i")
    keys.type("INV-1")
    keys.press("Enter")
    expect(page.get_by_text("Invoice Number set to INV-1")).to_be_visible()
    expect(anna.box("Invoice Number")).to_be_focused()
    keys.press("Escape")
    keys.press("n")
    keys.type("Called s twice, n i t c j k / ?")
    keys.press("Tab")
    expect(anna.button("Save")).to_be_focused()
    keys.press("Enter")
    expect(page.locator(".note").filter(has_text="Called s twice, n i t c j k / ?")).to_be_visible()
    expect(anna.button("Save")).to_be_focused()

    # G15
    keys.press("t")
    keys.type("1Z 1")
    keys.press("Enter")
    expect(page.get_by_text("Tracking Number of Shipment 1 set to")).to_be_visible()
    expect(anna.box("Tracking Number")).to_be_focused()
    keys.press("Escape")

    # G16, G17: in the dialog the tab key goes from item to item, to the method and to Update.
    anna.button("Update Shipment").focus()
    keys.press("Enter")
    for place in ("Wool rug 160 x 230", "Shipment method"):
        goes_to(page, anna.dialog.get_by_label(place))
        keys.press("Space" if place.startswith("Wool") else "F")
    expect(anna.dialog.get_by_label("Shipment method").locator("option:checked")).to_contain_text("FedEx")
    goes_to(page, anna.dialog.get_by_role("button", name="Update", exact=True))
    keys.press("Enter")
    expect(page.get_by_role("rowheader").filter(has_text="Shipment 2")).to_contain_text("FedEx")
    expect(anna.button("Update Shipment")).to_be_focused()

    # G21, G22
    anna.button("Sync Payments").focus()
    keys.press("Enter")
    anna.is_told("Payments synced")
    expect(anna.button("Sync Payments")).to_be_focused()
    page.get_by_role("tab", name="Current Status").focus()
    keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="Transaction History")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Transaction History")).to_be_visible()

    # G26, G29
    anna.button("Cancel Order").focus()
    keys.press("Enter")
    goes_to(page, anna.dialog.get_by_role("button", name="Cancel order, reverse $598.94"))
    keys.press("Enter")
    expect(anna.dialog).to_contain_text("$598.94 has been reversed")
    keys.press("Escape")
    expect(anna.dialog).not_to_be_visible()
    assert not page.evaluate(RING)["isPage"]

    seen = clerk.sees(order)
    assert (seen.state.slug, seen.invoice_number, len(seen.shipments)) == ("canceled", "INV-1", 2)
    assert practice.effects(order) == [("reversal", 59894)]


def goes_to(page: Page, control: Locator) -> None:
    """Press the tab key until this has the focus, which stays inside the dialog meanwhile."""
    control.wait_for()
    for _ in range(20):
        if control.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not reach {control}")


def test_the_tab_key_stays_inside_a_dialog(anna: Person, order: Any) -> None:
    anna.opens(order)
    anna.button("Cancel Order").click()
    anna.dialog.get_by_role("heading").first.wait_for()

    for _ in range(15):
        anna.page.keyboard.press("Tab")

        # The browser's own bars count as a stop; the page then has the focus nowhere.
        where = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert anna.page.evaluate(where)


def test_keys_rest_while_a_dialog_is_open(anna: Person, order: Any, practice: Any) -> None:
    anna.opens(order)
    anna.button("Cancel Order").click()
    anna.dialog.get_by_role("heading").first.wait_for()

    for key in "snitcjk/":
        anna.page.keyboard.press(key)

    expect(anna.dialog.get_by_role("heading", name=f"Cancel order #{order.number}?")).to_be_visible()
    assert anna.page.evaluate("!!document.activeElement.closest('dialog')")
    assert practice.effects(order) == []


def test_escape_leaves_a_dialog_and_focus_returns_to_its_button(anna: Person, order: Any) -> None:
    anna.opens(order)
    anna.button("Update Shipment").focus()

    anna.page.keyboard.press("Enter")
    expect(anna.dialog).to_be_visible()
    anna.page.keyboard.press("Escape")

    expect(anna.button("Update Shipment")).to_be_focused()


def test_a_form_works_in_place_from_the_moment_it_has_come(anna: Person, order: Any) -> None:
    """Whoever types faster than the page settles would else load a whole page, and lose the focus."""
    anna.opens(order)
    anna.page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => setTimeout(() => {
            document.getElementById("invoice-number").value = "INV-2";
            document.getElementById("save-invoice").click();
        }), { once: true })"""
    )

    with anna.in_place():
        anna.fill(anna.box("Notes"), "Called")
        anna.click(anna.button("Save"))
        expect(anna.page.get_by_text("Invoice Number set to INV-2")).to_be_visible()


def test_the_focus_goes_to_the_title_when_one_question_follows_another(anna: Person, clerk: Any, order: Any) -> None:
    anna.opens(clerk.capture(order))
    anna.button("Refund").click()
    anna.dialog.get_by_label("Another amount").fill("5")
    anna.page.keyboard.press("Enter")
    expect(anna.dialog.get_by_role("button", name="Refund $5.00")).to_be_visible()
    expect(anna.page.locator("#dialog-title")).to_be_focused()

    anna.page.keyboard.press("Escape")
    anna.button("Cancel Order").click()
    anna.dialog.get_by_role("button", name="Cancel order, refund").press("Enter")
    expect(anna.dialog.get_by_text("has been refunded")).to_be_visible()
    expect(anna.page.locator("#dialog-title")).to_be_focused()


def test_the_focus_goes_to_the_next_row_when_one_is_dealt_with(
    anna: Person, clerk: Any, take_in: Callable[..., Any], practice: Any
) -> None:
    first, second = take_in(), take_in()
    for order in (first, second):
        practice.fault("decline", "capture")
        clerk.capture(order, 100)
    anna.page.goto(f"{anna.desk}/exceptions")
    anna.page.wait_for_load_state()

    rows = anna.page.locator("#money-list tbody tr")
    rows.first.get_by_role("button", name="Dismiss").press("Enter")
    expect(rows).to_have_count(1)

    expect(anna.page.get_by_role("link", name=f"#{second.number}", exact=True)).to_be_focused()


def test_the_plus_leads_into_the_field_and_what_is_not_sent_says_so(anna: Person, clerk: Any, order: Any) -> None:
    anna.opens(clerk.set_tracking(order, 1, "1Z 999"))
    anna.page.get_by_label("Add another parcel").click()
    expect(anna.page.locator("#tracking-1-2")).to_be_focused()
    told = anna.page.locator(".extra").get_by_text("Not saved yet: press Enter")
    expect(told).to_be_hidden()

    anna.page.keyboard.type("1Z 888")
    expect(told).to_be_visible()
    anna.page.keyboard.press("Enter")
    expect(anna.box("Tracking Number", 1)).to_have_value("1Z 888")
    expect(anna.page.get_by_text("Not saved yet: press Enter").and_(anna.page.locator(":visible"))).to_have_count(0)


def test_an_error_goes_with_what_it_was_about(anna: Person, order: Any) -> None:
    anna.opens(order)
    anna.box("Capture Value").fill("1,0,x")
    anna.button("Capture Transaction").click()
    expect(anna.page.get_by_text("is not an amount")).to_be_visible()
    anna.box("Capture Value").fill("10")
    expect(anna.page.get_by_text("is not an amount")).to_have_count(0)

    anna.button("Update Shipment").click()
    anna.dialog.get_by_label("Shipment method").select_option(label="DHL Express")
    anna.dialog.get_by_role("button", name="Update", exact=True).click()
    expect(anna.dialog.get_by_role("alert")).to_have_text("Select at least one item.")
    anna.dialog.get_by_role("checkbox").nth(1).check()
    expect(anna.dialog.get_by_role("alert")).to_have_count(0)


def test_a_hold_that_ends_is_captured_from_its_list(anna: Person, order: Any, practice: Any) -> None:
    anna.page.goto(f"{anna.desk}/expiring-holds")
    anna.page.get_by_role("link", name="Capture on order").click()
    anna.button("Capture $598.94").click()

    anna.is_at(f"#{order.number}")
    anna.is_told("Captured $598.94")
    assert practice.effects(order) == [("capture", 59894)]
