"""A worker whose lease passed on while it sent: it changes nothing any more, and says that the mail may come twice."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from orderwright.outbox import leases
from orderwright.outbox.models import Mail
from tests.support.rivals import look_too_early, meanwhile

ONE_LEASE_LATER = timedelta(seconds=100)


@pytest.mark.parametrize(
    ("answer", "arrivals"),
    [(None, 1), ("451 4.7.1 Greylisted, come back later", 0), ("554 5.7.1 Refused", 0)],
    ids=["taken", "put off", "refused for good"],
)
def test_a_mail_that_another_worker_took_over_is_left_to_it(
    *, enqueue, server, send, now, order, journal_kinds, monkeypatch, caplog, answer, arrivals
):
    caplog.set_level(logging.WARNING)
    mail = enqueue()
    server.to_data = [answer] if answer else []
    before = journal_kinds(order)
    meanwhile(monkeypatch, leases, "take", lambda: leases.take(worker="second", now=now + ONE_LEASE_LATER))

    assert send() == 1

    mail.refresh_from_db()
    assert (mail.state, mail.leased_by, mail.attempts, mail.last_error) == ("due", "second", 2, "")
    assert len(server.messages) == arrivals
    assert journal_kinds(order) == before
    assert ("it may arrive twice" in caplog.text) is bool(arrivals)


def test_a_mail_that_another_worker_was_faster_to_take_is_none_to_look_after(db, send, monkeypatch):
    look_too_early(monkeypatch, leases, "has_due", seeing=True)

    assert send() == 0


def test_a_mail_whose_headers_cannot_be_written_is_given_up_and_says_why(enqueue, server, send):  # FM3
    mail = enqueue()
    Mail.objects.update(subject="Your order\nBcc: everybody@mail.example.com")

    send()

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("dead", 1)
    assert mail.last_error.startswith("BadHeaderError: Header values can't contain newlines")
    assert server.messages == []
