"""`orderwright verify` says what is wrong with the books, and fails when anything is."""

from __future__ import annotations

import json
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from orderwright.actions import sign_head
from orderwright.journal.heads import document
from orderwright.journal.models import Head
from orderwright.orders.models import Order
from orderwright.orders.writes import stream_of
from orderwright.outbox.models import Mail
from orderwright.payments.models import LedgerEntry, LedgerTransaction, Operation, Payment, ProviderAccount
from tests.factories.orders import payment
from tests.support.practice import rfc3339
from tests.support.tampering import drop_last, unguarded


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


@pytest.mark.breaks_invariants
def test_what_was_changed_past_the_journal_is_told(take_in, clerk, capsys):
    first, second = (clerk.save_invoice(take_in(), f"R-{n}") for n in (1, 2))
    mine, other = first.payments[0], second.payments[0]
    Order.objects.filter(pk=first.id).update(invoice_number="R-9")
    Payment.objects.filter(pk=mine.id).update(reference="between")
    Payment.objects.filter(pk=other.id).update(reference=mine.reference)
    Payment.objects.filter(pk=mine.id).update(reference=other.reference)

    with pytest.raises(SystemExit):
        call_command("verify")

    said = "I10: payment 1 of order #{} has the reference {}, its journal says {}"
    assert capsys.readouterr().out.splitlines()[:-1] == [
        f"I10: order #{first.number} has the invoice_number R-9, its journal says R-1",
        said.format(first.number, other.reference, mine.reference),
        said.format(second.number, mine.reference, other.reference),
    ]


@pytest.mark.breaks_invariants
def test_a_capture_that_was_taken_out_of_the_books_is_told(order, clerk, capsys):
    captured = clerk.capture(order, 500).payments[0]
    capture = LedgerTransaction.objects.get(kind="capture")
    with unguarded("payments_ledgerentry"), unguarded("payments_ledgertransaction"):
        LedgerEntry.objects.filter(transaction=capture).delete()
        LedgerTransaction.objects.filter(pk=capture.pk).delete()
    Operation.objects.all().delete()
    Payment.objects.update(captured_minor=0)

    with pytest.raises(SystemExit):
        call_command("verify")

    said = f"I10: the journal tells a capture {capture.provider_ref} of 500, payment {captured.id} has none"
    assert said in capsys.readouterr().out.splitlines()


@pytest.mark.breaks_invariants
def test_one_hold_under_two_payments_is_told_whichever_account_they_name(take_in, capsys):
    mine, theirs = take_in().payments[0], take_in().payments[0]
    another = ProviderAccount.objects.create(slug="practice-2", name="Another", gateway="practice")
    Payment.objects.filter(pk=theirs.id).update(reference=mine.reference, account=another)
    with unguarded("payments_ledgertransaction"):
        LedgerTransaction.objects.filter(payment=theirs.id).update(provider_ref=mine.reference)

    with pytest.raises(SystemExit):
        call_command("verify")

    said = f"I3: authorise {mine.reference} at practice is booked under 2 payments"
    assert said in capsys.readouterr().out.splitlines()


@pytest.mark.breaks_invariants
@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="PostgreSQL lets nobody take the order away"
)
def test_an_order_that_is_gone_from_the_file_is_told_by_what_belonged_to_it(order, capsys):
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_order WHERE id = %s", [order.id])

    with pytest.raises(SystemExit):
        call_command("verify")

    said = f"I3: row {order.payments[0].id} of payments_payment points at a row of orders_order that is gone"
    assert said in capsys.readouterr().out.splitlines()


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


def test_a_call_of_ours_that_the_provider_shows_and_the_books_wait_for_is_told(order, clerk, practice, capsys):
    practice.fault("drop_after", "capture")
    clerk.capture(order, 500)
    (taken,) = practice.movements(order.payments[0].reference)

    with pytest.raises(SystemExit):
        call_command("verify", "--providers")

    said = f"I3: {taken['authorisation']}: Practice provider shows a capture {taken['id']} of 500, the ledger does not"
    assert capsys.readouterr().out.splitlines()[0] == said


def test_payments_that_nobody_can_be_asked_about_are_not_compared(take_in, now, capsys):
    recorded = {"provider": "invoice", "reference": "INV-1", "authorised": 59894, "authorised_at": rfc3339(now)}
    take_in(payments=[recorded])

    call_command("verify", "--providers")

    assert capsys.readouterr().out.splitlines()[-1] == "Nothing is wrong."


def test_accounts_that_rest_are_left_out_of_a_comparison_and_named(order, practice, now, capsys):
    practice.capture_by_hand(order.payments[0].reference, 500)
    until = now + timedelta(seconds=15)
    ProviderAccount.objects.filter(slug="practice").update(opened_at=now, next_try_at=until)

    with pytest.raises(SystemExit):
        call_command("verify", "--providers")

    first, *_rest = capsys.readouterr().out.splitlines()
    assert first == ("I3: Practice provider rests until 2026-11-21 09:00:15 UTC; 1 payments were not compared with it")


def test_an_account_that_rests_and_has_no_payments_leaves_nothing_out(site, now, capsys):
    ProviderAccount.objects.filter(slug="practice").update(opened_at=now, next_try_at=now + timedelta(seconds=15))

    call_command("verify", "--providers")

    assert capsys.readouterr().out.splitlines()[-1] == "Nothing is wrong."


def test_a_head_kept_elsewhere_is_compared_with_the_books(order, clerk, tmp_path, capsys):
    head = sign_head.run(now=clerk.now)
    kept = tmp_path / "head.json"
    kept.write_text(json.dumps(document(head)))
    clerk.save_invoice(order, "INV-1")

    call_command("verify", "--head", str(kept))

    assert capsys.readouterr().out.splitlines()[1:] == [
        "Compared with head 1 of 2026-11-21 09:00 UTC, kept outside, over 2 entries.",
        "Nothing is wrong.",
    ]


@pytest.mark.breaks_invariants
def test_a_head_saved_as_the_mail_it_came_in_tells_of_entries_that_are_gone(order, clerk, settings, tmp_path, capsys):
    settings.AUDIT_HEAD_TO = ["auditor@books.example.com"]
    clerk.save_invoice(order, "INV-1")
    sign_head.run(now=clerk.now)
    mail = EmailMessage()
    mail["Subject"], mail["Message-ID"] = "Signed head", "<1@books.example.com>"
    mail.set_content(Mail.objects.get().text, cte="base64")
    kept = tmp_path / "head.eml"
    kept.write_bytes(mail.as_bytes())
    drop_last(stream_of(order.id))
    with unguarded("journal_head"):
        Head.objects.all().delete()

    with pytest.raises(SystemExit):
        call_command("verify", "--head", str(kept))

    said = capsys.readouterr().out.splitlines()
    assert "I10: head 1, kept outside, is not known here" in said
    assert "I10: head 1 of 2026-11-21 09:00 covers 3 entries, 2 are here" in said


@pytest.mark.parametrize("content", ["", "{}", '{"format": "orderwright-head-1"}'])
def test_a_file_that_is_no_head_is_called_so(db, tmp_path, content):
    kept = tmp_path / "head.json"
    kept.write_text(content)

    with pytest.raises(CommandError, match="is no signed head"):
        call_command("verify", "--head", str(kept))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify", "--head", str(tmp_path / "nowhere"))
