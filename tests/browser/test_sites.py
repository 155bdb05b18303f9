"""Sites in front of a person: added by keyboard at 360 pixels, given a logo, for everybody (axe)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from orderwright.orders.models import Site
from tests.browser.person import Person
from tests.browser.test_accessibility import LONG, check
from tests.factories.pictures import picture

pytestmark = pytest.mark.browser


def test_the_page_and_its_dialogs_are_for_everybody(anna: Person, order: Any) -> None:
    Site.objects.create(
        slug="x" * 60, name=LONG[:80], currency="EUR", number_prefix="LONGPREFIX-", sender="x@y.example"
    )
    page = anna.page
    page.goto(f"{anna.desk}/sites")
    check(page)
    row = page.get_by_role("row").filter(has_text="cozy-home-us")
    row.get_by_role("button", name="Edit").click()
    anna.dialog.get_by_label("Prefix").fill("US1")
    anna.dialog.get_by_role("button", name="Save").click()
    anna.dialog.get_by_text("It must not end in a digit").wait_for()
    check(page)

    for path in ("add", "cozy-home-us/logo", "cozy-home-us/switch"):  # as without scripts
        page.goto(f"{anna.desk}/sites/{path}")
        check(page)


def test_a_site_is_added_by_keyboard_alone_and_given_a_logo(anna: Person, tmp_path: Path) -> None:
    page = anna.page
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{anna.desk}/sites")
    anna.button("Add site").focus()
    page.keyboard.press("Enter")
    anna.dialog.get_by_label("Name", exact=True).fill("Cozy Home Outlet")
    anna.dialog.get_by_label("Time zone").fill("Europe/Berlin")
    anna.dialog.get_by_label("Currency").fill("EUR")
    anna.dialog.get_by_label("Prefix").fill("OUT-")
    page.keyboard.press("Enter")
    anna.is_told("Cozy Home Outlet added")

    logo = tmp_path / "logo.png"
    logo.write_bytes(picture(60, 20))
    row = page.get_by_role("row").filter(has_text="cozy-home-outlet")
    expect(row).to_contain_text("#OUT-1001")
    row.get_by_role("button", name="Logo").click()
    anna.dialog.get_by_label("Picture").set_input_files(logo)
    anna.dialog.get_by_role("button", name="Use this logo").click()

    anna.is_told("The mails of Cozy Home Outlet show the new logo")
    shown = row.locator("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 60
