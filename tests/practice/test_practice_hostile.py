"""Whatever is sent, the provider answers 4xx with a stable code, stores nothing, and goes on answering others."""

from __future__ import annotations

import json

import pytest

from tests.practice.calling import CARD

HOLD = {"amount": 10000, "currency": "USD", "card": CARD}

BROKEN = {
    "broken JSON": b'{"amount": 1',
    "no JSON": b"amount=1",
    "a list": b"[1]",
    "a number": b"1",
    "null": b"null",
    "NaN": b'{"amount": NaN}',
    "infinity": b'{"amount": Infinity}',
    "too large for a float": b'{"amount": 1e400}',
    "a float": b'{"amount": 1.0}',
    "a whole float": b'{"amount": 1e2}',
    "a text": b'{"amount": "1"}',
    "true": b'{"amount": true}',
    "an object": b'{"amount": {}}',
    "a name twice": b'{"amount": 1, "amount": 2}',
    "an unknown field": b'{"amount": 1, "tip": 1}',
    "an unknown field of NUL": b'{"amount": 1, "\\u0000": 1}',
    "an unknown field of half a character": b'{"amount": 1, "\\ud800": 1}',
    "a figure of 5,000 digits": b'{"amount": ' + b"9" * 5000 + b"}",
    "deep nesting": b'{"amount": ' + b"[" * 30000 + b"]" * 30000 + b"}",
    "deep objects": b'{"amount":' * 5000 + b"1" + b"}" * 5000,
    "NUL": b"\x00",
    "no UTF-8": b'{"amount": "\xff"}',
    "UTF-16": '{"amount": 1}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"amount": 1}',
    "a time of another form": b'{"amount": 1, "at": "yesterday"}',
    "a time that is a number": b'{"amount": 1, "at": 1764000000}',
    "somebody unknown": b'{"amount": 1, "made_by": "mallory"}',
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("path", ["captures", "reversal"])
def test_a_body_of_the_wrong_form_is_refused_and_nothing_moves(caller, hold, name, path):
    answer = caller.post(f"/authorisations/{hold}/{path}", raw=BROKEN[name])

    assert answer.refused == (400, "invalid_request")
    assert caller.effects() == [("authorisation", 10000)]


@pytest.mark.parametrize("path", ["/faults", "/clock"])
@pytest.mark.parametrize("name", [name for name in BROKEN if name != "null"])
def test_orders_of_the_wrong_form_are_refused(caller, path, name):
    assert caller.post(path, raw=BROKEN[name], key=None).refused == (400, "invalid_request")


def test_a_figure_beyond_every_float_is_no_number_of_seconds(caller):
    raw = b'{"on": "capture", "kind": "hang", "seconds": ' + b"9" * 400 + b"}"

    assert caller.post("/faults", raw=raw, key=None).refused == (400, "invalid_request")
    assert caller.post("/clock", raw=b'{"advance": ' + b"9" * 400 + b"}", key=None).refused == (400, "invalid_request")


@pytest.mark.parametrize("amount", [10**12 + 1, 2**63, 2**64, 10**4000, -(2**63) - 1])
def test_a_figure_that_no_database_holds_is_an_invalid_amount(caller, hold, amount):
    assert caller.post(f"/authorisations/{hold}/captures", {"amount": amount}).refused == (422, "amount_invalid")
    assert caller.post("/authorisations", {**HOLD, "amount": amount}).refused == (422, "amount_invalid")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": None},
        {"currency": None},
        {"currency": 840},
        {"currency": "US\nD"},
        {"currency": "U" * 300},
        {"card": None},
        {"card": "4242"},
        {"card": {}},
        {"card": {"brand": "visa"}},
        {"card": {"brand": "visa", "last4": "42424"}},
        {"card": {"brand": "visa", "last4": "٤٢٤٢"}},
        {"card": {"brand": "visa", "last4": 4242}},
        {"card": {"brand": "4111111111111111", "last4": "1111"}},
        {"card": {"brand": "vi\x00sa", "last4": "4242"}},
        {"card": {"brand": "vi\ud800sa", "last4": "4242"}},
        {"card": {"brand": "<b>", "last4": "4242"}},
        {"card": {**CARD, "number": "4111111111111111"}},
        {"card": {**CARD, "cvc": "123"}},
        {"reference": "a/b"},
        {"reference": "a b"},
        {"reference": "\x00"},
        {"reference": "\ud800"},
        {"reference": "r" * 65},
        {"reference": ""},
        {"expires_in": 0},
        {"expires_in": 10**12},
        {"expires_in": 1.5},
        {"expires_in": True},
        {"authorised_at": "2026-11-20"},
        {"authorised_at": "\x00"},
        {"tip": 1},
    ],
)
def test_an_authorisation_of_the_wrong_form_holds_nothing(caller, change):
    answer = caller.post("/authorisations", {**HOLD, **change})

    assert answer.refused == (400, "invalid_request")
    assert caller.effects() == []


@pytest.mark.parametrize("currency", ["", "US", "usd", "USDT", "¤¤¤", "\x00", "\ud800"])
def test_a_currency_in_any_text_is_refused_as_unknown_or_as_no_text(caller, currency):
    answer = caller.post("/authorisations", {**HOLD, "currency": currency})

    assert answer.refused in {(422, "currency_unknown"), (400, "invalid_request")}
    assert caller.effects() == []


@pytest.mark.parametrize("size", [64 * 1024 + 1, 10 * 1024 * 1024])
def test_a_body_that_is_too_large_is_told_so(caller, hold, size):
    answer = caller.post(f"/authorisations/{hold}/captures", raw=b" " * size)

    assert answer.refused == (413, "body_too_large")
    assert caller.effects() == [("authorisation", 10000)]


def test_a_caller_that_asks_first_is_told_before_sending(caller):
    heard = caller.say(
        b"POST /faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\nExpect: 100-continue\r\n\r\n"
    )

    assert heard.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("spoken", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\n\r\n", 403),
        (b"GET /healthz HTTP/1.1\r\nHost: evil.example.com\r\n\r\n", 403),
        (b"GET /healthz HTTP/1.1\r\nHost: [::\r\n\r\n", 403),
        (b"POST /clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST /clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400),
        (b"POST /clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n", 400),
        (b"POST /clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{}", 400),
        (b"POST /clock HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"BREW /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"GET /healthz HTTP/2.0\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /healthz HTTP/x\r\nHost: localhost\r\n\r\n", 400),
        (b"\x00\x01\x02 \xff HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"GET /\xff\x00%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /authorisations/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /authorisations/\xed\xb0\x80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET //[ HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"one two three four\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
    ],
)
def test_whatever_is_spoken_the_answer_is_a_4xx(caller, spoken, status):
    heard = caller.say(spoken)

    assert heard.startswith(f"HTTP/1.1 {status} ".encode()), heard[:80]
    assert json.loads(heard.partition(b"\r\n\r\n")[2])["error"]["code"]
    assert caller.get("/healthz").status == 200


def test_a_caller_that_hangs_up_in_the_middle_disturbs_nobody(caller, hold, capfd):
    caller.say(b"POST /authorisations HT")
    caller.say(b"")
    caller.fault("late", seconds=0.2)
    impatient = caller.__class__(caller.url, timeout=0.05)
    with pytest.raises(TimeoutError):
        impatient.capture(hold, 1)

    assert caller.get("/healthz").status == 200
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "path", ["/faults", "/clock", "/authorisations", "/dashboard/clock", "/dashboard/faults/clear"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_sites_can_order_nothing(caller, path, headers):
    caller.fault("hang", "refund")

    answer = caller.send("POST", path, body=b"advance=3600", headers=headers)

    assert answer.refused == (403, "cross_site")
    assert caller.get("/clock").document["ahead_seconds"] == 0
    assert len(caller.get("/faults").document["items"]) == 1


def test_the_provider_can_only_be_reached_from_its_machine(running):
    assert running.listener.server_address[0] == "127.0.0.1"
