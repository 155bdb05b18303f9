"""Payment providers in the portal: how each stands, forms that show no credential, switching, trying, deleting (W8)."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from orderwright.payments.models import ProviderAccount
from tests.api.program import program_with
from tests.support.drivers import PASSWORD
from tests.web.conftest import Browser

SECRET = "sk_canary_c0ffee"
PLACE = "/payment-providers"
STRIPE = {
    "kind": "stripe",
    "name": "Stripe EU",
    "slug": "stripe-eu",
    "is_on": "yes",
    "priority": "100",
    "base_url": "",
    "failures": "3",
    "wait_s": "10",
    "cool_down_s": "15",
    "credential-secret_key": SECRET,
}


def account(slug: str = "stripe-eu") -> ProviderAccount:
    return ProviderAccount.objects.get(slug=slug)


@pytest.fixture
def stripe(browser: Any) -> ProviderAccount:
    """Have an account at Stripe, in test mode."""
    browser.press(f"{PLACE}/add", **STRIPE)
    return account()


def let_rest(now: Any, **more: Any) -> None:
    until = now + timedelta(minutes=2)
    ProviderAccount.objects.filter(slug="practice").update(
        failures_in_row=3, opened_at=now, next_try_at=until, last_failure="No answer came in time.", last_failed_at=now
    )
    ProviderAccount.objects.filter(slug="practice").update(**more)


def test_a_credential_is_not_kept_in_the_session_while_it_is_asked_who_sends_it(clerk) -> None:
    browser = Browser(clerk.user, is_confirmed=False)

    answer = browser.press(f"{PLACE}/add", **STRIPE)

    assert answer["Location"] == "/confirm?next=%2Fpayment-providers%2Fadd"
    assert SECRET not in str(dict(browser.client.session))
    done = browser.press("/confirm", password=PASSWORD, next=f"{PLACE}/add")
    assert done["Location"] == f"{PLACE}/add"
    assert not ProviderAccount.objects.filter(slug="stripe-eu").exists()


def test_the_list_shows_how_each_stands_and_where_notices_go(browser, order, stripe, words) -> None:
    shown = words(browser.open(PLACE))

    assert "Practice provider Practice provider Orders name it practice Every site Test" in shown
    assert "1 payment" in shown
    assert "http://testserver/api/v1/provider-notices/stripe-eu" in shown
    assert "http://testserver/api/v1/provider-notices/practice" not in shown  # nobody signs there
    assert "Working" in shown


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({}, "Resting until 09:02:00 UTC after 3 failures"),
        ({"next_try_at": None, "opened_at": None, "failures_in_row": 1}, "1 failure in a row"),
        ({"tried_by": "op_1"}, "After 3 failures; a call is out to see"),
        ({"is_enabled": False}, "No new orders and captures; refunds, reversals and syncs still go."),
    ],
)
def test_a_rest_is_said_in_words(browser, order, now, words, state, told) -> None:
    let_rest(now, **state)

    shown = words(browser.open(PLACE))

    assert told in shown
    assert "Last failure 21 Nov 09:00 UTC: No answer came in time." in shown


def test_after_the_cool_down_the_next_call_is_a_trial(browser, order, now, words) -> None:
    let_rest(now, next_try_at=now)

    assert "After 3 failures; the next call is a trial" in words(browser.open(PLACE))


def test_a_kind_is_chosen_first_and_its_form_asks_for_its_credentials(browser, words, element) -> None:
    asked = browser.peek(f"{PLACE}/add")
    form = browser.peek(f"{PLACE}/add", kind="stripe")

    assert "Kind of provider" in words(asked)
    assert "Secret key missing" in words(form)
    assert 'type="password"' in element(form, "credential-secret_key")
    assert browser.peek(f"{PLACE}/add", kind="nobody").status_code == 422


def test_an_account_is_added_in_place(browser, words) -> None:
    answer = browser.tap(f"{PLACE}/add", **STRIPE)

    assert answer["HX-Trigger-After-Swap"] == '{"dialog:close": {}}'
    assert "Stripe EU added" in words(answer)
    assert SECRET not in answer.content.decode()


def test_a_stored_credential_is_never_in_the_form_and_an_empty_field_keeps_it(browser, stripe, words, element) -> None:
    form = browser.peek(f"{PLACE}/stripe-eu")

    assert "Secret key stored 21 Nov; left empty it stays" in words(form)
    assert 'value=""' in element(form, "credential-secret_key")
    before = stripe.sealed_credentials

    changed = {"name": "Stripe Europe", "credential-secret_key": "", "version": "1"}
    browser.press(f"{PLACE}/stripe-eu", **{**STRIPE, **changed})

    assert (account().name, account().sealed_credentials) == ("Stripe Europe", before)


@pytest.mark.parametrize(
    ("changed", "control", "status"),
    [
        ({"name": " "}, "provider-name", 422),
        ({"slug": "practice"}, "provider-slug", 409),
        ({"slug": "Not a slug"}, "provider-slug", 422),
        ({"priority": "many"}, "provider-priority", 422),
        ({"base_url": "http://x.example"}, "provider-address", 422),
        ({"credential-secret_key": ""}, "credential-secret_key", 422),
        ({"cool_down_s": "0"}, "provider-cool-down", 422),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    browser, element, changed, control, status
) -> None:
    before = ProviderAccount.objects.count()

    answer = browser.tap(f"{PLACE}/add", **{**STRIPE, **changed})

    assert answer.status_code == status
    assert 'aria-invalid="true"' in element(answer, control)
    assert SECRET not in answer.content.decode()
    assert ProviderAccount.objects.count() == before


def test_an_account_in_use_shows_why_mode_and_address_stay(browser, order, words, element) -> None:
    form = browser.peek(f"{PLACE}/practice")

    assert "Payments are kept there, so test or live and the address stay." in words(form)
    assert " disabled" in element(form, "provider-address")
    answer = browser.press(f"{PLACE}/practice", **{**STRIPE, "is_live": "yes", "base_url": "https://x.example"})
    assert answer.status_code == 302
    assert (account("practice").is_live, account("practice").base_url) == (False, "")


def test_an_account_is_switched_off_and_the_order_s_page_says_why_nothing_is_captured(
    browser, order, place, words
) -> None:
    answer = browser.tap(f"{PLACE}/practice/switch", is_on="no", version="1")

    assert "Practice provider is off; refunds, reversals and syncs still go" in words(answer)
    assert "Practice provider is switched off: nothing is captured there" in words(browser.open(place(order)))
    browser.tap(f"{PLACE}/practice/switch", is_on="yes", version="2")
    assert account("practice").is_enabled


def test_while_it_rests_the_order_s_page_says_until_when_and_trying_ends_it(browser, order, place, words, now) -> None:
    let_rest(now)
    assert "is left alone until 04:02:00 EST" in words(browser.open(place(order)))

    answer = browser.tap(f"{PLACE}/practice/trial")

    assert "It answered, and knows the newest payment." in words(answer)
    assert "is left alone" not in words(browser.open(place(order)))


def test_a_capture_that_comes_too_late_for_the_page_is_refused_with_a_time_to_wait(
    browser, order, place, now, words
) -> None:
    let_rest(now)

    answer = browser.tap(place(order, "payments", order.payments[0].id, "capture"), amount="100.00", request_ref="r1")

    assert (answer.status_code, "Retry-After" in answer) == (503, True)
    assert "is left alone until" in words(answer)


def test_trying_one_that_does_not_answer_is_told_as_bad_news(browser, order, practice, words) -> None:
    practice.fault("server_error", "lookup")

    assert "The provider answered 500." in words(browser.tap(f"{PLACE}/practice/trial"))


def test_an_unused_account_is_deleted_after_a_question_and_a_used_one_not(browser, stripe, order, words) -> None:
    assert "Delete Stripe EU?" in words(browser.peek(f"{PLACE}/stripe-eu/delete"))

    assert "Stripe EU deleted" in words(browser.tap(f"{PLACE}/stripe-eu/delete"))
    refused = browser.tap(f"{PLACE}/practice/delete")

    assert refused.status_code == 409
    assert "1 payment is kept there." in words(refused)


def test_a_viewer_does_not_see_providers_nor_their_place_in_the_menu(viewer_browser, words) -> None:
    assert viewer_browser.open(PLACE).status_code == 403
    assert "Payment providers" not in words(viewer_browser.open("/orders/open"))


def test_an_account_that_is_not_there_says_so(browser) -> None:
    assert browser.open(f"{PLACE}/nobody").status_code == 404


def test_a_secret_is_nowhere_but_sealed(browser, stripe, order, caplog, capsys, settings) -> None:  # FH7 I14
    caplog.set_level(logging.DEBUG)
    program = program_with("Whole", role="administrator")
    seen = [
        browser.open(PLACE).content,
        browser.peek(f"{PLACE}/stripe-eu").content,
        browser.tap(f"{PLACE}/stripe-eu", **{**STRIPE, "name": "", "version": "1"}).content,
        browser.tap(f"{PLACE}/stripe-eu", **{**STRIPE, "base_url": "https://127.0.0.1:1", "version": "1"}).content,
        browser.tap(f"{PLACE}/stripe-eu/trial").content,
        program.get("/provider-accounts").content,
        program.get("/provider-accounts/stripe-eu").content,
        program.patch("/provider-accounts/stripe-eu", {"credentials": {"nobody": SECRET}}).content,
        program.patch("/provider-accounts/stripe-eu", {"credentials": {"secret_key": [SECRET]}}).content,
        program.post("/provider-accounts", {"kind": SECRET, "credentials": SECRET}).content,
        program.post("/provider-accounts/stripe-eu/trial").content,
    ]
    call_command("seal-credentials-anew")
    with pytest.raises(SystemExit):
        call_command("gateway-selftest", "stripe-eu")
    printed = capsys.readouterr()
    with connection.cursor() as cursor:
        dumped = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            dumped.append(repr(cursor.fetchall()))

    assert not [each for each in seen if SECRET.encode() in each]
    assert SECRET not in caplog.text + printed.out + printed.err
    assert not [each for each in dumped if SECRET in each]
