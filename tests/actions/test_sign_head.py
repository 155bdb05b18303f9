"""Once an hour the journal's head is signed; kept elsewhere, it tells what was done to the books (I10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from orderwright.actions import sign_head
from orderwright.journal.heads import is_signed, read_head, sign
from orderwright.journal.models import Entry, Head
from orderwright.journal.roots import head_faults, last_head
from orderwright.journal.signing import signing_key
from orderwright.orders.models import Site
from orderwright.orders.writes import stream_of
from orderwright.outbox.models import Mail
from orderwright.worker.duties import Heads
from tests.support.rivals import look_too_early, meanwhile
from tests.support.tampering import drop_last, rewrite, unguarded

HOUR = timedelta(hours=1)


@pytest.fixture
def head(order, clerk):
    """Have an order with an invoice number, and a head over its entries kept outside."""
    clerk.save_invoice(order, "INV-1")
    return sign_head.run(now=clerk.now)


def test_a_head_covers_every_entry_and_is_signed_with_the_desk_s_key(head):
    assert (head.number, head.entries, head.last_entry) == (1, Entry.objects.count(), Entry.objects.latest("id").pk)
    assert is_signed(head)
    assert last_head() == head
    assert list(head_faults(outside=[head])) == []


def test_it_is_signed_once_an_hour_and_only_when_something_was_written(head, order, clerk):
    clerk.save_invoice(order, "INV-2")

    assert sign_head.run(now=clerk.now + HOUR - timedelta(seconds=1)) is None
    second = sign_head.run(now=clerk.now + HOUR)
    assert (second.number, second.entries) == (2, head.entries + 1)
    assert sign_head.run(now=clerk.now + 3 * HOUR) is None
    assert list(head_faults(outside=[head, second])) == []


def test_nothing_is_signed_while_nothing_was_ever_written(db, now):
    assert sign_head.run(now=now) is None


def test_it_waits_a_moment_for_entries_that_are_still_on_their_way(order, now, monkeypatch):
    look_too_early(monkeypatch, sign_head, "is_settled", seeing=False)

    assert sign_head.run(now=now) == last_head()


def test_nothing_is_signed_while_an_entry_may_still_appear_before_the_last(order, now, monkeypatch):
    monkeypatch.setattr(sign_head, "is_settled", lambda _seen: False)
    monkeypatch.setattr(sign_head, "_BETWEEN_S", 0)

    assert sign_head.run(now=now) is None

    assert not Head.objects.exists()


def test_two_workers_sign_it_once(order, both_at_once, now):
    signed = []

    both_at_once(lambda: signed.append(sign_head.run(now=now)))

    assert Head.objects.count() == 1
    assert [head for head in signed if head is not None] == [last_head()]


def test_who_finds_it_signed_in_the_last_moment_signs_nothing(order, monkeypatch, now):
    meanwhile(monkeypatch, sign_head, "newest", lambda: sign_head.run(now=now))

    assert sign_head.run(now=now) is None
    assert Head.objects.count() == 1


def test_the_worker_signs_it(order):
    duty = Heads()

    assert [duty.turn(is_stopping=lambda: False) for _ in range(2)] == [1, 0]


@pytest.mark.breaks_invariants
def test_taking_the_last_entry_away_shows(head, order):
    drop_last(stream_of(order.id))

    assert list(head_faults()) == [
        f"head 1 of 2026-11-21 09:00 covers {head.entries} entries, {head.entries - 1} are here"
    ]


@pytest.mark.breaks_invariants
def test_a_chain_that_was_written_anew_from_its_beginning_shows(head, order, clerk):
    rewrite(stream_of(order.id), sequence=1, actor_name="Nobody")
    clerk.save_invoice(order, "INV-2")

    assert list(head_faults()) == [f"head 1 of 2026-11-21 09:00 does not match the {head.entries} entries it covers"]


@pytest.mark.breaks_invariants
def test_heads_that_were_removed_with_the_entries_show_by_the_one_kept_outside(head, order):
    drop_last(stream_of(order.id))
    with unguarded("journal_head"):
        Head.objects.all().delete()

    assert list(head_faults()) == []
    assert list(head_faults(outside=[head])) == [
        "head 1, kept outside, is not known here",
        f"head 1 of 2026-11-21 09:00 covers {head.entries} entries, {head.entries - 1} are here",
    ]


@pytest.mark.breaks_invariants
def test_a_head_signed_anew_over_other_books_shows_by_the_one_kept_outside(head, order, now):
    rewrite(stream_of(order.id), sequence=1, actor_name="Nobody")
    with unguarded("journal_head"):
        Head.objects.all().delete()
    forged = sign_head.run(now=now)

    assert forged.root != head.root
    assert list(head_faults()) == []
    assert list(head_faults(outside=[head])) == [
        "head 1, kept outside, is another one here",
        f"head 1 of 2026-11-21 09:00 does not match the {head.entries} entries it covers",
    ]


@pytest.mark.breaks_invariants
def test_nothing_is_signed_on_top_of_a_head_that_is_not_ours(head, order, clerk, caplog):
    clerk.save_invoice(order, "INV-2")
    with unguarded("journal_head"):
        Head.objects.update(root="00" * 32)

    assert sign_head.run(now=clerk.now + HOUR) is None
    assert "head 1 is not signed by a key of this desk" in caplog.text
    assert Head.objects.count() == 1


@pytest.mark.breaks_invariants
def test_a_missing_head_shows(head, order, clerk):
    clerk.save_invoice(order, "INV-2")
    sign_head.run(now=clerk.now + HOUR)
    with unguarded("journal_head"):
        Head.objects.filter(number=1).delete()

    assert list(head_faults()) == ["head 1 is missing, 2 stands in its place"]


def test_a_head_of_another_key_counts_only_when_that_key_is_named(head, settings):
    before = head.public_key
    settings.AUDIT_SIGNING_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    assert list(head_faults()) == ["head 1, here, is not signed by a key of this desk"]
    settings.AUDIT_FORMER_KEYS = [before]
    assert list(head_faults()) == []


def test_a_head_kept_outside_that_somebody_changed_is_no_witness(head):
    less = replace(head, entries=head.entries - 1)

    assert next(head_faults(outside=[less])) == "head 1, kept outside, is not signed by a key of this desk"
    resigned = sign(less, signing_key())
    assert next(head_faults(outside=[resigned])) == "head 1, kept outside, is another one here"


def test_a_head_is_mailed_to_whom_the_settings_name_once(order, settings, now):
    settings.AUDIT_HEAD_TO = ["auditor@books.example.com", "safe@books.example.com"]

    head = sign_head.run(now=now)
    sign_head.run(now=now + HOUR)

    assert sorted(Mail.objects.values_list("recipient", flat=True)) == settings.AUDIT_HEAD_TO
    mail = Mail.objects.first()
    assert (mail.subject, mail.kind, mail.order_id) == ("Signed head 1 of the journal", "audit_head", None)
    assert read_head(mail.text) == head


def test_without_a_sender_s_address_the_head_is_signed_and_not_mailed(order, settings, now):
    settings.AUDIT_HEAD_TO = ["auditor@books.example.com"]
    Site.objects.update(sender="nobody")

    assert sign_head.run(now=now) is not None
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("statement", ["UPDATE journal_head SET root = root", "DELETE FROM journal_head"])
def test_the_database_refuses_to_change_or_remove_a_head(head, statement):
    with pytest.raises(DatabaseError, match="journal_head is append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert last_head() == head
