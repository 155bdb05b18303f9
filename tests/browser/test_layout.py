"""What stands beside what, and what has room: measured in Chromium at both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from orderwright.actions import add_state
from tests.browser.person import Person

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 800}


def box(part: Locator) -> Any:
    found = part.bounding_box()
    assert found is not None
    return found


def is_cut(part: Locator) -> bool:
    return bool(part.evaluate("(shown) => shown.scrollWidth > shown.clientWidth"))


def test_both_ways_out_of_a_stopped_cancellation_stand_side_by_side(
    anna: Person, clerk: Any, order: Any, practice: Any
) -> None:
    practice.fault("decline", on="reversal")
    anna.opens(clerk.cancel(order))

    resume, keep = box(anna.button("Resume")), box(anna.button("Keep the order"))

    assert resume["y"] == keep["y"]
    assert resume["x"] + resume["width"] < keep["x"]


def test_the_dropdown_shows_the_whole_name_of_the_chosen_state(anna: Person, clerk: Any, order: Any, now: Any) -> None:
    name = "Waiting for the weaver in Lund"
    slug = add_state.run(name=name, color="teal", description="", system_state="processing", actor=clerk.actor, now=now)
    anna.opens(clerk.change_state(order, slug))

    wide = anna.page.evaluate(
        """([name]) => { const pen = document.createElement("canvas").getContext("2d");
        const shown = document.getElementById("order-state");
        pen.font = getComputedStyle(shown).font;
        return shown.clientWidth - pen.measureText(name).width; }""",
        [name],
    )

    assert wide > 0


def test_a_long_word_for_the_payment_is_not_cut_where_there_is_room(
    anna: Person, clerk: Any, order: Any, practice: Any
) -> None:
    practice.fault("drop_before", "capture")
    clerk.capture(order, 100)
    anna.page.goto(f"{anna.desk}/orders/open")

    unknown = anna.page.locator("table.list").get_by_text("Outcome unknown, checking")

    expect(unknown).to_be_visible()
    assert not is_cut(unknown)


def test_on_a_phone_name_and_date_share_a_line_and_so_do_number_and_pieces(
    new_person: Callable[..., Person], clerk: Any, take_in: Callable[..., Any]
) -> None:
    take_in(customer={"name": "Maximiliane von Rautenberg-Großkurth zu Oberhohenstein", "email": "m@post.example"})
    anna = new_person(clerk)
    anna.page.set_viewport_size(PHONE)
    anna.page.goto(f"{anna.desk}/orders/open")
    cell = {name: box(anna.page.locator(f"td.{name}").first) for name in ("order", "pieces", "customer", "placed")}
    badge = box(anna.page.locator("td.state").first)

    assert abs(cell["customer"]["y"] - cell["placed"]["y"]) < 8
    assert abs(cell["order"]["y"] - cell["pieces"]["y"]) < 8
    assert badge["y"] >= cell["placed"]["y"] + cell["placed"]["height"]


def test_on_a_phone_addresses_have_a_line_and_figures_a_label(
    new_person: Callable[..., Person], clerk: Any, order: Any
) -> None:
    clerk.cancel(order, email=True)
    anna = new_person(clerk)
    anna.page.set_viewport_size(PHONE)

    anna.page.goto(f"{anna.desk}/emails")
    to = anna.page.locator("td.to").first
    lines = to.evaluate("(cell) => cell.getClientRects()[0].height / parseFloat(getComputedStyle(cell).lineHeight)")
    anna.page.goto(f"{anna.desk}/order-configurations")
    label = anna.page.locator("td[data-label]").nth(1).evaluate("(cell) => getComputedStyle(cell, '::before').content")

    assert round(lines) == 1
    assert "Being Used in System" in label
