"""`orderwright gateway-selftest`: whether payment providers are ready, in plain lines and without moving money."""
# ruff: noqa: N999 - a command is called as its file is

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from orderwright.actions import selftest_provider
from orderwright.core.actor import SYSTEM
from orderwright.core.clock import now
from orderwright.payments.models import ProviderAccount

_MARKS = {"passed": "ok    ", "failed": "FAILED", "noted": "-     "}


class Command(BaseCommand):
    """Checks provider accounts: credentials, connection, clock, one look-up, and that forged notices are refused."""

    help = _("Check payment providers: credentials, connection, clock, one look-up, notices. No money moves.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "account", nargs="?", help=_("one account by its short name; unless given, all that are on")
        )
        parser.add_argument("--live-ok", action="store_true", help=_("call live accounts too"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print a line per check, never a secret. Exit code: 1 if anything failed."""
        accounts = list(self._accounts(options["account"]))
        failed = 0
        for account in accounts:
            mode = _("live") if account.is_live else _("test")
            self.stdout.write(f"{account.slug} ({account.name}, {mode})")
            checks = selftest_provider.run(account, is_live_ok=options["live_ok"], actor=SYSTEM, now=now())
            for check in checks:
                self.stdout.write(f"  {_MARKS[check.state]} {check.name}: {check.words}")
            failed += sum(check.state == "failed" for check in checks)
        if failed:
            raise SystemExit(1)
        self.stdout.write(_("Nothing failed."))

    def _accounts(self, slug: str | None) -> list[ProviderAccount]:
        if slug is None:
            return list(ProviderAccount.objects.filter(is_enabled=True).order_by("priority", "name"))
        account = ProviderAccount.objects.filter(slug=slug).first()
        if account is None:
            raise CommandError(_("There is no provider account %(slug)s.") % {"slug": slug})
        return [account]
