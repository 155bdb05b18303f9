"""Seal credentials of providers and secrets of second factors with the first key, so that older ones can go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from allauth.mfa.models import Authenticator

from orderwright.actions.provider_calls import stream_of_account
from orderwright.core.actor import Actor
from orderwright.core.db import in_write_transaction
from orderwright.core.sealing import SealBroken, open_text, seal_text
from orderwright.journal.writes import append
from orderwright.orders.customer_keys import seal_keys_anew
from orderwright.payments.errors import CredentialsUnreadable
from orderwright.payments.models import ProviderAccount
from orderwright.payments.sealed import seal_anew

# Which second factors have a secret of ours, and how allauth calls it; a passkey's secret never leaves its device.
_SECRETS: Final = {"totp": "secret", "recovery_codes": "seed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """How many accounts, second factors and customers' keys were sealed anew, how many are empty, what no key opens."""

    sealed: int
    empty: int
    second_factors: int
    customers: int
    unreadable: tuple[str, ...]


def run(*, actor: Actor, now: datetime) -> Resealed:
    """Seal anew, account by account; one that no key opens stays as it is and holds up no other.

    Effects: one short transaction per account or second factor, with a journal entry that holds nothing of the secret.
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
    second_factors = 0
    for factor_id in Authenticator.objects.filter(type__in=_SECRETS).order_by("pk").values_list("pk", flat=True):
        try:
            second_factors += in_write_transaction(partial(_seal_factor, factor_id, actor=actor, now=now))
        except SealBroken:
            unreadable.append(f"second factor {factor_id}")
    customers, unopened = seal_keys_anew()
    unreadable += [f"customer key {key}" for key in unopened]
    return Resealed(
        sealed=sealed,
        empty=empty,
        second_factors=second_factors,
        customers=customers,
        unreadable=tuple(unreadable),
    )


def _seal_factor(factor_id: int, *, actor: Actor, now: datetime) -> bool:
    factor = Authenticator.objects.select_for_update().filter(pk=factor_id).first()
    if factor is None:
        return False
    name = _SECRETS[factor.type]
    factor.data[name] = seal_text(open_text(factor.data[name]))
    factor.save(update_fields=["data"])
    append(
        stream=f"user:{factor.user_id}",
        kind="user.second_factor_sealed_anew",
        actor=actor,
        now=now,
        before={"secret": "sealed"},
        after={"secret": "sealed anew"},
    )
    return True


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
