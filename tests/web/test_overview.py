"""Overview: tiles that say how much waits, and lead to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.orders import payment
from tests.support.statements import statements


def test_it_counts_what_waits_and_leads_to_it(browser, clerk, practice, take_in, words) -> None:
    reference = practice.authorise(59894, at=clerk.now, expires_in=timedelta(hours=30))
    take_in(payments=[{**payment(reference, 59894, at=clerk.now), "expires_at": "2026-11-22T15:00:00Z"}])
    order = take_in()
    practice.fault("drop_before", "capture")
    clerk.capture(order, 100)

    page = browser.open("/overview")

    shown = words(page)
    assert "Open Orders 2 2 of them New" in shown
    assert "Exceptions 1 calls to a provider that did not go through" in shown
    assert "Holds that end within 48 h 1 $598.94" in shown
    assert 'href="/expiring-holds?days=2"' in page.content.decode()
    assert "Provider drift 0 nothing waits for a decision" in shown


def test_nothing_waiting_is_said(browser, words) -> None:
    shown = words(browser.open("/overview"))

    assert "Open Orders 0" in shown
    assert "every call to a provider went through" in shown
    assert "no open order loses its hold" in shown


def test_it_shows_only_what_the_role_may_see(browser, viewer_browser, clerk, words) -> None:
    assert "Emails not delivered" in words(viewer_browser.open("/overview"))


@pytest.mark.parametrize("orders", [1, 6])
def test_its_cost_does_not_grow_with_orders(browser, take_in, orders) -> None:
    for _order in range(orders):
        take_in()

    with statements() as counted:
        browser.open("/overview")

    assert counted.count == 5  # session, person, two for the tiles, menu
