"""Ask the practice provider's Stripe face and localstripe the same, and print field by field where they differ.

localstripe is another person's imitation of Stripe, under the GPL: it is installed into a throw-away environment and
run as a process of its own, bound to this machine. Neither imitation is the judge; Stripe's reference is. Every
difference has its reason in docs/practice-provider.md and here; one without a reason ends this with status 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from practice_provider.server import start

VERSION = "1.15.10"
SECRET = "whsec_practice_compared"  # noqa: S105 - of two imitations on this machine
# localstripe listens to the whole network; here it may only to this machine.
ON_THIS_MACHINE = """
import socket
from localstripe.server import start

bind, ipv6 = socket.socket.bind, socket.AF_INET6


def bind_here(self, address):
    socket.socket.bind, socket.AF_INET6 = bind, ipv6
    bind(self, ("127.0.0.1", address[1]))


socket.socket.bind, socket.AF_INET6 = bind_here, socket.AF_INET
start()
"""
CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[exp_month]": "12",
    "card[exp_year]": "2039",
    "card[cvc]": "123",
}
DECLINED = {**CARD, "card[number]": "4000000000000002"}
# Names, moments and wordings are each provider's own.
_OWN = frozenset(
    {"id", "created", "canceled_at", "client_secret", "charge", "payment_intent", "payment_method", "url", "message"}
)

# Why the two differ: (call, field) with * for any, to the reason. What Stripe's reference says decides.
_LEFT_OUT = "Stripe’s PaymentIntent has it; localstripe leaves it out."
_SAYS_WHY = "Stripe names a code, and the parameter at fault; localstripe names neither."
_REFUSED = "Stripe refuses it; localstripe does it."
REASONS: dict[tuple[str, str], str] = {
    ("*", "amount_capturable"): _LEFT_OUT,
    ("*", "amount_received"): _LEFT_OUT,
    ("*", "canceled_at"): _LEFT_OUT,
    ("*", "cancellation_reason"): _LEFT_OUT,
    ("*", "confirmation_method"): _LEFT_OUT,
    ("*", "latest_charge"): _LEFT_OUT,
    ("*", "payment_method_types[]"): _LEFT_OUT,
    ("*", "reason"): "Stripe’s refund has it, null where none was given; localstripe leaves it out.",
    ("*", "error.code"): _SAYS_WHY,
    ("*", "error.param"): _SAYS_WHY,
    ("hold with a declined card", "*"): "Stripe answers 402 and why; localstripe makes a PaymentIntent without money.",
    ("capture what was canceled", "*"): _REFUSED,
    ("refund above the capture", "*"): _REFUSED,
    ("refund the same money twice", "*"): _REFUSED,
    ("refund what is only held", "*"): _REFUSED,
    ("list refunds", "data[0].amount"): "Stripe lists the newest first; localstripe the oldest.",
    ("repeat a refund under its key", "*"): "Stripe refunds once under a key; localstripe does not look at keys.",
    ("what is told", "*"): "Stripe tells of every step; of these, localstripe tells of the capture alone.",
}


@dataclass(slots=True)
class Provider:
    """One imitation of Stripe, and what it told by itself."""

    name: str
    url: str
    visa: str = ""
    declined: str = ""
    events: list[tuple[str, str]] = field(default_factory=list)  # kind, PaymentIntent


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one call."""

    status: int
    document: dict[str, Any]


_http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10))


def call(provider: Provider, method: str, path: str, *, key: str = "", **parameters: Any) -> Answer:
    """Ask one of them; parameters go as Stripe's SDKs send them."""
    headers = {"Authorization": "Bearer sk_test_compared"}
    encoded = urlencode(parameters)
    url, body = f"{provider.url}/v1/{path}", None
    if method == "GET":
        url += f"?{encoded}" if encoded else ""
    else:
        headers["Content-Type"], body = "application/x-www-form-urlencoded", encoded
        if key:
            headers["Idempotency-Key"] = key
    answer = _http.request(method, url, body=body, headers=headers)
    try:
        document = json.loads(answer.data)
    except ValueError:
        document = {"unreadable": answer.data.decode(errors="replace")[:80]}
    return Answer(answer.status, document)


def hold(provider: Provider, *, card: str = "", **more: Any) -> Answer:
    """Hold 100 dollars."""
    return call(
        provider,
        "POST",
        "payment_intents",
        amount=10000,
        currency="usd",
        capture_method="manual",
        confirm="true",
        payment_method=card or provider.visa,
        **more,
    )


def _held(provider: Provider) -> str:
    return str(hold(provider).document["id"])


def _captured(provider: Provider, amount: int = 10000) -> str:
    reference = _held(provider)
    call(provider, "POST", f"payment_intents/{reference}/capture", amount_to_capture=amount)
    return reference


def _capture_twice(provider: Provider) -> Answer:
    reference = _captured(provider, 4000)
    return call(provider, "POST", f"payment_intents/{reference}/capture", amount_to_capture=1000)


def _capture(provider: Provider, amount: int) -> Answer:
    return call(provider, "POST", f"payment_intents/{_held(provider)}/capture", amount_to_capture=amount)


def _cancel(provider: Provider, reference: str) -> Answer:
    return call(provider, "POST", f"payment_intents/{reference}/cancel")


def _capture_canceled(provider: Provider) -> Answer:
    reference = _held(provider)
    _cancel(provider, reference)
    return call(provider, "POST", f"payment_intents/{reference}/capture")


def _refund(provider: Provider, reference: str, **more: Any) -> Answer:
    return call(provider, "POST", "refunds", payment_intent=reference, **more)


def _refund_twice(provider: Provider) -> Answer:
    reference = _captured(provider)
    _refund(provider, reference, amount=6000)
    return _refund(provider, reference, amount=4001)


def _same_key(provider: Provider) -> Answer:
    reference = _captured(provider)
    answers = [_refund(provider, reference, amount=1000, key=f"compared-{reference}") for _time in range(2)]
    refunds = call(provider, "GET", "refunds", payment_intent=reference).document
    return Answer(answers[1].status, {"refunds": len(refunds.get("data", []))})


def _list(provider: Provider) -> Answer:
    reference = _captured(provider)
    for amount in (1000, 2000):
        _refund(provider, reference, amount=amount)
    return call(provider, "GET", "refunds", payment_intent=reference)


def _told(provider: Provider) -> Answer:
    """Return which events a hold, its capture and a refund of it led to."""
    reference = _captured(provider)
    _refund(provider, reference, amount=1000)
    time.sleep(1.5)
    kinds = sorted(kind for kind, about in provider.events if about == reference)
    return Answer(200, {"events": kinds})


CALLS: tuple[tuple[str, Callable[[Provider], Answer]], ...] = (
    ("hold", hold),
    ("hold with a declined card", lambda one: hold(one, card=one.declined)),
    ("hold nothing", lambda one: call(one, "POST", "payment_intents", amount=0, currency="usd")),
    ("look at a hold", lambda one: call(one, "GET", f"payment_intents/{_held(one)}")),
    ("look at nobody's", lambda one: call(one, "GET", "payment_intents/pi_nobody")),
    ("capture", lambda one: _capture(one, 10000)),
    ("capture in part", lambda one: _capture(one, 4000)),
    ("capture above the hold", lambda one: _capture(one, 10001)),
    ("capture a second time", _capture_twice),
    ("capture what was canceled", _capture_canceled),
    ("cancel", lambda one: _cancel(one, _held(one))),
    ("cancel what was captured", lambda one: _cancel(one, _captured(one))),
    ("refund", lambda one: _refund(one, _captured(one))),
    ("refund in part", lambda one: _refund(one, _captured(one), amount=2500)),
    ("refund above the capture", lambda one: _refund(one, _captured(one), amount=10001)),
    ("refund the same money twice", _refund_twice),
    ("refund what is only held", lambda one: _refund(one, _held(one))),
    ("list refunds", _list),
    ("repeat a refund under its key", _same_key),
    ("what is told", _told),
)


def flat(document: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Return every value of a document with its place; names and moments only by their type."""
    if isinstance(document, dict):
        for name, value in document.items():
            place = f"{at}.{name}" if at else name
            if name in _OWN and not isinstance(value, dict | list):
                yield place, type(value).__name__
            else:
                yield from flat(value, place)
    elif isinstance(document, list):
        yield f"{at}[]", len(document) if not all(isinstance(one, str) for one in document) else document
        if document and isinstance(document[0], dict):
            yield from flat(document[0], f"{at}[0]")
    else:
        yield at, document


def differences(ours: Answer, theirs: Answer) -> Iterator[tuple[str, Any, Any]]:
    """Return each field on which the answers differ, with both values; fields that only localstripe has are left out.

    They are counted apart: the face answers with what a client of payments reads, and not with all that Stripe has.
    """
    if ours.status != theirs.status:
        yield "(status)", ours.status, theirs.status
    here, there = dict(flat(ours.document)), dict(flat(theirs.document))
    for place, value in here.items():
        if there.get(place, "(not there)") != value:
            yield place, value, there.get(place, "(not there)")


def reason_for(name: str, place: str) -> str:
    """Return why the two differ there, or nothing when nobody has said it yet."""
    tries = [(name, place), (name, "*"), ("*", place), ("*", place.rpartition(".")[2])]
    return next((REASONS[one] for one in tries if one in REASONS), "")


@contextmanager
def localstripe(python: str, port: int) -> Iterator[Provider]:
    """Run localstripe on this machine until the block ends."""
    process = subprocess.Popen(
        [python, "-c", ON_THIS_MACHINE, "--port", str(port), "--from-scratch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    provider = Provider("localstripe", f"http://127.0.0.1:{port}")
    try:
        for _try in range(100):
            try:
                _http.request("GET", f"{provider.url}/v1/refunds", headers={"Authorization": "Bearer sk_test_x"})
                break
            except urllib3.exceptions.HTTPError:
                time.sleep(0.1)
        provider.visa = call(provider, "POST", "payment_methods", **CARD).document["id"]
        provider.declined = call(provider, "POST", "payment_methods", **DECLINED).document["id"]
        yield provider
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def listening(provider: Provider) -> Iterator[str]:
    """Keep what a provider tells by itself; give the address at which it is heard."""

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            about = event["data"]["object"]
            reference = about["id"] if about["object"] == "payment_intent" else about.get("payment_intent")
            signed = "" if "Stripe-Signature" in self.headers else " (unsigned)"
            provider.events.append((event["type"] + signed, str(reference)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()


def compare(ours: Provider, theirs: Provider) -> int:
    """Print the differences of every call and return how many have no reason."""
    unexplained = 0
    for name, ask in CALLS:
        here, there = ask(ours), ask(theirs)
        found = list(differences(here, there))
        more = len({place for place, _value in flat(there.document)} - {place for place, _value in flat(here.document)})
        print(f"\n{name}: {len(found)} differences; {more} fields that only localstripe has")
        for place, value, other in found:
            reason = reason_for(name, place)
            unexplained += not reason
            print(f"  {place}: {value!r}, localstripe {other!r}  – {reason or 'NO REASON'}")
    return unexplained


def main() -> int:
    """Compare, and return 0 when every difference has a reason."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--python", help="an interpreter that has localstripe; without one, it is installed for the run"
    )
    parser.add_argument("--port", type=int, default=8269, help="where localstripe is to listen")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = options.python
        if not python:
            venv.create(f"{folder}/venv", with_pip=True)
            python = f"{folder}/venv/bin/python"
            subprocess.run([python, "-m", "pip", "install", "-q", f"localstripe=={VERSION}"], check=True)
        running = start(Path(folder) / "practice.sqlite3")
        ours = Provider("practice", f"{running.url}/stripe", "pm_card_visa", "pm_card_chargeDeclined")
        with localstripe(python, options.port) as theirs, listening(ours) as here, listening(theirs) as there:
            running.provider.notices.listen("stripe", url=here, secret=SECRET)
            _http.request("POST", f"{theirs.url}/_config/webhooks/compared", json={"url": there, "secret": SECRET})
            unexplained = compare(ours, theirs)
        running.stop()
    print(f"\n{unexplained} differences without a reason")
    return int(unexplained > 0)


if __name__ == "__main__":
    sys.exit(main())
