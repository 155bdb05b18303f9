"""The demo's mail server: takes every mail into a folder, refuses who is made up to be unreachable."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from orderwright.cli.demo_data.particular import GONE_DOMAIN

logger = logging.getLogger(__name__)

# More is no help to whoever looks for the mail that they have just caused.
KEPT: Final = 200


class Catcher:
    """Answers the conversations of the mail server, counts what it took and keeps the newest of it.

    Shape: one file per mail as it came, `000042.eml`, numbered on from those that stand in the folder already.
    """

    def __init__(self, folder: Path) -> None:
        """Begin with nothing caught. Effects: the folder, for its owner's eyes alone."""
        self.caught = 0
        self._folder = folder
        # A mail may let its reader in as somebody else, as an invitation does.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._last = max((int(file.stem) for file in self._files()), default=0)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient, or refuse one who is said to have moved away."""
        if address.lower().endswith(f"@{GONE_DOMAIN}"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take the mail and write it down. The Emails page shows it too, but for words that let their reader in."""
        file = self._write(envelope.original_content or b"")
        self.caught += 1
        logger.info("mail %s caught: %s", self.caught, file)
        return "250 Caught; it goes no further"

    def _write(self, content: bytes) -> Path:
        self._last += 1
        file = self._folder / f"{self._last:06}.eml"
        # Opened with its final mode, so that nobody else can read it in between.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as output:
            output.write(content)
        for old in self._files():
            if int(old.stem) <= self._last - KEPT:
                old.unlink()
        return file

    def _files(self) -> list[Path]:
        return [file for file in self._folder.glob("*.eml") if file.stem.isdecimal()]


@contextmanager
def mail_catcher(*, port: int, folder: Path) -> Iterator[Catcher]:
    """Catch mail at this port of 127.0.0.1 into this folder, in a thread of this process."""
    catcher = Catcher(folder)
    controller = Controller(catcher, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield catcher
    finally:
        controller.stop()
