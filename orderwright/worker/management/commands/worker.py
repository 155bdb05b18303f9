"""`orderwright worker`: the loop as a process, stopped by SIGTERM or Ctrl-C."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from orderwright.worker.duties import duties
from orderwright.worker.loop import Loop

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Looks after due operations and mail."""

    help = _("Look after due operations and mail until told to stop.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--once", action="store_true", help=_("end as soon as nothing is due"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until SIGTERM or Ctrl-C; the row at hand is brought to its end first."""
        # Two workers of one name would take each other's leases for their own.
        name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        loop = Loop(duties(worker=name))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: loop.stop())
        logger.info("worker %s begins", name)
        if options["once"]:
            loop.run_once()
        else:
            loop.run()
