"""Undo in the portal: in the message about a change, and beside its entry in the timeline."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from tests.web.conftest import Browser


def offered(answer):
    """Return which entry the answer offers to undo: in its message, and in the timeline."""
    text = answer.content.decode()
    toast = re.search(r'data-toast.*?name="change" value="(\d+)"', text, re.DOTALL)
    entries = re.findall(r'name="change" value="(\d+)"><button type="submit" class="btn small" id="undo-\d+"', text)
    return toast[1] if toast else None, entries


@pytest.fixture
def changed(browser, order, place):
    return browser.tap(place(order, "invoice-number"), invoice_number="INV-1")


def test_a_change_offers_to_undo_it_in_its_message_and_in_the_timeline(changed):
    assert offered(changed) == ("3", ["3"])


def test_undoing_says_so_and_the_timeline_tells(browser, order, place, changed, clerk, words):
    answer = browser.tap(place(order, "undo"), change="3")

    assert answer.status_code == 200
    assert clerk.sees(order).invoice_number == ""
    said = words(answer)
    assert "Undone" in said
    assert "Undone: Invoice Number removed: INV-1" in said
    assert offered(answer) == (None, [])


def test_without_script_the_timeline_s_button_does_it(browser, order, place, changed, clerk):
    assert offered(browser.open(place(order))) == (None, ["3"])

    answer = browser.press(place(order, "undo"), change="3")

    assert answer.status_code == 302
    assert clerk.sees(order).invoice_number == ""


def test_a_minute_later_it_is_not_offered_and_pressing_an_old_button_says_why(
    browser, order, place, changed, now, words
):
    with time_machine.travel(now + timedelta(seconds=61), tick=False):
        assert offered(browser.open(place(order))) == (None, [])
        answer = browser.tap(place(order, "undo"), change="3")

    assert answer.status_code == 409
    assert "A change can be undone for a minute; this one is older." in words(answer)


def test_a_colleague_is_not_offered_it(colleague, order, place, changed):
    theirs = Browser(colleague.user)

    assert offered(theirs.open(place(order))) == (None, [])
    assert theirs.tap(place(order, "undo"), change="3").status_code == 409


def test_money_offers_nothing_and_its_dialog_says_that_it_is_final(browser, order, place, clerk, words):
    asked = browser.peek(place(order, "payments", order.payments[0].id, "capture"), amount="309.00")
    assert "Money that has moved is final: this cannot be undone." in words(asked)
    assert "Money that has moved is final: this cannot be undone." in words(browser.peek(place(order, "cancel")))

    clerk.capture(order, 30900)

    assert offered(browser.open(place(order))) == (None, [])


@pytest.mark.parametrize("change", ["", "x", "99", "-1"])
def test_what_is_no_change_is_not_found(browser, order, place, change):
    assert browser.tap(place(order, "undo"), change=change).status_code == 404


def test_a_viewer_undoes_nothing(viewer_browser, order, place, changed, clerk):
    assert viewer_browser.tap(place(order, "undo"), change="3").status_code == 409
    assert clerk.sees(order).invoice_number == "INV-1"
