"""`orderwright verify` says what is wrong with the books, and fails when anything is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from orderwright.orders.models import Order
from orderwright.payments.models import ProviderAccount
from tests.factories.orders import payment
from tests.support.practice import rfc3339


def test_books_that_are_right_are_called_so_with_what_was_checked(order, capsys):
    call_command("verify")

    assert capsys.readouterr().out.splitlines() == [
        "Checked 1 orders, 1 shipments, 1 payments, 0 operations, 1 ledger transactions, 2 journal entries.",
        "Nothing is wrong.",
    ]


@pytest.mark.breaks_invariants
def test_what_is_wrong_is_said_one_sentence_a_line_and_the_exit_code_tells(order, capsys):
    Order.objects.update(pieces=7)

    with pytest.raises(SystemExit) as ended:
        call_command("verify")

    first, *_rest, last = capsys.readouterr().out.splitlines()
    assert ended.value.code == 1
    assert order.number in first
    assert last.startswith("Checked 1 orders")


def test_asked_to_it_compares_every_payment_with_its_provider(order, practice, capsys):
    call_command("verify", "--providers")
    assert capsys.readouterr().out.splitlines()[-1] == "Nothing is wrong."
    taken = practice.capture_by_hand(order.payments[0].reference, 500)

    with pytest.raises(SystemExit):
        call_command("verify", "--providers")

    reference = order.payments[0].reference
    said = f"I3: {reference}: Practice provider shows a capture {taken} of 500, the ledger does not"
    assert capsys.readouterr().out.splitlines()[0] == said


def test_providers_are_said_to_be_silent_or_to_tell_otherwise(take_in, clerk, practice, capsys):
    made_up = {"kind": "capture", "amount": 500, "reference": "cap_gone", "parent": None, "at": rfc3339(clerk.now)}
    missing, larger = practice.authorise(59894, at=clerk.now), practice.authorise(60000, at=clerk.now)
    take_in(payments=[payment(missing, 59894, at=clerk.now, transactions=[made_up])])
    take_in(payments=[payment(larger, 59894, at=clerk.now)])
    take_in()
    practice.fault("server_error", "lookup")

    with pytest.raises(SystemExit):
        call_command("verify", "--providers")

    silent, other, *_counts = capsys.readouterr().out.splitlines()
    assert silent.startswith(f"I3: {missing} could not be asked about")
    assert other.endswith(f"shows an authorise {larger} of 60000 USD, the ledger has 59894")
    with pytest.raises(SystemExit):
        call_command("verify", "--providers")
    assert "the ledger has a capture cap_gone of 500" in capsys.readouterr().out


def test_accounts_that_rest_are_left_out_of_a_comparison_and_named(order, practice, now, capsys):
    practice.capture_by_hand(order.payments[0].reference, 500)
    until = now + timedelta(seconds=15)
    ProviderAccount.objects.filter(slug="practice").update(opened_at=now, next_try_at=until)

    with pytest.raises(SystemExit):
        call_command("verify", "--providers")

    first, *_rest = capsys.readouterr().out.splitlines()
    assert first == ("I3: Practice provider rests until 2026-11-21 09:00:15 UTC; 1 payments were not compared with it")
