"""The desk by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


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
    assert focused(page) == f"#{older.number}"
    page.keyboard.press("k")
    assert focused(page) == f"#{newer.number}"
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

    assert focused(anna.page) == place


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


def test_focus_is_seen(anna: Person, order: Any) -> None:
    anna.opens(order)

    anna.button("Cancel Order").focus()
    anna.page.keyboard.press("Shift+Tab")
    anna.page.keyboard.press("Tab")

    style = "const s = getComputedStyle(document.activeElement); `${s.boxShadow} ${s.outlineStyle}`"
    assert anna.page.evaluate(f"(() => {{ {style.replace('`$', 'return `$', 1)} }})()") != "none none"


def test_escape_leaves_a_dialog_and_focus_returns_to_its_button(anna: Person, order: Any) -> None:
    anna.opens(order)
    anna.button("Update Shipment").focus()

    anna.page.keyboard.press("Enter")
    expect(anna.dialog).to_be_visible()
    anna.page.keyboard.press("Escape")

    expect(anna.button("Update Shipment")).to_be_focused()
