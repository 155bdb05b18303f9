"""Bytes on the wire: reading requests, writing answers, and hanging, dropping or breaking them as a fault says."""

import re
import selectors
import socket
import sqlite3
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from practice_provider import control, faces, routes
from practice_provider.answers import Answer, Reply, answer_of, refused
from practice_provider.faults import Fault
from practice_provider.overriding import override
from practice_provider.refusals import (
    BodyTooLarge,
    CrossSite,
    InvalidRequest,
    LengthRequired,
    MethodNotAllowed,
    Refusal,
)
from practice_provider.routes import Request
from practice_provider.words import gettext as _

if TYPE_CHECKING:
    from practice_provider.server import Listener

LARGEST_BODY = 64 * 1024  # no document of this interface comes near it
_MOST_DRAINED = 32 * 1024 * 1024  # read and thrown away, so that the caller of a large body sees the refusal
_LENGTH_DIGITS = 18  # more than any body has, and few enough to read
_CHUNK = 64 * 1024
_IDLE_S = 300  # a kept-alive connection without a request, or a caller that stops in the middle of one

_LOCAL_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?")  # a page that rebinds its own name is refused


class Conversation(BaseHTTPRequestHandler):
    """One caller's connection, kept alive from request to request."""

    server: "Listener"
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # else a broken request line would be answered in HTTP/0.9, without a status
    disable_nagle_algorithm = True
    timeout = _IDLE_S
    wbufsize = -1  # one packet per answer

    def do_GET(self) -> None:
        """Answer one request, whatever its method is."""
        try:
            request = self._read()
            self._check_origin(request)
            provider = self.server.provider
            found = control.answer(provider, request) or faces.answer(provider, request)
            reply = found or routes.answer(provider, request)
        except Refusal as refusal:
            reply = Reply(refused(refusal))
        except sqlite3.Error as unavailable:
            self.log_error("the file cannot be used: %s", unavailable)
            reply = Reply(_unavailable())
        try:
            self._deliver(reply)
        finally:
            reply.ended()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_GET  # noqa: N815 - not our names

    # Reading

    def _read(self) -> Request:
        body = self._read_body()
        path, _mark, query = self.path.partition("?")
        headers = {name.lower(): tuple(self.headers.get_all(name, ())) for name in self.headers}
        return Request(self.command, path, query, headers, body)

    def _read_body(self) -> bytes:
        length = self._body_length()
        if length > LARGEST_BODY:
            self._drain(length)
            raise BodyTooLarge(most=LARGEST_BODY)
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            raise InvalidRequest(_("The body is shorter than Content-Length says."))
        return body

    def _body_length(self) -> int:
        if self.headers.get("Transfer-Encoding") is not None:
            self.close_connection = True
            raise LengthRequired
        given = self.headers.get_all("Content-Length", ["0"])
        if len(given) > 1 or not given[0].isascii() or not given[0].isdigit() or len(given[0]) > _LENGTH_DIGITS:
            self.close_connection = True
            raise InvalidRequest(_("Content-Length has to be one whole number."))
        return int(given[0])

    def _drain(self, length: int) -> None:
        self.close_connection = True
        left = min(length, _MOST_DRAINED)
        while left > 0:
            chunk = self.rfile.read(min(_CHUNK, left))
            if not chunk:
                return
            left -= len(chunk)

    @override
    def handle_expect_100(self) -> bool:
        """Ask for the body only when it will be read."""
        try:
            too_large = self._body_length() > LARGEST_BODY
        except Refusal as refusal:
            self._write(refused(refusal))
            return False
        if too_large:
            self.close_connection = True
            self._write(refused(BodyTooLarge(most=LARGEST_BODY)))
            return False
        return super().handle_expect_100()

    def _check_origin(self, request: Request) -> None:
        """Refuse what a page of another site sent, and any name for this machine but its local ones."""
        host = request.header("host") or ""
        if not _LOCAL_HOST.fullmatch(host):
            raise CrossSite
        if request.method in ("GET", "HEAD"):
            return
        origin = request.header("origin")
        if origin is not None and origin != f"http://{host}":
            raise CrossSite
        if request.header("sec-fetch-site") not in (None, "same-origin", "none"):
            raise CrossSite

    # Answering

    def _deliver(self, reply: Reply) -> None:
        fault = reply.fault
        kind = fault.kind if fault else ""
        if kind in ("drop_before", "drop_after", "late_effect"):
            self.close_connection = True
            return
        if fault and kind in ("hang", "hang_before"):
            self._wait(fault)
            self.close_connection = True
            return
        if fault and kind == "late" and not self._wait(fault):
            self.close_connection = True
            return
        if kind == "truncated":
            self._write(reply.answer, cut_at=len(reply.answer.body) // 2)
        elif kind == "malformed":
            self._write(Answer(reply.answer.status, reply.answer.body[:-2], reply.answer.headers))
        elif kind in ("wrong_amount", "wrong_currency"):
            self._write(reply.wrong or reply.answer)
        else:
            self._write(reply.answer)

    def _wait(self, fault: Fault) -> bool:
        """Hold the socket for the fault's seconds; return False once the caller has gone or the provider stops."""
        until = time.monotonic() + fault.seconds
        with selectors.DefaultSelector() as watched:
            watched.register(self.connection, selectors.EVENT_READ)
            if not watched.select(max(0, until - time.monotonic())):
                return True
            if not self.connection.recv(1, socket.MSG_PEEK):
                return False
        return not self.server.stopping.wait(
            max(0, until - time.monotonic())
        )  # the caller sent its next request already

    def _write(self, answer: Answer, *, cut_at: int | None = None) -> None:
        self.send_response(answer.status)
        names = {name.lower() for name, _value in answer.headers}
        if "content-type" not in names and answer.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", "application/json")
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if "cache-control" not in names:
            self.send_header("Cache-Control", "no-store")
        if self.close_connection or cut_at is not None:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[:cut_at])
        self.wfile.flush()

    @override
    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer a request that is not HTTP/1.1 as spoken here; that is the caller's mistake, so it is always a 4xx."""
        self.close_connection = True
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._write(refused(MethodNotAllowed(allowed="GET, POST, DELETE")))
            return
        status = HTTPStatus.BAD_REQUEST if code >= HTTPStatus.INTERNAL_SERVER_ERROR else HTTPStatus(code)
        self._write(Answer(status, refused(InvalidRequest(status.phrase)).body))

    @override
    def version_string(self) -> str:
        """Return what the header Server says."""
        return "practice-provider"

    @override
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Stay quiet about every request; the effect log tells what moved."""

    @override
    def log_error(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Stay quiet about a connection that nobody used for long enough, and about what is answered with an error."""


def _unavailable() -> Answer:
    error = {"code": "unavailable", "message": _("The provider cannot use its file at the moment.")}
    return answer_of(503, {"error": error}, headers=(("Retry-After", "1"),))
