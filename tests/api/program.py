"""A program with an API key, as tests see it: it sends JSON and looks at the answers."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from orderwright.accounts.keys import create_key
from orderwright.accounts.models import ApiKeySecret, Role

BASE = "/api/v1"
PROBLEM = "application/problem+json"


class Answer:
    """One answer. `json` is its body, decoded."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.content: bytes = response.content
        self.is_problem = self.headers.get("Content-Type") == PROBLEM

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """The problem's code, or an empty text when the answer is none."""
        return str(self.json["code"]) if self.is_problem else ""

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Where the problem points, with which codes."""
        return [
            (fault.get("pointer", fault.get("parameter", fault.get("header"))), fault["code"])
            for fault in self.json.get("errors", [])
        ]

    def __repr__(self) -> str:
        return f"{self.status} {self.content.decode(errors='replace')[:2000]}"


class Program:
    """Sends requests with a key. Headers are named as Python names arguments: `if_match`, `idempotency_key`."""

    def __init__(self, key: str | None) -> None:
        self.key = key
        self._client = Client(raise_request_exception=False)

    def get(self, path: str, **headers: Any) -> Answer:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: Any) -> Answer:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: Any) -> Answer:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: Any) -> Answer:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def send(
        self, method: str, path: str, body: Any = None, *, content_type: str = "application/json", **headers: Any
    ) -> Answer:
        """Send a body as it is when it is bytes, else as JSON; None for no body."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            named.setdefault("Authorization", f"Bearer {self.key}")
        address = path if path.startswith("/api/") else BASE + path
        return Answer(self._client.generic(method, address, data, content_type=content_type, headers=named))


def program_with(name: str, *permissions: str, role: str = "", **more: Any) -> Program:
    """Return a program whose key has a system role, or a role made of these permissions."""
    held = (
        Role.objects.get(slug=role)
        if role
        else Role.objects.create(slug=f"role-of-{name}", name=name, permissions=list(permissions))
    )
    return Program(create_key(name=name, role=held, **more))


def mark_used(now: Any) -> None:
    """Note that every key was used just now, so that counting statements does not meet the note of the first use."""
    ApiKeySecret.objects.update(last_used_at=now)
