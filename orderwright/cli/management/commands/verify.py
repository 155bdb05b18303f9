"""`orderwright verify`: recompute what must always hold, and say what does not."""

from __future__ import annotations

import email.policy
from argparse import ArgumentParser
from email import message_from_bytes
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from orderwright.actions.compare_with_providers import differences
from orderwright.core import clock
from orderwright.journal.heads import HeadUnreadable, SignedHead, read_head
from orderwright.journal.models import Entry
from orderwright.journal.roots import head_faults
from orderwright.orders.models import Order
from orderwright.payments.models import LedgerTransaction, Operation, Payment
from orderwright.reads.invariants import violations
from orderwright.shipping.models import Shipment

# What is counted, so that "nothing wrong" is not said of an empty database by mistake.
_COUNTED = {
    "orders": Order.objects.count,
    "shipments": Shipment.objects.count,
    "payments": Payment.objects.count,
    "operations": Operation.objects.count,
    "ledger transactions": LedgerTransaction.objects.count,
    "journal entries": Entry.objects.count,
}


class Command(BaseCommand):
    """Checks the books: the journal's chains, the ledger's sums, cached columns and the invariants I1 to I10."""

    help = _("Recompute the journal's chains, the ledger's sums and every cached column, and say what is wrong.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--providers", action="store_true", help=_("compare every payment with its provider too; asks each once")
        )
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="FILE",
            help=_("a signed head kept elsewhere, as fetched or as mailed; may be given several times"),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what is wrong, one sentence a line. Exit code: 1 if anything is. Errors: CommandError for a head."""
        outside = [_head(Path(name)) for name in options["head"]]
        found = violations()
        if outside:
            found = list(dict.fromkeys([*found, *(f"I10: {fault}" for fault in head_faults(outside=outside))]))
        if options["providers"]:
            found += differences(now=clock.now())
        for sentence in found:
            self.stdout.write(sentence)
        counts = ", ".join(f"{count()} {words}" for words, count in _COUNTED.items())
        self.stdout.write(_("Checked %(counts)s.") % {"counts": counts})
        for head in outside:
            said = _("Compared with head %(number)s of %(at)s, kept outside, over %(entries)s entries.")
            self.stdout.write(
                said % {"number": head.number, "at": f"{head.at:%Y-%m-%d %H:%M} UTC", "entries": head.entries}
            )
        if found:
            raise SystemExit(1)
        self.stdout.write(_("Nothing is wrong."))


def _head(file: Path) -> SignedHead:
    try:
        return read_head(_told(file.read_bytes()))
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(reason)s.") % {"file": file, "reason": error.strerror}
        ) from error
    except HeadUnreadable as error:
        raise CommandError(_("%(file)s is no signed head: %(reason)s.") % {"file": file, "reason": error}) from error


def _told(content: bytes) -> str:
    """Return the text of the file; of a saved mail, the text that its sender wrote."""
    mail = message_from_bytes(content, policy=email.policy.default)
    body = mail.get_body(("plain",)) if mail.get("Message-ID") else None
    return str(body.get_content()) if body is not None else content.decode(errors="replace")
