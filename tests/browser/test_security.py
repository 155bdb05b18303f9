"""Passkeys and second factors in front of a person: added, used to sign in and to confirm, and for everybody (axe)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.test_accessibility import check
from tests.support.drivers import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def passkeys(chromium: Any, desk: str) -> Any:
    """Give a person whose computer keeps passkeys. Browsers take them on names alone, so the desk is "localhost"."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kept = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": kept})
    person = Person(page, desk=desk.replace("127.0.0.1", "localhost"))
    yield person
    context.close()
    assert person.complaints == []


def test_a_passkey_is_added_and_signs_in_alone(passkeys: Person, clerk: Any) -> None:
    page = passkeys.page
    passkeys.sign_in(clerk)
    passkeys.confirms("/security/passkeys/add")
    check(page)
    page.get_by_label("Name, so that you know it again").fill("Laptop")
    passkeys.button("Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    check(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Laptop")).to_be_visible()
    check(page)

    page.set_viewport_size({"width": 1440, "height": 1000})
    passkeys.button("Sign out").first.click()
    passkeys.is_at("Sign in")
    passkeys.button("Use a passkey").click()

    passkeys.is_at("Open Orders")
    assert Authenticator.objects.get(user=clerk.user, type="webauthn").last_used_at is not None


def test_a_passkey_is_the_second_step_after_the_password(passkeys: Person, clerk: Any) -> None:
    page = passkeys.page
    passkeys.sign_in(clerk)
    passkeys.confirms("/security/passkeys/add")
    page.get_by_label("Sign in with it alone").uncheck()
    passkeys.button("Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    passkeys.button("Sign out").first.click()

    page.get_by_label("E-mail").fill(clerk.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    passkeys.button("Sign in").click()
    passkeys.is_at("One more step")
    check(page)
    passkeys.button("Use a passkey").click()

    passkeys.is_at("Open Orders")


def test_the_pages_about_ones_own_sign_in_are_for_everybody(anna: Person) -> None:
    anna.page.goto(f"{anna.desk}/confirm?next=/security/app")
    check(anna.page)
    anna.confirms("/security/app")
    check(anna.page)
    anna.page.goto(f"{anna.desk}/security/password")
    check(anna.page)
    anna.page.goto(f"{anna.desk}/security")
    check(anna.page)


def test_a_key_is_made_by_keyboard_and_shown_once(anna: Person) -> None:
    page = anna.page
    anna.confirms("/api-keys")
    anna.button("Add API key").press("Enter")
    anna.dialog.get_by_label("Name").fill("Storefront")
    check(page)
    page.keyboard.press("Enter")

    shown = anna.dialog.get_by_label("Key", exact=True)
    expect(shown).to_have_value(re.compile(r"^ow_[0-9a-f]{10}_[0-9a-f]{64}$"))
    check(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("row").filter(has_text="Storefront")).to_contain_text("all that the role allows")
    check(page)
