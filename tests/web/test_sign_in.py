"""Signing in and out."""

from __future__ import annotations

import pytest

from tests.support.drivers import PASSWORD

ABUSES = "wrong passwords, fixed sessions and ways to other sites at sign-in"


def test_the_right_password_leads_to_where_one_wanted_to_go(stranger, clerk, order, place) -> None:
    answer = stranger.press("/sign-in", login="mia.chen@COZY-HOME.example.com", password=PASSWORD, next=place(order))

    assert answer.status_code == 302
    assert answer["Location"] == place(order)
    assert stranger.open(place(order)).status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("mia.chen@cozy-home.example.com", "wrong"),
        ("nobody@cozy-home.example.com", PASSWORD),
        # A dotless i, which PostgreSQL takes for an i: its tries would be counted apart.
        ("m\u0131a.chen@cozy-home.example.com", PASSWORD),
        ("", ""),
    ],
)
def test_anything_else_is_refused_with_one_sentence(stranger, clerk, words, email, password, figure) -> None:
    answer = stranger.press("/sign-in", login=email, password=password)
    figure("FH6", ABUSES, tries=1, let_in=int(answer.status_code < 400))

    assert answer.status_code == 422
    assert "E-mail or password is wrong." in words(answer)
    assert f'value="{email}"' in answer.content.decode()
    assert stranger.open("/orders/open").status_code == 302


def test_somebody_who_has_left_cannot_sign_in(stranger, clerk) -> None:
    clerk.user.is_active = False
    clerk.user.save()

    assert stranger.press("/sign-in", login=clerk.user.email, password=PASSWORD).status_code == 422


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "",
        "orders",
        "?",
        "#",
        "open-orders",
        "http://[",
    ],
)
def test_signing_in_never_leads_to_another_site(stranger, clerk, target, figure) -> None:
    answer = stranger.press("/sign-in", login=clerk.user.email, password=PASSWORD, next=target)

    figure("FH6", ABUSES, tries=1, let_in=int(answer["Location"] != "/orders/open"))
    assert answer["Location"] == "/orders/open"


def test_signing_in_gives_the_session_a_new_name(stranger, clerk, figure) -> None:
    stranger.open("/sign-in")
    stranger.client.session.save()
    before = stranger.client.session.session_key

    stranger.press("/sign-in", login=clerk.user.email, password=PASSWORD)

    is_fixed = stranger.client.session.session_key == before
    figure("FH6", ABUSES, tries=1, let_in=int(is_fixed))
    assert not is_fixed


def test_signing_out_ends_the_session(browser) -> None:
    answer = browser.press("/sign-out")

    assert answer["Location"] == "/sign-in"
    assert browser.open("/orders/open").status_code == 302


def test_who_is_signed_in_is_not_asked_again(browser) -> None:
    assert browser.open("/sign-in")["Location"] == "/orders/open"
