"""A worker sends what is due over SMTP: once when all goes well, later when it does not, never when it is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderwright.core.png import rewritten
from orderwright.journal.models import Entry
from orderwright.orders.models import Logo
from orderwright.outbox.addresses import named
from orderwright.outbox.models import Mail
from tests.factories.pictures import PICTURE
from tests.outbox.mail_server import BREAK_OFF, HANG

ANSWERS_LATE = "451 4.7.1 Greylisted, come back later"
NO_SUCH_MAILBOX = "550 5.1.1 No such mailbox"


def test_an_accepted_mail_is_sent_once_with_its_own_headers(*, enqueue, server, send, now, order, journal_kinds):
    mail = enqueue()

    looked_after = [send(), send()]

    mail.refresh_from_db()
    assert looked_after == [1, 0]
    assert (mail.state, mail.sent_at, mail.attempts, mail.last_error) == ("sent", now, 1, "")
    assert (mail.leased_by, mail.leased_until) == ("", None)
    [message] = server.messages
    assert server.recipients == [["bob.norman@mail.example.com"]]
    assert str(message["Message-ID"]) == mail.message_id
    assert message["From"] == message["Reply-To"] == "Cozy Home US <orders@cozy-home.example.com>"
    assert (message["To"], message["Subject"]) == ("bob.norman@mail.example.com", "Your order is canceled")
    assert message.get_body(("plain",)).get_content().strip() == "Hello Bob Norman,"
    assert message.get_body(("html",)).get_content().strip() == "<p>Hello Bob Norman,</p>"
    assert journal_kinds(order)[-1] == "mail.sent"


def test_a_logo_goes_with_the_html_that_shows_it_and_is_no_attachment(enqueue, server, send, now):
    png = rewritten(PICTURE).data
    logo = Logo.objects.create(digest="0" * 64, png=png, width=2, height=2, stored_at=now)
    enqueue(html='<p><img src="cid:logo" alt=""></p>', logo_id=logo.pk)

    send()

    [message] = server.messages
    words, picture = message.iter_parts()
    assert (message.get_content_type(), words.get_content_type()) == ("multipart/related", "multipart/alternative")
    assert (picture.get_content_type(), picture["Content-ID"]) == ("image/png", "<logo>")
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == png


def test_a_mail_written_before_the_rules_were_as_strict_goes_out_as_plain_text(enqueue, server, send):  # FH2
    mail = enqueue(html="<html><body><form action='https://evil.example'></form></body></html>")

    send()

    mail.refresh_from_db()
    [message] = server.messages
    assert (mail.state, message.get_content_type()) == ("sent", "text/plain")
    assert message.get_content().strip() == "Hello Bob Norman,"


def test_what_the_journal_says_of_a_mail_has_nothing_personal_and_leaves_the_order_as_it_was(
    enqueue, server, send, order, clerk
):
    mail = enqueue()

    send()

    entry = Entry.objects.get(kind="mail.sent")
    assert entry.before == {"mail": {"id": mail.pk, "kind": "order_canceled", "state": "due"}}
    assert entry.after == {"mail": {"id": mail.pk, "kind": "order_canceled", "state": "sent"}}
    assert (entry.actor_kind, entry.version) == ("system", order.version)
    assert clerk.sees(order).version == order.version


def test_a_mail_that_is_put_off_comes_back_later_and_is_then_accepted(enqueue, server, send, now):  # FM2
    mail = enqueue()
    server.to_data = [ANSWERS_LATE]

    put_off = send()
    mail.refresh_from_db()
    after_first = (mail.state, mail.last_error, mail.attempts)
    too_early = send(at=mail.due_at - timedelta(seconds=1))
    in_time = send(at=mail.due_at)

    mail.refresh_from_db()
    assert (put_off, too_early, in_time) == (1, 0, 1)
    assert after_first == ("due", "451 4.7.1 Greylisted, come back later", 1)
    assert (mail.state, mail.attempts, mail.last_error) == ("sent", 2, "")
    assert server.message_ids == [mail.message_id]


def test_a_recipient_who_is_refused_for_good_is_not_tried_again(enqueue, server, send, order, journal_kinds):  # FM2
    mail = enqueue()
    server.to_recipients = [NO_SUCH_MAILBOX]

    send()

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_error) == ("bounced", 1, "550 5.1.1 No such mailbox")
    assert journal_kinds(order)[-1] == "mail.bounced"
    assert server.messages == []


def test_a_recipient_who_is_put_off_is_tried_again(enqueue, server, send):
    mail = enqueue()
    server.to_recipients = ["450 4.2.0 Mailbox busy"]

    send()

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == ("due", "450 4.2.0 Mailbox busy")


def test_a_server_that_hangs_is_left_and_tried_again(enqueue, server, send, settings, now):  # FM2
    mail = enqueue()
    settings.EMAIL_TIMEOUT = 0.3
    server.to_data = [HANG]

    send()
    mail.refresh_from_db()
    after_hanging = (mail.state, mail.last_error)
    send(at=mail.due_at)

    mail.refresh_from_db()
    assert after_hanging == ("due", "The mail server did not answer in time.")
    assert (mail.state, mail.attempts) == ("sent", 2)
    assert server.message_ids == [mail.message_id]


def test_a_server_that_breaks_off_is_tried_again(enqueue, server, send):
    mail = enqueue()
    server.to_data = [BREAK_OFF]

    send()

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == ("due", "The mail server broke off.")


def test_a_header_in_disguise_stays_a_subject(enqueue, server, send):  # FM3
    enqueue(subject="=?utf-8?q?Bcc:=20everybody@mail.example.com?=")

    send()

    [message] = server.messages
    assert server.recipients == [["bob.norman@mail.example.com"]]
    assert message["Bcc"] is None


def test_a_server_that_is_away_is_tried_again(enqueue, send, settings):
    mail = enqueue()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    send()

    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == ("due", "The mail server cannot be reached: Connection refused.")


def test_the_waits_grow_and_the_eighth_failure_is_the_last(*, enqueue, server, send, order, now, journal_kinds):
    mail = enqueue()
    server.to_data = [ANSWERS_LATE] * 8

    waits = []
    while mail.state == "due":
        tried_at = mail.due_at
        send(at=tried_at)
        mail.refresh_from_db()
        waits.append((mail.due_at - tried_at).total_seconds())

    bases = [10, 50, 250, 1250, 6250, 28800, 28800]
    assert all(base <= wait < base * 1.5 for base, wait in zip(bases, waits[:-1], strict=True))
    assert (mail.state, mail.attempts, mail.last_error) == ("dead", 8, "451 4.7.1 Greylisted, come back later")
    assert journal_kinds(order)[-1] == "mail.dead"


def test_the_password_of_the_mail_server_is_never_written_down(enqueue, server, send, settings):  # I14
    mail = enqueue()
    settings.EMAIL_HOST_PASSWORD = "a-canary-secret"
    server.to_data = ["451 what is a-canary-secret\tfor?"]

    send()

    mail.refresh_from_db()
    assert mail.last_error == "451 what is … for?"


def test_a_failed_mail_holds_up_only_the_later_ones_of_its_own_order(enqueue, server, send, take_in, now):  # I11
    other_order = take_in(external_id="another")
    first, second, other = enqueue(), enqueue(), enqueue(order_id=other_order.id)
    server.to_data = [ANSWERS_LATE]

    while send():
        pass
    while_waiting = list(Mail.objects.order_by("id").values_list("state", flat=True))
    first.refresh_from_db()
    while send(at=first.due_at):
        pass

    assert while_waiting == ["due", "due", "sent"]
    assert server.message_ids == [other.message_id, first.message_id, second.message_id]


def test_a_dead_mail_holds_nothing_up(enqueue, server, send):
    _dead, later = enqueue(), enqueue()
    server.to_recipients = [NO_SUCH_MAILBOX]

    while send():
        pass

    assert server.message_ids == [later.message_id]


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("Amélie Laurent", "Votre commande"),
        ("علي الفارس", "طلبك"),
        ("田中 雪", "ご注文"),
        ('A "quoted", name;', "a, b; c"),
    ],
)
def test_names_and_subjects_of_any_script_arrive_as_they_were_written(enqueue, server, send, name, subject):  # FM3
    enqueue(sender=named(name=name, address="orders@cozy-home.example.com"), subject=subject, text=f"{name}\n", html="")

    send()

    [message] = server.messages
    assert server.recipients == [["bob.norman@mail.example.com"]]
    assert message["Subject"] == subject
    assert message["From"].addresses[0].display_name == name
    assert message["From"].addresses[0].addr_spec == "orders@cozy-home.example.com"
    assert message.get_content().strip() == name
