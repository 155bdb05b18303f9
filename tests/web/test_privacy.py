"""A customer's privacy in the portal: exported as a file, erased after the order's number was typed."""

from __future__ import annotations

import json

import pytest

from orderwright.journal.models import Entry


@pytest.fixture
def done(take_in, clerk):
    return clerk.cancel(take_in(), reason="customer asked")


def test_the_card_leads_to_it_and_it_says_what_goes_and_what_stays(browser, done, place, element, words):
    assert f'href="{place(done, "privacy")}"' in element(browser.open(place(done)), "privacy")

    said = words(browser.peek(place(done, "privacy")))

    assert "1 order of this customer: #1001 (20 Nov 2026)" in said
    assert "Gone for good:" in said
    assert "Stays for the books: Items, amounts, payments, ledger" in said


def test_erasing_asks_for_the_number_and_then_erases(browser, done, place, clerk, words):
    wrong = browser.tap(place(done, "privacy"), confirmation="1002")
    assert wrong.status_code == 422
    assert "Type the number of this order, 1001, to confirm." in words(wrong)
    assert 'value="1002"' in wrong.content.decode()
    assert clerk.sees(done).customer_erased_at is None

    answer = browser.tap(place(done, "privacy"), confirmation="1001")

    assert answer.status_code == 200
    said = words(answer)
    assert "Customer erased, from 1 order" in said
    assert "Erased on 21 Nov 2026. What is left is for the books." in said
    assert "Bob Norman" not in said
    again = browser.open(place(done, "privacy"))
    assert "The customer was erased already." in words(again)


def test_while_an_order_is_open_the_button_says_why(browser, order, place, element, words):
    page = browser.open(place(order, "privacy"))

    assert 'aria-disabled="true"' in element(page, "erase")
    assert "Complete or cancel these orders first: #1001." in words(page)
    assert browser.tap(place(order, "privacy"), confirmation="1001").status_code == 409


def test_the_export_comes_to_read_and_as_json(browser, order, place):
    text = browser.press(place(order, "privacy", "export"), format="text")
    plain = browser.press(place(order, "privacy", "export"), format="json")

    assert text["Content-Disposition"] == 'attachment; filename="customer-of-1001.txt"'
    assert "bob.norman@mail.example.com" in text.content.decode()
    assert plain["Content-Disposition"] == 'attachment; filename="customer-of-1001.json"'
    assert json.loads(plain.content)["orders"][0]["customer"]["name"] == "Bob Norman"
    assert browser.open(place(order, "privacy", "export")).status_code == 405


def test_a_viewer_is_neither_led_there_nor_let_in(viewer_browser, done, place):
    before = Entry.objects.count()

    assert 'id="privacy"' not in viewer_browser.open(place(done)).content.decode()
    assert viewer_browser.open(place(done, "privacy")).status_code == 403
    assert viewer_browser.press(place(done, "privacy"), confirmation="1001").status_code == 403
    assert viewer_browser.press(place(done, "privacy", "export"), format="json").status_code == 403
    assert Entry.objects.count() == before
