"""Starting and stopping the provider: the listening socket, its threads and its file; what it answers is elsewhere."""

import contextlib
import socket
import socketserver
import sqlite3
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from practice_provider.faces import VOICES
from practice_provider.http import Conversation
from practice_provider.overriding import override
from practice_provider.provider import Provider

HOST = "127.0.0.1"  # the provider practises: nobody but this machine may reach it
_NOTICES_S = 0.05  # how soon after their time notices go out
_POLL_S = 0.02  # how long stopping may take


class Listener(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The listening socket; each connection has a thread of its own, so that one that hangs holds up nobody."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128  # many clients of a test connect in the same instant

    def __init__(self, provider: Provider, *, port: int) -> None:
        """Bind to the port on this machine; 0 chooses a free one."""
        self.provider = provider
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__((HOST, port), Conversation)

    @property
    def url(self) -> str:
        """Return the address under which the provider answers."""
        return f"http://{HOST}:{self.server_address[1]}"

    @override
    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        """Keep the connection in mind, so that stopping ends it."""
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    @override
    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        """Close a connection."""
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_conversations(self) -> None:
        """Cut every connection that is still open, also those that a fault makes hang."""
        self.stopping.set()
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet about callers that went away; anything else is a mistake of ours and is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class RunningProvider:
    """A provider that answers in a thread of this process."""

    url: str
    provider: Provider
    listener: Listener

    def stop(self) -> None:
        """End every connection and close the file; what was answered stays in it."""
        self.listener.shutdown()
        self.listener.end_conversations()
        self.listener.server_close()
        self.provider.close()


def start(
    data_path: Path | str, port: int = 0, *, machine_clock: Callable[[], datetime] | None = None
) -> RunningProvider:
    """Start a provider in a daemon thread; its connections have daemon threads too.

    Effects: makes the file and its folder when they are missing. ``machine_clock`` replaces the clock under the
    virtual one.
    """
    Path(data_path).parent.mkdir(parents=True, exist_ok=True)
    provider = Provider(data_path, machine_clock=machine_clock, faces=VOICES)
    try:
        listener = Listener(provider, port=port)
    except OSError:
        provider.close()
        raise
    threading.Thread(
        target=listener.serve_forever, kwargs={"poll_interval": _POLL_S}, name="practice-provider", daemon=True
    ).start()
    threading.Thread(target=_send_notices, args=(provider, listener), name="practice-notices", daemon=True).start()
    return RunningProvider(listener.url, provider, listener)


def _send_notices(provider: Provider, listener: Listener) -> None:
    """Send notices as they come due, until the provider stops."""
    while not listener.stopping.wait(_NOTICES_S):
        with contextlib.suppress(sqlite3.Error):
            provider.send_notices()
