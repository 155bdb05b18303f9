"""The Ledger page: days, totals and files, for those whose role allows it; what cannot be is said beside its field."""

from __future__ import annotations

import re

import pytest

from orderwright.orders.models import Site
from orderwright.web.presenters import ledger as presenter
from tests.ledger.files import export

SPAN = {"from": "2026-11-01", "to": "2026-11-21"}


@pytest.fixture
def books(moved, open_site, open_account):
    open_site("gulf", "Asia/Bahrain", name="Cozy Home Gulf", currency="BHD", locale="en-AE")
    open_account("live-one", is_live=True)
    moved("2026-11-19T15:00:00Z", ("capture", 30900, "2026-11-20T15:00:00Z"), ("refund", 900, "2026-11-20T16:00:00Z"))
    moved("2026-11-20T21:00:00Z", site="gulf", currency="BHD", amount=38500, provider="live-one")


def test_it_stands_in_the_menu_for_those_who_may(browser, viewer_browser, order):
    menu = browser.open("/orders/open").content.decode()

    assert re.search(r'<a href="/ledger">.*?</svg>Ledger</a>', menu, flags=re.DOTALL)
    assert 'href="/ledger"' not in viewer_browser.open("/orders/open").content.decode()


@pytest.mark.parametrize("path", ["/ledger", "/ledger/file"])
def test_a_viewer_is_refused(viewer_browser, order, words, path):
    answer = viewer_browser.open(path)

    assert answer.status_code == 403
    assert "Your role does not allow this: See and export the ledger." in words(answer)


def test_it_shows_days_newest_first_and_totals_by_account_and_currency(browser, books, words):
    page = browser.open("/ledger", **SPAN)
    text = words(page)

    assert page.status_code == 200
    assert [day[1] for day in re.finditer(r'<time datetime="(2026[\d-]+)">', page.content.decode())] == [
        "2026-11-21",
        "2026-11-20",
        "2026-11-19",
    ]
    assert "21 Nov 2026 Cozy Home Gulf Asia/Bahrain Live-One Live 1 transaction BHD 38.500" in text.replace("\xa0", " ")
    assert "20 Nov 2026 Cozy Home US America/New_York Practice provider Test 2 transactions $0.00 $309.00 $9.00" in text
    assert "USD 3 transactions Practice provider Test $598.94 $309.00 $9.00 $0.00 $0.00 $289.94 $300.00" in text
    assert "4 transactions, the last one no. 4" in text
    assert "Newest day first, then by site. Each day in its site’s time zone." in text


def test_by_itself_it_shows_the_last_calendar_month_to_date(browser, site, element):
    page = browser.open("/ledger")

    assert 'value="2026-10-01"' in element(page, "ledger-from")
    assert 'value="2026-11-21"' in element(page, "ledger-to")


def test_where_nothing_moved_it_says_so(browser, site, words):
    text = words(browser.open("/ledger"))

    assert "Nothing moved No payment was authorised, captured, reversed or refunded on these days" in text
    assert "Export CSV" in text


def test_it_is_narrowed_by_store_and_account(browser, books, words):
    text = words(browser.open("/ledger", **SPAN, site="gulf", provider="live-one"))

    assert "Cozy Home Gulf Asia/Bahrain" in text
    assert "Cozy Home US America/New_York" not in text


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"from": "2026-11-21", "to": "2026-11-20"}, "ledger-from", "lies after the last"),
        ({"from": "2025-01-01", "to": "2026-11-20"}, "ledger-to", "At most 366 days at once"),
        ({"from": "soon"}, "ledger-from", "It must be a day such as 2026-11-20"),
        ({"site": "nowhere"}, "ledger-site", "There is no such site."),
        ({"provider": "nobody"}, "ledger-provider", "There is no such provider account."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    browser, site, words, element, asked, field, said
):
    page = browser.open("/ledger", **asked)

    assert page.status_code == 422
    assert f'aria-describedby="{field}-error ' in element(page, field)
    assert said in words(page)
    if "from" in asked:
        assert f'value="{asked["from"]}"' in element(page, "ledger-from")
    assert "Export CSV" not in words(page)


def test_each_button_gives_the_file_of_what_is_shown(browser, books, clerk, now):
    page = browser.open("/ledger", **SPAN, site="gulf").content.decode()
    hrefs = [href.replace("&amp;", "&") for href in re.findall(r'href="(/ledger/file[^"]+)"', page)]

    assert len(hrefs) == 4
    for href in hrefs:
        answer = browser.client.get(href)
        form = "transactions" if "form=transactions" in href else "days"
        file_type = "xlsx" if "format=xlsx" in href else "csv"
        expected = export(
            clerk.actor, now=now, form=form, file_type=file_type, first="2026-11-01", last="2026-11-21", site="gulf"
        )
        assert b"".join(answer.streaming_content) == expected
        assert f'gulf.{file_type}"' in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "private, no-store"


def test_a_file_of_what_cannot_be_is_a_page_that_says_why(browser, site, words):
    answer = browser.open("/ledger/file", **{"from": "2026-11-21", "to": "2026-11-20"})

    assert answer.status_code == 422
    assert "422 · from_after_to" in words(answer)


def test_more_rows_than_a_page_holds_are_counted_and_left_to_the_files(browser, books, words, monkeypatch):
    monkeypatch.setattr(presenter, "MOST_ROWS", 2)

    page = browser.open("/ledger", **SPAN)

    assert page.content.decode().count("<time datetime=") == 2
    assert "The newest 2 of 3 rows are shown; the exports have all of them." in words(page)


def test_it_costs_the_same_however_much_moved(browser, moved, statements):
    counts = []
    for orders in (1, 33):
        for _order in range(orders):
            moved("2026-11-19T15:00:00Z", *(("capture", 5, f"2026-11-19T{n + 16}:00:00Z") for n in range(5)))
        with statements() as counted:
            assert browser.open("/ledger").status_code == 200
        counts.append(counted.count)

    session_person_and_menu = 3
    assert counts == [session_person_and_menu + 3] * 2


def test_hostile_names_are_shown_as_text(browser, books, site):
    Site.objects.filter(pk=site.pk).update(name='"><script>alert(1)</script>')

    page = browser.open("/ledger", **SPAN).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
