"""`orderwright import`: orders from a file of another platform, taken in through the action that the API uses."""
# ruff: noqa: N999 - a command is called as its file is

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from orderwright.actions import take_in_order
from orderwright.actions.shopify_order import MappedOrder, MappingProblem, decode, order_documents
from orderwright.core import clock
from orderwright.core.actor import Actor
from orderwright.core.errors import Invalid, OrderwrightError
from orderwright.reads.sites import list_sites

_IMPORTER = Actor(kind="rule", ref="import.shopify", name="Shopify import")
_NEW, _KNOWN, _REFUSED = "taken in", "here already", "not taken in"


class Command(BaseCommand):
    """Takes in orders from a file. Each order stands for itself: one with a problem leaves nothing behind."""

    help = _("Take in orders from a file of another platform.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        formats = parser.add_subparsers(dest="format", required=True, metavar="format")
        shopify = formats.add_parser("shopify-order", help=_("orders as Shopify's admin REST API gives them, in JSON"))
        shopify.add_argument("file", help=_("the file, or - for standard input"))
        shopify.add_argument("--site", help=_("slug of the site they belong to; needless while there is only one"))
        shopify.add_argument("--provider", default="shopify", help=_("slug of the account their payments belong to"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Report on every order. Exit code: 1 if any was not taken in."""
        site = options["site"] or _only_site()
        try:
            payload = decode(_read(options["file"]))
        except Invalid as error:
            raise CommandError(error.message) from error
        outcomes = Counter(
            self._take_in(found) for found in order_documents(payload, site=site, provider=options["provider"])
        )
        summary = ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in (_NEW, _KNOWN, _REFUSED))
        self.stdout.write(_("Orders: %(summary)s.") % {"summary": summary})
        if outcomes[_REFUSED]:
            raise SystemExit(1)

    def _take_in(self, found: MappedOrder | MappingProblem) -> str:
        title = found.name or found.external_id or _("(no name)")
        if isinstance(found, MappingProblem):
            return self._refuse(title, [(fault.pointer, fault.code, fault.message) for fault in found.faults])
        try:
            taken_in = take_in_order.run(document=found.document, actor=_IMPORTER, now=clock.now())
        except Invalid as error:
            fields = [(field.pointer, field.code, field.message) for field in error.fields]
            return self._refuse(title, fields or [("", error.code, error.message)])
        except OrderwrightError as error:
            return self._refuse(title, [("", error.code, error.message)])
        outcome = _NEW if taken_in.is_new else _KNOWN
        self.stdout.write(f"{title}: {outcome} as #{taken_in.number}")
        for warning in found.warnings:
            self.stdout.write(_("  note  %(at)s: %(what)s") % {"at": warning.pointer or "/", "what": warning.message})
        return outcome

    def _refuse(self, title: str, faults: list[tuple[str, str, str]]) -> str:
        self.stdout.write(f"{title}: {_REFUSED}")
        for pointer, code, message in faults:
            self.stdout.write(f"  {pointer or '/'}: {message} ({code})")
        return _REFUSED


def _only_site() -> str:
    sites = list_sites(actor=_IMPORTER)
    if len(sites) != 1:
        slugs = ", ".join(site.slug for site in sites) or _("none yet")
        raise CommandError(_("Say which site they belong to with --site; there are: %(slugs)s.") % {"slugs": slugs})
    return sites[0].slug


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(reason)s.") % {"file": file, "reason": error.strerror}
        ) from error
