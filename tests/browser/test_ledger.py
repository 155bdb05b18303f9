"""The Ledger in front of a person: for everybody (axe), by keyboard, without script, and its files in one step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.test_accessibility import LONG, check
from tests.ledger.files import as_records, csv_rows, xlsx_rows
from tests.support.practice import rfc3339

pytestmark = pytest.mark.browser


@pytest.fixture
def books(moved: Callable[..., str], open_site: Any, open_account: Any, clerk: Any) -> str:
    """Have thirty days and more, sites and accounts with long and right-to-left names, and large amounts."""
    open_site("gulf", "Asia/Bahrain", name="متجر الخليج", currency="BHD", locale="en-AE")
    open_site("long", "America/Argentina/Buenos_Aires", name=LONG[:80])
    open_account("live-one", is_live=True, name=LONG[:80])
    for days in range(30):
        at = rfc3339(clerk.now - timedelta(days=days, hours=2))
        moved(at, ("capture", 30900, at), ("refund", 900, at), ("reversal", 100, at))
    at = rfc3339(clerk.now - timedelta(hours=2))
    moved(at, site="gulf", currency="BHD", amount=999_999_999_000)
    moved(at, site="long", provider="live-one", amount=999_999_999_900)
    return at


def test_the_page_is_for_everybody(anna: Person, books: str) -> None:
    anna.page.goto(f"{anna.desk}/ledger")

    expect(anna.page.get_by_role("heading", name="Totals")).to_be_visible()
    check(anna.page)


def test_with_nothing_to_show_and_with_something_wrong_it_is_for_everybody_too(anna: Person, site: Any) -> None:
    anna.page.goto(f"{anna.desk}/ledger")
    expect(anna.page.get_by_role("heading", name="Nothing moved")).to_be_visible()
    check(anna.page)
    anna.complaints.clear()

    anna.page.goto(f"{anna.desk}/ledger?from=2026-11-21&to=2026-11-20")
    expect(anna.page.get_by_role("alert")).to_contain_text("lies after the last")
    check(anna.page)
    anna.complaints.clear()  # the browser says that the page's status was 422


def test_the_menu_leads_there_and_days_are_chosen_by_keyboard(anna: Person, books: str, clerk: Any) -> None:
    page = anna.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Ledger").click()
    day = (clerk.now - timedelta(days=10, hours=2)).date().isoformat()

    page.get_by_label("From").fill(day)
    page.get_by_label("To, included").fill(day)
    page.get_by_label("Site").select_option(label="Cozy Home US")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(rf"from={day}&to={day}&site=cozy-home-us"))
    expect(page.locator("#ledger-days tbody tr")).to_have_count(1)


@pytest.mark.parametrize(
    ("button", "name", "read"), [("Export CSV", "csv", csv_rows), ("Export XLSX", "xlsx", xlsx_rows)]
)
def test_a_file_comes_with_one_step(anna: Person, books: str, button: str, name: str, read: Any) -> None:
    anna.page.goto(f"{anna.desk}/ledger")

    with anna.page.expect_download() as coming:
        anna.page.get_by_role("link", name=button, exact=True).click()

    assert coming.value.suggested_filename.endswith(f".{name}")
    rows = as_records(read(coming.value.path().read_bytes()))
    assert {row["row"] for row in rows} == {"day", "total", "control"}


def test_it_works_without_script(new_person: Callable[..., Person], clerk: Any, books: str) -> None:
    person = new_person(clerk, java_script_enabled=False)
    page = person.page
    page.goto(f"{person.desk}/ledger")

    page.get_by_label("Site").select_option(label="متجر الخليج")
    page.get_by_role("button", name="Show").click()

    expect(page.locator("#ledger-days tbody tr")).to_have_count(1)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Every transaction, CSV").click()
    assert "transactions" in coming.value.suggested_filename
