"""Signing in with more than a password, being locked out, and saying once more who one is."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet
from django.core.cache import cache

from orderwright.accounts.models import Role
from orderwright.actions import seal_credentials_anew
from orderwright.core.actor import SYSTEM
from orderwright.core.sealing import open_text
from orderwright.journal.models import Entry
from orderwright.outbox.models import Mail
from tests.conftest import NOW
from tests.support.drivers import PASSWORD
from tests.support.rivals import meanwhile
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

STEPS = "second factors skipped, guessed or used twice"
GUESSES = "guessed passwords, for one person and for many"


def code_now(secret: str, *, ahead: int = 0) -> str:
    """Return what an authenticator app shows at this moment, or so many steps of half a minute ahead of it."""
    counter = int(time.time()) // 30 + ahead
    return format_hotp_value(hotp_value(secret, counter))


def sign_in(who: Any, browser: Browser | None = None, *, password: str = PASSWORD) -> tuple[Browser, Any]:
    """Press Sign in as this person, and return the browser and the answer."""
    browser = browser or Browser()
    return browser, browser.press("/sign-in", login=who.user.email, password=password)


def kinds_about(user: Any) -> list[str]:
    return list(Entry.objects.filter(stream=f"user:{user.pk}").order_by("sequence").values_list("kind", flat=True))


@pytest.fixture
def app(clerk: Any) -> str:
    """Give the clerk an authenticator app, and return its secret."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(clerk.user, secret)
    return secret


def test_an_app_is_added_with_its_first_code_and_recovery_codes_are_shown_once(browser, clerk, site, words) -> None:
    page = browser.open("/security/app")
    secret = re.search(r'<p class="mono break">([A-Z2-7]+)</p>', page.content.decode())[1]

    answer = browser.press("/security/app", code=code_now(secret))

    assert answer["Location"] == "/security/recovery-codes"
    codes = re.findall(r"\b\d{8}\b", words(browser.open("/security/recovery-codes")))
    assert len(codes) == 10
    assert re.findall(r"\b\d{8}\b", words(browser.open("/security/recovery-codes"))) == []
    stored = Authenticator.objects.get(user=clerk.user, type="totp").data["secret"]
    assert secret not in stored
    assert open_text(stored) == secret
    assert kinds_about(clerk.user) == ["user.authenticator_app_added"]
    told = Mail.objects.get(kind="sign_in_changed")
    assert told.recipient == clerk.user.email
    assert "An authenticator app was added to your account." in told.text


def test_a_wrong_code_adds_nothing(browser, clerk, words) -> None:
    browser.open("/security/app")

    answer = browser.press("/security/app", code="000000")

    assert answer.status_code == 422
    assert "The code is wrong, or was used already." in words(answer)
    assert not Authenticator.objects.filter(user=clerk.user).exists()
    assert kinds_about(clerk.user) == []
    assert not Mail.objects.filter(kind="sign_in_changed").exists()


def test_the_password_alone_no_longer_signs_in(clerk, app, order, place) -> None:
    browser, answer = sign_in(clerk)

    assert answer["Location"] == "/sign-in/second-factor"
    assert browser.open(place(order)).status_code == 302
    assert browser.press("/sign-in/second-factor", code="123456").status_code == 422
    assert browser.open(place(order)).status_code == 302

    assert browser.press("/sign-in/second-factor", code=code_now(app))["Location"] == "/orders/open"
    assert browser.open(place(order)).status_code == 200


def test_a_code_signs_in_once(clerk, app, figure) -> None:
    code = code_now(app)
    first, _ = sign_in(clerk)
    assert first.press("/sign-in/second-factor", code=code).status_code == 302

    second, _ = sign_in(clerk)
    answer = second.press("/sign-in/second-factor", code=code)

    figure("FH6", STEPS, tries=1, let_in=int(answer.status_code < 400))
    assert answer.status_code == 422


def test_a_code_that_signed_in_confirms_nothing_and_the_next_one_does(clerk, app) -> None:
    browser, _ = sign_in(clerk)
    browser.press("/sign-in/second-factor", code=code_now(app))

    again = browser.press("/confirm/code", code=code_now(app), next="/security")
    fresh = browser.press("/confirm/code", code=code_now(app, ahead=1), next="/security")

    assert (again.status_code, fresh["Location"]) == (422, "/security")


def test_the_code_that_added_the_app_signs_nobody_in(browser, clerk) -> None:
    page = browser.open("/security/app")
    secret = re.search(r'<p class="mono break">([A-Z2-7]+)</p>', page.content.decode())[1]
    browser.press("/security/app", code=code_now(secret))

    half, _ = sign_in(clerk)

    assert half.press("/sign-in/second-factor", code=code_now(secret)).status_code == 422
    assert half.press("/sign-in/second-factor", code=code_now(secret, ahead=1))["Location"] == "/orders/open"


def test_of_two_who_sign_in_with_one_code_at_once_one_is_let_in(clerk, app, both_at_once) -> None:
    code, waiting = code_now(app), [sign_in(clerk)[0] for _ in range(2)]

    def finish(browser: Browser) -> str:
        return str(browser.press("/sign-in/second-factor", code=code).status_code)

    assert sorted(both_at_once(*(partial(finish, browser) for browser in waiting))) == ["302", "422"]


def test_a_recovery_code_signs_in_once_in_place_of_the_app(clerk, app) -> None:
    browser, _ = sign_in(clerk)
    browser.press("/sign-in/second-factor", code=code_now(app))
    browser.confirm(clerk.user)
    browser.press("/security/recovery-codes/new")
    codes = re.findall(r"\b\d{8}\b", browser.open("/security/recovery-codes").content.decode())

    for expected in (302, 422):
        other, _ = sign_in(clerk)
        assert other.press("/sign-in/second-factor", code=codes[0]).status_code == expected


def test_codes_cannot_be_guessed_one_after_the_other(clerk, app, words, figure) -> None:
    browser, _ = sign_in(clerk)
    for _ in range(10):
        browser.press("/sign-in/second-factor", code="000000")

    answer = browser.press("/sign-in/second-factor", code=code_now(app))

    is_in = browser.open("/orders/open").status_code == 200
    figure("FH6", STEPS, tries=11, let_in=int(is_in))
    assert answer.status_code == 422
    assert "Too many tries." in words(answer)
    assert browser.open("/orders/open").status_code == 302


def test_the_second_step_cannot_be_skipped_by_its_address(stranger, clerk, app, order, place, figure) -> None:
    half, _ = sign_in(clerk)
    ways = [half.open(place(order)), half.press(place(order, "notes"), text="x"), half.open("/security")]
    figure("FH6", STEPS, tries=len(ways), let_in=sum(way.status_code != 302 for way in ways))
    assert [way["Location"].split("?")[0] for way in ways] == ["/sign-in"] * 3
    assert stranger.open("/sign-in/second-factor")["Location"].startswith("/sign-in")
    assert stranger.press("/sign-in/second-factor", code="123456")["Location"].startswith("/sign-in")


def test_somebody_else_can_sign_in_after_a_half_finished_sign_in(clerk, app, viewer) -> None:
    browser, _ = sign_in(clerk)

    browser.press("/sign-out")

    assert sign_in(viewer, browser)[1]["Location"] == "/orders/open"


def test_a_role_that_asks_for_a_second_factor_lets_nobody_work_without_one(browser, clerk, order, place, words) -> None:
    Role.objects.filter(grants__user=clerk.user).update(needs_second_factor=True)

    assert browser.open(place(order))["Location"] == "/security"
    assert browser.press(place(order, "notes"), text="x")["Location"] == "/security"
    assert browser.tap(place(order, "notes"), at=place(order), text="x")["HX-Redirect"] == "/security"
    assert "Your role asks for a second factor." in words(browser.open("/security"))

    page = browser.open("/security/app")
    secret = re.search(r'<p class="mono break">([A-Z2-7]+)</p>', page.content.decode())[1]
    browser.press("/security/app", code=code_now(secret))
    assert browser.open(place(order)).status_code == 200


def test_five_wrong_passwords_lock_the_person_out_from_there_for_a_quarter_of_an_hour(clerk, words, figure) -> None:
    answers = [sign_in(clerk, password="wrong")[1] for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]

    locked = sign_in(clerk)[1]
    let_in = sum(answer.status_code < 400 for answer in [*answers, locked])
    figure("FH6", GUESSES, tries=len(answers) + 1, let_in=let_in)
    assert locked.status_code == 429
    assert "The password was wrong too often." in words(locked)
    assert "sign_in_locked" in words(locked)
    assert locked["Retry-After"] == "900"

    elsewhere = Browser()
    elsewhere.client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(clerk, elsewhere)[1].status_code == 302

    with time_machine.travel(NOW + timedelta(minutes=16), tick=False):
        assert sign_in(clerk)[1].status_code == 302


def test_one_guesser_at_many_names_is_slowed_down(clerk, words, figure) -> None:
    browser = Browser()
    for number in range(30):
        browser.press("/sign-in", login=f"name{number}@cozy-home.example.com", password="Spring2026!")

    answer = sign_in(clerk, browser)[1]

    figure("FH6", GUESSES, tries=31, let_in=int(answer.status_code < 400))
    assert answer.status_code == 422
    assert "Too many tries." in words(answer)


def test_an_unknown_e_mail_is_answered_like_a_known_one(clerk, words) -> None:
    known = sign_in(clerk, password="wrong")[1]
    unknown = Browser().press("/sign-in", login="nobody@cozy-home.example.com", password="wrong")

    assert known.status_code == unknown.status_code == 422
    assert "E-mail or password is wrong." in words(known)
    assert "E-mail or password is wrong." in words(unknown)


def test_sessions_are_listed_and_each_can_be_ended(clerk, words) -> None:
    here, _ = sign_in(clerk)
    there = Browser()
    there.client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/150.0"
    sign_in(clerk, there)

    page = words(here.open("/security"))
    assert "Firefox on Windows" in page
    session = UserSession.objects.get(session_key=there.client.session.session_key)
    here.press(f"/security/sessions/{session.pk}/end")

    assert there.open("/orders/open").status_code == 302
    assert here.open("/orders/open").status_code == 200


def test_nobody_ends_another_persons_session(clerk, viewer) -> None:
    hers, _ = sign_in(clerk)
    his, _ = sign_in(viewer)
    session = UserSession.objects.get(session_key=hers.client.session.session_key)

    his.press(f"/security/sessions/{session.pk}/end")
    his.press("/security/sessions/end")

    assert hers.open("/orders/open").status_code == 200


def test_a_new_password_ends_the_other_sessions_and_is_told(clerk, words) -> None:
    here, _ = sign_in(clerk)
    there, _ = sign_in(clerk)
    fresh = "a quiet kettle on the hill"

    weak = here.press("/security/password", oldpassword=PASSWORD, password1="password1234", password2="password1234")
    wrong = here.press("/security/password", oldpassword="wrong", password1=fresh, password2=fresh)
    assert (weak.status_code, wrong.status_code) == (422, 422)
    assert kinds_about(clerk.user) == []

    answer = here.press("/security/password", oldpassword=PASSWORD, password1=fresh, password2=fresh)

    assert answer["Location"] == "/security"
    assert here.open("/orders/open").status_code == 200
    assert there.open("/orders/open").status_code == 302
    assert kinds_about(clerk.user) == ["user.password_changed"]
    assert sign_in(clerk, password=fresh)[1].status_code == 302


@pytest.mark.parametrize("password", ["mia.chen@cozy-home.example.com", "mia.chen@cozy-home", "short1!"])
def test_a_password_is_long_and_not_ones_own_name(clerk, password) -> None:
    here, _ = sign_in(clerk)

    answer = here.press("/security/password", oldpassword=PASSWORD, password1=password, password2=password)

    assert answer.status_code == 422


def test_providers_are_configured_only_by_who_said_again_who_they_are(clerk, words) -> None:
    browser = Browser(clerk.user, is_confirmed=False)
    assert browser.open("/payment-providers").status_code == 200

    assert browser.open("/payment-providers/add")["Location"] == "/confirm?next=%2Fpayment-providers%2Fadd"
    answer = browser.peek("/payment-providers/add", at="/payment-providers")
    assert answer["HX-Redirect"] == "/confirm?next=%2Fpayment-providers%2Fadd"
    answer = browser.tap("/payment-providers/practice/switch", at="/payment-providers?shown=all", version="1")
    assert answer["HX-Redirect"] == "/confirm?next=%2Fpayment-providers%3Fshown%3Dall"
    assert browser.press("/payment-providers/practice/switch", version="1").status_code == 302

    wrong = browser.press("/confirm", password="wrong", next="/payment-providers/add")
    assert wrong.status_code == 422
    assert "The password is wrong." in words(wrong)
    right = browser.press("/confirm", password=PASSWORD, next="/payment-providers/add")
    assert right["Location"] == "/payment-providers/add"
    assert browser.open("/payment-providers/add").status_code == 200


def test_who_they_are_is_asked_again_after_ten_minutes(clerk) -> None:
    browser = Browser(clerk.user)
    assert browser.open("/payment-providers/add").status_code == 200

    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert browser.open("/payment-providers/add").status_code == 302


def test_secrets_are_sealed_anew_when_the_key_is_replaced(clerk, app, settings) -> None:
    old = settings.SECRET_SEALING_KEYS[0]
    settings.SECRET_SEALING_KEYS = [Fernet.generate_key().decode(), old]

    done = seal_credentials_anew.run(actor=SYSTEM, now=NOW)

    assert (done.second_factors, done.unreadable) == (1, ())
    settings.SECRET_SEALING_KEYS = settings.SECRET_SEALING_KEYS[:1]
    browser, _ = sign_in(clerk)
    assert browser.press("/sign-in/second-factor", code=code_now(app)).status_code == 302


def test_a_secret_that_no_key_opens_is_named_and_holds_up_no_other(clerk, viewer, app, settings) -> None:
    TOTP.activate(viewer.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    lost = Authenticator.objects.get(user=clerk.user)
    lost.data["secret"] = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
    lost.save()

    done = seal_credentials_anew.run(actor=SYSTEM, now=NOW)

    assert (done.second_factors, done.unreadable) == (1, (f"second factor {lost.pk}",))


def test_a_factor_that_somebody_gives_up_in_this_moment_is_passed_over(clerk, viewer, app, monkeypatch) -> None:
    TOTP.activate(viewer.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    given_up = Authenticator.objects.get(user=viewer.user)
    meanwhile(monkeypatch, seal_credentials_anew, "open_text", given_up.delete)

    done = seal_credentials_anew.run(actor=SYSTEM, now=NOW)

    assert (done.second_factors, done.unreadable) == (1, ())


def test_counts_of_tries_are_kept_where_all_web_processes_see_them(clerk) -> None:
    cache.set("counted", 1)

    assert type(cache).__name__ != "LocMemCache"
    assert cache.get("counted") == 1
    assert Authenticator.objects.count() == 0
