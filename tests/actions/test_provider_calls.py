"""Calls beside each other: rivals for one trial, accounts that go meanwhile, one provider of two that rests (W8)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from orderwright.actions import capture, delete_provider, edit_provider, provider_calls, sync_payments, try_provider
from orderwright.actions.provider_fields import AccountFields, lock_account
from orderwright.core.actor import SYSTEM
from orderwright.core.db import DatabaseBusy
from orderwright.core.errors import Unavailable
from orderwright.payments.accounts import take_turn
from orderwright.payments.errors import ProviderAccountNotFound
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation, ProviderAccount, Refund
from orderwright.payments.sealed import seal
from orderwright.reads.provider_accounts import read_provider_account
from tests.factories.orders import payment
from tests.support.practice import rfc3339
from tests.support.rivals import meanwhile


@pytest.fixture
def second(practice: Any) -> ProviderAccount:
    """Open a second account at the practice provider."""
    return ProviderAccount.objects.create(slug="second", name="Second", gateway="practice", base_url=practice.url)


@pytest.fixture
def split(take_in: Any, practice: Any, second: ProviderAccount, now: datetime) -> Any:
    """Take in an order of 598.94 dollars that is held at both accounts, 300 dollars at the first."""
    parts = (("practice", 30000), ("second", 29894))
    return take_in(
        payments=[
            payment(practice.authorise(amount, at=now), amount, at=now, provider=provider) for provider, amount in parts
        ]
    )


def let_rest(account: ProviderAccount, *, now: datetime, until: datetime) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(failures_in_row=3, opened_at=now, next_try_at=until)


def test_whoever_finds_the_trial_taken_under_the_lock_is_told_to_wait_and_writes_nothing(
    clerk: Any, order: Any, practice: Any, journal_kinds: Any, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    account = ProviderAccount.objects.get(slug="practice")
    let_rest(account, now=now - timedelta(minutes=1), until=now)
    account.refresh_from_db()
    before = journal_kinds(order)
    # Between reading that the provider may be tried and taking the trial, somebody else takes it.
    meanwhile(monkeypatch, capture, "prepare", lambda: take_turn(account, who="a rival", now=now))

    with pytest.raises(Unavailable) as refused:
        clerk.asks.capture(order, 100)

    assert refused.value.code == "provider_resting"
    assert "being tried by somebody else" in refused.value.message
    assert refused.value.facts["retry_after"] == account.breaker_wait_s
    assert not Operation.objects.exists()
    assert journal_kinds(order) == before
    assert practice.effects(order) == []


@pytest.mark.parametrize("answers", [True, False])
def test_an_account_that_is_deleted_while_it_is_asked_takes_no_note_of_the_answer(
    clerk: Any, second: ProviderAccount, monkeypatch: pytest.MonkeyPatch, caplog: Any, answers: bool
) -> None:
    caplog.set_level(logging.WARNING)
    let_rest(second, now=clerk.now, until=clerk.now + timedelta(minutes=1))
    if not answers:
        ProviderAccount.objects.filter(slug="second").update(base_url="http://127.0.0.1:1")
    ask = PracticeGateway._read

    def ask_and_be_deleted(self: PracticeGateway, *asked: Any) -> Any:
        delete_provider.run(slug="second", actor=clerk.actor, now=clerk.now)
        return ask(self, *asked)

    monkeypatch.setattr(PracticeGateway, "_read", ask_and_be_deleted)

    trial = try_provider.run(slug="second", actor=clerk.actor, now=clerk.now)

    assert (trial.was_asked, trial.worked) == (True, answers)
    assert "how second stands could not be noted" in caplog.text
    assert not ProviderAccount.objects.filter(slug="second").exists()


def test_a_breaker_that_cannot_be_written_does_not_make_a_call_look_undone(
    clerk: Any, order: Any, practice: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def busy(_change: Any) -> None:
        raise DatabaseBusy("The database is busy.")

    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(provider_calls, "in_write_transaction", busy)
    practice.fault("drop_after", "capture")

    result = clerk.asks.capture(order, 100)

    assert result.state == "unknown"
    assert "how practice stands could not be noted" in caplog.text
    assert ProviderAccount.objects.get(slug="practice").failures_in_row == 0


# One of two ----------------------------------------------------------------------------------------------------------


def test_a_refund_waits_for_the_provider_that_it_needs_and_for_no_other(
    clerk: Any, split: Any, second: ProviderAccount, now: datetime
) -> None:
    for held in split.payments:
        split = clerk.capture(split, payment=held)
    first, other = split.payments
    let_rest(second, now=now, until=now + timedelta(minutes=1))

    with pytest.raises(Unavailable) as refused:
        clerk.asks.refund(split, other=1000, by_payment={other.id: 1000})
    assert (refused.value.code, Refund.objects.count()) == ("provider_resting", 0)
    done = clerk.refund(split, other=1000, by_payment={first.id: 1000})

    assert [payment.refunded_minor for payment in done.payments] == [1000, 0]


def test_a_sync_asks_those_who_do_not_rest_and_says_that_somebody_was_silent(
    clerk: Any, split: Any, second: ProviderAccount, practice: Any, now: datetime
) -> None:
    taken = practice.capture_by_hand(split.payments[0].reference, 500)
    practice.capture_by_hand(split.payments[1].reference, 700)
    let_rest(second, now=now, until=now + timedelta(minutes=1))

    result = clerk.asks.sync_payments(split)

    assert [found.provider_ref for found in result.found] == [taken]
    assert result.unreachable
    assert list(Operation.objects.values_list("payment_id", flat=True)) == [split.payments[0].id]
    practice.refund_by_hand(taken, 500)
    let_rest(second, now=now, until=now)
    assert not clerk.asks.sync_payments(clerk.sees(split)).unreachable


def test_a_sync_leaves_out_what_nobody_can_be_asked_about(
    clerk: Any, take_in: Any, practice: Any, now: datetime
) -> None:
    asked = practice.authorise(30000, at=now)
    recorded = {"provider": "invoice", "reference": "INV-1", "authorised": 29894, "authorised_at": rfc3339(now)}
    order = take_in(payments=[payment(asked, 30000, at=now), recorded])

    result = clerk.asks.sync_payments(order)

    assert (result.found, result.unreachable) == ((), False)
    assert list(Operation.objects.values_list("payment__reference", flat=True)) == [asked]
    assert sync_payments.availability(order, clerk.actor, now=now).allowed


# Accounts that are not there -----------------------------------------------------------------------------------------


def test_an_account_that_is_not_there_is_neither_edited_nor_deleted_nor_tried(clerk: Any) -> None:
    for act in (
        lambda: edit_provider.run(slug="nobody", fields=AccountFields(name="Nobody"), actor=clerk.actor, now=clerk.now),
        lambda: delete_provider.run(slug="nobody", actor=clerk.actor, now=clerk.now),
        lambda: try_provider.run(slug="nobody", actor=clerk.actor, now=clerk.now),
    ):
        with pytest.raises(ProviderAccountNotFound):
            act()


def test_an_account_is_locked_within_a_transaction_alone(db: None) -> None:
    with pytest.raises(RuntimeError):
        lock_account("practice")


def test_who_may_not_edit_accounts_is_offered_neither_to_delete_nor_to_try_one(viewer: Any) -> None:
    account = read_provider_account(slug="invoice", actor=SYSTEM)

    answers = [delete_provider.availability(account, viewer.actor), try_provider.availability(account, viewer.actor)]

    assert [answer.code for answer in answers] == ["not_permitted"] * 2


def test_an_account_whose_credentials_the_provider_does_not_take_answers_and_does_not_work(
    clerk: Any, practice: Any
) -> None:
    ProviderAccount.objects.create(
        slug="stripe",
        name="Stripe",
        gateway="stripe",
        base_url=f"{practice.url}/stripe",
        sealed_credentials=seal({"secret_key": "sk_live_of_somebody_else"}),
    )

    trial = try_provider.run(slug="stripe", actor=clerk.actor, now=clerk.now)

    assert (trial.was_asked, trial.worked) == (True, False)
    assert trial.words == "It answered, and does not take the credentials (401)."
