"""`orderwright verify`: recompute what must always hold, and say what does not."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from orderwright.actions.compare_with_providers import differences
from orderwright.core import clock
from orderwright.journal.models import Entry
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

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what is wrong, one sentence a line. Exit code: 1 if anything is."""
        found = violations()
        if options["providers"]:
            found += differences(now=clock.now())
        for sentence in found:
            self.stdout.write(sentence)
        counts = ", ".join(f"{count()} {words}" for words, count in _COUNTED.items())
        self.stdout.write(_("Checked %(counts)s.") % {"counts": counts})
        if found:
            raise SystemExit(1)
        self.stdout.write(_("Nothing is wrong."))
