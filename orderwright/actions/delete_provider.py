"""Delete a provider account at which no payment is kept (W8)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext

from orderwright.actions.permission import lacks, require
from orderwright.actions.provider_calls import stream_of_account
from orderwright.actions.provider_fields import lock_account
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.payments.errors import ProviderAccountInUse
from orderwright.payments.models import Payment, ProviderNotice, ProviderSweep
from orderwright.reads.provider_accounts import ProviderAccountRow

_KEPT_IN_JOURNAL = ("name", "gateway", "is_live", "is_enabled", "priority", "base_url")


def availability(account: ProviderAccountRow, actor: Actor) -> Availability:
    """Return whether this actor may delete the account now."""
    refusal = lacks(actor, "providers.edit")
    if refusal is not None:
        return refusal
    if account.payments:
        return refused(ProviderAccountInUse.code, _in_use(account.payments), payments=account.payments)
    return allowed()


def run(*, slug: str, actor: Actor, now: datetime) -> None:
    """Delete the account with its credentials, and with what was told there about payments that nobody handed in.

    Raises: ProviderAccountInUse; ProviderAccountNotFound; Refused. Effects: the row goes, one journal entry stays.
    """
    require(actor, "providers.edit")

    def change() -> None:
        account = lock_account(slug)
        payments = Payment.objects.filter(account=account).count()
        if payments:
            raise ProviderAccountInUse(_in_use(payments), facts={"payments": payments})
        before = {name: getattr(account, name) for name in _KEPT_IN_JOURNAL} | {"slug": slug}
        append(
            stream=stream_of_account(account.pk),
            kind="provider_account.deleted",
            actor=actor,
            now=now,
            before=before,
            after=dict.fromkeys(before),
            version=account.version + 1,
        )
        ProviderSweep.objects.filter(account=account).delete()
        ProviderNotice.objects.filter(account=account).delete()
        account.delete()

    in_write_transaction(change)


def _in_use(payments: int) -> str:
    text = ngettext("%(count)d payment is kept there.", "%(count)d payments are kept there.", payments)
    return text % {"count": payments}
