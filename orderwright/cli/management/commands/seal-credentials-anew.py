"""`orderwright seal-credentials-anew`: after a new sealing key was put first, let go of the older ones."""
# ruff: noqa: N999 - a command is called as its file is

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import seal_credentials_anew
from orderwright.core.actor import SYSTEM
from orderwright.core.clock import now


class Command(BaseCommand):
    """Seals credentials of provider accounts and secrets of second factors with the first of SECRET_SEALING_KEYS."""

    help = _("Seal providers' credentials and second factors with the first of SECRET_SEALING_KEYS.")

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print how many were sealed anew. Exit code: 1 if there are any that no key opens."""
        done = seal_credentials_anew.run(actor=SYSTEM, now=now())
        sealed = ngettext("%(n)s account sealed anew", "%(n)s accounts sealed anew", done.sealed) % {"n": done.sealed}
        empty = ngettext("%(n)s without credentials", "%(n)s without credentials", done.empty) % {"n": done.empty}
        factors = ngettext("%(n)s second factor", "%(n)s second factors", done.second_factors) % {
            "n": done.second_factors
        }
        customers = ngettext("%(n)s customer’s key", "%(n)s customers’ keys", done.customers) % {"n": done.customers}
        self.stdout.write(f"{sealed}, {empty}; {factors}; {customers}.")
        for slug in done.unreadable:
            self.stdout.write(_("%(account)s: no key of SECRET_SEALING_KEYS opens it.") % {"account": slug})
        if done.unreadable:
            raise SystemExit(1)
