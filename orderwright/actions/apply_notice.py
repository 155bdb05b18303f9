"""Act on what a provider told by itself: read the payment, or take its word where it cannot be asked (FW1, FW2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from orderwright.actions.book_differences import book, settle
from orderwright.actions.provider_calls import look_up, next_turn, turn_token
from orderwright.core.actor import Actor
from orderwright.payments import notices
from orderwright.payments.accounts import take_turn
from orderwright.payments.drift import booked_names
from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import Failed, Movement, Observed
from orderwright.payments.models import Operation, Payment, ProviderNotice
from orderwright.payments.rules import TAKES_BACK
from orderwright.payments.states import TAKEN_BACK, UNDER_WAY

# Longer than one look-up may take; then another worker may try.
PATIENCE: Final = timedelta(seconds=90)


def run(*, notice_id: int, now: datetime) -> str:
    """Act on one notice and return what became of it: applied, later, or taken when somebody else is at it.

    Order and repetition do not matter: what is read is how the payment stands now, and a movement that is told is
    posted once by its reference. A payment that is not known yet may still be handed in, so the notice waits for it.
    While the provider account rests, the notice waits, and no try is spent.
    Effects: those of `book_differences`; the notice and the hints that came before the look are closed.
    """
    notice = notices.take(notice_id, now=now, patience=PATIENCE)
    if notice is None:
        return "taken"
    payment = (
        Payment.objects.select_related("account", "order")
        .filter(account=notice.account, reference=notice.reference)
        .first()
    )
    if payment is None:
        notices.postpone(notice, now=now, in_the_end="unmatched")
        return "later"
    told = notices.told_by(notice)
    if _is_too_early(payment, told) and not _is_overtaken(notice, told):
        notices.postpone(notice, now=now, in_the_end="stuck")
        return "later"
    who = turn_token()
    if told is None and not take_turn(payment.account, who=who, now=now):
        notices.let_rest(notice, until=next_turn(payment.account, now=now))
        return "later"
    asked_after = frozenset(booked_names(payment.pk))
    try:
        observed = _ask(payment, who, now) if told is None else _as_told(payment, notice, told)
    except ProviderUnreachable:
        notices.postpone(notice, now=now, in_the_end="stuck")
        return "later"
    if not _is_overtaken(notice, told):
        settle(payment, observed, now=now)
        payment.refresh_from_db()
        book(
            number=payment.order.number,
            payment_id=payment.pk,
            observed=observed,
            asked_after=asked_after,
            actor=Actor(kind="provider", ref=payment.account.slug, name=payment.account.name),
            now=now,
            is_booking=True,
        )
    if told is None:
        notices.hints(notice, until=now).update(state="applied", due_at=None)
    notices.close(notice, state="applied")
    return "applied"


def _ask(payment: Payment, who: str, now: datetime) -> Observed:
    return look_up(payment.account, payment.reference, who=who, now=now)


def _as_told(payment: Payment, notice: ProviderNotice, told: Movement | Failed) -> Observed:
    """Return the one thing that was told in the shape of an answer, which says nothing of all else."""
    moved = () if isinstance(told, Failed) else _with_amount(payment, told)
    refusal = told if isinstance(told, Failed) else None
    if isinstance(told, Movement) and told.kind in TAKES_BACK:
        # Where it was not told before that it went well, this is how the call ended.
        refusal = Failed(code=TAKEN_BACK, message="The provider accepted it, and could not carry it out.")
    return Observed(
        reference=payment.reference,
        currency=payment.currency,
        authorised_minor=payment.authorised_minor,
        expires_at=None,
        movements=moved,
        refused={notice.key: refusal} if refusal is not None and notice.key else {},
        is_whole=False,
    )


def _with_amount(payment: Payment, told: Movement) -> tuple[Movement, ...]:
    """Return what was told; a reversal that no call of ours asked for let go of all that was left, if anything was."""
    if told.kind != "reverse" or told.amount_minor or told.key:
        return (told,)
    payment.refresh_from_db()
    under_way = Operation.objects.filter(payment=payment, kind="capture", state__in=UNDER_WAY)
    left = payment.authorised_minor - payment.captured_minor - payment.released_minor
    left -= sum(under_way.values_list("amount_minor", flat=True))
    known = booked_names(payment.pk)
    return (replace(told, amount_minor=left),) if left and (told.kind, told.provider_ref) not in known else ()


def _is_too_early(payment: Payment, told: Movement | Failed | None) -> bool:
    """Return whether it was told what a capture let go of, and that capture is not in the books yet."""
    return (
        isinstance(told, Movement)
        and told.kind == "reverse"
        and bool(told.parent_ref)
        and ("capture", told.parent_ref) not in booked_names(payment.pk)
    )


def _is_overtaken(notice: ProviderNotice, told: Movement | Failed | None) -> bool:
    """Return whether it was told already that this went wrong in the end: then that it went well first is no news."""
    if not isinstance(told, Movement):
        return False
    is_rest = told.kind == "reverse" and bool(told.parent_ref)  # let go of with a capture, and moot without it
    kind, reference = ("capture", told.parent_ref) if is_rest else (told.kind, told.provider_ref)
    taken_back = [undoing for undoing, undone in TAKES_BACK.items() if undone == kind]
    return ProviderNotice.objects.filter(
        account_id=notice.account_id,
        reference=notice.reference,
        movement__in=taken_back,
        parent_ref=reference,
    ).exists()
