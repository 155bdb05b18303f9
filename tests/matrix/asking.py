"""Asking an address on somebody's behalf, taking back what came of it, and reading the answer in a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any, Literal, Protocol

from django.db import connection, transaction
from django.http import HttpResponse

from orderwright.accounts.models import User
from tests.api.program import Program
from tests.web.conftest import Browser

Verdict = Literal["let in", "refused", "not there", "sign in first", "say again who you are", "failed"]

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE)\b", flags=re.IGNORECASE)
_ASKS: dict[str, Verdict] = {"/sign-in?": "sign in first", "/confirm?": "say again who you are"}


@contextmanager
def taken_back() -> Iterator[list[tuple[str, Any]]]:
    """Give the statements that write with their values, as they come, and take back at the end what they wrote.

    The desk begins and ends its own transactions within, for Django's TestCase marks its transaction in the same way.
    """
    written: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if _WRITES.match(sql):
            written.append((sql, params))
        return execute(sql, params, many, context)

    block = transaction.atomic()
    block._from_testcase = True
    with block, connection.execute_wrapper(note):
        yield written
        transaction.set_rollback(True)


class Asks(Protocol):
    """Somebody, or some program, that asks an address for something."""

    # Of the last answer.
    status: int

    def ask(self, method: str, address: str, sent: Any) -> Verdict:
        """Return what came of it."""


class Person:
    """Somebody at a browser. Pages and forms are asked for as htmx does, whose refusals come without the page's frame.

    Signed in once; what an answer does to the cookies is forgotten.
    """

    def __init__(self, user: User | None = None, *, is_confirmed: bool = True) -> None:
        self._browser = Browser(user, is_confirmed=is_confirmed)
        self._browser.client.raise_request_exception = False
        self.status = 0
        self._cookies = self._browser.client.cookies.output(header="", sep=";")

    def ask(self, method: str, address: str, sent: Any) -> Verdict:
        """Open the page, and the one that it leads to; or send the form. Return what came of it."""
        self._browser.client.cookies = SimpleCookie(self._cookies)
        ask = self._browser.tap if method == "POST" else self._browser.peek
        answer = ask(address, **sent)
        if asked := _asked(answer.headers.get("HX-Redirect", "") or answer.headers.get("Location", "")):
            return asked
        if method == "GET" and answer.status_code == 302:
            answer = self._browser.peek(answer["Location"])
        self.status = answer.status_code
        return _verdict(answer)


class Key:
    """A program with a key, or without one."""

    def __init__(self, key: str | None = None) -> None:
        self.status = 0
        self._program = Program(key)

    def ask(self, method: str, address: str, sent: Any) -> Verdict:
        """Send the request, and return what came of it."""
        answer = self._program.send(method, address, sent)
        self.status = answer.status
        return "sign in first" if answer.status == 401 else _of_status(answer.status)


def _asked(leads_to: str) -> Verdict | None:
    return next((verdict for start, verdict in _ASKS.items() if leads_to.startswith(start)), None)


def _verdict(answer: HttpResponse) -> Verdict:
    if answer.streaming:
        answer.close()
    return _of_status(answer.status_code)


def _of_status(status: int) -> Verdict:
    if status == 403:
        return "refused"
    if status == 404:
        return "not there"
    # A provider out of reach is answered with 503: the desk has done its part.
    return "failed" if status >= 500 and status != 503 else "let in"
