"""Accept or Investigate: a person decides on a difference between a provider and our books (I16)."""

# ruff: noqa: D102 - what a fact is, its name says

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, Protocol

from django.utils.translation import gettext as _

from orderwright.actions.book_differences import book_movement, drift_facts, found_fact
from orderwright.actions.operation_facts import asked_by
from orderwright.actions.permission import lacks
from orderwright.actions.provider_calls import stream_of_account
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.text import clean_text
from orderwright.journal.writes import Fact, append, append_all
from orderwright.orders.models import Order
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.payments import drift, ledger
from orderwright.payments.accounts import lock_breaker
from orderwright.payments.comparison import Difference, Room
from orderwright.payments.errors import DriftChanged, DriftNotFound, NeedsSecondPerson
from orderwright.payments.models import Drift, LedgerTransaction, Operation, Payment
from orderwright.payments.states import DRIFT_UNDECIDED

LONGEST_NOTE: Final = 300  # what the column holds
Decision = Literal["accept", "investigate"]


class DriftFacts(Protocol):
    """One difference as it stands: a row of Provider drift, or the row itself under the lock."""

    @property
    def site_id(self) -> int | None: ...
    @property
    def state(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def there_minor(self) -> int | None: ...
    @property
    def here_minor(self) -> int | None: ...
    @property
    def currency(self) -> str: ...


def availability(row: DriftFacts, actor: Actor) -> Availability:
    """Return whether this person may decide on the difference."""
    refusal = lacks(actor, "payments.settle", row.site_id)
    if refusal is not None:
        return refusal
    if row.state not in DRIFT_UNDECIDED:
        return refused("drift_decided", _("This difference is decided already."))
    return allowed()


def can_be_booked(row: DriftFacts, *, currency: str, room: Room) -> bool:
    """Return whether accepting would book the movement. Unit: minor units of the payment's currency. Source: I1."""
    if row.there_minor is None or row.here_minor is not None or row.currency != currency:
        return False
    return 1 <= row.there_minor <= room.of(row.kind)


def run(
    *, drift_id: int, decision: Decision, actor: Actor, now: datetime, note: str = "", books: bool | None = None
) -> bool:
    """Decide on a difference, and return whether the movement was booked.

    `books` is what the person was told that accepting would do; when it would do the other by now, it is refused.
    Accepting books what can be booked, marked as the provider's; what cannot be booked is closed with the note as the
    reason. Investigating keeps it open under a note.
    Raises: DriftChanged; DriftNotFound; NeedsSecondPerson; Invalid at /note where a note is needed; Conflict with the
    reason of `availability`; Refused.
    Effects: the row, perhaps the ledger and the order's standing, the journal.
    """

    def change() -> bool:
        listed = Drift.objects.filter(pk=drift_id, account__isnull=False).values_list("account_id", flat=True).first()
        if listed is not None:
            _decide_listed(drift_id, listed, decision=decision, note=note, books=books, actor=actor, now=now)
            return False
        order, row, payment = _lock(drift_id, actor)
        availability(row, actor).require()
        _require_second_person(row, actor)
        is_booking = decision == "accept" and _is_bookable(row, payment)
        _require_as_told(decision, books, is_booking=is_booking)
        said = clean_text(note, pointer="/note", longest=LONGEST_NOTE, required=not is_booking)
        facts = []
        if is_booking:
            difference = _as_difference(row)
            book_movement(payment, difference, now=now)
            facts.append(found_fact(payment, difference, kind="payment.found_at_provider"))
        state = "accepted" if decision == "accept" else "investigating"
        before = row.state
        drift.close(row, state=state, by=actor.name, now=now, note=said)
        facts.append(_decided(payment, row, before=before, state=state, note=said))
        standing, hold_ends_at = ledger.order_standing(order.pk)
        change_order(order, payment_standing=standing, hold_ends_at=hold_ends_at)
        append_all(stream=stream_of(order.pk), facts=facts, actor=actor, now=now, version=order.version)
        return is_booking

    return in_write_transaction(change)


def _decide_listed(
    drift_id: int, account_id: int, *, decision: Decision, note: str, books: bool | None, actor: Actor, now: datetime
) -> None:
    """Decide on a difference that stands on a provider's list and on no payment of ours: nothing can be booked.

    Effects: the row; the account's journal.
    """
    account = lock_breaker(account_id)
    row = Drift.objects.get(pk=drift_id)
    if account is None or actor.sites is not None:  # a list is of no one site
        raise DriftNotFound(_("There is no such difference."), facts={"drift": drift_id})
    availability(row, actor).require()
    _require_as_told(decision, books, is_booking=False)
    said = clean_text(note, pointer="/note", longest=LONGEST_NOTE, required=True)
    state = "accepted" if decision == "accept" else "investigating"
    field, before = f"listed:{account.pk}", row.state
    drift.close(row, state=state, by=actor.name, now=now, note=said)
    append(
        stream=stream_of_account(account.pk),
        kind="provider_account.drift_accepted" if state == "accepted" else "provider_account.drift_investigated",
        before={field: {"state": before}},
        after={field: drift_facts(account, row, state=state)},
        why=said,
        actor=actor,
        now=now,
        version=account.version,
    )


def _require_as_told(decision: Decision, books: bool | None, *, is_booking: bool) -> None:  # noqa: FBT001 - see `run`
    if decision == "accept" and books not in (None, is_booking):
        raise DriftChanged(_("What accepting would do has changed. Look at the difference again."))


def _lock(drift_id: int, actor: Actor) -> tuple[Order, Drift, Payment]:
    found = Drift.objects.filter(pk=drift_id).values_list("payment__order__number", "payment__order__site").first()
    if found is None or not actor.sees(found[1]):
        raise DriftNotFound(_("There is no such difference."), facts={"drift": drift_id})
    order = lock_order(number=found[0], actor=actor)
    row = Drift.objects.select_related("payment__account", "payment__order").get(pk=drift_id)
    assert row.payment is not None  # noqa: S101 - found by its order
    return order, row, row.payment


def _require_second_person(row: Drift, actor: Actor) -> None:
    """Refuse who needs a second person and asked for the call that made the movement. Source: W11, four eyes."""
    needs_second_person = actor.at(row.site_id).needs_second_person
    asked = Operation.objects.filter(key=row.key).first() if row.key and needs_second_person else None
    if asked is not None and asked_by(asked, actor):
        raise NeedsSecondPerson(_("You asked for it yourself; a second person has to decide."))


def _is_bookable(row: Drift, payment: Payment) -> bool:
    booked = LedgerTransaction.objects.filter(payment=payment, kind=row.kind, provider_ref=row.provider_ref)
    fits = can_be_booked(row, currency=payment.currency, room=drift.room_of(payment))
    return fits and not booked.exists()


def _as_difference(row: Drift) -> Difference:
    return Difference(
        kind=row.kind,
        provider_ref=row.provider_ref,
        parent_ref=row.parent_ref,
        there_minor=row.there_minor,
        here_minor=row.here_minor,
        currency=row.currency,
        at=row.at,
        fits=True,
    )


def _decided(payment: Payment, row: Drift, *, before: str, state: str, note: str) -> Fact:
    field = f"payment:{payment.pk}"
    kind = "payment.drift_accepted" if state == "accepted" else "payment.drift_investigated"
    return Fact(
        kind=kind,
        before={field: {"state": before}},
        after={field: drift_facts(payment.account, row, state=state)},
        why=note,
    )
