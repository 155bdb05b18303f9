"""Somebody forgot their password, asks for a link, and chooses another one; a stranger learns nothing by asking."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP

from orderwright.accounts.models import User
from orderwright.actions import deactivate_person, send_reset_link
from orderwright.core.actor import SYSTEM
from orderwright.journal.models import Entry
from orderwright.orders.models import Site
from orderwright.outbox.models import Mail
from tests.conftest import NOW
from tests.support.drivers import PASSWORD
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

ANOTHER = "seven herons over the marsh"
ASK = "/sign-in/forgotten"


def ask(browser: Browser, email: str) -> Any:
    return browser.press(ASK, email=email)


def link() -> str:
    """Return the path of the link in the one mail that was written."""
    found = re.search(r"http://testserver(/sign-in/new-password/\S+)", Mail.objects.get(kind="reset_link").text)
    assert found is not None
    return found[1]


def follow(browser: Browser, path: str) -> str:
    """Open the link, and return the path of the page that it leads to, which has no secret in it."""
    return str(browser.open(path)["Location"])


def kinds_about(user: Any) -> list[str]:
    return list(Entry.objects.filter(stream=f"user:{user.pk}").order_by("sequence").values_list("kind", flat=True))


def test_a_link_is_mailed_and_another_password_signs_in(stranger, clerk, site, words) -> None:
    assert "Forgot your password?" in words(stranger.open("/sign-in"))
    assert ask(stranger, clerk.user.email.upper())["Location"] == f"{ASK}/sent"
    assert "If somebody works here under that address" in words(stranger.open(f"{ASK}/sent"))
    page = follow(stranger, link())

    weak = stranger.press(page, password1="short", password2="short")
    done = stranger.press(page, password1=ANOTHER, password2=ANOTHER)

    assert "set-password" in page
    assert weak.status_code == 422
    assert "at least 12 characters" in words(weak)
    assert done["Location"] == "/sign-in"
    assert f'value="{clerk.user.email}"' in stranger.open("/sign-in").content.decode()
    assert stranger.press("/sign-in", login=clerk.user.email, password=PASSWORD).status_code == 422
    assert stranger.press("/sign-in", login=clerk.user.email, password=ANOTHER)["Location"] == "/orders/open"
    assert kinds_about(clerk.user) == ["user.reset_link_sent", "user.password_reset"]
    assert Mail.objects.get(kind="reset_link").recipient == clerk.user.email
    assert Mail.objects.filter(kind="sign_in_changed", recipient=clerk.user.email).count() == 1


@pytest.mark.parametrize(
    ("host", "public", "begins"),
    [
        ("testserver:6666", "", "http://testserver/sign-in/"),
        ("testserver:80", "", "http://testserver:80/sign-in/"),
        ("[::1]:6666", "", "http://[::1]/sign-in/"),
        ("testserver:6666", "https://desk.example", "https://desk.example/sign-in/"),
    ],
)
def test_a_link_leads_to_the_desk_whatever_port_the_caller_names(
    stranger, clerk, site, settings, host, public, begins
) -> None:
    settings.PUBLIC_ADDRESS = public
    stranger.client.defaults["HTTP_HOST"] = host

    assert ask(stranger, clerk.user.email).status_code == 302

    mail = Mail.objects.get(kind="reset_link")
    assert f"\n{begins}new-password/" in mail.text
    assert "6666" not in mail.text


def test_a_host_that_is_not_the_desks_gets_no_link_written(stranger, clerk, site) -> None:
    stranger.client.defaults["HTTP_HOST"] = "desk.attacker.example"

    assert ask(stranger, clerk.user.email).status_code == 400
    assert not Mail.objects.exists()


def test_who_works_here_is_not_told_by_asking(stranger, clerk, viewer, site) -> None:
    deactivate_person.run(user_id=viewer.user.pk, actor=clerk.actor, now=NOW)
    known = ask(stranger, clerk.user.email)
    others = [ask(Browser(), email) for email in ("nobody@cozy-home.example.com", viewer.user.email)]

    for answer in others:
        assert (answer.status_code, answer["Location"]) == (known.status_code, known["Location"])
        assert answer.content == known.content
    assert [mail.recipient for mail in Mail.objects.filter(kind="reset_link")] == [clerk.user.email]


def test_sessions_and_invitations_end_with_the_new_password(browser, stranger, clerk, site) -> None:
    User.objects.filter(pk=clerk.user.pk).update(invited_at=NOW)
    ask(stranger, clerk.user.email)
    assert browser.open("/orders/open").status_code == 200

    stranger.press(follow(stranger, link()), password1=ANOTHER, password2=ANOTHER)

    assert browser.open("/orders/open")["Location"].startswith("/sign-in")
    assert User.objects.get(pk=clerk.user.pk).invited_at is None


def test_the_second_factor_is_asked_for_as_ever(stranger, clerk, site) -> None:
    TOTP.activate(clerk.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    ask(stranger, clerk.user.email)
    stranger.press(follow(stranger, link()), password1=ANOTHER, password2=ANOTHER)

    answer = stranger.press("/sign-in", login=clerk.user.email, password=ANOTHER)

    assert answer["Location"] == "/sign-in/second-factor"
    assert stranger.open("/orders/open")["Location"].startswith("/sign-in")


@pytest.mark.parametrize("ending", ["used", "an hour", "signed in", "deactivated", "wrong"])
def test_a_link_that_is_not_good_says_so_without_telling_whose_it_was(
    stranger, clerk, viewer, site, words, ending
) -> None:
    ask(stranger, viewer.user.email)
    path = link()
    hours = 0
    match ending:
        case "used":
            stranger.press(follow(stranger, path), password1=ANOTHER, password2=ANOTHER)
        case "an hour":
            hours = 1
        case "signed in":
            Browser().press("/sign-in", login=viewer.user.email, password=PASSWORD)
        case "deactivated":
            deactivate_person.run(user_id=viewer.user.pk, actor=clerk.actor, now=NOW)
            User.objects.filter(pk=viewer.user.pk).update(is_active=True)
        case "wrong":
            path = f"{path}0"
    before = User.objects.get(pk=viewer.user.pk).password

    with time_machine.travel(NOW + timedelta(hours=hours, seconds=1), tick=False):
        answer = Browser().open(path)

    assert answer.status_code == 404
    assert "This link is not good any more" in words(answer)
    assert viewer.user.email not in answer.content.decode()
    assert User.objects.get(pk=viewer.user.pk).password == before


def test_who_was_locked_out_is_let_in_with_the_new_password(stranger, clerk, site) -> None:
    for _ in range(5):
        stranger.press("/sign-in", login=clerk.user.email, password="wrong")
    ask(stranger, clerk.user.email)
    stranger.press(follow(stranger, link()), password1=ANOTHER, password2=ANOTHER)

    assert stranger.press("/sign-in", login=clerk.user.email, password=ANOTHER).status_code == 302


def test_nobodys_mailbox_is_filled(stranger, clerk, site, words) -> None:
    answers = [ask(Browser(), email).status_code for email in [clerk.user.email, clerk.user.email.upper()] * 2]

    assert answers == [302, 302, 302, 429]
    assert Mail.objects.filter(kind="reset_link").count() == 3


def test_the_link_is_shown_to_nobody_but_the_recipient(browser, stranger, clerk, site) -> None:
    ask(stranger, clerk.user.email)

    page = browser.open(f"/emails/{Mail.objects.get(kind='reset_link').pk}").content.decode()

    assert clerk.user.email in page
    assert link().rpartition("-")[2] not in page


def test_without_a_store_that_mail_can_be_sent_from_the_answer_is_the_same(stranger, clerk, site) -> None:
    Site.objects.update(sender="")

    assert ask(stranger, clerk.user.email)["Location"] == f"{ASK}/sent"
    assert not send_reset_link.run(user_id=clerk.user.pk, link="https://desk.example/x", now=NOW)
    assert not Mail.objects.exists()
    assert not Entry.objects.filter(kind="user.reset_link_sent").exists()


def test_the_entry_names_nobody_for_nobody_knows_who_asked(clerk, site) -> None:
    assert send_reset_link.run(user_id=clerk.user.pk, link="https://desk.example/x", now=NOW)

    entry = Entry.objects.get(kind="user.reset_link_sent")
    assert (entry.actor_kind, entry.actor_ref) == (SYSTEM.kind, SYSTEM.ref)
