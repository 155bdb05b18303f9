"""The page of API keys: made and shown once, replaced, revoked, with and without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from orderwright.accounts.keys import find_actor
from orderwright.accounts.models import ApiKey
from tests.web.conftest import Browser

SECRET = re.compile(r"ow_[0-9a-f]{10}_[0-9a-f]{64}")
FORM = {"name": "Storefront", "role": "integrator"}


@pytest.fixture
def made(browser: Browser, now: Any) -> tuple[ApiKey, str]:
    """Make a key at the page, and return it with what was shown."""
    shown = browser.tap("/api-keys/add", at="/api-keys", **FORM).content.decode()
    return ApiKey.objects.get(name="Storefront"), SECRET.search(shown)[0]


def test_a_key_is_shown_once_and_the_list_behind_it_has_it(browser, now, words) -> None:
    answer = browser.tap("/api-keys/add", at="/api-keys", **FORM, scopes=["orders.view"], expires_on="2027-01-31")

    secret = SECRET.search(answer.content.decode())[0]
    assert find_actor(secret, now=now).permissions == {"orders.view"}
    assert ApiKey.objects.get(name="Storefront").expires_at.isoformat() == "2027-02-01T00:00:00+00:00"
    assert 'id="api-keys"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    page = browser.open("/api-keys")
    assert SECRET.search(page.content.decode()) is None
    assert "1 permission of it" in words(page)


def test_without_scripts_the_key_is_shown_on_a_page(browser, now) -> None:
    answer = browser.press("/api-keys/add", **FORM)

    assert find_actor(SECRET.search(answer.content.decode())[0], now=now) is not None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "It must not be empty."),
        ({"expires_on": "soon"}, "Write a day such as 2027-01-31."),
        ({"expires_on": "2020-01-01"}, "It lies in the past."),
        ({"scopes": ["payments.refund"]}, "The role does not have this permission."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(browser, words, change, said) -> None:
    answer = browser.tap("/api-keys/add", at="/api-keys", **{**FORM, **change})

    assert answer.status_code == 422
    assert said in words(answer)
    assert not ApiKey.objects.filter(name="Storefront").exists()


def test_editing_leaves_an_end_in_the_middle_of_a_day_alone(browser, made, now) -> None:
    key, secret = made
    at_noon = now.replace(month=12, hour=12)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=at_noon)
    form = browser.peek(f"/api-keys/{key.pk}", at="/api-keys").content.decode()
    assert f'value="{at_noon.date()}"' in form

    browser.tap(
        f"/api-keys/{key.pk}",
        at="/api-keys",
        name="Shop",
        role="integrator",
        expires_on=str(at_noon.date()),
        version="1",
    )

    key.refresh_from_db()
    assert (key.name, key.expires_at) == ("Shop", at_noon)
    assert find_actor(secret, now=now) is not None


def test_a_secret_is_replaced_and_the_page_says_until_when_the_old_one_counts(browser, made, now, words) -> None:
    key, old = made

    answer = browser.tap(f"/api-keys/{key.pk}/replace", at="/api-keys", version="1", overlap="3600")

    new = SECRET.search(answer.content.decode())[0]
    assert new != old
    assert find_actor(old, now=now).ref == find_actor(new, now=now).ref
    assert "The old secret counts until" in words(browser.open("/api-keys"))


def test_an_overlap_that_is_not_offered_replaces_nothing(browser, made) -> None:
    key, _secret = made

    answer = browser.tap(f"/api-keys/{key.pk}/replace", at="/api-keys", version="1", overlap="99999999")

    assert answer.status_code == 422
    assert key.secrets.count() == 1


def test_revoking_asks_first_and_says_when_somebody_was_faster(browser, made, now, words) -> None:
    key, secret = made
    assert "This cannot be undone." in words(browser.peek(f"/api-keys/{key.pk}/revoke", at="/api-keys"))

    stale = browser.tap(f"/api-keys/{key.pk}/revoke", at="/api-keys", version="7")
    assert stale.status_code == 412
    assert find_actor(secret, now=now) is not None

    done = browser.tap(f"/api-keys/{key.pk}/revoke", at="/api-keys", version="1")
    assert "Storefront is revoked" in words(done)
    assert find_actor(secret, now=now) is None


def test_making_a_key_asks_who_it_is_once_more(clerk) -> None:
    browser = Browser(clerk.user, is_confirmed=False)

    assert browser.peek("/api-keys/add", at="/api-keys")["HX-Redirect"] == "/confirm?next=%2Fapi-keys%2Fadd"
    browser.press("/api-keys/add", **FORM)
    assert ApiKey.objects.count() == 0
