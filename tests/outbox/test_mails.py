"""The outbox as people see it."""

from __future__ import annotations

import pytest

from orderwright.core.actor import SYSTEM
from orderwright.outbox.errors import MailNotFound
from orderwright.reads.mails import list_mails, read_mail


def test_mails_are_listed_newest_first_page_by_page(enqueue, statements, order):
    mails = [enqueue(subject=f"Mail {number}") for number in range(5)]

    with statements() as counted:
        first = list_mails(limit=2, actor=SYSTEM)
    second = list_mails(limit=2, after=first.next, actor=SYSTEM)
    last = list_mails(limit=2, after=second.next, actor=SYSTEM)

    assert counted.count == 1
    assert [[row.subject for row in page.items] for page in (first, second, last)] == [
        ["Mail 4", "Mail 3"],
        ["Mail 2", "Mail 1"],
        ["Mail 0"],
    ]
    assert (first.next, second.next, last.next) == (str(mails[3].pk), str(mails[1].pk), None)
    assert first.items[0].order_number == order.number


def test_the_list_can_keep_to_one_state(enqueue, server, send):
    enqueue(subject="Refused")
    enqueue(subject="Accepted")
    server.to_recipients = ["550 5.1.1 No such mailbox"]
    send(), send()
    enqueue(subject="Waiting")

    found = {
        state: [row.subject for row in list_mails(state=state, actor=SYSTEM).items]
        for state in ("due", "sent", "undelivered")
    }

    assert found == {"due": ["Waiting"], "sent": ["Accepted"], "undelivered": ["Refused"]}


@pytest.mark.parametrize("cursor", ["", "nonsense", "-1", "1e9", "٣", "9" * 40])
def test_a_cursor_that_was_never_given_out_starts_from_the_top(enqueue, cursor):
    enqueue()

    assert len(list_mails(after=cursor, actor=SYSTEM).items) == 1


def test_one_mail_is_read_whole(*, enqueue, server, send, now, statements, order):
    mail = enqueue()
    send()

    with statements() as counted:
        found = read_mail(id=mail.pk, actor=SYSTEM)

    assert counted.count == 2
    assert (found.text, found.html) == ("Hello Bob Norman,", "<p>Hello Bob Norman,</p>")
    assert (found.state, found.sent_at, found.message_id) == ("sent", now, mail.message_id)
    assert found.order_number == order.number


def test_a_mail_that_does_not_exist_is_said_to_be_missing(db):
    with pytest.raises(MailNotFound) as missing:
        read_mail(id=4711, actor=SYSTEM)

    assert missing.value.code == "mail_not_found"
