"""A mail server on this machine that answers as a test wants it to."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

ACCEPTED = "250 Accepted"
HANG = "hang"
BREAK_OFF = "break off"


class MailServer:
    """Keeps every message that it was given whole, and answers DATA and RCPT as told, one answer per conversation."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.to_recipients: list[str] = []
        self.to_data: list[str] = []
        self.before_taking_recipient: Callable[[], None] = lambda: None
        self.before_answering: Callable[[], None] = lambda: None

    @property
    def message_ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.before_taking_recipient()
        answer = self.to_recipients.pop(0) if self.to_recipients else ACCEPTED
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self.to_data.pop(0) if self.to_data else ACCEPTED
        if answer == HANG:
            await asyncio.sleep(3600)
        if answer == BREAK_OFF:
            server.transport.abort()
        if answer == ACCEPTED:
            assert isinstance(envelope.content, bytes)
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients.append(list(envelope.rcpt_tos))
        self.before_answering()
        return answer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server in a thread, on a free port of 127.0.0.1."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = MailServer(listening.getsockname()[1])
    loop = asyncio.new_event_loop()

    async def serve() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(server, hostname="mail.example", loop=loop), sock=listening)

    thread = threading.Thread(target=loop.run_forever, name="mail-server", daemon=True)
    thread.start()
    listener = asyncio.run_coroutine_threadsafe(serve(), loop).result(5)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(listener), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _end(listener: asyncio.Server) -> None:
    listener.close()
    conversations = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in conversations:
        task.cancel()
    await asyncio.gather(*conversations, return_exceptions=True)
