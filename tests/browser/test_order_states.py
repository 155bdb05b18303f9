"""Order Configurations and requests for a cancellation in Chromium: keyboard, progress in place, axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from orderwright.actions import add_state
from orderwright.core import clock
from orderwright.reads.order_moves import read_moves
from tests.browser.person import Person
from tests.browser.test_accessibility import check
from tests.support.working import work_on_jobs

pytestmark = pytest.mark.browser


def test_a_move_is_switched_off_and_the_defaults_come_back_by_keyboard_on_a_phone(anna: Person) -> None:  # W3
    page = anna.page
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{anna.desk}/order-moves")
    box = page.get_by_role("checkbox", name="Completed to Processing")

    with anna.in_place():
        box.focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Save").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Moves saved")).to_be_visible()
        assert read_moves().moves["completed"] == frozenset()
        page.get_by_role("button", name="Restore the defaults…").press("Enter")
        expect(anna.dialog).to_contain_text("Allowed again")
        check(page)
        anna.dialog.get_by_role("button", name="Restore the defaults").press("Enter")
        expect(page.get_by_text("The default moves are restored")).to_be_visible()

    expect(box).to_be_checked()


def test_retiring_a_state_shows_its_progress_by_itself_and_is_undone(
    anna: Person, clerk: Any, take_in: Callable[..., Any], now: Any
) -> None:  # W2
    slug = add_state.run(
        name="Packed", color="teal", description="", system_state="processing", actor=clerk.actor, now=now
    )
    holding, *others = [clerk.change_state(take_in(held=None if place == 0 else 0), slug) for place in range(3)]
    page = anna.page
    page.goto(f"{anna.desk}/order-configurations")
    page.get_by_role("row").filter(has_text="Packed").get_by_role("button", name="Retire").click()
    anna.dialog.get_by_label("Move its orders to").select_option("completed")
    check(page)
    anna.dialog.get_by_role("button", name="Retire it and move 3 orders").click()

    expect(page.get_by_text("0 of 3 orders")).to_be_visible()
    with anna.in_place():
        work_on_jobs(now=clock.now())
        expect(page.get_by_text("3 of 3 orders · 3 not done")).to_be_visible()
    check(page)
    for order in (holding, *others):
        clerk.change_state(order, "processing")
    page.get_by_role("button", name="Try the rest again").click()
    expect(page.get_by_text("The rest is tried again")).to_be_visible()
    work_on_jobs(now=clock.now())
    expect(page.get_by_text("Packed is retired")).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("heading", name="Undo: put orders back into Packed")).to_be_visible()


def test_a_requested_cancellation_is_declined_and_another_accepted(
    anna: Person, clerk: Any, take_in: Callable[..., Any]
) -> None:  # W5
    declined, accepted = (clerk.request_cancellation(take_in(), "customer asked") for _ in range(2))

    anna.opens(declined)
    check(anna.page)
    anna.button("Decline").click()
    anna.dialog.get_by_role("heading").first.wait_for()
    check(anna.page)
    with anna.in_place():
        anna.dialog.get_by_role("button", name="Decline, keep the order").click()
        expect(anna.page.get_by_text("Declined; the customer is emailed")).to_be_visible()
    anna.opens(accepted)
    anna.button("Accept").click()
    anna.dialog.get_by_role("button", name="Cancel order, reverse $598.94").click()

    expect(anna.dialog.get_by_text(f"Order #{accepted.number} is canceled")).to_be_visible()
    assert clerk.sees(declined).state.slug == "new"
