"""The demo's mail server: takes every mail, keeps none, refuses who is made up to be unreachable."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from orderwright.cli.demo_data.particular import GONE_DOMAIN

logger = logging.getLogger(__name__)


class Catcher:
    """Answers the conversations of the mail server and counts what it took."""

    def __init__(self) -> None:
        """Begin with nothing caught."""
        self.caught = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient, or refuse one who is said to have moved away."""
        if address.lower().endswith(f"@{GONE_DOMAIN}"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take the mail and let it go: the portal's Emails page shows it as it was sent."""
        self.caught += 1
        logger.info("mail %s caught", self.caught)
        return "250 Caught; it goes no further"


@contextmanager
def mail_catcher(*, port: int) -> Iterator[Catcher]:
    """Catch mail at this port of 127.0.0.1, in a thread of this process."""
    catcher = Catcher()
    controller = Controller(catcher, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield catcher
    finally:
        controller.stop()
