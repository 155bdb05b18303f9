"""Every route says who may use it, and means it; every answer keeps the browser strict."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.urls import URLPattern, URLResolver, get_resolver

from orderwright.accounts.permissions import PERMISSIONS
from orderwright.web import urls
from orderwright.web.permission import PUBLIC, SIGNED_IN
from tests.web.conftest import Browser

PATHS = {
    "number": "1001",
    "slug": "new",
    "shipment": "1",
    "line_id": "1",
    "payment_id": "1",
    "mail_id": "1",
    "key": "op_1",
    "drift_id": "1",
    "job_id": "1",
    "pk": "1",
    "session_id": "1",
    "provider_id": "staff",
    "kind": "order_shipped",
    "site": "all-sites",
    "language": "any-language",
    "version_number": "1",
    "key_id": "1",
    "user_id": "1",
    "grant_id": "1",
    "token": "nothing",
}


def portal_routes() -> Iterator[URLPattern]:
    pending = list(get_resolver(urls).url_patterns)
    while pending:
        route = pending.pop()
        if isinstance(route, URLResolver):
            pending.extend(route.url_patterns)
        else:
            yield route


def path_of(route: URLPattern) -> str:
    text = "/" + str(route.pattern)
    for name, value in PATHS.items():
        for kind in ("str", "id", "slug"):
            text = text.replace(f"<{kind}:{name}>", value)
    text = text.replace(
        "^sign-in/new-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$", "sign-in/new-password/1-nothing"
    )
    assert "<" not in text
    return text


@pytest.mark.parametrize("route", list(portal_routes()), ids=lambda route: route.name)
def test_a_route_declares_its_permission(route: URLPattern) -> None:
    declared = getattr(route.callback, "declared_permission", None) or getattr(
        getattr(route.callback, "__wrapped__", None), "declared_permission", None
    )

    assert declared in {*PERMISSIONS, PUBLIC, SIGNED_IN}, f"{route.name} declares no permission"


def test_a_stranger_is_led_to_sign_in_from_every_page_but_those_of_signing_in(stranger, order) -> None:
    public = {"sign-in", "account_login", "mfa_authenticate", "mfa_login_webauthn", "sign-out", "invitation"}
    public |= {"account_reset_password", "account_reset_password_done", "account_reset_password_from_key"}
    public |= {"openid_connect_login", "openid_connect_callback"}

    assert {route.name for route in portal_routes() if route.callback.declared_permission == PUBLIC} == public
    for route in portal_routes():
        if route.name in public:
            continue
        answers = [stranger.open(path_of(route)), stranger.press(path_of(route))]

        led = [answer for answer in answers if answer.status_code != 405]
        assert led, route.name
        for answer in led:
            assert answer.status_code == 302, route.name
            assert answer["Location"].startswith("/sign-in?next=")


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(stranger, order, place) -> None:
    answer = stranger.tap(place(order, "notes"), at=f"{place(order)}?payments=history", text="x")

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in?next=%2Forders%2F1001%3Fpayments%3Dhistory"


@pytest.mark.parametrize(
    "below",
    ["state", "invoice-number", "notes", "shipments/update", "items/1/delivery-state", "payments/sync", "cancel"],
)
def test_a_viewer_is_refused_what_only_managers_do(viewer_browser, clerk, order, place, below, journal_kinds) -> None:
    before = journal_kinds(order)

    answer = viewer_browser.press(place(order, below), state="processing", text="x", invoice_number="x")

    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()
    assert journal_kinds(order) == before


def test_a_viewer_sees_each_control_disabled_with_the_reason(viewer_browser, order, place, element) -> None:
    page = viewer_browser.open(place(order))

    for control in ("order-state", "cancel-order", "update-shipment", "sync-payments", "save-invoice", "save-note"):
        assert 'aria-disabled="true"' in element(page, control), control
    assert "Your role does not allow this: Cancel orders." in page.content.decode()


def test_a_viewer_is_not_offered_what_the_role_cannot_see(viewer_browser, order, words) -> None:
    assert viewer_browser.open("/order-configurations").status_code == 200
    assert viewer_browser.open("/order-configurations/add").status_code == 403


def test_answers_forbid_inline_script_and_style_and_shared_caches(browser, order, place) -> None:
    page = browser.open(place(order))

    policy = page["Content-Security-Policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert page["Cache-Control"] == "private, no-store"


def test_a_form_without_the_secret_of_the_browser_is_refused(clerk, order, place, journal_kinds, figure) -> None:
    before = journal_kinds(order)

    answer = Browser(clerk.user, checks_forms=True).press(place(order, "notes"), text="from elsewhere")

    figure("FH6", "a form sent from another site", tries=1, let_in=int(answer.status_code < 400))
    assert answer.status_code == 403
    assert "This form is no longer valid" in answer.content.decode()
    assert journal_kinds(order) == before


def test_an_address_behind_which_nothing_stands_gets_a_page_with_its_code(browser, words) -> None:
    answer = browser.open("/nowhere")

    assert answer.status_code == 404
    assert "404 · not_found There is nothing here" in words(answer)


def test_an_order_that_is_not_there_gets_a_page_that_names_it(browser, words) -> None:
    answer = browser.open("/orders/9999")

    assert answer.status_code == 404
    assert "404 · order_not_found There is nothing here There is no order #9999." in words(answer)


def test_a_form_s_address_cannot_be_opened_as_a_page(browser, order, place, words) -> None:
    answer = browser.open(place(order, "notes"))

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "Use the buttons of the page." in words(answer)


def test_a_failure_that_nobody_anticipated_says_so_without_details(browser, order, monkeypatch, words) -> None:
    def fail(**_more: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("orderwright.web.views.orders.read_neighbours", fail)
    browser.client.raise_request_exception = False

    answer = browser.open("/orders/1001/next")

    assert answer.status_code == 500
    assert "500 · internal_error Something went wrong on our side" in words(answer)
    assert "secret" not in words(answer)


def test_a_busy_database_asks_to_try_again(browser, order, place, monkeypatch, words) -> None:
    def fail(**_more: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("orderwright.web.views.order_answers.read_order", fail)

    answer = browser.open(place(order))

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Out of reach for a moment" in words(answer)
