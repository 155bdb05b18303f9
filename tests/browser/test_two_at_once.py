"""Double clicks, two tabs and lost answers, as a person meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.test_accessibility import check

pytestmark = pytest.mark.browser


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


def test_a_double_click_on_every_button_does_its_act_once(
    anna: Person, clerk: Any, order: Any, journal_kinds: Callable[[Any], list[str]]
) -> None:  # FC4
    anna.opens(order)

    anna.box("Invoice Number").fill("INV-1")
    anna.button("Save Invoice").dblclick()
    expect(anna.page.get_by_text("Invoice Number set to INV-1")).to_be_visible()
    anna.box("Notes").fill("Called.")
    anna.button("Save").dblclick()
    expect(anna.page.locator(".note").filter(has_text="Called.")).to_be_visible()
    anna.button("Update Shipment").click()
    anna.dialog.get_by_role("checkbox", name="Wool rug 160 x 230").check()
    anna.dialog.get_by_label("Shipment method").select_option(label="FedEx Home Delivery")
    anna.dialog.get_by_role("button", name="Update", exact=True).dblclick()
    expect(anna.page.get_by_role("rowheader").filter(has_text="Shipment 2")).to_be_visible()

    kinds = journal_kinds(order)
    assert [kinds.count(kind) for kind in ("order.invoice_saved", "order.note_added", "shipment.updated")] == [1, 1, 1]


def test_a_double_click_on_cancel_gives_the_money_back_once(
    anna: Person, clerk: Any, order: Any, practice: Any
) -> None:  # FC4, G28
    clerk.capture(order, 30900)
    anna.opens(order)
    anna.button("Cancel Order").click()

    anna.dialog.get_by_role("button", name="Cancel order, refund $309.00, reverse $289.94").dblclick()

    expect(anna.dialog).to_contain_text("$309.00 has been refunded")
    assert practice.effects(order) == [("capture", 30900), ("reversal", 28994), ("refund", 30900)]


def test_the_same_form_sent_from_two_tabs_of_one_browser_moves_money_once(
    anna: Person, order: Any, practice: Any
) -> None:  # FC4
    tabs = [anna, anna.another_tab()]
    for tab in tabs:
        tab.opens(order)
        tab.button("Cancel Order").click()
        tab.dialog.get_by_role("button", name="Cancel order, reverse $598.94").wait_for()

    for tab in tabs:
        tab.dialog.get_by_role("button", name="Cancel order, reverse $598.94").click()

        # The second tab is shown what the first has done.
        expect(tab.dialog).to_contain_text("$598.94 has been reversed")
        tab.dialog.get_by_role("button", name="Close").click()
        expect(tab.dropdown("Order State")).to_have_value("Canceled")
    assert practice.effects(order) == [("reversal", 59894)]


def test_going_back_after_a_capture_asks_anew_with_what_is_left(
    new_person: Callable[..., Person], clerk: Any, order: Any, practice: Any
) -> None:  # FC4
    plain = new_person(clerk, java_script_enabled=False)
    plain.opens(order)
    plain.box("Capture Value").fill("100")
    plain.button("Capture Transaction").click()
    expect(plain.page.get_by_text("$498.94 stays held")).to_be_visible()
    plain.button("Capture $100.00").click()
    expect(plain.page.get_by_text("Captured $100.00").first).to_be_visible()

    plain.page.reload()
    plain.page.go_back()

    expect(plain.page.get_by_text("$398.94 stays held")).to_be_visible()
    assert practice.effects(order) == [("capture", 10000)]


def test_the_very_same_form_sent_again_is_answered_and_moves_nothing(
    anna: Person, order: Any, practice: Any
) -> None:  # FC4
    anna.opens(order)
    anna.box("Capture Value").fill("100")
    anna.button("Capture Transaction").click()
    form = anna.dialog.locator("form#act")
    form.wait_for()
    sent = form.evaluate("form => Object.fromEntries(new FormData(form))")
    address = anna.desk + str(form.get_attribute("action"))

    answers = [anna.page.request.post(address, form=sent, headers={"Referer": anna.desk}) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert practice.effects(order) == [("capture", 10000)]


def test_a_stale_tab_is_told_and_keeps_what_was_typed(anna: Person, colleague: Any, order: Any) -> None:
    anna.opens(order)
    colleague.save_invoice(order, "INV-1")

    anna.box("Invoice Number").fill("INV-2")
    anna.button("Save Invoice").click()

    expect(anna.page.get_by_role("alert")).to_contain_text("changed this order since you opened it")
    expect(anna.box("Invoice Number")).to_have_value("INV-2")
    assert colleague.sees(order).invoice_number == "INV-1"
    check(anna.page)

    with anna.in_place():
        anna.page.get_by_role("link", name="Take theirs: INV-1").focus()
        anna.press("Enter")
        expect(anna.box("Invoice Number")).to_have_value("INV-1")
        expect(anna.page.get_by_role("alert")).to_have_count(0)


def test_of_two_who_set_one_field_the_later_keeps_theirs_by_keyboard(
    anna: Person, new_person: Callable[..., Person], colleague: Any, order: Any
) -> None:
    ravi = new_person(colleague)
    for person in (anna, ravi):
        person.opens(order)
    ravi.dropdown("Order State").select_option("fraud")
    ravi.is_told("Order State is now Fraud")
    ravi.box("Tracking Number").fill("RAVI 1")
    ravi.press("Enter")
    ravi.is_told("Tracking Number saved")

    with anna.in_place():
        anna.dropdown("Order State").select_option("processing")
        anna.button("Keep mine: Processing").focus()
        check(anna.page)
        anna.press("Enter")
        anna.is_told("Order State is now Processing")

    # What the answer brought is what Anna saw of the number, so hers does not clash any more.
    expect(anna.box("Tracking Number")).to_have_value("RAVI 1")
    assert colleague.sees(order).state.slug == "processing"


def test_a_stale_tab_is_told_of_every_field_that_somebody_else_changed(
    anna: Person, colleague: Any, order: Any
) -> None:
    told = anna.page.get_by_role("alert").filter(has_text="Ravi Patel changed this order since you opened it")

    anna.opens(order)
    colleague.set_tracking(order, 1, "RAVI 1")
    anna.box("Tracking Number").fill("MIA 1")
    anna.page.keyboard.press("Enter")
    expect(told).to_be_visible()
    expect(anna.box("Tracking Number")).to_have_value("MIA 1")

    anna.opens(order)
    colleague.change_state(order, "fraud")
    anna.dropdown("Order State").select_option("processing")
    expect(told).to_be_visible()
    expect(anna.dropdown("Order State")).to_have_value("fraud")

    seen = colleague.change_state(order, "processing")
    anna.opens(order)
    colleague.set_delivery_state(seen, "TBL-OAK-45", "ready-to-ship")
    anna.dropdown("Delivery State").select_option(label="Shipped")
    expect(told).to_be_visible()
    expect(anna.dropdown("Delivery State").locator("option:checked")).to_have_text("Ready to ship")


def test_what_somebody_else_changed_elsewhere_on_the_order_does_not_stand_in_the_way(
    anna: Person, colleague: Any, order: Any
) -> None:
    anna.opens(order)
    colleague.save_invoice(order, "INV-1")

    anna.box("Tracking Number").fill("MIA 1")
    anna.page.keyboard.press("Enter")

    anna.is_told("Tracking Number saved")
    expect(anna.box("Invoice Number")).to_have_value("INV-1")


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


def test_a_dialog_that_is_left_while_its_call_is_out_shows_on_the_order_what_came_of_it(
    anna: Person, order: Any, practice: Any
) -> None:
    practice.fault("late", "capture", seconds=4)
    anna.opens(order)
    anna.button("Capture Transaction").click()
    anna.dialog.get_by_role("button", name="Capture $598.94").click()
    # Leaving stops nothing any more, and does not claim to.
    expect(anna.dialog.get_by_role("button", name="Do not capture")).to_have_count(0)
    anna.dialog.get_by_role("button", name="Close").click()
    anna.button("Cancel Order").click()  # another question takes the place of the first

    expect(anna.page.locator(".title").get_by_text("Captured")).to_be_visible(timeout=20_000)

    anna.is_told("Captured $598.94")
    expect(anna.page.locator("#act")).to_have_count(0)  # nothing of the first one is left
    assert practice.effects(order) == [("capture", 59894)]


def test_a_refused_leg_is_shown_and_resumed(anna: Person, clerk: Any, order: Any, practice: Any) -> None:  # G28, G29
    clerk.capture(order, 30900)
    practice.fault("decline", "refund")
    anna.opens(order)

    anna.button("Cancel Order").click()
    anna.dialog.get_by_role("button", name="Cancel order, refund $309.00, reverse $289.94").click()
    expect(anna.dialog).to_contain_text("The cancellation is not finished")
    anna.dialog.get_by_role("button", name="Close").click()
    expect(anna.page.get_by_role("combobox", name="Order State")).to_have_value("Cancel Requested")
    anna.page.locator("#resume-cancellation").click()
    expect(anna.dialog).to_contain_text("Money that has moved is final")
    anna.dialog.get_by_role("button", name="Resume, refund $309.00").click()

    expect(anna.dialog).to_contain_text("$309.00 has been refunded")
    assert practice.effects(order) == [("capture", 30900), ("reversal", 28994), ("refund", 30900)]
