"""Pages and dialogs pass axe at both widths, light and dark, and nothing sticks out at 360 pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.person import Person

pytestmark = pytest.mark.browser

LONG = "Prof. Dr. Maximiliane-Theodora von Rautenberg-Großkurth zu Oberhohenstein-Weißenburg"
# A badge that says "checking" moves for as long as it is there.
STILL = """
const ends = (each) => each.effect.getComputedTiming().iterations !== Infinity;
Promise.all(document.getAnimations().filter(ends).map((each) => each.finished.catch(() => null)));
"""
SIZES = [(1440, 1000), (360, 800)]
# On top of what axe looks for by itself: everything to press is at least 24 pixels wide and high (WCAG 2.2).
RULES = {"rules": {"target-size": {"enabled": True}}}


def check(page: Page, sizes: Sequence[tuple[int, int]] = SIZES) -> None:
    """Run axe and measure, in light and dark, at both widths or those that are given."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            # Colours fade when the scheme changes; axe would read them half-way.
            page.evaluate(STILL)
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, f"{scheme} {width}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} sticks out at {width}"


@pytest.mark.parametrize(
    "path",
    ["orders/open", "orders", "orders?q=nothing-like-it", "order-configurations", "order-moves", "bulk-jobs", "emails"],
)
def test_pages(anna: Person, clerk: Any, take_in: Callable[..., Any], path: str) -> None:
    customer = {"name": LONG, "email": "m@example.com"}
    clerk.cancel(clerk.capture(take_in(), 30900), email=True)
    take_in(customer=customer)
    take_in(customer={"name": "عبد الرحمن الفضالة", "email": "a@example.com"})

    anna.page.goto(f"{anna.desk}/{path}")

    check(anna.page)


def test_the_empty_list(anna: Person) -> None:
    anna.page.goto(f"{anna.desk}/orders/open")

    check(anna.page)


def test_the_sign_in(anna: Person) -> None:
    anna.page.context.clear_cookies()
    anna.page.goto(f"{anna.desk}/sign-in")

    check(anna.page)


def test_the_order_in_its_states(anna: Person, clerk: Any, take_in: Callable[..., Any], practice: Any) -> None:
    lines = [{"sku": f"S{at}", "name": f"{LONG} {at}", "quantity": at % 3 + 1, "unit_price": 100} for at in range(30)]
    long = take_in(items=lines, customer={"name": "אביגיל בן־שושן"})
    part = clerk.capture(take_in(), 30900)
    suspended = clerk.change_state(clerk.change_state(take_in(), "processing"), "suspended")
    practice.fault("drop_after", "capture")
    unknown = clerk.capture(take_in())
    practice.fault("decline", "reversal")
    waiting = clerk.cancel(take_in())
    canceled = clerk.cancel(take_in())

    for order in (long, part, suspended, unknown, waiting, canceled):
        anna.opens(order)
        check(anna.page)


def test_further_pages(anna: Person, clerk: Any, take_in: Callable[..., Any]) -> None:
    """What stands behind a link, and what a browser without scripts gets instead of a dialog."""
    order = take_in()
    clerk.cancel(take_in(customer={"name": LONG, "email": "bob.norman@mail.example.com"}), email=True)
    anna.page.goto(f"{anna.desk}/emails")
    mail = anna.page.locator("table.mails a").first.get_attribute("href")

    for path in (
        mail,
        "/keys",
        "/no-such-page",
        "/orders/999999",
        f"/orders/{order.number}/cancel",
        f"/orders/{order.number}/cancel/email",
        f"/orders/{order.number}/shipments/update",
        f"/orders/{order.number}?payments=history&timeline=money",
        "/order-configurations/add",
    ):
        anna.page.goto(f"{anna.desk}{path}")
        check(anna.page)


@pytest.mark.parametrize("name", ["Update Shipment", "Capture Transaction", "Cancel Order"])
def test_the_dialogs_of_an_order(anna: Person, clerk: Any, order: Any, name: str) -> None:
    anna.opens(clerk.capture(order, 30900))

    anna.button(name).click()
    anna.dialog.get_by_role("heading").first.wait_for()

    check(anna.page)


def test_the_question_before_completing_and_the_pop_up_of_a_cancellation(anna: Person, order: Any) -> None:  # G29
    anna.opens(order)

    anna.dropdown("Order State").select_option("completed")
    anna.dialog.get_by_role("heading").first.wait_for()
    check(anna.page)
    anna.dialog.get_by_role("button", name="Keep it open").click()

    anna.button("Cancel Order").click()
    anna.dialog.get_by_role("button", name="Cancel order, reverse $598.94").click()
    anna.dialog.filter(has_text="is canceled").get_by_role("button", name="Close").wait_for()
    check(anna.page)


def test_refusals_beside_their_fields_and_reasons_of_what_is_locked(anna: Person, clerk: Any, order: Any) -> None:
    anna.opens(order)
    anna.box("Capture Value").fill("598.95")
    anna.button("Capture Transaction").click()
    anna.page.get_by_role("alert").first.wait_for()
    check(anna.page)

    clerk.change_state(clerk.change_state(order, "processing"), "suspended")
    anna.opens(order)
    anna.button("Update Shipment").focus()
    anna.page.locator("#update-shipment-why").wait_for()
    check(anna.page)


def test_the_dialogs_of_states(anna: Person, clerk: Any, order: Any) -> None:
    page = anna.page
    page.goto(f"{anna.desk}/order-configurations")

    anna.button("Add Status").click()
    anna.dialog.get_by_label("Name").fill("New")
    anna.dialog.get_by_role("button", name="Add Status").click()
    anna.dialog.get_by_role("alert").wait_for()
    check(page)
    page.keyboard.press("Escape")

    rows = page.get_by_role("row")
    rows.filter(has_text="New").first.get_by_role("button", name="Edit").click()
    anna.dialog.get_by_label("Name").fill(LONG[:40])
    anna.dialog.get_by_role("button", name="Save").click()
    anna.dialog.get_by_role("alert").wait_for()
    check(page)
