"""What no browser sends is answered all the same, on both databases: never with a failure of ours."""

from __future__ import annotations

import re

import pytest

from tests.web.test_routes import portal_routes


@pytest.mark.parametrize("path", ["/orders/%00", "/orders/1001%00/timeline", "/emails/%1F", "/%00"])
def test_at_an_unreadable_address_there_is_nothing(browser, path) -> None:
    assert browser.open(path).status_code == 404


def test_at_a_number_that_no_row_can_have_there_is_nothing(browser, order) -> None:
    """Nor is it asked for: the databases fail on it."""
    numbered = [route for route in portal_routes() if "<id:" in str(route.pattern)]
    assert len(numbered) > 20
    assert not [route.name for route in portal_routes() if "<int:" in str(route.pattern)]
    for route in numbered:
        path = re.sub("<id:.*?>", str(2**63), "/" + str(route.pattern)).replace("<str:number>", order.number)
        path = re.sub("<.*?>", "x", path)
        answers = {browser.open(path).status_code, browser.press(path).status_code}

        assert answers == {404}, route.name
    assert browser.open(f"/bulk-jobs/{2**63 - 1}").status_code == 404


def test_an_unreadable_provider_has_no_day_to_compare(browser, words) -> None:
    answer = browser.press("/provider-drift/reconcile", account="a\x00b", day="2026-11-20")

    assert answer.status_code == 404
    assert "There is no such provider account." in words(answer)


def test_an_unreadable_session_is_none(stranger) -> None:
    stranger.client.cookies["sessionid"] = "abcdefghij\x00klmnop"

    assert stranger.open("/orders/open").status_code == 302


def test_an_unreadable_e_mail_address_is_a_wrong_one(stranger, words) -> None:
    answer = stranger.press("/sign-in", email="a\x00@cozy-home.example.com", password="anything")

    assert answer.status_code == 422
    assert "E-mail or password is wrong." in words(answer)


def test_a_broken_page_address_of_htmx_counts_as_none(stranger, browser) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://["}

    assert stranger.client.get("/orders/open", headers=headers)["HX-Redirect"] == "/sign-in?next=%2Forders%2Fopen"
    assert browser.client.get("/orders/open", headers=headers).status_code == 200


def test_a_mark_that_the_form_did_not_carry_counts_as_none(browser, clerk, order, place) -> None:
    payment = order.payments[0]

    browser.tap(place(order, f"payments/{payment.id}/capture"), amount="309.00", request_ref="\x00")

    assert clerk.sees(order).payments[0].captured_minor == 30900


def test_a_state_that_is_not_there_is_not_found(browser) -> None:
    assert browser.open("/order-configurations/nope").status_code == 404


def test_a_form_in_another_code_than_utf_8_is_not_read(browser, order, place) -> None:
    answer = browser.client.generic(
        "POST",
        place(order, "notes"),
        "text=a".encode("utf-16"),
        content_type="application/x-www-form-urlencoded; charset=utf-16",
    )

    assert answer.status_code == 415
