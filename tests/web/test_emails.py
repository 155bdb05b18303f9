"""Emails: the list and one mail as it goes out."""

from __future__ import annotations

from orderwright.core.db import in_write_transaction
from orderwright.outbox.models import Mail
from orderwright.outbox.writes import enqueue_mail


def test_a_mail_stands_in_the_list_and_opens_as_it_will_be_read(browser, clerk, order, words) -> None:
    clerk.cancel(order, email=True)
    mail = Mail.objects.get()

    listed = words(browser.open("/emails"))
    opened = words(browser.open(f"/emails/{mail.pk}"))

    assert f"{mail.subject} bob.norman@mail.example.com #{order.number} Waiting" in listed
    assert "Hello Bob Norman" in opened
    assert mail.message_id in opened


def test_the_list_can_be_narrowed_to_what_could_not_be_delivered(browser, clerk, order, words) -> None:
    clerk.cancel(order, email=True)
    Mail.objects.update(state="dead", attempts=3, last_error="550 no such mailbox")

    shown = words(browser.open("/emails", state="undelivered"))

    assert "Tried 3 times: 550 no such mailbox" in shown
    assert "Given up" in shown
    assert "No emails" in words(browser.open("/emails", state="sent"))


def test_a_mail_whose_link_lets_its_reader_in_says_why_its_words_are_hidden(browser, clerk, words) -> None:
    facts = {"order_id": None, "kind": "invitation", "subject": "You are invited", "html": "", "now": clerk.now}
    people = {"sender": "orders@cozy-home.example", "recipient": "new@cozy-home.example"}
    text = "Go to https://desk.example/invitations/abc"
    mail = in_write_transaction(lambda: enqueue_mail(text=text, **people, **facts))

    opened = words(browser.open(f"/emails/{mail.pk}"))

    assert "You are invited" in opened
    assert "Its words are hidden: the link in them lets whoever reads them in as the person it was sent to." in opened
    assert "invitations/abc" not in opened


def test_an_outbox_without_mail_says_so(browser, words) -> None:
    assert "No emails" in words(browser.open("/emails"))


def test_a_mail_that_is_not_there_says_so(browser) -> None:
    assert browser.open("/emails/999").status_code == 404
