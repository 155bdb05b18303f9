"""`orderwright export`: the ledger as a file for finance, the same that portal and API give."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from orderwright.actions import export_ledger
from orderwright.core import clock
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import OrderwrightError
from orderwright.reads.ledger_scope import LedgerQuery


class Command(BaseCommand):
    """Writes an export. The file is there whole or not at all."""

    help = _("Write the ledger to a file: by day, or transaction by transaction.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        what = parser.add_subparsers(dest="what", required=True, metavar="what")
        ledger = what.add_parser("ledger", help=_("what moved by day, provider account and currency"))
        ledger.add_argument("--from", dest="first", default="", help=_("first day, such as 2026-11-01"))
        ledger.add_argument("--to", dest="last", default="", help=_("last day, included (default: today)"))
        ledger.add_argument("--site", default="", help=_("slug of a site (default: all)"))
        ledger.add_argument("--provider", default="", help=_("slug of a provider account (default: all)"))
        ledger.add_argument("--detail", action="store_true", help=_("every transaction instead of sums by day"))
        ledger.add_argument("--format", choices=export_ledger.FILE_TYPES, default="csv")
        ledger.add_argument("--output", required=True, help=_("the file, or - for standard output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file and say so on standard error. Errors: CommandError; nothing is written then."""
        query = LedgerQuery(
            first=options["first"], last=options["last"], site=options["site"], provider=options["provider"]
        )
        with tempfile.TemporaryFile() as target:
            try:
                made = export_ledger.run(
                    query,
                    form="transactions" if options["detail"] else "days",
                    file_type=options["format"],
                    target=target,
                    actor=SYSTEM,
                    now=clock.now(),
                )
            except OrderwrightError as error:
                raise CommandError(f"{error.message} ({error.code})") from error
            target.seek(0)
            _put(target, options["output"])
        said = _("%(name)s: %(count)s ledger transactions.")
        self.stderr.write(said % {"name": made.file_name, "count": made.transactions})


def _put(source: BinaryIO, output: str) -> None:
    if output == "-":
        shutil.copyfileobj(source, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    wanted = Path(output)
    try:
        # Beside the file, so that it takes its place in one step.
        with tempfile.NamedTemporaryFile(dir=wanted.parent, prefix=f".{wanted.name}.", delete=False) as beside:
            shutil.copyfileobj(source, beside)
        Path(beside.name).chmod(0o666 & ~_umask())
        Path(beside.name).replace(wanted)
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be written: %(reason)s.") % {"file": output, "reason": error.strerror}
        ) from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
