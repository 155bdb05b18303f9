"""An order to write about, a mail server to send to, and mails in the outbox."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from orderwright.actions import send_mail
from orderwright.core.db import in_write_transaction
from orderwright.outbox.writes import enqueue_mail
from tests.outbox.mail_server import MailServer, mail_server


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """Run the mail server that the desk sends to."""
    with mail_server() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def enqueue(order: Any, now: datetime) -> Callable[..., Any]:
    """Put a mail about the sample order into the outbox and return its row."""
    return partial(_enqueue, order=order, now=now)


def _enqueue(*, order: Any, now: datetime, **changes: Any) -> Any:
    facts = {
        "order_id": order.id,
        "kind": "order_canceled",
        "sender": "Cozy Home US <orders@cozy-home.example.com>",
        "recipient": "bob.norman@mail.example.com",
        "subject": "Your order is canceled",
        "text": "Hello Bob Norman,",
        "html": "<p>Hello Bob Norman,</p>",
        "now": now,
        **changes,
    }
    return in_write_transaction(lambda: enqueue_mail(**facts))


@pytest.fixture
def send(now: datetime) -> Callable[..., int]:
    """Let a worker look after the mail that is due longest, at a given time."""

    def run(*, at: datetime = now, worker: str = "first worker") -> int:
        return send_mail.run(now=at, worker=worker, randomness=random.Random(1))

    return run
