"""Seal every provider account's credentials with the first of this installation's keys, so that older ones can go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from orderwright.actions.provider_calls import stream_of_account
from orderwright.core.actor import Actor
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.payments.errors import CredentialsUnreadable
from orderwright.payments.models import ProviderAccount
from orderwright.payments.sealed import seal_anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """How many accounts were sealed anew, how many have nothing to seal, and the slugs of those that no key opens."""

    sealed: int
    empty: int
    unreadable: tuple[str, ...]


def run(*, actor: Actor, now: datetime) -> Resealed:
    """Seal anew, account by account; one that no key opens stays as it is and holds up no other.

    Effects: one short transaction per account, with a journal entry that holds nothing of the credentials.
    """
    sealed, empty, unreadable = 0, 0, []
    for account_id, slug in ProviderAccount.objects.order_by("pk").values_list("pk", "slug"):
        try:
            if in_write_transaction(partial(_seal, account_id, actor=actor, now=now)):
                sealed += 1
            else:
                empty += 1
        except CredentialsUnreadable:
            unreadable.append(slug)
    return Resealed(sealed=sealed, empty=empty, unreadable=tuple(unreadable))


def _seal(account_id: int, *, actor: Actor, now: datetime) -> bool:
    account = ProviderAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if account is None or not account.sealed_credentials:
        return False
    account.sealed_credentials = seal_anew(account.sealed_credentials)
    account.save(update_fields=["sealed_credentials"])
    append(
        stream=stream_of_account(account.pk),
        kind="provider_account.sealed_anew",
        actor=actor,
        now=now,
        before={"credentials": "sealed"},
        after={"credentials": "sealed anew"},
        version=account.version,
    )
    return True
