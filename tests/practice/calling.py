"""How the provider's tests call it: plain HTTP/1.1, one connection per call, nothing retried and nothing guessed."""

from __future__ import annotations

import http.client
import itertools
import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CARD = {"brand": "visa", "last4": "4242"}
NOT_GIVEN = object()

_keys = (f"test-{number}" for number in itertools.count(1))


def new_key() -> str:
    """Return an idempotency key that no other call has."""
    return next(_keys)


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers in lower case, and the body's bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.document["error"]["code"])

    @property
    def refused(self) -> tuple[int, str]:
        return self.status, self.code


class Caller:
    """A program that calls the provider. Amounts are minor units; a key of None sends none."""

    def __init__(self, url: str, *, timeout: float = 20) -> None:
        self.url = url
        self.timeout = timeout

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return str(parts.hostname), int(parts.port or 0)

    def post(self, path: str, document: Any = NOT_GIVEN, *, key: str | None = "", raw: bytes | None = None) -> Answer:
        body = b"" if document is NOT_GIVEN else json.dumps(document).encode()
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key or new_key()
        return self.send("POST", path, body=body if raw is None else raw, headers=headers)

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def send(self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection(*self.address, timeout=self.timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def say(self, spoken: bytes) -> bytes:
        """Send bytes as they are and return all that comes back until the provider closes."""
        with socket.create_connection(self.address, timeout=self.timeout) as connection:
            connection.sendall(spoken)
            connection.shutdown(socket.SHUT_WR)
            heard = b""
            while chunk := connection.recv(65536):
                heard += chunk
            return heard

    def authorise(self, amount: int = 10000, *, currency: str = "USD", **more: Any) -> str:
        answer = self.post("/authorisations", {"amount": amount, "currency": currency, "card": CARD, **more})
        assert answer.status == 201, answer.body
        return str(answer.document["id"])

    def capture(self, authorisation: str, amount: int, *, key: str | None = "", **more: Any) -> Answer:
        return self.post(f"/authorisations/{authorisation}/captures", {"amount": amount, **more}, key=key)

    def reverse(self, authorisation: str, *, key: str | None = "", **more: Any) -> Answer:
        return self.post(f"/authorisations/{authorisation}/reversal", more, key=key)

    def refund(self, capture: str, amount: int, *, key: str | None = "", **more: Any) -> Answer:
        return self.post(f"/captures/{capture}/refunds", {"amount": amount, **more}, key=key)

    def look_up(self, authorisation: str) -> Any:
        answer = self.get(f"/authorisations/{authorisation}")
        assert answer.status == 200, answer.body
        return answer.document

    def fault(self, kind: str, on: str = "capture", **more: Any) -> None:
        answer = self.post("/faults", {"kind": kind, "on": on, **more}, key=None)
        assert answer.status == 201, answer.body

    def advance(self, seconds: float) -> None:
        assert self.post("/clock", {"advance": seconds}, key=None).status == 200

    def effects(self, authorisation: str | None = None) -> list[tuple[str, int]]:
        """Return what moved, in order: (kind, amount)."""
        return [(effect["kind"], effect["amount"]) for effect in self.log(authorisation)]

    def log(self, authorisation: str | None = None) -> list[dict[str, Any]]:
        query = f"&authorisation={authorisation}" if authorisation else ""
        return list(self.get(f"/effects?after=0&limit=10000{query}").document["items"])
