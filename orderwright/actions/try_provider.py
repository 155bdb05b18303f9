"""Try now: one harmless question to a provider, which also ends its rest when it answers (W8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks, require
from orderwright.actions.provider_calls import look_up, stream_of_account, turn_token
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append
from orderwright.payments.accounts import force_turn, lock_breaker
from orderwright.payments.errors import (
    CredentialsUnreadable,
    GatewayMissing,
    ProviderAccountNotFound,
    ProviderUnreachable,
)
from orderwright.payments.gateways.registry import gateway_for, gateway_kind
from orderwright.payments.models import Payment, ProviderAccount
from orderwright.reads.provider_accounts import ProviderAccountRow

# Asked for where no payment is known yet: no provider has it, and that it says so is answer enough.
UNKNOWN_REFERENCE = "orderwright-trial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it. `worked`: the provider answered and takes the credentials. `words` are fit for a person."""

    worked: bool
    was_asked: bool
    words: str


def availability(account: ProviderAccountRow, actor: Actor) -> Availability:
    """Return whether there is anything to try: a provider to ask, or a rest to end."""
    refusal = lacks(actor, "providers.edit")
    if refusal is not None:
        return refusal
    if gateway_kind(account.kind).can_be_asked or account.breaker.opened_at is not None:
        return allowed()
    return refused("provider_cannot_be_asked", _("Nobody can be asked here, so there is nothing to try."))


def run(*, slug: str, actor: Actor, now: datetime) -> Trial:
    """Ask the provider about one payment, whether the account rests or not, and return what came of it.

    No money moves. Where nobody can be asked, the rest ends at once, and the next call that waits is the trial.
    Raises: Conflict with the reason of `availability`; ProviderAccountNotFound; Refused.
    Effects: an answer closes the breaker, with a journal entry; none counts as a failure.
    """
    require(actor, "providers.edit")
    account = ProviderAccount.objects.filter(slug=slug).first()
    if account is None:
        raise ProviderAccountNotFound(_("There is no such provider account."), facts={"provider_account": slug})
    if not gateway_kind(account.gateway).can_be_asked:
        return _end_rest(account, actor=actor, now=now)
    return ask(account, actor=actor, now=now)


def ask(account: ProviderAccount, *, actor: Actor, now: datetime) -> Trial:
    """Ask about the newest payment of the account, or about one that nobody has. Effects: as `run`."""
    try:
        gateway_for(account)
    except (CredentialsUnreadable, GatewayMissing) as error:
        return Trial(worked=False, was_asked=False, words=error.message)
    known = Payment.objects.filter(account=account).order_by("-pk").values_list("reference", flat=True).first()
    who = turn_token()
    force_turn(account, who=who, now=now)
    account.refresh_from_db()
    try:
        look_up(account, known or UNKNOWN_REFERENCE, who=who, now=now, actor=actor)
    except ProviderUnreachable as error:
        return _without_usable_answer(error, known=known)
    return Trial(worked=True, was_asked=True, words=_("It answered, and knows the newest payment."))


def _without_usable_answer(error: ProviderUnreachable, *, known: str | None) -> Trial:
    status = error.facts.get("status")
    if status == HTTPStatus.NOT_FOUND:
        said = _("It answered, and does not know the newest payment: is it the right account?")
        words = said if known else _("It answered. No payment is known yet that could be looked up.")
        return Trial(worked=not known, was_asked=True, words=words)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        words = _("It answered, and does not take the credentials (%(status)s).") % {"status": status}
        return Trial(worked=False, was_asked=True, words=words)
    return Trial(worked=False, was_asked=True, words=error.message)


def _end_rest(account: ProviderAccount, *, actor: Actor, now: datetime) -> Trial:
    def change() -> bool:
        row = lock_breaker(account.pk)
        if row is None or row.opened_at is None:
            return False
        before = {"breaker": "open", "next_try_at": row.next_try_at.isoformat() if row.next_try_at else None}
        ProviderAccount.objects.filter(pk=row.pk).update(next_try_at=now, tried_by="")
        append(
            stream=stream_of_account(row.pk),
            kind="provider_account.rest_ended",
            actor=actor,
            now=now,
            before=before,
            after={"breaker": "half_open", "next_try_at": now.isoformat()},
            version=row.version,
        )
        return True

    if not in_write_transaction(change):
        reason = _("Nobody can be asked here, so there is nothing to try.")
        refused("provider_cannot_be_asked", reason).require()
    words = _("Nobody can be asked here. The next call that waits is sent as a trial.")
    return Trial(worked=False, was_asked=False, words=words)
