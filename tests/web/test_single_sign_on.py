"""Single sign-on against an OpenID Connect provider on a real socket: who was invited is let in, nobody else."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount

from tests.web.conftest import Browser
from tests.web.test_second_factor import kinds_about

pytestmark = pytest.mark.django_db

BACK = "/sign-in/staff/back"


class Provider:
    """The shop's provider: vouches for `claims` to whoever shows the code and the verifier that belongs to it."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.challenges: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def lets_in(self, question: str, **claims: Any) -> dict[str, str]:
        """Have somebody say yes at the provider's page, and return what their browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(question).query).items()}
        assert asked["code_challenge_method"] == "S256"
        self.claims = claims
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = asked["code_challenge"]
        return {"code": code, "state": asked["state"]}

    def token(self, form: dict[str, list[str]]) -> dict[str, Any] | None:
        digest = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if self.challenges.get(form["code"][0]) != challenge:
            return None
        now = int(time.time())
        told = {**self.claims, "iss": self.issuer, "aud": "orderwright", "iat": now, "exp": now + 300}
        return {"access_token": "at", "token_type": "Bearer", "id_token": jwt.encode(told, "k" * 32, algorithm="HS256")}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args: Any) -> None:
                pass

            def _answer(self, document: Any, status: int = 200) -> None:
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                if self.path.startswith("/.well-known"):
                    names = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
                    names |= {"userinfo_endpoint": "me", "jwks_uri": "jwks"}
                    addresses = {name: f"{provider.issuer}/{path}" for name, path in names.items()}
                    self._answer({"issuer": provider.issuer, **addresses})
                else:
                    self._answer(provider.claims)

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                token = provider.token(form)
                self._answer(token or {"error": "invalid_grant"}, 200 if token else 400)

        return Handler


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """Start the provider, and have the desk trust it."""
    running = Provider()
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    trusted = copy.deepcopy(settings.SOCIALACCOUNT_PROVIDERS)
    trusted["openid_connect"]["APPS"][0]["settings"]["server_url"] = running.issuer
    settings.SOCIALACCOUNT_PROVIDERS = trusted
    yield running
    running.server.shutdown()
    thread.join()
    running.server.server_close()


def comes(provider: Provider, browser: Browser | None = None, **claims: Any) -> tuple[Browser, Any]:
    """Go to the provider and come back with what it vouches for; return the browser and the desk's answer."""
    browser = browser or Browser()
    question = browser.open("/sign-in/staff")["Location"]
    assert question.startswith(f"{provider.issuer}/authorize?")
    return browser, browser.open(BACK, **provider.lets_in(question, **claims))


def test_who_was_invited_is_let_in_and_known_again_by_the_providers_own_id(clerk, provider, site, order, place) -> None:
    email = clerk.user.email.upper()
    browser, answer = comes(provider, sub="u-7", email=email, email_verified=True)

    assert answer["Location"] == "/orders/open"
    assert browser.open(place(order)).status_code == 200
    assert kinds_about(clerk.user) == ["user.single_sign_on_connected"]
    _, answer = comes(provider, sub="u-7", email="new.name@elsewhere.example.com", email_verified=True)
    assert answer["Location"] == "/orders/open"
    assert kinds_about(clerk.user) == ["user.single_sign_on_connected"]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@cozy-home.example.com", "email_verified": True},
        {"email": "mia.chen@cozy-home.example.com", "email_verified": False},
        {"email": "mia.chen@cozy-home.example.com"},
        {},
    ],
)
def test_nobody_else_is_let_in(clerk, provider, words, claims) -> None:
    browser, answer = comes(provider, sub="u-8", **claims)

    assert answer["Location"] == "/sign-in"
    assert "Nobody was invited with the e-mail" in words(browser.open("/sign-in"))
    assert browser.open("/orders/open").status_code == 302
    assert SocialAccount.objects.count() == 0
    assert kinds_about(clerk.user) == []


def test_who_has_left_is_not_let_in_again(clerk, provider) -> None:
    comes(provider, sub="u-7", email=clerk.user.email, email_verified=True)
    clerk.user.is_active = False
    clerk.user.save()

    browser, answer = comes(provider, sub="u-7", email=clerk.user.email, email_verified=True)

    assert answer["Location"] == "/sign-in"
    assert browser.open("/orders/open").status_code == 302


def test_a_second_factor_is_asked_for_all_the_same(clerk, provider) -> None:
    TOTP.activate(clerk.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")

    browser, answer = comes(provider, sub="u-7", email=clerk.user.email, email_verified=True)

    assert answer["Location"] == "/sign-in/second-factor"
    assert browser.open("/orders/open").status_code == 302


def test_what_another_browser_asked_for_lets_nobody_in(clerk, provider, words) -> None:
    theirs = Browser()
    brought = provider.lets_in(
        theirs.open("/sign-in/staff")["Location"], sub="u-7", email=clerk.user.email, email_verified=True
    )

    mine = Browser()
    answer = mine.open(BACK, **brought)

    assert answer["Location"] == "/sign-in"
    assert "Single sign-on did not work." in words(mine.open("/sign-in"))
    assert SocialAccount.objects.count() == 0


def test_a_code_that_the_provider_does_not_know_lets_nobody_in(clerk, provider) -> None:
    browser = Browser()
    brought = provider.lets_in(browser.open("/sign-in/staff")["Location"], sub="u-7", email=clerk.user.email)

    answer = browser.open(BACK, code="made-up", state=brought["state"])

    assert answer["Location"] == "/sign-in"
    assert browser.open("/orders/open").status_code == 302


def test_a_provider_that_is_away_leaves_the_password(stranger, words) -> None:
    answer = stranger.open("/sign-in/staff")

    assert answer["Location"] == "/sign-in"
    assert "Single sign-on did not work. Try again, or use your password." in words(stranger.open("/sign-in"))


def test_nothing_stands_at_the_name_of_another_provider(stranger) -> None:
    assert stranger.open("/sign-in/elsewhere").status_code == 404
