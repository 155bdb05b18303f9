"""`orderwright gateway-selftest` and `seal-credentials-anew`: what they print, and how they end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from orderwright.actions import selftest_provider
from orderwright.core.actor import SYSTEM
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import ProviderAccount
from orderwright.payments.reachability import Greeting, NotReached, greet
from orderwright.payments.sealed import seal


def account(slug: str = "practice") -> ProviderAccount:
    return ProviderAccount.objects.get(slug=slug)


def states(checks: list[selftest_provider.Check]) -> dict[str, str]:
    return {check.name: check.state for check in checks}


@pytest.fixture
def clock_server() -> Iterator[Any]:
    """Run a server whose clock can be set: `server.date` is what it says in its header, None for nothing."""

    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(404)
            if self.server.date is not None:
                self.send_header("Date", format_datetime(self.server.date, usegmt=True))
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.date = None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.real_time
def test_a_provider_that_is_ready_is_called_so_line_by_line(order, practice, capsys):
    call_command("gateway-selftest", "practice")

    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == "practice (Practice provider, test)"
    assert "ok     look-up: It answered, and knows the newest payment." in printed
    assert "ok     notices: a message without a signature is refused" in printed
    assert printed.splitlines()[-1] == "Nothing failed."
    assert practice.effects(order) == []


def test_one_that_does_not_answer_fails_and_ends_with_a_status(order, practice, capsys):
    practice.fault("server_error", "lookup")

    with pytest.raises(SystemExit) as ended:
        call_command("gateway-selftest")

    assert ended.value.code == 1
    assert "FAILED look-up: The provider answered 500." in capsys.readouterr().out


def test_a_live_account_is_not_called_unless_that_is_said_to_be_fine(order, practice, monkeypatch, capsys):
    ProviderAccount.objects.filter(slug="practice").update(is_live=True)
    asked = []
    ask = PracticeGateway.look_up
    monkeypatch.setattr(PracticeGateway, "look_up", lambda self, reference: asked.append(1) or ask(self, reference))

    call_command("gateway-selftest", "practice")
    assert asked == []
    assert "not called, because it is live" in capsys.readouterr().out

    checks = selftest_provider.run(account(), is_live_ok=True, actor=SYSTEM, now=datetime.now(UTC))
    assert (asked, states(checks)["look-up"]) == ([1], "passed")


def test_what_is_recorded_by_staff_calls_nobody(db, capsys):
    call_command("gateway-selftest", "invoice")

    assert "nobody is called for this kind of account" in capsys.readouterr().out


def test_missing_and_unreadable_credentials_fail(db, now, settings):
    settings.PROVIDER_CONNECT_TIMEOUT = 1
    stripe = ProviderAccount.objects.create(slug="s", name="S", gateway="stripe", base_url="http://127.0.0.1:1")

    found = states(selftest_provider.run(stripe, is_live_ok=False, actor=SYSTEM, now=now))
    assert (found["credential secret_key"], found["credential webhook_secret"]) == ("failed", "noted")
    assert (found["connection"], found["look-up"], found["notices"]) == ("failed", "failed", "passed")

    stripe.sealed_credentials = seal({"secret_key": "sk"})
    settings.SECRET_SEALING_KEYS = [Fernet.generate_key().decode()]
    assert states(selftest_provider.run(stripe, is_live_ok=False, actor=SYSTEM, now=now)) == {
        "credentials": "failed",
        "gateway": "failed",
    }


@pytest.mark.parametrize(
    ("apart", "state"), [(timedelta(seconds=5), "passed"), (timedelta(minutes=3), "failed"), (None, "noted")]
)
def test_a_clock_that_is_minutes_off_fails(db, now, clock_server, practice, apart, state):
    clock_server.date = None if apart is None else now + apart
    ProviderAccount.objects.filter(slug="practice").update(
        base_url=f"http://127.0.0.1:{clock_server.server_address[1]}"
    )

    found = states(selftest_provider.run(account(), is_live_ok=False, actor=SYSTEM, now=now))

    assert (found["connection"], found["TLS"], found["clock"]) == ("passed", "noted", state)


def test_a_server_that_speaks_no_tls_is_not_reached_over_https(clock_server):
    with pytest.raises(NotReached):
        greet(f"https://127.0.0.1:{clock_server.server_address[1]}")


@pytest.mark.parametrize(
    ("ends_in", "state", "day"),
    [(timedelta(days=15), "passed", "2026-12-06"), (timedelta(days=13), "noted", "2026-12-04"), (None, "passed", "?")],
    ids=["in good time", "soon", "not said"],
)
def test_a_certificate_that_ends_soon_is_worth_knowing(now, ends_in, state, day):
    ends = None if ends_in is None else now + ends_in

    check = selftest_provider._tls(Greeting(status=200, tls="TLSv1.3", certificate_ends=ends, date=None), now)

    assert (check.state, check.words) == (state, f"TLSv1.3, certificate trusted until {day}")


def test_a_provider_that_cannot_be_asked_is_reached_and_not_asked(db, now, practice):
    credentials = {"api_key": "AQEpractice", "merchant_account": "PracticeStore", "hmac_key": "0a" * 32}
    adyen = ProviderAccount.objects.create(
        slug="a", name="A", gateway="adyen", base_url=f"{practice.url}/adyen/v72", sealed_credentials=seal(credentials)
    )

    found = states(selftest_provider.run(adyen, is_live_ok=False, actor=SYSTEM, now=now))

    assert (found["connection"], found["look-up"], found["notices"]) == ("passed", "noted", "passed")


def test_a_gateway_that_believes_what_nobody_signed_fails(now):
    class Believing:
        def read_notices(self, **_message: Any) -> list[Any]:
            return []

    assert selftest_provider._forgery(Believing(), now).state == "failed"


def test_an_account_that_is_not_there_is_named(db):
    with pytest.raises(CommandError, match="no provider account nobody"):
        call_command("gateway-selftest", "nobody")


def test_sealing_anew_counts_and_fails_on_what_no_key_opens(db, settings, capsys):
    ProviderAccount.objects.filter(slug="practice").update(sealed_credentials=seal({"a": "b"}))
    call_command("seal-credentials-anew")
    said = "1 account sealed anew, 4 without credentials; 0 second factors; 0 customers’ keys.\n"
    assert capsys.readouterr().out == said
    settings.SECRET_SEALING_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(SystemExit) as ended:
        call_command("seal-credentials-anew")

    assert ended.value.code == 1
    assert "practice: no key of SECRET_SEALING_KEYS opens it." in capsys.readouterr().out
