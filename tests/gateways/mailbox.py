"""A small HTTP listener that keeps what a provider sends by itself, as it came."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: headers by lower-case name, and the body's bytes."""

    headers: dict[str, str]
    body: bytes


class Mailbox:
    """Takes every message with `status` and hands it out; the messages of earlier tests may still come in."""

    def __init__(self) -> None:
        self._letters: list[Letter] = []
        self._came = threading.Condition()
        self.status = 202
        self.on_letter: Callable[[Letter], None] = lambda letter: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def empty(self) -> None:
        with self._came:
            self._letters.clear()
        self.status = 202
        self.on_letter = lambda letter: None

    @property
    def letters(self) -> list[Letter]:
        with self._came:
            return list(self._letters)

    def wait_for(self, is_it: Callable[[Letter], bool], *, count: int = 1, seconds: float = 10) -> list[Letter]:
        """Return the letters that are the ones, once there are `count` of them. Fails when they do not come."""
        until = time.monotonic() + seconds
        with self._came:
            while True:
                found = [letter for letter in self._letters if is_it(letter)]
                if len(found) >= count:
                    return found
                assert self._came.wait(until - time.monotonic()), f"{len(found)} of {count} messages came in time"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        mailbox = self

        class Taking(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                letter = Letter({name.lower(): value for name, value in self.headers.items()}, body)
                mailbox.on_letter(letter)
                with mailbox._came:
                    mailbox._letters.append(letter)
                    mailbox._came.notify_all()
                self.send_response(mailbox.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *said: Any) -> None:
                """Stay quiet."""

        return Taking
