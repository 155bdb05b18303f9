"""`orderwright verify` says what is wrong with the books, and fails when anything is."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from orderwright.orders.models import Order


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


def test_what_a_provider_did_by_itself_is_said_when_providers_are_asked(order, practice, capsys):
    taken = practice.capture_by_hand(order.payments[0].reference, 10000)

    call_command("verify")
    with pytest.raises(SystemExit):
        call_command("verify", "--with-providers")

    reference = order.payments[0].reference
    told = f"I3: {reference}: Practice provider shows a capture {taken} of 10000, the ledger does not"
    assert told in capsys.readouterr().out.splitlines()
