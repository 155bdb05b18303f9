"""People in front of their pages: invited, let in with what they were given, and a role of one's own, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import Browser, expect

from orderwright.accounts.models import User
from orderwright.orders.models import Site
from orderwright.outbox.models import Mail
from orderwright.reads.roles import read_role
from tests.browser.person import Person
from tests.browser.test_accessibility import check
from tests.support.drivers import PASSWORD

pytestmark = pytest.mark.browser

CHOSEN = "a long walk by the sea"
AT_THE_DESK = {"width": 1440, "height": 1000}


@pytest.fixture
def eu(site: Any) -> Site:
    """Open a second site."""
    return Site.objects.create(
        slug="cozy-home-eu",
        name="Cozy Home EU",
        time_zone="Europe/Berlin",
        currency="EUR",
        locale="en-IE",
        number_prefix="EU-",
        next_number=2001,
        sender="orders@eu.cozy-home.example.com",
    )


def link_in(mail: Mail) -> str:
    found = re.search(r"http\S+", mail.text)
    assert found is not None
    return found[0]


def test_who_is_invited_for_one_site_chooses_a_password_and_sees_that_site_alone(  # W11
    anna: Person, chromium: Browser, eu: Site, take_in: Callable[..., Any]
) -> None:
    american, european = take_in(), take_in(site=eu.slug)
    anna.confirms("/users")
    check(anna.page)
    anna.page.set_viewport_size(AT_THE_DESK)
    anna.steps = 0

    anna.click(anna.button("Invite"))
    anna.fill(anna.dialog.get_by_label("Name"), "Nora Neu")
    anna.fill(anna.dialog.get_by_label("E-mail"), "nora@cozy-home.example.com")
    anna.dialog.get_by_label("For").select_option(label="Cozy Home EU")
    check(anna.page)
    anna.click(anna.button("Send invitation"))
    anna.is_told("Nora Neu is invited")
    assert anna.steps == 4
    context = chromium.new_context(base_url=anna.desk, viewport={"width": 1440, "height": 1000})
    nora = Person(context.new_page(), desk=anna.desk)
    nora.page.goto(link_in(Mail.objects.get(kind="invitation")))
    check(nora.page)
    nora.page.get_by_label("Password", exact=True).fill(CHOSEN)
    nora.page.get_by_label("Password, once more").fill(CHOSEN)
    nora.button("Set password").click()
    nora.is_at("Sign in")
    expect(nora.page.get_by_label("E-mail")).to_have_value("nora@cozy-home.example.com")
    nora.page.get_by_label("Password").fill(CHOSEN)
    nora.button("Sign in").click()
    nora.is_at("Open Orders")

    expect(nora.page.get_by_role("link", name=f"#{european.number}")).to_be_visible()
    expect(nora.page.get_by_role("link", name=f"#{american.number}")).to_have_count(0)
    expect(nora.page.get_by_role("link", name="Users and roles")).to_have_count(0)
    nora.page.goto(f"{nora.desk}/orders/{american.number}")
    nora.is_at("There is nothing here")
    nora.page.goto(f"{nora.desk}/profile")
    expect(nora.page.get_by_role("region", name="Order clerk")).to_contain_text("Cozy Home EU")
    check(nora.page)
    context.close()
    assert nora.complaints == []


def test_a_role_is_copied_narrowed_and_given_by_the_keyboard_alone(anna: Person, viewer: Any, site: Any) -> None:  # W11
    page = anna.page
    anna.confirms("/users")
    page.locator("#copy-viewer").press("Enter")
    expect(anna.dialog.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Returns desk")
    expect(anna.dialog.get_by_label("Per order USD")).to_be_hidden()
    anna.dialog.get_by_label("Refund payments").press("Space")
    anna.dialog.get_by_label("Per order USD").press_sequentially("50.00")
    page.keyboard.press("Tab")
    page.keyboard.type("much")
    page.keyboard.press("Enter")
    expect(anna.dialog.get_by_role("alert")).to_contain_text("“much” is not an amount.")
    check(page)
    anna.dialog.get_by_label("Per day USD").fill("200")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").filter(has_text="Returns desk")).to_contain_text(
        "$50.00 per order and $200.00 per day"
    )
    expect(page.locator("#copy-viewer")).to_be_focused()
    assert read_role(slug="returns-desk").refund_ceilings == {"USD": {"order": 5000, "day": 20000}}

    page.set_viewport_size(AT_THE_DESK)
    page.locator(f"#manage-{viewer.user.pk}").press("Enter")
    anna.dialog.get_by_label("Another role").select_option(label="Returns desk")
    anna.button("Give role").press("Enter")
    expect(anna.dialog.get_by_role("status")).to_contain_text("The role is given")
    check(page)
    anna.dialog.get_by_role("button", name="Deactivate").press("Enter")
    expect(anna.dialog.get_by_role("heading", name="Deactivate")).to_be_visible()
    check(page)
    anna.dialog.get_by_role("button", name="Deactivate").press("Enter")
    anna.is_told("is deactivated, and signed out everywhere")
    assert not User.objects.get(pk=viewer.user.pk).is_active


def test_who_forgot_a_password_chooses_another_one(chromium: Browser, desk: str, clerk: Any, site: Any) -> None:
    context = chromium.new_context(base_url=desk, viewport={"width": 1440, "height": 1000})
    mia = Person(context.new_page(), desk=desk)
    mia.page.goto(f"{desk}/sign-in")
    mia.page.get_by_role("link", name="Forgot your password?").click()
    mia.is_at("Forgot your password?")
    check(mia.page)
    mia.page.get_by_label("E-mail").fill(clerk.user.email)
    mia.button("Send link").click()
    mia.is_at("Look into your mail")
    check(mia.page)
    mia.page.goto(link_in(Mail.objects.get(kind="reset_link")))
    check(mia.page)
    mia.page.get_by_label("New password", exact=True).fill(CHOSEN)
    mia.page.get_by_label("New password, once more").fill(CHOSEN)
    mia.button("Set password").click()
    mia.is_at("Sign in")
    mia.page.get_by_label("Password").fill(CHOSEN)
    mia.button("Sign in").click()
    mia.is_at("Open Orders")
    context.close()
    assert mia.complaints == []


def test_a_lost_second_factor_is_removed_by_keyboard_on_a_phone(anna: Person, viewer: Any) -> None:
    TOTP.activate(viewer.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    page = anna.page
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{anna.desk}/users")
    page.locator(f"#manage-{viewer.user.pk}").press("Enter")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    anna.is_at(viewer.user.name)
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    anna.confirms("/users")
    page.locator(f"#manage-{viewer.user.pk}").press("Enter")
    remove = anna.dialog.get_by_role("button", name="Remove second factor…")
    expect(remove).to_be_visible()
    assert page.evaluate("document.querySelector('#dialog').scrollWidth") <= 360
    check(page)
    remove.press("Enter")
    expect(anna.dialog.get_by_role("heading", name="Remove the second factor")).to_be_visible()
    check(page)
    anna.dialog.get_by_role("button", name="Remove the second factor").press("Enter")

    anna.is_told("is removed, and they are signed out")
    assert not Authenticator.objects.exists()
