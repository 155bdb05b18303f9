"""The steps of one call: each counts once, and what ended meanwhile stays as it ended (I3, I5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError

from orderwright.actions import settle_operation
from orderwright.core.db import in_write_transaction
from orderwright.payments.errors import CredentialsUnreadable, NothingLeft
from orderwright.payments.gateways.port import Failed, Succeeded
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation, Payment, ProviderAccount
from orderwright.payments.operations import finish_look_up, hand_to_person, postpone, prepare, reserve_once
from orderwright.payments.sealed import seal
from tests.support.rivals import meanwhile

LONG_AFTER = timedelta(hours=25)  # the provider has forgotten the key by then


@pytest.fixture
def unknown(clerk: Any, order: Any, practice: Any) -> Operation:
    """Make a capture of one dollar that never reached the provider, as the books do not know."""
    practice.fault("drop_before", "capture")
    clerk.capture(order, 100)
    return _read()


def _read() -> Operation:
    return Operation.objects.select_related("payment__order__site", "payment__account").get(kind="capture")


def test_more_than_is_free_is_not_reserved(clerk: Any, order: Any, now: Any) -> None:
    ask = {"payment_id": order.payments[0].id, "kind": "capture", "currency": "USD", "actor": clerk.actor, "now": now}

    with pytest.raises(NothingLeft):
        in_write_transaction(lambda: prepare(amount_minor=59895, **ask))

    assert not Operation.objects.exists()
    assert Payment.objects.get().pending_minor == 0


def test_what_the_database_refuses_is_not_taken_for_a_request_that_came_before(db: None) -> None:
    asked: list[int] = []

    def reserve() -> None:
        asked.append(1)
        Payment.objects.create(position=1)

    with pytest.raises(IntegrityError):
        reserve_once(reserve)

    assert len(asked) == 1


def test_an_answer_in_a_currency_that_nobody_knows_is_shown_as_it_was_told(
    clerk: Any, order: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Succeeded(provider_ref="cap_1", amount_minor=100, currency="DOLLARS", at=now)
    monkeypatch.setattr(PracticeGateway, "send", lambda self, call: told)

    result = clerk.asks.capture(order, 100)

    assert (result.state, result.failure_message) == ("manual", "Asked for $1.00, was told 100 DOLLARS.")
    assert Payment.objects.get().captured_minor == 0


def test_what_ended_meanwhile_is_neither_postponed_nor_handed_to_a_person(unknown: Operation, now: Any) -> None:
    early, also_early = _read(), _read()
    settle_operation.run(key=unknown.key, now=now + timedelta(minutes=5))

    postpone(early, now=now)
    is_handed = hand_to_person(also_early, why="It takes too long.")

    assert not is_handed
    for operation in (early, also_early, _read()):
        assert (operation.state, operation.due_at, operation.failure_code) == ("succeeded", None, "")


def test_a_look_up_ends_once(clerk: Any, order: Any, now: Any) -> None:
    clerk.sync_payments(order)
    look_up = Operation.objects.get()

    finish_look_up(look_up, failure="The sync that asked was interrupted.", now=now + timedelta(minutes=5))

    assert (look_up.state, look_up.failure_code) == ("succeeded", "")
    assert Operation.objects.filter(state="succeeded", failure_code="", finished_at=now).exists()


def test_a_call_that_was_sent_stays_open_while_its_account_cannot_be_opened(
    unknown: Operation, settings: Any, now: Any
) -> None:
    ProviderAccount.objects.update(sealed_credentials=seal({"secret_key": "x"}))
    settings.SECRET_SEALING_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(CredentialsUnreadable):
        settle_operation.carry_out(key=unknown.key, now=now + timedelta(minutes=5))

    assert (_read().state, _read().attempts) == ("unknown", 1)


def test_a_call_whose_sender_died_is_unknown_while_the_provider_cannot_be_asked(
    unknown: Operation, practice: Any, now: Any, journal_kinds: Any, order: Any
) -> None:
    Operation.objects.update(state="sent", failure_code="", failure_message="")  # as its process left it
    practice.fault("server_error", "lookup")

    result = settle_operation.run(key=unknown.key, now=now + LONG_AFTER)

    assert (result.state, result.failure_code) == ("unknown", "no_answer")
    assert result.failure_message == "The provider answered 500."
    assert journal_kinds(order)[-1] == "payment.outcome_unknown"


def test_what_is_told_while_the_provider_is_asked_is_not_handed_to_a_person(
    unknown: Operation, now: Any, journal_kinds: Any, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = Failed(code="card_declined", message="Declined.")
    meanwhile(
        monkeypatch,
        PracticeGateway,
        "look_up",
        lambda: settle_operation.conclude(_read(), outcome=refusal, now=now + LONG_AFTER),
    )

    result = settle_operation.run(key=unknown.key, now=now + LONG_AFTER)

    assert (result.state, result.failure_code) == ("failed", "card_declined")
    assert journal_kinds(order)[-1] == "payment.capture_failed"
    assert "payment.needs_person" not in journal_kinds(order)
