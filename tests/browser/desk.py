"""Portal and API on a socket of 127.0.0.1, in threads of the test's own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application


class Quiet(WSGIRequestHandler):
    """Answers requests without writing a line for each."""

    def log_message(self, *_args: Any) -> None:
        """Keep still."""


class Server(ThreadedWSGIServer):
    """A thread per request, joined at the end, so that none is left with the next test's database."""

    daemon_threads = False

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """Keep still: a browser that is closed in the middle of an answer is no fault of the desk's."""


@contextmanager
def serve() -> Iterator[str]:
    """Serve until the block ends, and give the address."""
    server = Server(("127.0.0.1", 0), Quiet, allow_reuse_address=True)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="desk")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
